import type { CaptureSummary, EnrichmentState, Outcome, StoredBody, StoredReply, StoredRequest } from '../model/capture.ts';
import type { Streamed } from '../model/exchange.ts';
import type { KeptSummary } from './prepare.ts';
import type { Seal } from './seal.ts';
import { openTags } from './sealed-capture.ts';

/** A row of `captures`, as far as a list shows it. */
export interface CaptureRow {
  readonly seq: number; readonly id: string; readonly at: string; readonly instance: string; readonly run: string | null; readonly person: string | null;
  readonly fingerprint: string | null; readonly duplicate_of: string | null; readonly outcome: Outcome; readonly enrichment: EnrichmentState;
  readonly tags: string; readonly note: string | null; readonly pinned: number; readonly seen: number; readonly summary: string;
}

/** Bodies are shown with the capture up to here, in bytes; the rest is at `href`. */
export const inline = 64 * 1024;

/** The beginning of a kept body, `inline` bytes at most. */
export interface BodyHead { readonly size: number; readonly head: Uint8Array }

export function summaryOf(seal: Seal, row: CaptureRow): CaptureSummary {
  const { host: _host, account: _account, ...kept } = JSON.parse(seal.openText(['captures.summary', row.id], row.summary)) as KeptSummary;
  return {
    id: row.id, seq: row.seq, at: row.at, instance: row.instance, ...kept, run: row.run, person: row.person, outcome: row.outcome, fingerprint: seal.openText(['captures.fingerprint', row.id], row.fingerprint),
    tags: openTags(seal, row), note: seal.openText(['captures.note', row.id], row.note), pinned: row.pinned === 1, seen: row.seen === 1, enrichment: row.enrichment, duplicateOf: row.duplicate_of,
  };
}

export function requestOf(id: string, json: string, kept: BodyHead | null): StoredRequest {
  const { streamed, ...request } = JSON.parse(json) as StoredRequest & MaybeStreamed;
  return { ...request, body: passed(bodyOf(kept, `/api/captures/${id}/raw`), streamed) } as StoredRequest;
}

export function replyOf(json: string, kept: BodyHead | null): StoredReply {
  const { streamed, ...reply } = JSON.parse(json) as StoredReply & MaybeStreamed;
  return reply.kind === 'smtp' ? reply : { ...reply, body: passed(bodyOf(kept, null), streamed) };
}

interface MaybeStreamed { readonly streamed?: Streamed }

/** Of a body that was not held, what is kept is its beginning. */
function passed(kept: StoredBody, streamed: Streamed | undefined): StoredBody {
  if (streamed === undefined) return kept;
  const { size, sha256, whole } = streamed;
  return { ...kept, size: size ?? kept.size, truncated: kept.truncated || size === null || size > kept.size, streamed: { sha256, whole } };
}

function bodyOf(kept: BodyHead | null, href: string | null): StoredBody {
  if (kept === null) return { encoding: 'none', data: '', size: 0, truncated: false, href: null };
  const truncated = kept.size > inline;
  const text = utf8(kept.head, truncated);
  return { encoding: text === null ? 'base64' : 'utf8', data: text ?? Buffer.from(kept.head).toString('base64'), size: kept.size, truncated, href };
}

/** Null when the bytes are no UTF-8; a character cut in two at the end of a truncated body is left out. */
function utf8(bytes: Uint8Array, truncated: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: truncated });
  } catch {
    return null;
  }
}
