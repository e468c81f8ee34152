import type { Subject } from '../../model/erasure.ts';
import type { Event } from '../../model/event.ts';
import type { Claim } from '../../model/run.ts';
import { auditOf, eventOf, sealAudit, sealClaims, sealEvent, type EventRow, type KeptAudit } from '../rows.ts';
import type { Seal } from '../seal.ts';
import type { FoundTally } from './found.ts';
import type { Mentions } from './mentions.ts';

/** What one transaction erases. */
export type ErasurePart =
  | { readonly kind: 'captures'; readonly erasure: string; readonly seqs: readonly number[] }
  | { readonly kind: 'objects'; readonly ords: readonly number[] }
  | { readonly kind: 'callbacks'; readonly ids: readonly string[] }
  | { readonly kind: 'tallies'; readonly tallies: readonly FoundTally[] }
  | { readonly kind: 'runs'; readonly names: readonly string[]; readonly subjects: readonly Subject[] }
  | { readonly kind: 'policies'; readonly sha256s: readonly string[] }
  | { readonly kind: 'notes'; readonly events: readonly number[]; readonly audits: readonly number[]; readonly subjects: readonly Subject[] }
  | { readonly kind: 'identities'; readonly hashes: readonly string[] }
  | { readonly kind: 'index'; readonly terms: readonly number[]; readonly search: readonly number[] };

/** `events`: the seqs of the events 'deleted' */
export interface ErasedPart { readonly count: number; readonly bodies: number; readonly callbacks: number; readonly events: readonly number[] }

export const erasedNone: ErasedPart = { count: 0, bodies: 0, callbacks: 0, events: [] };

type Blotting = Pick<Mentions, 'inText' | 'blotted'>;

/** A run without what names a subject; null: its very name does. */
export function blottedRun(seal: Seal, run: { readonly name: string; readonly space: string | null; readonly claims: string }, { inText }: Blotting): { readonly space: string | null; readonly claims: string } | null {
  const says = (text: string): boolean => inText(text) === 'whole';
  if (says(run.name)) return null;
  const claims = JSON.parse(seal.openText(['runs.claims', run.name], run.claims)) as readonly Claim[];
  return { space: run.space !== null && says(run.space) ? null : run.space, claims: sealClaims(seal, run.name, claims.filter((claim) => !says(JSON.stringify(claim)))) };
}

/** What an event says without the subjects, as it is kept. */
export function blottedEvent(seal: Seal, row: EventRow, { inText, blotted }: Blotting): Pick<EventRow, 'run' | 'data'> {
  const run = row.run !== null && inText(row.run) === 'whole' ? null : row.run;
  return { run, data: sealEvent(seal, { ...row, run }, JSON.parse(blotted(JSON.stringify(eventOf(seal, row).data))) as Event['data']) };
}

export function blottedAudit(seal: Seal, row: KeptAudit, { blotted }: Blotting): Omit<KeptAudit, 'seq'> {
  const plain = <T>(value: T): T => JSON.parse(blotted(JSON.stringify(value))) as T;
  const { actor, action, subject, data } = auditOf(seal, row);
  return sealAudit(seal, row.at, { actor: plain(actor), action, subject: plain(subject), data: plain(data) });
}
