import type { ReactNode } from 'react';
import { CopyButton } from '../ui/copy-button.tsx';

/** One-time codes and links, to be copied. Links are text: opening one of a customer's links is a decision, not a click. */
export function CodesView({ codes, links }: { readonly codes: readonly string[]; readonly links: readonly string[] }): ReactNode {
  return (
    <div className="codes-view">
      {codes.length > 0 && <><h3>Codes</h3><ul>{codes.map((code) => <li key={code}><span className="big-code">{code}</span><CopyButton text={code} label={`Copy code ${code}`} /></li>)}</ul></>}
      {links.length > 0 && <><h3>Links</h3><ul>{links.map((link) => <li key={link}><code className="url">{link}</code><CopyButton text={link} label={`Copy link ${link}`} /></li>)}</ul></>}
    </div>
  );
}
