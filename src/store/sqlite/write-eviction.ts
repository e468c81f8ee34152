import { StoreFull } from '../../model/store.ts';
import type { CaptureDraft } from '../../model/capture.ts';
import type { Holding } from '../../model/retention.ts';
import { atOnceForACall, eventsPerCapture, evictionSteps, excess, fullness, toEvict, type Candidate, type EvictionStep } from '../eviction.ts';
import { holding, holdingOf } from './read-holding.ts';
import { evictLog } from './write-log-eviction.ts';
import { remove } from './write-removal.ts';
import type { Write } from './write.ts';

/** May go at all. `remove` looks at the runs again. */
const evictable = `pinned = 0 AND outcome <> 'pending'
  AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.name = captures.run AND registered = 1 AND closed_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.capture = captures.id AND state IN ('pending', 'leased'))`;

/** `before`: how many went for calls since the last time; `events`: how many of the log went. */
export function evict(write: Write, { limit }: { readonly limit: number }): { readonly evicted: number; readonly before: number; readonly events: number } {
  const evicted = evictOldest(write, limit);
  return { evicted, before: write.evicting?.taken() ?? 0, events: evictLog(write, limit * eventsPerCapture) };
}

function evictOldest(write: Write, limit: number): number {
  if (write.evicting === null) return 0;
  let evicted = 0;
  for (const step of evictionSteps(write.evicting.retention, write.at)) {
    const most = limit - evicted;
    if (most <= 0) break;
    for (const [cause, seqs] of going(write, step, most)) {
      evicted += remove(write, { seqs, why: { evicted: cause, quota: step.cause === 'age' ? null : step.quota } });
    }
  }
  return evicted;
}

type Going = readonly (readonly [cause: 'age' | 'captures' | 'bytes', seqs: readonly number[]])[];

function going({ sql }: Write, step: EvictionStep, most: number): Going {
  if (step.cause === 'age') {
    const old = sql.all<Candidate>(`SELECT seq, bytes FROM captures INDEXED BY captures_at WHERE at < ? AND ${evictable} ORDER BY at, seq LIMIT ?`, step.before, most);
    return [['age', old.map(({ seq }) => seq)]];
  }
  const over = excess(holdingOf(sql, step.of), step);
  if (over === null) return [];
  const oldest = sql.all<Candidate>(`SELECT seq, bytes FROM captures INDEXED BY captures_evictable WHERE ${step.of.kind === 'all' ? '? = \'\'' : `${step.of.kind} = ?`} AND ${evictable} ORDER BY seq LIMIT ?`, step.of.name, most);
  const { captures, bytes: more } = toEvict(oldest, over);
  return [['captures', captures], ['bytes', more]];
}

/** Throws StoreFull where a new call finds no room, and none can be made. What came of earlier calls is always taken. */
export function refuseWhenFull(write: Write, draft: Pick<CaptureDraft, 'direction'>): void {
  const { evicting, sql, at } = write;
  if (evicting === null || draft.direction !== 'out') return;
  const full = (held: Holding): string | null => fullness(held, evicting.retention);
  let why = full(holding(sql, null));
  if (why === null) return;
  if (evicting.mayTry(at)) {
    const evicted = evictOldest(write, atOnceForACall);
    if (evicted === 0) evicting.nothingWent(at);
    evicting.took(evicted);
    why = full(holding(sql, null));
  }
  if (why !== null) throw new StoreFull(why);
}
