import type { Addressee } from '../../model/recipient.ts';
import type { Payment, SideEffect } from '../../model/side-effect.ts';
import type { JsonCall } from './json-api.ts';
import { asObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** What one call of a payment vendor does; `besides`: whoever is not named in the body. */
export type Reached = Pick<Payment, 'amount' | 'movesMoney' | 'customer' | 'method' | 'object' | 'description'> & { readonly besides?: readonly Addressee[] };
export const nothing: Reached = { amount: null, movesMoney: false, customer: null, method: null, object: null, description: null };

/** The one payment that a call with a JSON object, or without a body, is. */
export function paymentEffect({ provider, operation, effect, livenessOf, peopleOf, keysOf }: {
  readonly provider: string;
  readonly operation: string;
  readonly effect: (body: JsonObject, call: JsonCall) => Reached | Unread;
  readonly livenessOf: (request: JsonCall['request']) => Payment['liveness'];
  readonly peopleOf: (body: JsonObject) => Payment['recipients'];
  readonly keysOf: (body: JsonObject) => Payment['keys'];
}): (call: JsonCall) => readonly SideEffect[] | Unread {
  return (call) => {
    const body = call.body === null ? {} : asObject(call.body);
    if (body === null) return unreadable('the body is not a JSON object');
    const one = effect(body, call);
    if ('kind' in one) return one;
    const { besides = [], ...what } = one;
    return [{ channel: 'payment', provider, operation, liveness: livenessOf(call.request), recipients: [...besides, ...peopleOf(body)], keys: keysOf(body), ...what }];
  };
}
