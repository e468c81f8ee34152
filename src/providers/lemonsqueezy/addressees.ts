import type { Addressee } from '../../model/recipient.ts';
import type { Payment } from '../../model/side-effect.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { peopleIn } from '../wire/people-in.ts';

/** Words of the caller's own, and ids: an address in them reaches nobody. */
const words = /(?:^|\/)(?:name|custom(?:\/.*)?|product_options\/(?:description|media\/.*|[a-z_]*url|receipt_[a-z_]+|confirmation_[a-z_]+)|tax_number|id|type)$/s;

/** Lemon Squeezy sends receipts itself. */
export function peopleOf(body: JsonObject): readonly Addressee[] {
  return peopleIn(body, { words, roleOf: () => 'customer' });
}

/** Custom data of any form; what is scalar at its top is a key. */
export function keysOf(custom: JsonObject | null): Payment['keys'] {
  return Object.entries(custom ?? {}).flatMap(([name, value]) => typeof value === 'string' && value !== '' || typeof value === 'number' ? [{ name, value: String(value) }] : []);
}

export function customOf(attributes: JsonObject): JsonObject | null {
  return asObject(field(asObject(field(attributes, 'checkout_data')), 'custom'));
}
