import type { Addressee } from '../../model/recipient.ts';
import type { JsonObject } from '../wire/json.ts';
import { peopleIn } from '../wire/people-in.ts';

/** Words of the caller's own, at any depth. */
const words = /(?:^|\/)(?:description|custom_id|invoice_id|reference_id|soft_descriptor|note|note_to_payer|name|sku|brand_name|[a-z_]*url|email_subject|email_message|sender_item_id|sender_batch_id|metadata\/.*)$/s;

/** Whoever could get a mail or the money. */
export function addresseesOf(body: JsonObject, more: readonly Addressee[] = []): readonly Addressee[] {
  return peopleIn(body, { words, roleOf, more });
}

/** 'payee' gets the money; the rest may get a receipt. */
function roleOf(names: readonly string[]): string {
  for (const role of ['payee', 'payer', 'shipping']) if (names.includes(role)) return role;
  return names.includes('payment_source') ? 'payer' : names.at(-2) ?? names.at(-1)!;
}
