import { StoreFull } from '../../model/store.ts';
import type { CaptureDraft } from '../../model/capture.ts';
import type { Holding } from '../../model/retention.ts';
import { atOnceForACall, eventsPerCapture, evictionSteps, excess, fullness, toEvict, type Candidate, type EvictionStep } from '../eviction.ts';
import { isAgreed } from './agreed-retention.ts';
import { holding, holdingOf } from './read-holding.ts';
import { evictLog } from './write-log-eviction.ts';
import { remove } from './write-removal.ts';
import type { Write } from './write.ts';

/** May go at all. `remove` looks at the runs again. */
const evictable = `pinned = 0 AND outcome <> 'pending'
  AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.name = captures.run AND registered = 1 AND closed_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.capture = captures.id AND state IN ('pending', 'leased'))`;

/** `before`: how many went for calls since the last time; `events`: how many of the log went. */
export async function evict(write: Write, { limit }: { readonly limit: number }): Promise<{ readonly evicted: number; readonly before: number; readonly events: number }> {
  const evicted = await evictOldest(write, limit);
  return { evicted, before: write.evicting?.taken() ?? 0, events: await evictLog(write, limit * eventsPerCapture) };
}

async function evictOldest(write: Write, limit: number): Promise<number> {
  if (write.evicting === null || !await isAgreed(write)) return 0;
  let evicted = 0;
  for (const step of evictionSteps(write.evicting.retention, write.at)) {
    const most = limit - evicted;
    if (most <= 0) break;
    for (const [cause, seqs] of await going(write, step, most)) {
      evicted += await remove(write, { seqs, why: { evicted: cause, quota: step.cause === 'age' ? null : step.quota } });
    }
  }
  return evicted;
}

type Going = readonly (readonly [cause: 'age' | 'captures' | 'bytes', seqs: readonly number[]])[];

async function going({ sql }: Write, step: EvictionStep, most: number): Promise<Going> {
  if (step.cause === 'age') {
    const old = await sql.all<Candidate>(`SELECT seq, bytes FROM captures WHERE at < $1 AND ${evictable} ORDER BY at, seq LIMIT $2`, step.before, most);
    return [['age', old.map(({ seq }) => seq)]];
  }
  const over = excess(await holdingOf(sql, step.of), step);
  if (over === null) return [];
  const oldest = await sql.all<Candidate>(`SELECT seq, bytes FROM captures WHERE ${step.of.kind === 'all' ? '$1::text = \'\'' : `${step.of.kind} = $1`} AND ${evictable} ORDER BY seq LIMIT $2`, step.of.name, most);
  const { captures, bytes: more } = toEvict(oldest, over);
  return [['captures', captures], ['bytes', more]];
}

/** Throws StoreFull where a new call finds no room, and none can be made. What came of earlier calls is always taken. */
export async function refuseWhenFull(write: Write, draft: Pick<CaptureDraft, 'direction'>): Promise<void> {
  const { evicting, sql, at } = write;
  if (evicting === null || draft.direction !== 'out') return;
  const full = (held: Holding): string | null => fullness(held, evicting.retention);
  let why = full(await holding(sql, null));
  if (why === null) return;
  if (evicting.mayTry(at)) {
    const evicted = await evictOldest(write, atOnceForACall);
    if (evicted === 0) evicting.nothingWent(at);
    evicting.took(evicted);
    why = full(await holding(sql, null));
  }
  if (why !== null) throw new StoreFull(why);
}
