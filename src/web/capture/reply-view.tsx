import type { ReactNode } from 'react';
import type { StoredReply } from '../../model/capture.ts';
import { BodyView } from './body-view.tsx';
import { HeadersView } from './headers-view.tsx';

export function ReplyView({ reply }: { readonly reply: StoredReply | null }): ReactNode {
  if (reply === null) return <p className="notice">No reply.</p>;
  if (reply.kind === 'smtp') return <p className="request-line"><b>{reply.code}</b> {reply.enhanced} {reply.text}</p>;
  return (
    <div className="exchange">
      <p className="request-line"><b data-status={Math.floor(reply.status / 100)}>{reply.status}</b></p>
      <h3>Headers</h3>
      <HeadersView headers={reply.headers} />
      <h3>Body</h3>
      <BodyView body={reply.body} headers={reply.headers} label="reply" />
    </div>
  );
}
