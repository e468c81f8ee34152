import type { Payment } from '../../model/side-effect.ts';
import type { JsonObject } from '../wire/json.ts';
import { peopleIn } from '../wire/people-in.ts';
import { listAt, textAt, textOf } from './call.ts';
import { field } from '../wire/json.ts';

/** Words of the caller's own, the credential, and what stands for a card: an address in them reaches nobody. */
const words = /(?:^|\/)(?:merchantAuthentication\/.*|clientId|refId|invoiceNumber|description|name|itemId|lineItems\/.*|userFields\/.*|poNumber|dataValue|dataKey|dataDescriptor|merchantCustomerId|(?:first|last)Name|company|address|city|state|nameOnAccount|merchantDescriptor|settingName|cryptogram)$/s;

/** Authorize.Net mails receipts to the customer's address where the merchant wants it. */
export function peopleOf(body: JsonObject): Payment['recipients'] {
  return peopleIn(body, { words, roleOf: (names) => names.findLast((name) => ['customer', 'billTo', 'shipTo', 'profile', 'transactionSettings'].includes(name)) ?? 'customer' });
}

/** The caller's own numbers of things. */
export function keysOf(body: JsonObject, thing: JsonObject | null): Payment['keys'] {
  const named: readonly (readonly [string, string | null])[] = [
    ['refId', textOf(field(body, 'refId'))], ['invoiceNumber', textAt(thing, 'order', 'invoiceNumber')], ['poNumber', textAt(thing, 'poNumber')], ['customer', textAt(thing, 'customer', 'id')], ['merchantCustomerId', textAt(thing, 'merchantCustomerId')],
    ...listAt(thing, 'userFields', 'userField').map((each) => [textAt(each, 'name') ?? '', textAt(each, 'value')] as const),
  ];
  return named.flatMap(([name, value]) => name === '' || value === null ? [] : [{ name, value }]);
}
