import { everything } from '../wire/everything.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { tell } from './books.ts';
import type { Books } from './books.ts';
import { invalid, refused } from './errors.ts';
import { among, listed } from './list.ts';
import { iso, itemsOf, minorOf, partOf, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { kept, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { adjusted } from './transaction.ts';
import type { Transaction } from './transaction.ts';
import { transactionOf } from './transactions.ts';

interface Line { readonly item: string; readonly left: bigint; readonly whole: bigint }

/** What is left of each line of a transaction. */
function linesOf(transaction: Transaction): readonly Line[] {
  const taken = partOf(transaction, 'adjusted');
  return itemsOf(partOf(transaction, 'details'), 'line_items').map((line) => {
    const whole = minorOf(field(partOf(line, 'totals'), 'total')) ?? 0n;
    const item = textOf(line, 'id')!;
    return { item, whole, left: whole - (minorOf(field(taken, item)) ?? 0n) };
  });
}

interface Taken { readonly item: string; readonly amount: bigint; readonly type: 'full' | 'partial' }

function wanted(body: JsonObject, transaction: Transaction): readonly Taken[] {
  const lines = linesOf(transaction);
  if (textOf(body, 'type') === 'full') {
    if (lines.every(({ left }) => left === 0n)) throw refused('adjustment_transaction_item_has_already_been_fully_adjusted', 'The transaction has already been adjusted in full');
    return lines.filter(({ left }) => left > 0n).map(({ item, left }) => ({ item, amount: left, type: 'full' }));
  }
  const items = itemsOf(body);
  if (items.length === 0) throw invalid('items', 'must have one item or more');
  return items.map((given, index) => {
    const line = lines.find(({ item }) => item === textOf(given, 'item_id'));
    if (line === undefined || items.findIndex((earlier) => textOf(earlier, 'item_id') === line.item) !== index) throw refused('adjustment_transaction_item_invalid', `items[${index}].item_id is no item of the transaction, or is given twice`);
    if (line.left === 0n && line.whole > 0n) throw refused('adjustment_transaction_item_has_already_been_fully_adjusted', `Item ${line.item} has already been adjusted in full`);
    const type = textOf(given, 'type');
    if (type !== 'full' && type !== 'partial') throw invalid(`items[${index}].type`, 'must be full or partial: tax and proration are not simulated');
    const amount = type === 'full' ? line.left : minorOf(field(given, 'amount'));
    if (amount === null) throw invalid(`items[${index}].amount`, 'must be whole minor units, as a text');
    if (amount === 0n) throw refused('adjustment_amount_cannot_be_zero', 'Adjustment amount cannot be zero');
    if (amount > line.left) throw refused('adjustment_amount_above_remaining_allowed', `The amount of item ${line.item} is above the remaining allowed: ${line.left}`);
    return { item: line.item, amount, type };
  });
}

function newAdjustment(books: Books, transaction: Transaction, { action, reason, taken, type, status }: { readonly action: string; readonly reason: string; readonly taken: readonly Taken[]; readonly type: string; readonly status: string }): View {
  const total = String(taken.reduce((sum, { amount }) => sum + amount, 0n));
  const currency = textOf(transaction, 'currency_code');
  const totals: JsonObject = { subtotal: total, tax: '0', total, fee: '0', retained_fee: '0', earnings: '0', currency_code: currency };
  const adjustment: View = {
    id: books.id('adj'), action, type, transaction_id: transaction.id, subscription_id: textOf(transaction, 'subscription_id'), customer_id: textOf(transaction, 'customer_id'), reason, credit_applied_to_balance: action === 'credit' ? false : null, currency_code: currency, status,
    items: taken.map(({ item, amount, type: how }) => ({ id: books.id('adjitm'), item_id: item, type: how, amount: String(amount), proration: null, totals: { subtotal: String(amount), tax: '0', total: String(amount) } })),
    totals, payout_totals: null, created_at: iso(books.now), updated_at: iso(books.now),
  };
  take(books, transaction, adjustment, 1n);
  kept(books, 'adjustment', adjustment);
  tell(books, 'adjustment.created', adjustment);
  return adjustment;
}

/** What it takes from the lines of its transaction, or gives back to them (-1) when it is rejected. */
function take(books: Books, transaction: Transaction, adjustment: View, sign: 1n | -1n): void {
  const before = asObject(field(transaction, 'adjusted')) ?? {};
  const after = { ...before } as Record<string, string>;
  for (const item of itemsOf(adjustment)) {
    const id = textOf(item, 'item_id')!;
    after[id] = String((minorOf(after[id]) ?? 0n) + sign * (minorOf(field(item, 'amount')) ?? 0n));
  }
  kept(books, 'transaction', adjusted(transaction, after, Object.values(after).reduce((sum, each) => sum + BigInt(each), 0n)));
}

/** Paddle has looked at the refund. */
export async function decide(books: Books, adjustment: View, status: 'approved' | 'rejected'): Promise<void> {
  const after = kept(books, 'adjustment', { ...adjustment, status, updated_at: iso(books.now) });
  if (status === 'rejected') {
    const transaction = await books.ledger.find<Transaction>('transaction', textOf(adjustment, 'transaction_id') ?? '');
    if (transaction !== null) take(books, transaction, adjustment, -1n);
  }
  tell(books, 'adjustment.updated', after);
}

/** Everything that is left goes back to the payer's bank. */
export function chargeBack(books: Books, transaction: Transaction): void {
  const taken = linesOf(transaction).filter(({ left }) => left > 0n).map(({ item, left }): Taken => ({ item, amount: left, type: 'full' }));
  if (taken.length > 0) newAdjustment(books, transaction, { action: 'chargeback', reason: 'fraud', taken, type: 'full', status: 'approved' });
}

async function create(work: Work): Promise<Answer> {
  const { body } = work;
  const [action, reason] = [textOf(body, 'action'), textOf(body, 'reason')];
  if (action !== 'refund' && action !== 'credit') throw invalid('action', 'must be refund or credit');
  if (!reason) throw invalid('reason', 'is required');
  const transaction = await transactionOf(work, textOf(body, 'transaction_id') ?? '');
  const status = textOf(transaction, 'status') ?? '';
  if (action === 'refund' && status !== 'completed') throw refused('adjustment_transaction_invalid_status_for_refund', `A transaction that is ${status} cannot be refunded: it must be completed`);
  if (action === 'credit' && !(['billed', 'past_due'].includes(status) && transaction['collection_mode'] === 'manual')) throw refused('adjustment_transaction_invalid_status_for_credit', 'Only a manually collected transaction that is billed or past due can be credited');
  const pending = (await everything<View>(work.context, 'adjustment')).some((each) => each['transaction_id'] === transaction.id && each['status'] === 'pending_approval');
  if (pending) throw refused('adjustment_pending_refund_request', 'There is a pending refund request for this transaction');
  const adjustment = newAdjustment(work, transaction, { action, reason, taken: wanted(body, transaction), type: textOf(body, 'type') ?? 'partial', status: action === 'refund' ? 'pending_approval' : 'approved' });
  return { status: 201, data: adjustment };
}

export const adjustmentRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/adjustments$/, operation: 'adjustments.create',
    // the currency is the transaction's
    effect: (body) => ({ movesMoney: true, object: textOf(body, 'transaction_id'), description: textOf(body, 'reason') }), run: create,
  }),
  operation({
    method: 'GET', path: /^\/adjustments$/, operation: 'adjustments.list',
    run: (work) => listed(work, { kind: 'adjustment', path: '/adjustments', size: 10, filters: Object.fromEntries(['action', 'customer_id', 'status', 'subscription_id', 'transaction_id'].map((name) => [name, among(name)])) }),
  }),
];
