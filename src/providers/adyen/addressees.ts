import type { Addressee } from '../../model/recipient.ts';
import type { JsonObject } from '../wire/json.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { leaves, unknownTexts } from '../wire/unknown-fields.ts';

/** Words of the caller's own, secrets of the card form, and ids: an address in them reaches nobody. */
const words = [/(?:^|\/)(?:merchantAccount|reference|merchantOrderReference|shopperReference|shopperStatement|encrypted[A-Za-z]*|[A-Za-z]*[uU]rl|origin|userAgent|description|metadata(?:\/.*)?)$/s, /^paymentMethod\/(?:number|cvc|expiryMonth|expiryYear|holderName)$/];

/** Whoever could be told: every field named *email* or *phone* at any depth, and who else is named in fields that Adyen is not known to have. */
export function addresseesOf(body: JsonObject): readonly Addressee[] {
  const found = new Map<string, Addressee>();
  for (const { path, text } of leaves(body, '')) {
    const names = path.split('/').filter((name) => !/^[0-9]*$/.test(name));
    const name = names.at(-1) ?? '';
    const kind = /e-?mail/i.test(name) ? 'email' : /phone/i.test(name) ? 'phone' : null;
    const address = trimmed(text);
    // a field's name comes as a leaf of its own
    if (kind === null || address === '' || text === name || names.includes('metadata')) continue;
    const one: Addressee = { address, kind, role: names.length === 1 ? 'shopper' : names.at(-2)! };
    found.set(`${one.role} ${one.address}`, one);
  }
  const known = [...found.values()];
  return [...known, ...strangers(unknownTexts(body, words), known)];
}
