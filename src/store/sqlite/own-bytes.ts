import type { CaptureDraft, Enrichment } from '../../model/capture.ts';
import type { Bytes } from '../../model/bytes.ts';
import type { Reply } from '../../model/exchange.ts';
import type { Passed, Recording } from '../../model/store.ts';

/**
 * A message between threads carries the whole buffer a view looks into. Bytes read from a socket are slices of a shared
 * pool, so each is first cut out of it: nothing of other calls travels along, and the message is as small as it looks.
 */
export function ownRecording(recording: Recording): { readonly recording: Recording; readonly bytes: number } {
  let bytes = 0;
  const own = (view: Bytes): Bytes => {
    bytes += view.byteLength;
    return ownBytes(view);
  };
  const { draft } = recording;
  const reply = draft.reply?.kind === 'http' ? { ...draft.reply, body: own(draft.reply.body) } : draft.reply;
  return { recording: { ...recording, draft: { ...draft, request: ownRequest(draft.request, own), reply, decoded: ownDecoded(draft.decoded, own) } }, bytes };
}

export function ownReply(reply: Reply | null): Reply | null {
  return reply?.kind === 'http' ? { ...reply, body: ownBytes(reply.body) } : reply;
}

export function ownPassed(passed: Passed | undefined): Passed | null {
  return passed === undefined ? null : { ...passed, request: { ...passed.request, body: ownBytes(passed.request.body) } };
}

export function ownEnrichment(enrichment: Enrichment): Enrichment {
  return { ...enrichment, attachments: enrichment.attachments.map((attachment) => ({ ...attachment, content: ownBytes(attachment.content) })) };
}

function ownBytes(view: Bytes): Bytes {
  return view.byteLength === view.buffer.byteLength ? view : new Uint8Array(view);
}

function ownRequest(request: CaptureDraft['request'], own: (view: Bytes) => Bytes): CaptureDraft['request'] {
  switch (request.kind) {
    case 'http': return { ...request, body: own(request.body) };
    case 'mail': return { ...request, message: own(request.message) };
    case 'unreadable': return { ...request, received: own(request.received) };
    case 'connect': return request;
  }
}

function ownDecoded(decoded: CaptureDraft['decoded'], own: (view: Bytes) => Bytes): CaptureDraft['decoded'] {
  if (decoded.kind !== 'effects') return decoded;
  return { kind: 'effects', effects: decoded.effects.map((effect) => ('attachments' in effect
    ? { ...effect, attachments: effect.attachments.map((attachment) => ({ ...attachment, content: own(attachment.content) })) } : effect)) };
}
