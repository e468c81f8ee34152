import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import type { Ledger } from '../wire/ledger.ts';
import type { Checkout } from './checkout.ts';
import type { Authorization, Session } from './payments.ts';
import { place } from './purchase.ts';
import type { Order } from './purchase.ts';

/** What the customer does in Klarna's own window, and what Klarna's fraud check says after an order. */
export const laterEvents = ['authorization', 'checkout_complete', 'FRAUD_RISK_ACCEPTED', 'FRAUD_RISK_REJECTED', 'FRAUD_RISK_STOPPED'] as const;

export interface Later { readonly ledger: Ledger; readonly now: number; uuid(): string }

/** It happens to the session, the checkout or the order that the call's answer shows. */
export async function later({ name }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status >= 300 ? null : parseJson(reply.body);
  const answer = json?.kind === 'json' ? asObject(json.value) : null;
  if (answer === null) return {};
  const work: Later = { ledger: openLedger(context), now: context.now, uuid: () => context.uuid() };
  const id = (of: string): string => asString(field(answer, of)) ?? '';
  if (name === 'authorization') await authorize(work, id('session_id'));
  else if (name === 'checkout_complete') await complete(work, id('order_id'));
  else await judge(work, id('order_id'), name);
  return work.ledger.finish();
}

/** The customer has said yes: there is a token, which the callback to merchant_urls.authorization tells. Null where it was said before. */
export async function authorize(work: Later, id: string): Promise<string | null> {
  const session = await work.ledger.find<Session>('session', id);
  if (session === null || session.token !== null) return null;
  // of a form that is not taken for a secret, or it would be cut from what is stored and sent
  const token = `tok_${work.uuid().replaceAll('-', '')}`;
  work.ledger.save('session', id, { ...session, token } satisfies Session);
  work.ledger.save('authorization', token, { session: id, expiresMs: work.now + 3600 * 1000 } satisfies Authorization);
  const body = JSON.stringify({ authorization_token: token, session_id: id, ...Object.fromEntries(['merchant_reference1', 'merchant_reference2'].flatMap((name) => field(session.given, name) === undefined ? [] : [[name, field(session.given, name)!]])) });
  tell(work, session.given, 'authorization', { object: id, event: 'authorization', body });
  return token;
}

/** The checkout becomes an order of the same id, which the push tells by its address alone. */
export async function complete(work: Later, id: string): Promise<void> {
  const checkout = await work.ledger.find<Checkout>('checkout', id);
  if (checkout === null || checkout.complete) return;
  work.ledger.save('checkout', id, { ...checkout, complete: true, changedMs: work.now } satisfies Checkout);
  await work.ledger.find('order', id);
  place(work, checkout.given, { id });
  tell(work, checkout.given, 'push', { object: id, event: 'checkout_complete', body: '' });
}

async function judge(work: Later, id: string, event: string): Promise<void> {
  const order = await work.ledger.find<Order>('order', id);
  if (order === null || order.fraud === 'REJECTED') return;
  const fraud = event === 'FRAUD_RISK_ACCEPTED' ? 'ACCEPTED' : 'REJECTED';
  work.ledger.save('order', id, { ...order, fraud } satisfies Order);
  tell(work, order.given, 'notification', { object: id, event, body: JSON.stringify({ order_id: id, event_type: event }) });
}

/** Klarna puts the order's or the session's id into the address; nothing is sent where the call named none. */
function tell(work: Later, given: JsonObject, url: 'authorization' | 'push' | 'notification', { object, event, body }: Pick<CallbackDraft, 'object' | 'body'> & { readonly event: string }): void {
  const named = asString(field(asObject(field(given, 'merchant_urls')), url))?.replaceAll(/\{(?:checkout\.order|order|session)\.id\}/g, object);
  if (named === undefined || named === '') return;
  // a field of the name 'authorization' is cut from whatever is stored, and its address with it: it goes to the webhook 'klarna'
  const target = url === 'authorization' ? 'klarna' : named;
  work.ledger.tell({ target, object, event, notBeforeMs: work.now, method: 'POST', headers: [['User-Agent', 'Klarna/1.0']], body, contentType: body === '' ? '' : 'application/json' });
}
