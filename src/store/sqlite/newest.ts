import type { Stream } from '../asked.ts';
import type { Asked } from './asked.ts';
import { all, walkOf, type Test, type Walk } from './filter.ts';
import type { Sql } from './sql.ts';

/** How many of merged streams are looked at together, at most. */
const largestWave = 5_000;

/** Numbers of the captures that match, newest first, at most `most`. */
export function newest(sql: Sql, asked: Asked, most: number): readonly number[] {
  const walk = walkOf(sql, asked);
  if (walk.streams === null) {
    const { text, values } = all([...walk.driven, ...walk.tests(walk.seq)]);
    return seqs(sql, `SELECT ${walk.seq} AS seq FROM ${walk.from} WHERE ${text} ORDER BY ${walk.seq} DESC LIMIT ?`, [...values, most]);
  }
  const test = all(walk.tests('j.value'));
  const found: number[] = [];
  let to = asked.to;
  for (let wave = most; found.length < most; wave = Math.min(wave * 4, largestWave)) {
    const read = newestOf(sql, walk.streams, { ...asked, to }, wave);
    found.push(...(test.text === '1' ? read : seqs(sql, `SELECT j.value AS seq FROM json_each(?) j WHERE ${test.text} ORDER BY j.value DESC`, [JSON.stringify(read), ...test.values])));
    if (read.length < wave) break;
    to = read.at(-1)! - 1;
  }
  return found.slice(0, most);
}

/** FROM of the newest `most` that a walk reads, whatever becomes of them, as `d` with the column `seq`; all of them where `most` is null. */
export function readBy(sql: Sql, asked: Asked, walk: Walk, most: number | null): Test {
  if (walk.streams !== null && most !== null) {
    return { text: '(SELECT value AS seq FROM json_each(?)) d', values: [JSON.stringify(newestOf(sql, walk.streams, asked, most))] };
  }
  const { text, values } = all(walk.driven);
  const bound = most === null ? '' : `ORDER BY ${walk.seq} DESC LIMIT ${most}`;
  return { text: `(SELECT ${walk.seq} AS seq FROM ${walk.from} WHERE ${text} ${bound}) d`, values };
}

/** The newest of several streams, merged. What one has is read only as far as it can be among them. */
function newestOf(sql: Sql, streams: readonly Stream[], { from, to, lookedAt }: Asked, most: number): readonly number[] {
  const range = (above: number): readonly Test[] => [{ text: 'c.seq > ?', values: [above] }, ...(to === null ? [] : [{ text: 'c.seq <= ?', values: [to] }])];
  const lowest = (from ?? 0) - 1;
  // Few enough to be read and sorted at once.
  if (streams.length > 1 && streams.reduce((sum, { captures }) => sum + captures, 0) <= lookedAt * 2) {
    const inRuns = streams[0]!.run !== null;
    const wanted = JSON.stringify(streams.map(({ profile, run }) => [profile, run]));
    const { text, values } = all(range(lowest));
    return seqs(sql, `SELECT c.seq AS seq FROM json_each(?) w CROSS JOIN captures c INDEXED BY ${inRuns ? 'captures_run' : 'captures_profile'} ON c.profile = w.value ->> 0
      ${inRuns ? 'AND c.run = w.value ->> 1' : ''} WHERE ${text} ORDER BY c.seq DESC LIMIT ?`, [wanted, ...values, most]);
  }
  let best: readonly number[] = [];
  for (const { profile, run } of streams) {
    const { text, values } = all([{ text: 'c.profile = ?', values: [profile] }, ...(run === null ? [] : [{ text: 'c.run = ?', values: [run] }]), ...range(best.length < most ? lowest : best.at(-1)!)]);
    const more = seqs(sql, `SELECT c.seq AS seq FROM captures c INDEXED BY ${run === null ? 'captures_profile' : 'captures_run'} WHERE ${text} ORDER BY c.seq DESC LIMIT ?`, [...values, most]);
    if (more.length > 0) best = [...best, ...more].toSorted((one, other) => other - one).slice(0, most);
  }
  return best;
}

function seqs(sql: Sql, text: string, values: Test['values']): readonly number[] {
  return sql.all<{ seq: number }>(text, ...values).map(({ seq }) => seq);
}
