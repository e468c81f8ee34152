import type { FoundCapture } from './found.ts';
import type { Look, Row } from './look.ts';
import type { Mention } from './mentions.ts';
import { tables } from './tables.ts';

/** bytes of captures that are read at once; one alone may be larger */
const pageBytes = 8 * 1024 * 1024;

type CaptureRow = Row & FoundCapture;

/** Captures with all that is kept with them: rows, exchange, parts, bodies. */
export async function lookAtCaptures(look: Look, where: string, ...values: readonly (string | number)[]): Promise<void> {
  const { reader } = look;
  const { captures, exchanges, parts } = tables;
  const found = await reader.all<CaptureRow>(`SELECT ${[captures.key, ...captures.more, ...captures.columns].join(', ')} FROM captures WHERE ${where}`, ...values);
  const bySeq = new Map(found.map((row) => [row.seq, row]));
  const say = (seq: number, mention: Mention | 'unread', place: string): void => {
    const row = bySeq.get(seq);
    if (row === undefined) return;
    if (mention === 'whole') look.keep(row, place);
    if (mention === 'part') look.nearly(row);
  };
  for (const row of found) {
    look.again(row.seq);
    say(row.seq, look.at('captures', row), 'captures');
  }
  // One recorded between two questions is not among them: the log tells of it, and it is looked at then.
  const owned = <R extends Row & { readonly capture: number }>(row: R): R & { readonly owner: string } => ({ ...row, owner: bySeq.get(row.capture)?.id ?? '' });
  const inside = `capture IN (SELECT seq FROM captures WHERE ${where})`;
  for (const row of await reader.all<Row & { readonly capture: number }>(`SELECT capture, ${exchanges.columns.join(', ')} FROM exchanges WHERE ${inside}`, ...values)) {
    if (!bySeq.has(row.capture)) continue;
    say(row.capture, look.at('exchanges', owned(row)), 'exchanges');
  }
  const held = await reader.all<Row & { readonly capture: number; readonly body: number; readonly sha256: Uint8Array }>(
    `SELECT parts.capture AS capture, body, role, sha256, ${parts.columns.join(', ')} FROM parts JOIN bodies ON bodies.id = body WHERE ${inside}`, ...values);
  for (const row of held) {
    if (!bySeq.has(row.capture)) continue;
    say(row.capture, look.at('parts', owned(row)), 'parts');
    say(row.capture, await look.into({ id: row.body, sha256: row.sha256 }), 'bodies');
  }
}

export async function lookAtEveryCapture(look: Look): Promise<void> {
  for (let after = 0; ;) {
    const sizes = await look.reader.all<{ seq: number; bytes: number }>('SELECT seq, bytes FROM captures WHERE seq > ?1 ORDER BY seq LIMIT 500', after);
    if (sizes.length === 0) return;
    let sum = 0;
    const page = sizes.filter(({ bytes }, at) => {
      sum += bytes;
      return at === 0 || sum <= pageBytes;
    });
    const to = page.at(-1)!.seq;
    await lookAtCaptures(look, 'seq > ?1 AND seq <= ?2', after, to);
    after = to;
  }
}

/** What came of a capture goes with it: deliveries of its callbacks, mails released from it, and what came of those. A child comes after its parent, so once through is enough. */
export async function keepChildren(look: Look): Promise<void> {
  if (look.captures.size === 0) return;
  const ids = new Set([...look.captures.values()].map(({ id }) => id));
  for (let after = Math.min(...look.captures.keys()); ;) {
    const page = await look.reader.all<CaptureRow & { readonly summary: string }>(
      `SELECT seq, id, run, outcome, tags, note, summary FROM captures WHERE seq > ?1 ${look.reader.seal.keyId === null ? `AND summary LIKE '%"parent":"cap_%'` : ''} ORDER BY seq LIMIT 500`, after);
    for (const row of page) {
      const opened = look.opened('captures', row);
      if (opened === null) continue;
      const { parent } = JSON.parse(opened.summary) as { readonly parent?: unknown };
      if (typeof parent !== 'string' || !ids.has(parent)) continue;
      ids.add(row.id);
      if (!look.captures.has(row.seq)) look.keep(row, 'children');
    }
    if (page.length < 500) return;
    after = page.at(-1)!.seq;
  }
}
