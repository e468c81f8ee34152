import type { Addressee } from '../../model/recipient.ts';
import type { JsonObject } from '../wire/json.ts';
import { emailOrPhone, peopleIn } from '../wire/people-in.ts';

/** Words of the caller's own, secrets of the card form, and ids: an address in them reaches nobody. */
const words = /(?:^|\/)(?:merchantAccount|reference|merchantOrderReference|shopperReference|shopperStatement|encrypted[A-Za-z]*|[A-Za-z]*[uU]rl|origin|userAgent|description|metadata(?:\/.*)?)$|^paymentMethod\/(?:number|cvc|expiryMonth|expiryYear|holderName)$/s;

/** Whoever could be told: every field named *email* or *phone* at any depth, and who else is named in fields that Adyen is not known to have. */
export function addresseesOf(body: JsonObject): readonly Addressee[] {
  return peopleIn(body, { words, kindOf: emailOrPhone, roleOf: (names) => (names.length === 1 ? 'shopper' : names.at(-2)!) });
}
