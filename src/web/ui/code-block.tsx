import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';

/** Text as it is, with a copy button. Everything captured is shown as text: nothing here is ever markup. */
export function CodeBlock({ text, label, wrap = true }: { readonly text: string; readonly label: string; readonly wrap?: boolean }): ReactNode {
  return (
    <div className="code-block">
      <CopyButton text={text} label={`Copy ${label}`} />
      <pre tabIndex={0} role="region" aria-label={label} data-wrap={wrap}>{text}</pre>
    </div>
  );
}
