import type { KeyObject } from 'node:crypto';
import type { Event } from '../../model/event.ts';
import type { Placed } from '../bucket/placed.ts';
import type { Evicting } from '../eviction.ts';
import { sealEvent } from '../rows.ts';
import type { Seal } from '../seal.ts';
import type { Sql } from './sql.ts';

/** What a write works with, inside the transaction of its batch. */
export interface Write {
  readonly sql: Sql;
  /** RFC 3339 UTC with milliseconds: when the caller asked for the write */
  readonly at: string;
  readonly key: KeyObject;
  /** null = nothing is evicted, and the store is never full */
  readonly evicting: Evicting | null;
  /** s without a heartbeat after which another gateway is dead */
  readonly silence: number;
  /** what it keeps the bytes of, as it will lie there (unpacked.ts) */
  readonly bodies: ReadonlyMap<Uint8Array, Placed>;
  /** seq of the last event before this write */
  readonly last: number;
  /** Appends to the event log; returns the event's seq. */
  event(kind: Event['kind'], about: { readonly capture?: string | null; readonly run?: string | null; readonly data?: Readonly<Record<string, unknown>> }): number;
}

interface Logged { readonly seq: number; readonly at: string; readonly kind: string; readonly capture: string | null; readonly run: string | null; readonly data: string }

/** The events of a batch: numbered as they come, because `head` is locked, and written together at its end. */
export interface EventLog {
  last(): number;
  append(at: string, ...event: Parameters<Write['event']>): number;
  /** takes back everything after this seq: the write came to nothing */
  backTo(seq: number): void;
  all(): readonly Logged[];
}

export function eventsAfter(head: number, seal: Seal): EventLog {
  const logged: Logged[] = [];
  const last = (): number => logged.at(-1)?.seq ?? head;
  return {
    last,
    append(at, kind, { capture = null, run = null, data = {} }) {
      const seq = last() + 1;
      logged.push({ seq, at, kind, capture, run, data: sealEvent(seal, { at, kind, capture, run }, data) });
      return seq;
    },
    backTo(seq) {
      while (last() > seq) logged.pop();
    },
    all: () => logged,
  };
}
