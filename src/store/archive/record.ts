import type { EnrichmentState, Outcome, Redaction, StoredDecoded } from '../../model/capture.ts';
import type { CallbackState, UnsentCallback } from '../../model/callback.ts';
import type { Decision } from '../../model/decision.ts';
import type { Claim } from '../../model/run.ts';
import type { Scope } from '../../model/store.ts';
import type { Tallies } from '../../model/upkeep.ts';
import type { OutboxCall } from '../callback-rows.ts';
import type { Content, KeptSummary, Part } from '../prepare.ts';
import type { Seal } from '../seal.ts';
import { openExchange, openTags } from '../sealed-capture.ts';
import { openPart } from '../sealed-parts.ts';

/** What an export holds of a store, a line each. Bodies are lines of their own, before the first capture that has them. */
export type Archived = ArchivedPolicy | ArchivedRun | ArchivedCapture | ArchivedObject;

export interface ArchivedPolicy { readonly kind: 'policy'; readonly sha256: string; readonly text: string; readonly keptAt: string }

export interface ArchivedRun {
  readonly kind: 'run'; readonly name: string; readonly space: string | null; readonly claims: readonly Claim[]; readonly registered: boolean;
  readonly openedAt: string; readonly closedAt: string | null;
}

/** `value` null: it was deleted, and hides what stands behind it. */
export interface ArchivedObject {
  readonly kind: 'object'; readonly scope: Scope; readonly type: string; readonly id: string; readonly version: number; readonly value: unknown;
  readonly fields: Readonly<Record<string, string>>;
}

/** Everything the store keeps of a capture but its number, which is given anew, and what is made of the rest (words, index, hashes). */
export interface ArchivedCapture {
  readonly kind: 'capture';
  readonly id: string; readonly at: string; readonly instance: string; readonly run: string | null; readonly person: string | null;
  readonly fingerprint: string | null; readonly duplicateOf: string | null; readonly duplicateKey: string | null;
  readonly outcome: Outcome; readonly enrichment: EnrichmentState;
  readonly tags: readonly string[]; readonly note: string | null; readonly pinned: boolean; readonly seen: boolean;
  readonly summary: KeptSummary;
  readonly request: object; readonly reply: object | null; readonly decoded: StoredDecoded; readonly decision: Decision; readonly content: Content | null;
  readonly redactions: readonly Redaction[]; readonly unsent: readonly UnsentCallback[] | null;
  readonly parts: readonly ArchivedPart[];
  readonly callbacks: readonly ArchivedCallback[];
}

/** `sha256` in hex; as it is read of a store, what that store calls the body (`Seal.digest`). */
export interface ArchivedPart extends Omit<Part, 'bytes'> { readonly sha256: string }

export interface ArchivedCallback {
  readonly id: string; readonly provider: string; readonly target: string; readonly object: string; readonly event: string | null; readonly url: string | null;
  readonly notBefore: string; readonly attempt: number; readonly state: CallbackState; readonly lastStatus: number | null; readonly lastError: string | null;
  readonly delivery: string | null; readonly call: Omit<OutboxCall, 'target' | 'object'>;
}

/** One to be written: `bytes` null where an earlier one had the same body; then `digest` is what the store calls it. */
export type Restored = ArchivedPolicy | ArchivedRun | RestoredCapture | ArchivedObject;
export interface RestoredCapture extends Omit<ArchivedCapture, 'parts'> { readonly parts: readonly RestoredPart[] }
export interface RestoredPart extends ArchivedPart { readonly bytes: Uint8Array | null; readonly digest?: Uint8Array }

export const noTallies: Tallies = { policy: 0, run: 0, capture: 0, object: 0 };

export function sumOf(one: Tallies, other: Tallies): Tallies {
  return { policy: one.policy + other.policy, run: one.run + other.run, capture: one.capture + other.capture, object: one.object + other.object };
}

