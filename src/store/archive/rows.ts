import { openPolicyNamed, runOf, type RunRow } from '../rows.ts';
import type { Seal } from '../seal.ts';
import { sha256Of } from '../body-coding.ts';
import { openObject, type Fields } from '../sealed-objects.ts';
import type { ArchivedObject, ArchivedPolicy, ArchivedRun } from './record.ts';

export interface PolicyRow { readonly sha256: string; readonly text: string; readonly kept_at: string }

/** Where it is sealed the row is called by a keyed hash. */
export function archivedPolicy(seal: Seal, { sha256: name, text: kept, kept_at: keptAt }: PolicyRow): ArchivedPolicy {
  const text = openPolicyNamed(seal, name, kept);
  return { kind: 'policy', sha256: seal.keyId === null ? name : sha256Of(Buffer.from(text)).toString('hex'), text, keptAt };
}

export function archivedRun(seal: Seal, row: RunRow): ArchivedRun {
  const { name, space, claims, registered, openedAt, closedAt } = runOf(seal, row);
  return { kind: 'run', name, space, claims, registered, openedAt, closedAt };
}

export interface ObjectRow {
  readonly ord: number; readonly provider: string; readonly account: string; readonly run: string; readonly kind: string; readonly id: string; readonly version: number; readonly value: string | null;
}

/**
 * Of a sealed store, objects `o` whose id can be told: it is sealed with a value. One that was deleted has none; it is told by one of the same id that it hides, and where it hides
 * nothing, nothing is lost with it.
 */
export const told = '(o.value IS NOT NULL OR EXISTS (SELECT 1 FROM objects l WHERE l.provider = o.provider AND l.kind = o.kind AND l.id = o.id AND l.value IS NOT NULL))';

/** @param living one of the same kind and id that has a value */
export function archivedObject(seal: Seal, { provider, account, run, kind, id, version, value }: ObjectRow, fields: Fields, living: ObjectRow | undefined): ArchivedObject {
  const common = { kind: 'object', scope: { provider, account, run }, type: kind, version } as const;
  if (seal.keyId === null) return { ...common, id, value: value === null ? null : JSON.parse(value) as unknown, fields };
  if (value !== null) return { ...common, ...openObject(seal, { provider, account, run }, kind, id, value) };
  const { id: named } = openObject(seal, { provider, account: living!.account, run: living!.run }, kind, id, living!.value!);
  return { ...common, id: named, value: null, fields: {} };
}
