import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Event } from '../model/event.ts';
import type { Store } from '../model/store.ts';
import { watch } from './changes.ts';

export interface Feed {
  readonly store: Pick<Store, 'events' | 'oldestEvent' | 'subscribe'>;
  readonly response: ServerResponse;
  /** what of an event is shown */
  readonly shape: (event: Event) => unknown;
  /** events with a greater seq are sent */
  readonly after: number;
  readonly now: () => number;
  /** the reader went away, or we stop */
  readonly signal: AbortSignal;
  /** a reader that takes nothing for this long is let go: it resumes by Last-Event-ID. ms */
  readonly stall: number;
  /** a comment keeps idle connections open. ms */
  readonly heartbeat: number;
}

const pageSize = 200;

/**
 * Writes the event log as server-sent events until the reader goes. Only one page is ever in memory: what a slow
 * reader has not taken stays in the log. Order and absence of gaps are the log's own.
 */
export async function writeFeed({ store, response, shape, after, now, signal, stall, heartbeat }: Feed): Promise<void> {
  const changes = watch(store, now, signal);
  let cursor = after;
  /** What the reader asked for is no longer kept: said before anything that comes after it, so that nobody takes what is left for all. Events of others are left out of a reader's without being gone. */
  const sayGap = async (next: Event): Promise<void> => {
    const oldest = await store.oldestEvent();
    const kept = Math.min(next.seq, oldest?.seq ?? next.seq);
    if (kept > cursor + 1) await write(response, message({ seq: kept - 1, at: next.at, kind: 'gap', capture: null, run: null, data: { after: cursor, missed: kept - 1 - cursor } }, shape), stall, signal);
  };
  try {
    await write(response, 'retry: 1000\n\n', stall, signal);
    while (!signal.aborted) {
      const events = await store.events(cursor, pageSize);
      for (const event of events) {
        if (event.seq > cursor + 1) await sayGap(event);
        await write(response, message(event, shape), stall, signal);
        cursor = event.seq;
      }
      if (events.length > 0) continue;
      if (await changes.next(now() + heartbeat) === 'deadline') await write(response, ': here\n\n', stall, signal);
    }
    response.end();
  } catch {
    // Too slow, gone, or the store is unavailable: nobody is told half a story, the reader resumes where it was.
    response.destroy();
  } finally {
    changes.stop();
  }
}

function message(event: Event, shape: Feed['shape']): string {
  return `id: ${event.seq}\nevent: ${event.kind}\ndata: ${JSON.stringify(shape(event))}\n\n`;
}

async function write(response: ServerResponse, text: string, stall: number, signal: AbortSignal): Promise<void> {
  if (response.write(text)) return;
  await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(stall)]) });
}
