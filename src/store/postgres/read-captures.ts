import type { AttachmentInfo, Capture, Redaction, StoredDecoded } from '../../model/capture.ts';
import type { Decision } from '../../model/decision.ts';
import type { CaptureFilter, CapturePage } from '../../model/store.ts';
import { decodeAside, decodeHeadAside, enoughForHead, type Coding, type KeptBody } from '../body-coding.ts';
import { callbacksShown, type OutboxRow } from '../callback-rows.ts';
import { openBody, openBodyHead } from '../body-sealing.ts';
import { inBucket, type InBucket } from '../bucket/placed.ts';
import type { Content } from '../prepare.ts';
import { openExchange } from '../sealed-capture.ts';
import { openPart, type PartRow } from '../sealed-parts.ts';
import { defaultLookedAt } from '../tally.ts';
import { replyOf, requestOf, summaryOf, type BodyHead, type CaptureRow as Row } from '../stored-capture.ts';
import { askedOf } from './asked.ts';
import { everyTest, listed } from './filter.ts';
import { newest } from './newest.ts';
import { outboxColumns } from './read-callbacks.ts';
import { totalOf } from './read-totals.ts';
import type { Sql } from './sql.ts';

const columns = 'c.seq, c.id, c.at, c.instance, c.run, c.person, c.fingerprint, c.duplicate_of, c.outcome, c.enrichment, c.tags, c.note, c.pinned, c.seen, c.summary';

/** Page and total are of one moment: lane.ts. */
export async function list(sql: Sql, { filter, limit, lookedAt }: { readonly filter: CaptureFilter; readonly limit: number; readonly lookedAt: number }): Promise<CapturePage> {
  const { before, ...whole } = filter;
  const [asked, oldest] = await Promise.all([askedOf(sql, filter, lookedAt), sql.one<{ at: string }>('SELECT at FROM captures ORDER BY seq LIMIT 1')]);
  const found = asked === null ? [] : await newest(sql, asked, limit + 1);
  // The total is of the filter, whatever page of it is read.
  const every = before === undefined ? asked : await askedOf(sql, whole, lookedAt);
  const [rows, all] = await Promise.all([
    sql.all<Row>(`SELECT ${columns} FROM captures c WHERE c.seq = ANY ($1::bigint[]) ORDER BY c.seq DESC`, listed(found.slice(0, limit))),
    every === null ? none : before === undefined && found.length <= limit ? { total: found.length, exact: true } : totalOf(sql, every),
  ]);
  return {
    items: rows.map((row) => summaryOf(sql.seal, row)), next: found.length > limit ? found[limit - 1]! : null,
    total: Math.max(all.total, found.length), totalExact: all.exact, oldestKept: oldest?.at ?? null,
  };
}

const none = { total: 0, exact: true };

