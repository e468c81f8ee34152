import type { AttachmentInfo, Capture, Redaction, StoredDecoded } from '../../model/capture.ts';
import type { Decision } from '../../model/decision.ts';
import type { CaptureFilter, CapturePage } from '../../model/store.ts';
import { decode, decodeHead, enoughForHead, type KeptBody } from '../body-coding.ts';
import { openBody, openBodyHead } from '../body-sealing.ts';
import { inBucket, type InBucket } from '../bucket/placed.ts';
import type { Content } from '../prepare.ts';
import { openExchange } from '../sealed-capture.ts';
import { openPart, type PartRow } from '../sealed-parts.ts';
import { replyOf, requestOf, summaryOf, type BodyHead, type CaptureRow as Row } from '../stored-capture.ts';
import { askedOf } from './asked.ts';
import { all as allOf, everyTest, walkOf } from './filter.ts';
import { newest, readBy } from './newest.ts';
import { callbacksOf } from './read-callbacks.ts';
import { totalOf } from './read-totals.ts';
import { defaultLookedAt } from '../tally.ts';
import type { Sql } from './sql.ts';

export function list(sql: Sql, { filter, limit, lookedAt }: { readonly filter: CaptureFilter; readonly limit: number; readonly lookedAt: number }): CapturePage {
  const asked = askedOf(sql, filter, lookedAt);
  const found = asked === null ? [] : newest(sql, asked, limit + 1);
  const items = found.slice(0, limit).map((seq) => summaryOf(sql.seal, sql.one<Row>('SELECT * FROM captures WHERE seq = ?', seq)!));
  const { before, ...whole } = filter;
  // The total is of the filter, whatever page of it is read.
  const every = before === undefined ? asked : askedOf(sql, whole, lookedAt);
  const all = every === null ? none : before === undefined && found.length <= limit ? { total: found.length, exact: true } : totalOf(sql, every);
  return {
    items,
    next: found.length > limit ? items.at(-1)?.seq ?? null : null,
    total: Math.max(all.total, found.length), totalExact: all.exact,
    oldestKept: sql.one<{ at: string }>('SELECT at FROM captures ORDER BY seq LIMIT 1')?.at ?? null,
  };
}

const none = { total: 0, exact: true };

/** Numbers of everything a removal asks for, oldest first. */
export function seqsOf(sql: Sql, { filter, ids }: { readonly filter: CaptureFilter; readonly ids: readonly string[] | null }): readonly number[] {
  const asked = askedOf(sql, filter, defaultLookedAt);
  if (asked === null) return [];
  const walk = walkOf(sql, asked);
  const read = ids === null ? readBy(sql, asked, walk, null) : { text: '(SELECT seq FROM captures WHERE id IN (SELECT value FROM json_each(?))) d', values: [JSON.stringify(ids)] };
  const tests = allOf(ids === null ? walk.tests('d.seq') : everyTest(asked, 'd.seq'));
  return sql.all<{ seq: number }>(`SELECT d.seq AS seq FROM ${read.text} WHERE ${tests.text} ORDER BY d.seq`, ...read.values, ...tests.values).map(({ seq }) => seq);
}

export function capture(sql: Sql, { id }: { readonly id: string }): Capture | null {
  const row = rowOf(sql, id);
  if (row === undefined) return null;
  const exchange = openExchange(sql.seal, row.id, sql.one<{ request: string; reply: string | null; decoded: string; decision: string; content: string | null; redactions: string; unsent: string | null }>(
    'SELECT request, reply, decoded, decision, content, redactions, unsent FROM exchanges WHERE capture = ?', row.seq)!);
  const content = exchange.content === null ? null : JSON.parse(exchange.content) as Content;
  return {
    ...summaryOf(sql.seal, row),
    request: requestOf(row.id, exchange.request, headOf(sql, row, 'request')),
    reply: exchange.reply === null ? null : replyOf(exchange.reply, headOf(sql, row, 'reply')),
    decoded: JSON.parse(exchange.decoded) as StoredDecoded,
    content: content === null ? null : { ...content, attachments: attachmentsOf(sql, row) },
    decision: JSON.parse(exchange.decision) as Decision,
    callbacks: callbacksOf(sql, row.id, exchange.unsent),
    redactions: JSON.parse(exchange.redactions) as Redaction[],
  };
}

