import { useEffect, useEffectEvent, useState } from 'react';
import type { Event } from '../../model/event.ts';

export type LiveState = 'connecting' | 'live' | 'lost';

const kinds: readonly Event['kind'][] = ['recorded', 'outcome', 'enriched', 'changed', 'deleted', 'run', 'tripped', 'policy', 'instance', 'tls-rejected', 'store-error', 'gap'];

/**
 * The event log as it grows. Events that arrive within `window` ms are handed over together, so that a mailshot makes
 * a few requests and not thousands. The browser reconnects by itself and resumes with Last-Event-ID. An empty batch
 * means: connected (again), or there is a gap, and something may have happened before.
 */
export function useLive(onEvents: (events: readonly Event[]) => void, window = 200): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const handle = useEffectEvent(onEvents);
  useEffect(() => {
    let source: EventSource | null = null;
    let last: number | null = null;
    let waiting: Event[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const flush = (): void => {
      const events = waiting;
      waiting = [];
      timer = null;
      handle(events);
    };
    const receive = (message: MessageEvent<string>): void => {
      const event = parsed(message.data);
      if (event === null) return;
      last = event.seq;
      if (event.kind === 'gap') handle([]);
      else waiting.push(event);
      timer ??= setTimeout(flush, window);
    };
    const listen = (): void => {
      source = new EventSource(last === null ? '/api/events' : `/api/events?after=${last}`);
      for (const kind of kinds) source.addEventListener(kind, receive);
      source.addEventListener('open', () => { setState('live'); timer ??= setTimeout(flush, 0); });
      source.addEventListener('error', () => { setState('lost'); });
    };
    // A browser keeps six HTTP/1.1 connections to a host, over all tabs: a tab nobody looks at gives its one back.
    const turn = (): void => {
      if (document.visibilityState === 'visible') {
        if (source === null) listen();
      } else {
        source?.close();
        source = null;
      }
    };
    turn();
    document.addEventListener('visibilitychange', turn);
    return () => {
      document.removeEventListener('visibilitychange', turn);
      source?.close();
      source = null;
      if (timer !== null) clearTimeout(timer);
    };
  }, [window]);
  return state;
}

function parsed(data: string): Event | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && 'kind' in value ? value as Event : null;
  } catch {
    return null;
  }
}
