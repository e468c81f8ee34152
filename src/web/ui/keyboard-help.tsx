import type { ReactNode } from 'react';
import { Dialog } from './dialog.tsx';

const keys: readonly (readonly [string, string])[] = [
  ['j  k', 'next, previous capture'],
  ['Enter', 'open the chosen capture'],
  ['Escape', 'close it'],
  ['/', 'search'],
  ['.', 'show what arrived'],
  ['e', 'mark seen or unseen'],
  ['?', 'this help'],
];

export function KeyboardHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, does]) => <div key={key}><dt>{key.split(/\s+/).map((one) => <kbd key={one}>{one}</kbd>)}</dt><dd>{does}</dd></div>)}
      </dl>
    </Dialog>
  );
}