/** The rows of a capture, as every database keeps them. */
export interface WholeRow {
  readonly seq: number; readonly id: string; readonly at: string; readonly instance: string; readonly run: string | null; readonly person: string | null;
  readonly fingerprint: string | null; readonly duplicate_of: string | null; readonly duplicate_key: string | null; readonly outcome: Outcome; readonly enrichment: EnrichmentState;
  readonly tags: string; readonly note: string | null; readonly pinned: number; readonly seen: number; readonly summary: string;
  /** null: its row of `exchanges` is missing */
  readonly request: string | null; readonly reply: string | null; readonly decoded: string | null; readonly decision: string | null; readonly content: string | null;
  readonly redactions: string | null; readonly unsent: string | null;
}

export const wholeColumns = `c.seq, c.id, c.at, c.instance, c.run, c.person, c.fingerprint, c.duplicate_of, c.duplicate_key, c.outcome, c.enrichment, c.tags, c.note, c.pinned, c.seen, c.summary,
  e.request, e.reply, e.decoded, e.decision, e.content, e.redactions, e.unsent`;

export interface PartRow { readonly role: Part['role']; readonly filename: string | null; readonly content_type: string; readonly content_id: string | null; readonly sha256: Uint8Array }

export interface CallbackRow {
  readonly id: string; readonly provider: string; readonly target: string; readonly object: string; readonly not_before: string; readonly attempt: number; readonly state: CallbackState;
  readonly call: string; readonly event: string | null; readonly url: string | null; readonly last_status: number | null; readonly last_error: string | null; readonly delivery: string | null;
}

/** Throws where a row is missing, holds no JSON, or cannot be opened with the key of the store. Of a sealed store `duplicateKey` cannot be told: it is a hash there. */
export function archivedCapture(seal: Seal, kept: WholeRow, parts: readonly PartRow[], callbacks: readonly CallbackRow[]): ArchivedCapture {
  const row = openExchange(seal, kept.id, kept);
  const { id, request, decoded, decision, redactions } = row;
  if (request === null || decoded === null || decision === null || redactions === null) throw new Error('its exchange is missing');
  return {
    kind: 'capture', id, at: row.at, instance: row.instance, run: row.run, person: row.person, fingerprint: seal.openText(['captures.fingerprint', id], row.fingerprint), duplicateOf: row.duplicate_of,
    duplicateKey: seal.keyId === null ? row.duplicate_key : null, outcome: row.outcome, enrichment: row.enrichment, tags: tagsOf(seal, row), note: seal.openText(['captures.note', id], row.note),
    pinned: row.pinned === 1, seen: row.seen === 1, summary: read('summary', seal.openText(['captures.summary', id], row.summary)), request: read('request', request), reply: maybe('reply', row.reply),
    decoded: read('decoded', decoded), decision: read('decision', decision), content: maybe('content', row.content), redactions: read('redactions', redactions), unsent: maybe('unsent', row.unsent),
    parts: parts.map((part) => {
      const { filename, contentType, contentId } = openPart(seal, { capture: id, role: part.role }, part);
      return { role: part.role, filename, contentType, contentId, sha256: Buffer.from(part.sha256).toString('hex') };
    }),
    callbacks: callbacks.map((each) => {
      const { target = each.target, object = each.object, ...call } = read<OutboxCall>('call', seal.openText(['outbox.call', each.id], each.call));
      return {
        id: each.id, provider: each.provider, target, object, event: each.event, url: seal.openText(['outbox.url', each.id], each.url), notBefore: each.not_before, attempt: each.attempt,
        state: each.state, lastStatus: each.last_status, lastError: seal.openText(['outbox.last_error', each.id], each.last_error), delivery: each.delivery, call,
      };
    }),
  };
}

function tagsOf(seal: Seal, row: WholeRow): readonly string[] {
  try {
    return openTags(seal, row);
  } catch (error) {
    throw error instanceof SyntaxError ? new Error('its tags is no JSON', { cause: error }) : error;
  }
}

function read<T>(what: string, json: string): T {
  try {
    return JSON.parse(json) as T;
  } catch {
    // The parser's own message would show what stands there.
    throw new Error(`its ${what} is no JSON`);
  }
}

function maybe<T>(what: string, json: string | null): T | null {
  return json === null ? null : read<T>(what, json);
}
