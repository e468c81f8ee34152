import type { Addressee } from '../../model/recipient.ts';
import type { Payment } from '../../model/side-effect.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { emailOrPhone, peopleIn } from '../wire/people-in.ts';

/** Names and words of the caller's own, and ids: an address in them reaches nobody. */
const words = /(?:^|\/)(?:description|reference|metadata(?:\/.*)?|links(?:\/.*)?|session_token|given_name|family_name|company_name|account_holder_name|redirect_uri|exit_uri|success_redirect_url)$/s;

/** GoCardless writes to its payers itself: about mandates, before each payment. */
export function peopleOf(body: JsonObject): readonly Addressee[] {
  return peopleIn(body, { words, kindOf: emailOrPhone, roleOf: () => 'customer' });
}

/** Up to three pairs of the caller's own, and those of what is asked for with it. */
export function keysOf(body: JsonObject): Payment['keys'] {
  const places = [body, ...['payment_request', 'mandate_request'].map((name) => asObject(field(body, name)))];
  return places.flatMap((place) => Object.entries(asObject(field(place, 'metadata')) ?? {}))
    .flatMap(([name, value]) => asString(value) ? [{ name, value: asString(value)! }] : []);
}
