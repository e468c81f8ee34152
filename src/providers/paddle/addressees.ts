import type { Addressee } from '../../model/recipient.ts';
import type { Payment } from '../../model/side-effect.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { peopleIn } from '../wire/people-in.ts';

/** Words of the caller's own, and ids: an address in them reaches nobody. */
const words = /(?:^|\/)(?:name|description|reason|custom_data(?:\/.*)?|[a-z_]+_id|additional_information|purchase_order_number|image_url|url)$/s;

/** Paddle sends its customers receipts and invoices itself. */
export function peopleOf(body: JsonObject): readonly Addressee[] {
  return peopleIn(body, { words, roleOf: () => 'customer' });
}

/** Custom data of any depth; what is scalar at its top is a key. */
export function keysOf(body: JsonObject | null): Payment['keys'] {
  return Object.entries(asObject(field(body, 'custom_data')) ?? {}).flatMap(([name, value]) => typeof value === 'string' && value !== '' || typeof value === 'number' ? [{ name, value: String(value) }] : []);
}
