import { everything } from '../wire/everything.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonCall, JsonRoute } from '../wire/json-api.ts';
import { unreadable } from '../wire/unread.ts';
import { sumOf } from '../wire/decimal-money.ts';
import { included } from './catalog.ts';
import { requireAddress, requireCustomer } from './customers.ts';
import { invalid, notFound, refused } from './errors.ts';
import { among, listed } from './list.ts';
import { iso, itemsOf, some, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { kept, one, operation } from './operation.ts';
import type { Answer, Reached, Work } from './operation.ts';
import { currencyOf, detailsOf, isPayable, itemsAsked, newTransaction, priced, showTransaction, tellTransaction } from './transaction.ts';
import type { Item, Transaction } from './transaction.ts';
import { itemsIn } from './subscription.ts';

export async function transactionOf({ ledger }: Pick<Work, 'ledger'>, id: string): Promise<Transaction> {
  const transaction = await ledger.find<Transaction>('transaction', id);
  if (transaction === null) throw notFound(id);
  return transaction;
}

async function shown(work: Work, transaction: Transaction): Promise<JsonObject> {
  const { ledger } = work;
  return {
    ...showTransaction(work, transaction),
    ...(included(work, 'customer') ? { customer: await ledger.find<View>('customer', textOf(transaction, 'customer_id') ?? '') } : {}),
    ...(included(work, 'address') ? { address: await ledger.find<View>('address', textOf(transaction, 'address_id') ?? '') } : {}),
    ...(included(work, 'adjustments') || included(work, 'adjustment') ? { adjustments: (await everything<View>(work.context, 'adjustment')).filter((adjustment) => adjustment['transaction_id'] === transaction.id) } : {}),
  };
}

/** Whom and where it is for, as far as it is said. */
async function checkPayer(work: Work, { customer_id: customer = null, address_id: address = null }: JsonObject): Promise<void> {
  if (address !== null && customer === null) throw refused('transaction_customer_is_required_with_address', 'Customer ID is required for validating an address');
  if (customer !== null) await requireCustomer(work, String(customer));
  if (address !== null) await requireAddress(work, String(customer), String(address));
}

/** The state it has by itself, and the one the call asks for. */
function statusOf(given: JsonObject, asked: string | null): string {
  const own = textOf(given, 'customer_id') !== null && textOf(given, 'address_id') !== null ? 'ready' : 'draft';
  if (asked === null || asked === 'draft' || asked === 'ready') return own;
  if (asked !== 'billed') throw refused('transaction_invalid_status_change', `A transaction does not become ${asked} by this call`);
  if (own !== 'ready' || textOf(given, 'collection_mode') !== 'manual') throw refused('transaction_invalid_status_change', 'Only a manually collected transaction with a customer and an address can be billed');
  return 'billed';
}

async function create(work: Work): Promise<Answer> {
  const { body } = work;
  const mode = textOf(body, 'collection_mode') ?? 'automatic';
  if (!['automatic', 'manual'].includes(mode)) throw invalid('collection_mode', 'must be automatic or manual');
  await checkPayer(work, some(body, ['customer_id', 'address_id']));
  const items = await itemsAsked(work, body);
  const currency = currencyOf(items, textOf(body, 'currency_code'));
  const transaction = billed(work, newTransaction(work, { items, currency, origin: 'api', given: { ...body, collection_mode: mode }, status: statusOf({ ...body, collection_mode: mode }, textOf(body, 'status')), details: await detailsOf(work, items, currency, true) }));
  kept(work, 'transaction', transaction);
  tellTransaction(work, 'created', transaction);
  if (transaction['status'] !== 'draft') tellTransaction(work, textOf(transaction, 'status')!, transaction);
  return { status: 201, data: await shown(work, transaction) };
}

function billed(work: Work, transaction: Transaction): Transaction {
  return transaction['status'] === 'billed' && textOf(transaction, 'billed_at') === null ? { ...transaction, billed_at: iso(work.now), invoice_id: work.id('inv'), invoice_number: `FW-${transaction.id.slice(-5).toUpperCase()}` } : transaction;
}

const changeable = ['customer_id', 'address_id', 'custom_data', 'currency_code', 'collection_mode', 'billing_details', 'billing_period'];

async function update(work: Work): Promise<Answer> {
  const { body } = work;
  const before = await transactionOf(work, work.call.ids[0]!);
  if (!isPayable(before)) throw refused('transaction_immutable', 'Transaction is in an immutable state');
  if (textOf(body, 'status') === 'canceled') {
    if (Object.keys(body).length > 1) throw refused('transaction_cannot_be_modified_and_canceled', 'Transaction cannot be modified and canceled');
    return told(work, { ...before, status: 'canceled' }, 'canceled');
  }
  if (!['draft', 'ready'].includes(textOf(before, 'status')!)) throw refused('transaction_immutable', 'Transaction is in an immutable state: it is billed');
  const given: JsonObject = { ...before, ...some(body, changeable) };
  await checkPayer(work, some(given, ['customer_id', 'address_id']));
  const items: readonly Item[] = field(body, 'items') === undefined ? itemsIn(before) : await itemsAsked(work, body);
  const currency = currencyOf(items, textOf(given, 'currency_code'));
  const status = statusOf(given, textOf(body, 'status'));
  const after = billed(work, {
    ...given, id: before.id, status, currency_code: currency,
    ...(field(body, 'items') === undefined ? {} : { items: items.map(({ price, quantity }) => ({ price_id: price.id, price, quantity, proration: null })), details: (await detailsOf(work, items, currency, true)).details }),
  });
  return told(work, after, status === before['status'] ? null : status);
}

async function told(work: Work, transaction: Transaction, action: string | null): Promise<Answer> {
  const after = kept(work, 'transaction', { ...transaction, updated_at: iso(work.now) });
  tellTransaction(work, 'updated', after);
  if (action !== null) tellTransaction(work, action, after);
  return { data: await shown(work, after) };
}

function reached(body: JsonObject, { ids }: JsonCall): ReturnType<typeof unreadable> | Reached {
  if ([field(body, 'discount_id'), field(body, 'discount')].some((discount) => (discount ?? null) !== null)) return unreadable('discounts are not simulated');
  if ((field(body, 'business_id') ?? null) !== null) return unreadable('businesses are not simulated');
  const items = itemsOf(body);
  return { customer: textOf(body, 'customer_id'), object: ids[0] ?? null, amount: items.length === 0 ? null : sumOf(items.map((item) => priced(item, null))), description: items.map((item) => textOf(field(item, 'price') as JsonObject ?? null, 'description')).find((text) => text !== null) ?? null };
}

export const transactionRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: /^\/transactions$/, operation: 'transactions.create', effect: reached, run: create }),
  operation({
    method: 'GET', path: /^\/transactions$/, operation: 'transactions.list',
    run: (work) => listed(work, { kind: 'transaction', path: '/transactions', size: 30, show: (view) => shown(work, view), filters: Object.fromEntries(['status', 'customer_id', 'subscription_id', 'collection_mode', 'invoice_number', 'origin'].map((name) => [name, among(name)])) }),
  }),
  operation({ method: 'GET', path: one('transactions', 'txn'), operation: 'transactions.get', run: async (work) => ({ data: await shown(work, await transactionOf(work, work.call.ids[0]!)) }) }),
  operation({ method: 'PATCH', path: one('transactions', 'txn'), operation: 'transactions.update', effect: reached, run: update }),
];
