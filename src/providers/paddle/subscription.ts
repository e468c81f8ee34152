import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { tell } from './books.ts';
import type { Books } from './books.ts';
import { cycleAfter, iso, itemsOf, partOf, textOf, wholeOf } from './objects.ts';
import type { View } from './objects.ts';
import { kept } from './operation.ts';
import { attempt, currencyOf, detailsOf, isRecurring, newTransaction, tellTransaction, withAttempt } from './transaction.ts';
import type { Item, Transaction } from './transaction.ts';
import { newAddress, newCustomer } from './customers.ts';

/** A subscription as it is remembered. `pending`: charges that wait for the next bill; they are not shown. */
export type Subscription = View;

export function showSubscription(subscription: Subscription): View {
  const { pending: _pending, ...shown } = subscription;
  return { ...shown, id: subscription.id };
}

function tellSubscription(books: Books, action: string, subscription: Subscription): void {
  tell(books, `subscription.${action}`, subscription, showSubscription(subscription));
}

export function keepSubscription(books: Books, before: Subscription, changes: JsonObject, action = 'updated'): Subscription {
  const after = kept(books, 'subscription', { ...before, ...changes, id: before.id, updated_at: iso(books.now) });
  tellSubscription(books, action, after);
  return after;
}

export function itemsIn(view: View): readonly Item[] {
  return itemsOf(view).map((item) => ({ price: partOf(item, 'price') as View, quantity: wholeOf(field(item, 'quantity')) ?? 1 }));
}

export async function subscriptionItems(books: Books, items: readonly Item[], status: string, next: string | null, trial: JsonObject | null): Promise<readonly JsonObject[]> {
  const at = iso(books.now);
  return Promise.all(items.map(async ({ price, quantity }) => ({
    status, quantity, recurring: true, created_at: at, updated_at: at, previously_billed_at: status === 'trialing' ? null : at, next_billed_at: next, trial_dates: trial, price, product: await books.ledger.find<View>('product', textOf(price, 'product_id') ?? ''),
  })));
}

/** Its money is there: whoever had not said who they are has said it at the checkout, and what recurs becomes a subscription. */
export async function complete(books: Books, before: Transaction): Promise<Transaction> {
  const at = iso(books.now);
  const customer = textOf(before, 'customer_id') ?? madeCustomer(books);
  const address = textOf(before, 'address_id') ?? madeAddress(books, customer);
  const paid = withAttempt(before, attempt(books, before, null), { status: 'paid', customer_id: customer, address_id: address, billed_at: textOf(before, 'billed_at') ?? at, invoice_id: books.id('inv'), invoice_number: textOf(before, 'invoice_number') ?? `FW-${before.id.slice(-5).toUpperCase()}`, updated_at: at });
  tellTransaction(books, 'paid', paid);
  const recurring = textOf(before, 'subscription_id') === null ? itemsIn(before).filter(isRecurring) : [];
  const subscription = recurring.length === 0 ? null : await start(books, paid, recurring);
  const after = kept(books, 'transaction', { ...paid, status: 'completed', ...(subscription === null ? {} : { subscription_id: subscription.id, billing_period: partOf(subscription, 'current_billing_period') }) });
  tellTransaction(books, 'completed', after);
  return after;
}

function madeCustomer(books: Books): string {
  const id = books.id('ctm');
  const customer = kept(books, 'customer', newCustomer(id, iso(books.now), { email: `${id}@example.test`, name: 'Fourthwall Payer' }));
  tell(books, 'customer.created', customer);
  return id;
}

function madeAddress(books: Books, customer: string): string {
  const address = kept(books, 'address', newAddress(books.id('add'), customer, iso(books.now), { country_code: 'US', postal_code: '10001' }));
  tell(books, 'address.created', address);
  return address.id;
}

async function start(books: Books, transaction: Transaction, items: readonly Item[]): Promise<Subscription> {
  const at = iso(books.now);
  const cycle = partOf(items[0]!.price, 'billing_cycle');
  const trial = partOf(items[0]!.price, 'trial_period');
  const ends = cycleAfter(at, trial ?? cycle);
  const period: JsonObject = { starts_at: at, ends_at: ends };
  const status = trial === null ? 'active' : 'trialing';
  const subscription = kept(books, 'subscription', {
    id: books.id('sub'), status, customer_id: textOf(transaction, 'customer_id'), address_id: textOf(transaction, 'address_id'), business_id: null, currency_code: textOf(transaction, 'currency_code'), created_at: at, updated_at: at, started_at: at,
    first_billed_at: trial === null ? at : null, next_billed_at: ends, paused_at: null, canceled_at: null, discount: null, collection_mode: textOf(transaction, 'collection_mode'), billing_details: partOf(transaction, 'billing_details'),
    current_billing_period: period, billing_cycle: cycle, scheduled_change: null, management_urls: null, items: await subscriptionItems(books, items, status, ends, trial === null ? null : period), custom_data: field(transaction, 'custom_data') ?? null, import_meta: null, pending: [],
  });
  tellSubscription(books, 'created', subscription);
  tellSubscription(books, trial === null ? 'activated' : 'trialing', subscription);
  return subscription;
}

/** What a subscription is billed for beside its payer: taken at once, from the card on file. */
export async function bill(books: Books, subscription: Subscription, items: readonly Item[], origin: string, period: JsonObject | null = null): Promise<Transaction> {
  const currency = currencyOf(items, textOf(subscription, 'currency_code'));
  const transaction = newTransaction(books, {
    items, currency, origin, details: await detailsOf(books, items, currency, false), status: 'billed',
    given: { customer_id: subscription['customer_id'] ?? null, address_id: subscription['address_id'] ?? null, subscription_id: subscription.id, custom_data: subscription['custom_data'] ?? null, collection_mode: subscription['collection_mode'] ?? null, ...(period === null ? {} : { billing_period: period }) },
  });
  tellTransaction(books, 'created', transaction);
  return transaction;
}

/** The next period begins, and is paid for, with what waited for it. */
export async function renew(books: Books, subscription: Subscription, origin: string, from = textOf(subscription, 'next_billed_at') ?? iso(books.now)): Promise<Subscription> {
  const period: JsonObject = { starts_at: from, ends_at: cycleAfter(from, partOf(subscription, 'billing_cycle')) };
  await complete(books, await bill(books, subscription, [...itemsIn(subscription), ...itemsIn({ id: '', items: field(subscription, 'pending') ?? [] })], origin, period));
  return {
    ...subscription, status: 'active', first_billed_at: textOf(subscription, 'first_billed_at') ?? from, next_billed_at: period['ends_at']!, paused_at: null, current_billing_period: period, pending: [],
    items: itemsOf(subscription).map((item) => ({ ...item, status: 'active', previously_billed_at: from, next_billed_at: period['ends_at']!, trial_dates: null })),
  };
}