/** Numbers of everything a removal asks for, oldest first. */
export async function seqsOf(sql: Sql, { filter, ids }: { readonly filter: CaptureFilter; readonly ids: readonly string[] | null }): Promise<readonly number[]> {
  const asked = await askedOf(sql, filter, defaultLookedAt);
  if (asked === null) return [];
  const values: unknown[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const among = ids === null ? '' : `AND c.id = ANY (${value(ids)}::text[])`;
  const tests = everyTest(asked, 'c.seq', value);
  return (await sql.all<{ seq: number }>(`SELECT c.seq FROM captures c WHERE ${tests} ${among} ORDER BY c.seq`, ...values)).map(({ seq }) => seq);
}

interface WholeRow extends Row {
  readonly request: string; readonly reply: string | null; readonly decoded: string; readonly decision: string; readonly content: string | null; readonly redactions: string; readonly unsent: string | null;
  readonly request_filename: string | null; readonly request_content_type: string; readonly request_content_id: string | null; readonly request_sha256: Uint8Array; readonly request_size: number; readonly request_coding: Coding; readonly request_head: Uint8Array | null;
  readonly reply_filename: string | null; readonly reply_content_type: string; readonly reply_content_id: string | null; readonly reply_sha256: Uint8Array; readonly reply_size: number; readonly reply_coding: Coding; readonly reply_head: Uint8Array | null;
  readonly attachments: readonly { readonly n: number; readonly filename: string | null; readonly content_type: string; readonly content_id: string | null; readonly size: number; readonly sha256: string }[] | null;
  readonly callbacks: readonly OutboxRow[] | null;
}

/** One statement, so all of it is of one moment. */
export async function capture(sql: Sql, { id }: { readonly id: string }): Promise<Capture | null> {
  const found = await sql.one<WholeRow>(`SELECT ${columns}, e.request, e.reply, e.decoded, e.decision, e.content, e.redactions, e.unsent,
    qp.filename AS request_filename, qp.content_type AS request_content_type, qp.content_id AS request_content_id, q.sha256 AS request_sha256, q.size AS request_size, q.coding AS request_coding, substr(q.data, 1, ${enoughForHead}) AS request_head,
    rp.filename AS reply_filename, rp.content_type AS reply_content_type, rp.content_id AS reply_content_id, r.sha256 AS reply_sha256, r.size AS reply_size, r.coding AS reply_coding, substr(r.data, 1, ${enoughForHead}) AS reply_head,
    (SELECT json_agg(json_build_object('n', n, 'filename', filename, 'content_type', content_type, 'content_id', content_id, 'size', size, 'sha256', encode(sha256, 'hex')) ORDER BY n)
      FROM parts JOIN bodies ON bodies.id = body WHERE capture = c.seq AND role = 'attachment') AS attachments,
    (SELECT json_agg(row_to_json(o) ORDER BY o.ord) FROM (SELECT ord, ${outboxColumns} FROM outbox WHERE outbox.capture = c.id) o) AS callbacks
    FROM captures c JOIN exchanges e ON e.capture = c.seq
    LEFT JOIN parts qp ON qp.capture = c.seq AND qp.role = 'request' LEFT JOIN bodies q ON q.id = qp.body
    LEFT JOIN parts rp ON rp.capture = c.seq AND rp.role = 'reply' LEFT JOIN bodies r ON r.id = rp.body WHERE c.seq = ${seqOf(id)}`, ...named(id));
  if (found === undefined) return null;
  const row = openExchange(sql.seal, found.id, found);
  const content = row.content === null ? null : JSON.parse(row.content) as Content;
  const [request, reply] = await Promise.all([
    headOf(sql, { capture: row.id, role: 'request' }, { filename: row.request_filename, content_type: row.request_content_type, content_id: row.request_content_id, sha256: row.request_sha256, size: row.request_size, coding: row.request_coding, data: row.request_head }),
    headOf(sql, { capture: row.id, role: 'reply' }, { filename: row.reply_filename, content_type: row.reply_content_type, content_id: row.reply_content_id, sha256: row.reply_sha256, size: row.reply_size, coding: row.reply_coding, data: row.reply_head }),
  ]);
  return {
    ...summaryOf(sql.seal, row),
    request: requestOf(row.id, row.request, request),
    reply: row.reply === null ? null : replyOf(row.reply, reply),
    decoded: JSON.parse(row.decoded) as StoredDecoded,
    content: content === null ? null : { ...content, attachments: (row.attachments ?? []).map(({ n, size, sha256, ...part }): AttachmentInfo => ({
      n, ...openPart(sql.seal, { capture: row.id, role: 'attachment' }, { ...part, sha256: Buffer.from(sha256, 'hex') }), size, href: `/api/captures/${row.id}/attachments/${n}`,
    })) },
    decision: JSON.parse(row.decision) as Decision,
    callbacks: callbacksShown(sql.seal, row.id, row.unsent, row.callbacks ?? []),
    redactions: JSON.parse(row.redactions) as Redaction[],
  };
}

/** Empty for a capture whose exchange has none; null for no such capture, or a reply that never came. */
export async function bytesOf(sql: Sql, { id, role }: { readonly id: string; readonly role: 'request' | 'reply' }): Promise<Uint8Array | InBucket | null> {
  const row = await sql.one<{ readonly id: string; readonly answered: boolean } & MaybeKept>(`SELECT c.id, e.reply IS NOT NULL AS answered, ${partColumns}, size, coding, data, object FROM captures c JOIN exchanges e ON e.capture = c.seq
    LEFT JOIN parts p ON p.capture = c.seq AND p.role = '${role}' LEFT JOIN bodies ON bodies.id = p.body WHERE c.seq = ${seqOf(id)}`, ...named(id));
  if (row === undefined || (role === 'reply' && !row.answered)) return null;
  if (!isKept(row)) return new Uint8Array(0);
  openPart(sql.seal, { capture: row.id, role }, row);
  return wholeOf(sql, row);
}

export async function attachment(sql: Sql, { id, n }: { readonly id: string; readonly n: number }): Promise<{ readonly filename: string | null; readonly contentType: string; readonly content: Uint8Array | InBucket } | null> {
  if (!Number.isSafeInteger(n) || Math.abs(n) >= 2 ** 31) return null;
  const found = await sql.one<KeptBody & PartRow & { readonly id: string }>(
    `SELECT captures.id, ${partColumns}, size, coding, data, object FROM parts JOIN bodies ON bodies.id = body JOIN captures ON captures.seq = capture WHERE capture = ${seqOf(id)} AND role = 'attachment' AND n = $${named(id).length + 1}`, ...named(id), n);
  if (found === undefined) return null;
  const { filename, contentType } = openPart(sql.seal, { capture: found.id, role: 'attachment' }, found);
  return { filename, contentType, content: await wholeOf(sql, found) };
}

async function wholeOf({ seal }: Sql, kept: KeptBody): Promise<Uint8Array | InBucket> {
  const { object = null } = kept;
  return object === null ? decodeAside(openBody(seal, kept), seal.digest) : inBucket({ ...kept, object });
}

export async function pendingEnrichment(sql: Sql, { limit }: { readonly limit: number }): Promise<readonly string[]> {
  return (await sql.all<{ id: string }>(`SELECT id FROM captures WHERE enrichment = 'pending' ORDER BY seq LIMIT $1`, limit)).map(({ id }) => id);
}

const seqOf = (id: string): string => (id === 'latest' ? `(SELECT max(seq) FROM captures WHERE direction = 'out')` : '(SELECT seq FROM captures WHERE id = $1)');
const named = (id: string): readonly string[] => (id === 'latest' ? [] : [id]);

/** The columns of a body that may not be there: without `data` the others are nothing. */
type MaybeKept = Omit<KeptBody, 'data'> & PartRow & { readonly data: Uint8Array | null };

const partColumns = 'filename, content_type, content_id, sha256';

function isKept(row: MaybeKept): row is KeptBody & PartRow {
  return row.data !== null;
}

async function headOf(sql: Sql, of: Parameters<typeof openPart>[1], row: MaybeKept): Promise<BodyHead | null> {
  if (!isKept(row)) return null;
  openPart(sql.seal, of, row);
  return { size: row.size, head: await decodeHeadAside(openBodyHead(sql.seal, row), sql.seal.digest) };
}
