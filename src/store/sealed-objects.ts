import type { Remembered } from '../model/provider.ts';
import type { Scope } from '../model/store.ts';
import type { Seal } from './seal.ts';

/** What a row of `objects` says of itself; `id` as it is kept. */
export interface ObjectRow { readonly account: string; readonly run: string; readonly kind: string; readonly id: string; readonly version: number; readonly value: string | null }

/** What stands in `objects.id`: the same for all scopes, since they hide each other's. */
export function keptId(seal: Seal, provider: string, kind: string, id: string): string {
  return seal.hash(`object ${JSON.stringify([provider, kind])}`, id);
}

/** What stands in `object_fields` for a field an object is found by. */
export function keptField(seal: Seal, name: string, value: string): readonly [name: string, value: string] {
  return [seal.hash('field', name), seal.hash(`field ${JSON.stringify(name)}`, value)];
}

interface Given { readonly kind: string; readonly id: string; readonly value: unknown; /** what it is found by */ readonly index: Fields }
export type Fields = Readonly<Record<string, string>>;

/** What stands in `objects.value`; null = deleted. Hashes cannot be told again, so the id and the fields are sealed with the value. */
export function keptValue(seal: Seal, scope: Scope, { kind, id, value, index }: Given): string | null {
  if (value === null || value === undefined) return null;
  if (seal.keyId === null) return JSON.stringify(value);
  return seal.sealText(placeOf(scope, kind, keptId(seal, scope.provider, kind, id)), JSON.stringify({ id, value, fields: index }));
}

/** Does it stand there as it is? */
export function isKept(seal: Seal, scope: Scope, { kind, id, value, index }: Given, kept: string | null): boolean {
  if (kept === null || seal.keyId === null) return kept === JSON.stringify(value);
  return seal.openText(placeOf(scope, kind, keptId(seal, scope.provider, kind, id)), kept) === JSON.stringify({ id, value, fields: index });
}

/** Null for one that was deleted. */
export function rememberedOf(seal: Seal, provider: string, { account, run, kind, id, version, value: kept }: ObjectRow): Remembered | null {
  if (kept === null) return null;
  if (seal.keyId === null) return { kind, id, version, value: JSON.parse(kept) as unknown };
  const told = openObject(seal, { provider, account, run }, kind, id, kept);
  return { kind, version, id: told.id, value: told.value };
}

/** `id` as it is kept. Only of a sealed store. */
export function openObject(seal: Seal, scope: Scope, kind: string, id: string, kept: string): { readonly id: string; readonly value: unknown; readonly fields: Fields } {
  return JSON.parse(seal.openText(placeOf(scope, kind, id), kept)) as { readonly id: string; readonly value: unknown; readonly fields: Fields };
}

function placeOf({ provider, account, run }: Scope, kind: string, id: string): readonly [string, ...string[]] {
  return ['objects.value', provider, account, run, kind, id];
}
