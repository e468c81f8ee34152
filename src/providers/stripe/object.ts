import type { JsonObject } from '../wire/json.ts';

/** Anything Stripe names by an id. `object` is its kind: 'customer', 'payment_intent'. */
export interface StripeObject extends JsonObject {
  readonly id: string;
  readonly object: string;
}

/** The address block inside billing details and shipping. */
export const emptyAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null } as const;

/** `given` over the block of nulls, so that every key is there. */
export function address(given: JsonObject | null | undefined): JsonObject | null {
  return given === null || given === undefined ? null : { ...emptyAddress, ...nulls(given) };
}

/** Empty texts become null, as Stripe stores them. */
export function nulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, value === '' ? null : value]));
}

/** The first that was given: a parameter (null unsets), else what was there. */
export function or<T, F>(given: T | undefined, before: F): T | F {
  return given === undefined ? before : given;
}

/** `null` for what was not given. */
export function orNull<T>(given: T | null | undefined): T | null {
  return given === undefined ? null : given;
}

/** What of `after` differs, with the former values: an event's previous_attributes. */
export function previousOf(before: StripeObject, after: StripeObject): JsonObject {
  return Object.fromEntries(Object.keys(after)
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => [name, before[name] ?? null]));
}
