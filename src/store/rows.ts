import type { Claim, Run } from '../model/run.ts';
import type { Event } from '../model/event.ts';
import type { AuditEntry, AuditRow, Instance } from '../model/store.ts';
import type { Place, Seal } from './seal.ts';

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

export function sealClaims(seal: Seal, run: string, claims: readonly Claim[]): string {
  return seal.sealText(['runs.claims', run], JSON.stringify(claims));
}

export function runOf(seal: Seal, row: RunRow): Run {
  return {
    name: row.name, space: row.space, claims: JSON.parse(seal.openText(['runs.claims', row.name], row.claims)) as Claim[], registered: row.registered === 1,
    openedAt: row.opened_at, closedAt: row.closed_at, openedSeq: row.opened_seq, closedSeq: row.closed_seq,
  };
}

export interface EventRow { readonly seq: number; readonly at: string; readonly kind: Event['kind']; readonly capture: string | null; readonly run: string | null; readonly data: string }

type EventHead = Pick<EventRow, 'at' | 'capture' | 'run'> & { readonly kind: string };

/** All of it, whatever the kind: names that were asked for, objects that payers chose, lines of policies. */
export function sealEvent(seal: Seal, head: EventHead, data: Event['data']): string {
  return seal.sealText(eventPlace(head), JSON.stringify(data));
}

function eventPlace({ at, kind, capture, run }: EventHead): Place {
  return ['events.data', kind, at, capture ?? '', run ?? ''];
}

export function eventOf(seal: Seal, row: EventRow): Event {
  return { seq: row.seq, at: row.at, kind: row.kind, capture: row.capture, run: row.run, data: JSON.parse(seal.openText(eventPlace(row), row.data)) as Event['data'] };
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

/** What stands in `policies.sha256`. */
export function policyName(seal: Seal, sha256: string): string {
  return seal.hash('policy', sha256);
}

export function sealPolicy(seal: Seal, sha256: string, text: string): string {
  return seal.sealText(['policies.text', policyName(seal, sha256)], text);
}

export function openPolicy(seal: Seal, sha256: string, kept: string | undefined): string | null {
  return openPolicyNamed(seal, policyName(seal, sha256), kept ?? null);
}

/** `name` = what stands in `policies.sha256`. */
export function openPolicyNamed<T extends string | null>(seal: Seal, name: string, kept: T): T {
  return seal.openText(['policies.text', name], kept);
}

export interface KeptAudit { readonly seq: number; readonly at: string; readonly actor: string; readonly action: string; readonly subject: string; readonly data: string }

/** Actor and action stay as they are: by these it is looked up. */
export function sealAudit(seal: Seal, at: string, { actor, action, subject, data }: AuditEntry): Omit<KeptAudit, 'seq'> {
  return { at, actor, action, subject: seal.sealText(['audit.subject', at, actor, action], subject), data: seal.sealText(['audit.data', at, actor, action], JSON.stringify(data)) };
}

export function auditOf(seal: Seal, { seq, at, actor, action, subject, data }: KeptAudit): AuditRow {
  return {
    seq, at, actor, action, subject: seal.openText(['audit.subject', at, actor, action], subject),
    data: JSON.parse(seal.openText(['audit.data', at, actor, action], data)) as AuditRow['data'],
  };
}
