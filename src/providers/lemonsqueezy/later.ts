import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { everything } from '../wire/everything.ts';
import { asObject, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { keep, openBooks, tell } from './books.ts';
import type { Books } from './books.ts';
import { payOnce } from './hosted.ts';
import { intervalAfter, iso, textOf } from './objects.ts';
import type { Resource } from './objects.ts';
import { leftOf, refund } from './order.ts';
import { becomes, invoice, withStatus } from './subscription.ts';
import type { Subscription } from './subscription.ts';

/** What payers, time, and people at the dashboard do. `subscription_payment_success`: the next bill was paid. */
export const laterEvents = [
  'order_created', 'order_refunded', 'subscription_payment_success', 'subscription_payment_failed', 'subscription_payment_recovered', 'subscription_payment_refunded', 'subscription_cancelled', 'subscription_expired',
] as const;

/** It happens to the object that the call's answer shows, or to what came of it at its page. */
export async function later({ name }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status >= 300 ? null : parseJson(reply.body);
  const data = json?.kind === 'json' ? asObject(field(asObject(json.value), 'data')) : null;
  const books = openBooks(context);
  const at = { type: textOf(data, 'type') ?? '', id: textOf(data, 'id') ?? '' };
  if (name === 'order_created') {
    const checkout = at.type === 'checkouts' ? await books.ledger.find<Resource>('checkouts', at.id) : null;
    if (checkout !== null) await payOnce(books, checkout);
  } else if (name === 'order_refunded' || name === 'subscription_payment_refunded') await refunded(books, name === 'order_refunded' ? 'orders' : 'subscription-invoices', at);
  else await onSubscription(books, name, await subscriptionOf(books, at));
  return books.ledger.finish();
}

interface Place { readonly type: string; readonly id: string }

async function refunded(books: Books, type: 'orders' | 'subscription-invoices', at: Place): Promise<void> {
  const found = at.type === type ? await books.ledger.find<Resource>(type, at.id) : null;
  if (found !== null && ['paid', 'partial_refund'].includes(String(found.attributes['status'])) && leftOf(found) > 0) refund(books, type, found, leftOf(found));
}

/** A subscription itself, or the one that an order is of. */
async function subscriptionOf(books: Books, at: Place): Promise<Subscription | null> {
  const id = at.type === 'subscriptions' ? at.id : at.type === 'orders' ? (await everything<Resource>(books.context, 'subscriptions')).find(({ attributes }) => String(attributes['order_id']) === at.id)?.id : undefined;
  return id === undefined ? null : books.ledger.find<Subscription>('subscriptions', id);
}

async function onSubscription(books: Books, name: string, subscription: Subscription | null): Promise<void> {
  const status = textOf(subscription?.attributes ?? null, 'status') ?? '';
  if (subscription === null || status === 'expired') return;
  switch (name) {
    case 'subscription_cancelled':
      if (status !== 'cancelled') becomes(books, subscription, { ...withStatus('cancelled'), ends_at: subscription.attributes['renews_at'] ?? null }, ['subscription_cancelled']);
      return;
    case 'subscription_expired':
      becomes(books, subscription, { ...withStatus('expired'), ends_at: iso(books.now) }, ['subscription_expired']);
      return;
    case 'subscription_payment_success':
      if (['active', 'on_trial'].includes(status)) renewed(books, subscription, 'subscription_payment_success');
      return;
    case 'subscription_payment_failed':
      if (['active', 'on_trial'].includes(status)) failed(books, subscription);
      return;
    default:
      if (status === 'past_due') await recovered(books, subscription);
  }
}

function renewed(books: Books, subscription: Subscription, event: string): void {
  const after = becomes(books, subscription, { ...withStatus('active'), ...nextDate(subscription) }, []);
  tell(books, event, 'subscription-invoices', invoice(books, after, subscription.price, 'renewal', 'paid'));
}

function failed(books: Books, subscription: Subscription): void {
  const after = becomes(books, subscription, withStatus('past_due'), []);
  tell(books, 'subscription_payment_failed', 'subscription-invoices', invoice(books, after, subscription.price, 'renewal', 'pending'));
}

/** The bill that was not paid is, in the end. */
async function recovered(books: Books, subscription: Subscription): Promise<void> {
  becomes(books, subscription, { ...withStatus('active'), ...nextDate(subscription) }, []);
  const open = (await everything<Resource>(books.context, 'subscription-invoices')).find(({ attributes }) => String(attributes['subscription_id']) === subscription.id && attributes['status'] === 'pending');
  const owed = open === undefined ? null : await books.ledger.find<Resource>('subscription-invoices', open.id);
  if (owed === null) return;
  tell(books, 'subscription_payment_recovered', 'subscription-invoices', keep(books, 'subscription-invoices', { ...owed, attributes: { ...owed.attributes, status: 'paid', status_formatted: 'Paid', updated_at: iso(books.now) } }));
}

function nextDate({ attributes, interval }: Subscription): JsonObject {
  return { renews_at: intervalAfter(textOf(attributes, 'renews_at') ?? '', interval.unit, interval.count) };
}
