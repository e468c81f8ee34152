import { useState } from 'react';
import type { ReactNode } from 'react';

const widths = [
  { id: 'phone', label: 'Phone', width: '375px' },
  { id: 'tablet', label: 'Tablet', width: '768px' },
  { id: 'desktop', label: 'Full width', width: '100%' },
] as const;

/**
 * The mail as its reader sees it. It comes from another origin into a sandbox that allows nothing: no script, no form,
 * no window, no navigation. `color-scheme` on the frame is what `prefers-color-scheme` is inside (CSS Color Adjust 1, section 2.3).
 */
export function MailView({ id }: { readonly id: string }): ReactNode {
  const [width, setWidth] = useState<string>('desktop');
  const [dark, setDark] = useState(false);
  const chosen = widths.find((one) => one.id === width) ?? widths[2];
  return (
    <div className="mail-view">
      <div className="segments">
        <div role="group" aria-label="Width of the preview">
          {widths.map((one) => <button key={one.id} type="button" className="segment" aria-pressed={one.id === width} onClick={() => { setWidth(one.id); }}>{one.label}</button>)}
        </div>
        <div role="group" aria-label="Colours of the preview">
          <button type="button" className="segment" aria-pressed={!dark} onClick={() => { setDark(false); }}>Light</button>
          <button type="button" className="segment" aria-pressed={dark} onClick={() => { setDark(true); }}>Dark</button>
        </div>
        <span className="dim">Remote pictures are never loaded</span>
      </div>
      <div className="mail-stage">
        <iframe key={id} className="mail-frame" title="The mail as rendered" src={`/api/captures/${encodeURIComponent(id)}/html`} sandbox="" referrerPolicy="no-referrer"
          data-dark={dark} style={{ width: chosen.width, colorScheme: dark ? 'dark' : 'light' }} />
      </div>
    </div>
  );
}
