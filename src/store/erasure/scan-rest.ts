import type { Subject } from '../../model/erasure.ts';
import { keptId } from '../sealed-objects.ts';
import type { Found, FoundObject, FoundTally } from './found.ts';
import type { Look, Row } from './look.ts';
import { tables } from './tables.ts';

/** The index: a hit is of the captures that stand behind it, by itself or by their profile, or a row that nobody stands behind. `hashed`: what stands there for the subjects where the store is sealed. */
export async function lookAtIndex(look: Look, hashed: ReadonlySet<string>): Promise<Pick<Found, 'terms' | 'search'>> {
  const [terms, search]: [number[], number[]] = [[], []];
  for await (const row of look.every<Row & { readonly id: number; readonly value: string }>('terms', 0, 2_000)) {
    if (look.at('terms', row) !== 'whole' && !hashed.has(row.value)) continue;
    if (await look.keepWhere('terms', 'seq IN (SELECT capture FROM postings WHERE term = ?1) OR profile IN (SELECT profile FROM profile_terms WHERE term = ?1)', row.id) > 0) continue;
    look.hit('terms');
    terms.push(row.id);
  }
  // Sealed, it holds keyed hashes of the words of what was opened above.
  if (look.reader.engine === 'postgres' || look.reader.seal.keyId !== null) return { terms, search };
  for await (const row of look.every<Row & { readonly id: number }>('search', 0, 50)) {
    if (look.at('search', row) !== 'whole' || await look.keepWhere('search', 'seq = ?1', row.id) > 0) continue;
    look.hit('search');
    search.push(row.id);
  }
  return { terms, search };
}

type EventRow = Row & { readonly seq: number; readonly kind: string; readonly capture: string | null };

/** Events after one; which of them say something, and the captures they are about. */
export async function lookAtEvents(look: Look, after: number): Promise<{ readonly found: readonly number[]; readonly last: number; readonly captures: ReadonlySet<string> }> {
  const [found, captures]: [number[], Set<string>] = [[], new Set()];
  let last = after;
  for await (const row of look.every<EventRow>('events', after, 2_000)) {
    last = row.seq;
    if (row.capture !== null && row.kind !== 'deleted') captures.add(row.capture);
    if (look.at('events', row) !== 'whole') continue;
    look.hit('events');
    found.push(row.seq);
  }
  return { found, last, captures };
}

/** Proofs of erasures name nobody, and a word changed in one would break their chain. */
export async function lookAtAudit(look: Look): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const row of look.every<Row & { readonly seq: number; readonly action: string }>('audit', 0, 500)) {
    if (look.at('audit', row) !== 'whole' || row.action === 'erasure') continue;
    look.hit('audit');
    found.push(row.seq);
  }
  return found;
}

/** What is not of one capture and changes on its own. */
export async function lookAtTheRest(look: Look, hashes: ReadonlySet<string>, subjects: readonly Subject[]): Promise<Pick<Found, 'objects' | 'callbacks' | 'tallies' | 'runs' | 'policies'> & { readonly open: readonly string[] }> {
  const { seal } = look.reader;
  const values = subjects.flatMap(({ value }) => [value.trim(), value.trim().toLowerCase()]);
  /** Of one that was deleted, a sealed store has only a keyed hash of its id. */
  const isHashed = ({ provider, kind, id, value }: Row & FoundObject): boolean => seal.keyId !== null && value === null && values.some((each) => keptId(seal, provider, kind, each) === id);
  const objects = new Map<number, FoundObject>();
  for await (const row of look.every<Row & FoundObject>('objects', 0, 200)) {
    if (look.at('objects', row) === 'whole' || isHashed(row)) objects.set(row.ord, objectOf(look.opened('objects', row) ?? row));
  }
  for await (const row of everyField(look)) {
    if (objects.has(row.object) || look.at('object_fields', row) !== 'whole') continue;
    const [object] = await look.reader.all<FoundObject>('SELECT ord, provider, kind, id, run FROM objects WHERE ord = ?1', row.object);
    if (object !== undefined) objects.set(row.object, objectOf(object));
  }
  const callbacks: string[] = [];
  for await (const row of look.every<Row & { readonly id: string; readonly capture: string }>('outbox', '', 100)) {
    if (look.at('outbox', row) !== 'whole') continue;
    callbacks.push(row.id);
    await look.keepWhere('outbox', 'id = ?1', row.capture);
  }
  const tallies: FoundTally[] = [];
  for await (const row of everyCounter(look)) {
    // The subject of a breaker is a service; everything else counts for a run.
    const named = row.name === 'burst' || row.name === 'breaker' ? look.at('counters', row, []) : look.at('counters', row, ['name', 'subject', 'bucket']);
    if (hashes.has(row.bucket) || named === 'whole') tallies.push({ name: row.name, subject: row.subject, bucket: row.bucket });
  }
  const [runs, open]: [string[], string[]] = [[], []];
  for await (const row of look.every<Row & { readonly name: string; readonly registered: number; readonly closed_at: string | null }>('runs', '', 500)) {
    if (look.at('runs', row, ['name', ...tables.runs.columns]) !== 'whole') continue;
    runs.push(row.name);
    if (row.closed_at === null) open.push(row.name);
  }
  const policies: string[] = [];
  for await (const row of look.every<Row & { readonly sha256: string }>('policies', '', 20)) if (look.at('policies', row) === 'whole') policies.push(row.sha256);
  for (const [name, found] of Object.entries({ objects: [...objects], outbox: callbacks, counters: tallies, runs, policies })) for (const _ of found) look.hit(name);
  return { objects: [...objects.values()], callbacks, tallies, runs, policies, open };
}

function objectOf({ ord, provider, kind, id, run }: FoundObject): FoundObject {
  return { ord, provider, kind, id, run };
}

/** Its key has two columns. */
async function* everyField({ reader }: Look): AsyncGenerator<Row & { readonly object: number }> {
  for (let [object, name] = [0, '']; ;) {
    const page = await reader.all<Row & { readonly object: number; readonly name: string }>('SELECT object, name, value FROM object_fields WHERE (object, name) > (?1, ?2) ORDER BY object, name LIMIT 1000', object, name);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < 1000) return;
    ({ object, name } = last);
  }
}

async function* everyCounter({ reader }: Look): AsyncGenerator<Row & FoundTally> {
  for (let [name, subject, bucket] = ['', '', '']; ;) {
    const page = await reader.all<Row & FoundTally>('SELECT name, subject, bucket FROM counters WHERE (name, subject, bucket) > (?1, ?2, ?3) ORDER BY name, subject, bucket LIMIT 1000', name, subject, bucket);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < 1000) return;
    ({ name, subject, bucket } = last);
  }
}
