import { useState } from 'react';
import type { ReactNode } from 'react';
import type { StoredBody } from '../../model/capture.ts';
import type { Headers } from '../../model/exchange.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { sizeText } from '../ui/time.tsx';
import { prettyBody } from './body-text.ts';

export function BodyView({ body, headers, label }: { readonly body: StoredBody; readonly headers: Headers; readonly label: string }): ReactNode {
  const [raw, setRaw] = useState(false);
  if (body.withheld !== undefined) return <p className="notice">Not shown to your role: {body.withheld}.</p>;
  const pretty = prettyBody(body, headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null);
  if (pretty.kind === 'empty') return <p className="dim">No body.</p>;
  return (
    <div>
      <div className="segments">
        {pretty.kind !== 'binary' && <div role="group" aria-label={`Form of the ${label} body`}>
          <button type="button" className="segment" aria-pressed={!raw} onClick={() => { setRaw(false); }}>Pretty</button>
          <button type="button" className="segment" aria-pressed={raw} onClick={() => { setRaw(true); }}>Raw</button>
        </div>}
        <span className="dim">{sizeText(body.size)}{body.truncated && ', shown in part'}</span>
        {body.href !== null && <a className="button small" href={body.href} download>Download whole</a>}
      </div>
      {pretty.kind === 'binary' ? <p className="notice">Not text: {sizeText(body.size)} of bytes.</p> : <CodeBlock text={raw ? body.data : pretty.text} label={`${label} body`} />}
    </div>
  );
}
