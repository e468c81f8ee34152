import type { Addressee } from '../../model/recipient.ts';
import type { JsonObject } from '../wire/json.ts';
import { emailOrPhone, peopleIn } from '../wire/people-in.ts';

/** Words of the caller's own, and ids: an address in them reaches nobody. */
const words = /(?:^|\/)(?:note|reason|reference_id|name|variation_name|statement_description_identifier|idempotency_key|source_id|[a-z_]+_id|redirect_url|ticket_name|metadata(?:\/.*)?)$/s;

/** Whoever could get a receipt or a mail: every field named *email* or *phone* at any depth, and who else is named in fields that Square is not known to have. */
export function addresseesOf(body: JsonObject): readonly Addressee[] {
  return peopleIn(body, { words, kindOf: emailOrPhone, roleOf });
}

function roleOf(names: readonly string[]): string {
  if (names.at(-1)!.startsWith('buyer_')) return 'receipt';
  return names.includes('recipient') ? 'recipient' : names.length > 1 ? names.at(-2)! : 'customer';
}
