import type { Remember } from './provider.ts';
import type { SeedObject } from './store.ts';

/** An object as people write it down: in config/seeds, or by the API. */
export interface GivenObject {
  readonly kind: string;
  readonly id: string;
  readonly value: unknown;
  /** fingerprint of one account at the vendor; '' = every account */
  readonly account: string;
  /** '' = every run */
  readonly run: string;
}

/** What a provider says of seeds. One that says nothing takes every object as it is given. */
export interface Seedable {
  readonly name: string;
  seed?(kind: string, id: string, value: unknown): Pick<Remember, 'value' | 'index'>;
}

/** The object as the store takes it, completed and checked by its provider. Throws an Error that says what is wrong and what is right. */
export function seedObject(provider: Seedable, { kind, id, value, account, run }: GivenObject): SeedObject {
  const scope = { provider: provider.name, account, run };
  return { scope, kind, id, ...(provider.seed === undefined ? { value } : provider.seed(kind, id, value)) };
}
