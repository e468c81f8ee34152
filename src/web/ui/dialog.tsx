import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { Glyph } from './icons.tsx';

/** The platform's modal dialog: it keeps the focus, Escape closes it. */
export function Dialog({ title, onClose, children }: { readonly title: string; readonly onClose: () => void; readonly children: ReactNode }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => { element?.close(); };
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <header><h2 id={id}>{title}</h2><button type="button" className="button quiet" aria-label="Close" onClick={onClose}><Glyph name="close" /></button></header>
      {children}
    </dialog>
  );
}
