import type { ReactNode } from 'react';
import type { Capture } from '../../model/capture.ts';
import type { Headers } from '../../model/exchange.ts';
import { useMay } from '../access/me.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { sizeText } from '../ui/time.tsx';
import { RedactionsNote } from './redactions-note.tsx';
import { ReplyView } from './reply-view.tsx';

/** The SMTP session and the message as it came. */
export function RawView({ capture }: { readonly capture: Capture }): ReactNode {
  const may = useMay();
  const { request } = capture;
  if (request.kind !== 'mail') return null;
  return (
    <div className="exchange">
      <h3>Session</h3>
      <CodeBlock label="SMTP session" text={[
        `HELO ${request.helo ?? '(none)'}${request.tls === null ? '' : `   [${request.tls.protocol} ${request.tls.cipher}]`}${request.authUser === null ? '' : `   [AUTH ${request.authUser}]`}`,
        `MAIL FROM:<${request.from.address}>${parameters(request.from.parameters)}`,
        ...request.to.map((path) => `RCPT TO:<${path.address}>${parameters(path.parameters)}`),
      ].join('\n')} />
      <ReplyView reply={capture.reply} />
      <h3>Message <span className="dim">{sizeText(request.body.size)}</span></h3>
      {may.bytes && <p><a className="button small" href={`/api/captures/${encodeURIComponent(capture.id)}/raw`} download={`${capture.id}.eml`}>Download .eml</a></p>}
      <RedactionsNote redactions={capture.redactions} />
      {request.body.withheld !== undefined ? <p className="notice">Not shown to your role: {request.body.withheld}.</p> : request.body.encoding === 'utf8' ? <CodeBlock text={request.body.data} label="raw message" /> : <p className="notice">The message is not UTF-8 text; the download has its exact bytes.</p>}
      {request.body.truncated && request.body.withheld === undefined && <p className="dim">Only the beginning is shown; the download has all of it.</p>}
    </div>
  );
}

function parameters(list: Headers): string {
  return list.map(([name, value]) => value === '' ? ` ${name}` : ` ${name}=${value}`).join('');
}
