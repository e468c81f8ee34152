import type { Claim, Run } from '../model/run.ts';
import type { Event } from '../model/event.ts';
import type { Instance } from '../model/store.ts';

export interface RunRow {
  readonly name: string;
  readonly space: string | null;
  readonly claims: string;
  readonly registered: number;
  readonly opened_at: string;
  readonly closed_at: string | null;
  readonly opened_seq: number;
  readonly closed_seq: number | null;
}

export function runOf(row: RunRow): Run {
  return {
    name: row.name, space: row.space, claims: JSON.parse(row.claims) as Claim[], registered: row.registered === 1,
    openedAt: row.opened_at, closedAt: row.closed_at, openedSeq: row.opened_seq, closedSeq: row.closed_seq,
  };
}

export interface EventRow { readonly seq: number; readonly at: string; readonly kind: Event['kind']; readonly capture: string | null; readonly run: string | null; readonly data: string }

export function eventOf(row: EventRow): Event {
  return { seq: row.seq, at: row.at, kind: row.kind, capture: row.capture, run: row.run, data: JSON.parse(row.data) as Event['data'] };
}

export interface InstanceRow {
  readonly id: string;
  readonly started_at: string;
  readonly heartbeat_at: string;
  readonly stopped_at: string | null;
  readonly started_seq: number;
  readonly crashed_seq: number | null;
}

export function instanceOf(row: InstanceRow): Instance {
  return { id: row.id, startedAt: row.started_at, heartbeatAt: row.heartbeat_at, stoppedAt: row.stopped_at, startedSeq: row.started_seq, crashedSeq: row.crashed_seq };
}