/** Empty for a capture whose exchange has none; null for no such capture, or a reply that never came. */
export function bytesOf(sql: Sql, { id, role }: { readonly id: string; readonly role: 'request' | 'reply' }): Uint8Array | InBucket | null {
  const row = rowOf(sql, id);
  if (row === undefined) return null;
  if (role === 'reply' && sql.one('SELECT 1 FROM exchanges WHERE capture = ? AND reply IS NULL', row.seq) !== undefined) return null;
  const kept = sql.one<KeptBody & PartRow>(`SELECT ${partColumns}, size, coding, data, object FROM parts JOIN bodies ON bodies.id = body WHERE capture = ? AND role = ?`, row.seq, role);
  if (kept === undefined) return new Uint8Array(0);
  openPart(sql.seal, { capture: row.id, role }, kept);
  return wholeOf(sql, kept);
}

export function attachment(sql: Sql, { id, n }: { readonly id: string; readonly n: number }): { readonly filename: string | null; readonly contentType: string; readonly content: Uint8Array | InBucket } | null {
  const row = rowOf(sql, id);
  if (row === undefined || !Number.isSafeInteger(n)) return null;
  const found = sql.one<KeptBody & PartRow>(
    `SELECT ${partColumns}, size, coding, data, object FROM parts JOIN bodies ON bodies.id = body WHERE capture = ? AND role = 'attachment' AND n = ?`, row.seq, n);
  if (found === undefined) return null;
  const { filename, contentType } = openPart(sql.seal, { capture: row.id, role: 'attachment' }, found);
  return { filename, contentType, content: wholeOf(sql, found) };
}

function wholeOf({ seal }: Sql, kept: KeptBody): Uint8Array | InBucket {
  const { object = null } = kept;
  return object === null ? decode(openBody(seal, kept), seal.digest) : inBucket({ ...kept, object });
}

export function pendingEnrichment(sql: Sql, { limit }: { readonly limit: number }): readonly string[] {
  return sql.all<{ id: string }>(`SELECT id FROM captures WHERE enrichment = 'pending' ORDER BY seq LIMIT ?`, limit).map(({ id }) => id);
}

function rowOf(sql: Sql, id: string): Row | undefined {
  return id === 'latest' ? sql.one<Row>(`SELECT * FROM captures WHERE direction = 'out' ORDER BY seq DESC LIMIT 1`) : sql.one<Row>('SELECT * FROM captures WHERE id = ?', id);
}

const partColumns = 'filename, content_type, content_id, sha256';

function headOf(sql: Sql, { seq, id }: Row, role: 'request' | 'reply'): BodyHead | null {
  const kept = sql.one<KeptBody & PartRow>(`SELECT ${partColumns}, size, coding, substr(data, 1, ${enoughForHead}) AS data FROM parts JOIN bodies ON bodies.id = body WHERE capture = ? AND role = ?`, seq, role);
  if (kept === undefined) return null;
  openPart(sql.seal, { capture: id, role }, kept);
  return { size: kept.size, head: decodeHead(openBodyHead(sql.seal, kept), sql.seal.digest) };
}

function attachmentsOf(sql: Sql, row: Row): readonly AttachmentInfo[] {
  return sql.all<PartRow & { n: number; size: number }>(
    `SELECT n, ${partColumns}, size FROM parts JOIN bodies ON bodies.id = body WHERE capture = ? AND role = 'attachment' ORDER BY n`, row.seq)
    .map((found) => ({
      n: found.n, ...openPart(sql.seal, { capture: row.id, role: 'attachment' }, found), size: found.size, href: `/api/captures/${row.id}/attachments/${found.n}`,
    }));
}
