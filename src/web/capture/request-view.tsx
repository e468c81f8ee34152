import type { ReactNode } from 'react';
import type { Capture } from '../../model/capture.ts';
import { getReady } from '../api/client.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { BodyView } from './body-view.tsx';
import { curlCommand } from './curl.ts';
import { HeadersView } from './headers-view.tsx';
import { RedactionsNote } from './redactions-note.tsx';

export function RequestView({ capture }: { readonly capture: Capture }): ReactNode {
  const ready = useLoaded('ready', 0, getReady);
  const { request } = capture;
  if (request.kind === 'mail') return null;
  if (request.kind !== 'http') {
    return (
      <div className="exchange">
        <p className="request-line"><b>{request.kind === 'connect' ? 'CONNECT' : 'Unreadable'}</b> {request.authority === null ? 'no usable target' : `${request.authority.host}:${request.authority.port}`}</p>
        <HeadersView headers={request.headers} />
        <BodyView body={request.body} headers={request.headers} label="received" />
      </div>
    );
  }
  const proxy = `http://${location.hostname}:${ready.kind === 'ready' ? ready.value.ports['http'] ?? 8080 : 8080}`;
  return (
    <div className="exchange">
      <p className="request-line"><b>{request.method}</b> <span className="url">{request.url}</span> <span className="dim">{request.version}</span></p>
      <p><CopyButton text={curlCommand(request, proxy)} label="Copy as a curl command that goes through the gateway" word="Copy as curl" /> <span className="dim">goes through the gateway, credentials left out</span></p>
      <RedactionsNote redactions={capture.redactions} />
      <h3>Headers</h3>
      <HeadersView headers={request.headers} />
      {request.trailers.length > 0 && <><h3>Trailers</h3><HeadersView headers={request.trailers} /></>}
      <h3>Body</h3>
      <BodyView body={request.body} headers={request.headers} label="request" />
    </div>
  );
}
