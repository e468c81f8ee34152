import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Glyph } from './icons.tsx';

/** Copies `text`; `label` says what, for those who cannot see it stand beside its text. */
export function CopyButton({ text, label, word }: { readonly text: string; readonly label: string; readonly word?: string }): ReactNode {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => { setState('idle'); }, 1600);
    return () => { clearTimeout(timer); };
  }, [state]);
  const copy = (): void => {
    copyText(text).then(() => setState('copied'), () => setState('failed'));
  };
  return (
    <button type="button" className={word === undefined ? 'button quiet small' : 'button small'} onClick={copy} aria-label={word === undefined ? label : undefined} title={label}>
      <Glyph name={state === 'copied' ? 'check' : 'copy'} />
      {word !== undefined && <span>{state === 'copied' ? 'Copied' : word}</span>}
      <span className="visually-hidden" role="status">{state === 'copied' ? 'Copied' : state === 'failed' ? 'Could not be copied' : ''}</span>
    </button>
  );
}

/** The clipboard API exists only on https and localhost; elsewhere a selection is copied the old way. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('the browser refused to copy');
}
