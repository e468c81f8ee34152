import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { minorOf, moneyIn } from './amount.ts';
import { invalid, notFound } from './errors.ts';
import { listed } from './list.ts';
import { iso, nothing, operation, text } from './operation.ts';
import type { Answer, Books, Work } from './operation.ts';
import { leftOf, saveTransaction } from './transaction.ts';
import type { Transaction } from './transaction.ts';
import { byNumber, transactionOf } from './transactions.ts';
import { announce } from './webhook.ts';

export interface Refund { readonly view: JsonObject; readonly reference: string }

export const refundRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/refund$/, operation: 'refund.create', run: create,
    // without a currency it is the transaction's: only what is remembered tells
    effect: (body) => ({ ...nothing, amount: text(body, 'currency') === null ? null : moneyIn(body), movesMoney: true, object: text(body, 'transaction'), description: text(body, 'merchant_note') }),
  }),
  operation({
    method: 'GET', path: /^\/refund$/, operation: 'refund.list',
    run: (work) => listed(work, { kind: 'refund', message: 'Refunds retrieved', filters: { transaction: (view) => view['transaction'], currency: (view) => view['currency'] } }),
  }),
  operation({
    method: 'GET', path: /^\/refund\/([0-9]{1,20})$/, operation: 'refund.fetch',
    run: async (work) => {
      const found = await work.ledger.find<Refund>('refund', work.call.ids[0]!);
      if (found === null) throw notFound('Refund', 'refund_not_found');
      return { message: 'Refund retrieved', data: found.view };
    },
  }),
];

async function create(work: Work): Promise<Answer> {
  const { body, now } = work;
  const which = text(body, 'transaction');
  if (which === null) throw invalid('Transaction is required', 'missing_params');
  const transaction = /^[0-9]{9,12}$/.test(which) && await work.ledger.find('transaction', which) === null ? await byNumber(work, which) : await transactionOf(work, which);
  if (transaction.view.status === 'reversed') throw invalid('Transaction has been fully reversed', 'transaction_reversed');
  if (transaction.view.status !== 'success') throw invalid('You can only refund a successful transaction', 'transaction_not_successful');
  const left = leftOf(transaction);
  const amount = field(body, 'amount') === undefined ? left : minorOf(field(body, 'amount'));
  if (amount === null || amount <= 0n) throw invalid('Invalid Amount Sent', 'invalid_amount');
  if (amount > left) throw invalid('Refund amount cannot be more than what is left of the transaction', 'invalid_refund_amount');
  const id = work.number();
  const view = {
    id, integration: 100_043, domain: transaction.view['domain']!, transaction: transaction.view['id']!, dispute: null, settlement: null, currency: transaction.view['currency']!, amount: Number(amount), status: 'processed',
    channel: transaction.view['channel']!, refunded_at: iso(now), refunded_by: 'fourthwall@example.test', customer_note: text(body, 'customer_note') ?? `Refund for transaction ${transaction.view.reference}`,
    merchant_note: text(body, 'merchant_note') ?? `Refund for transaction ${transaction.view.reference}`, deducted_amount: Number(amount), fully_deducted: true, expected_at: iso(now), createdAt: iso(now), updatedAt: iso(now),
    transaction_reference: transaction.view.reference, customer: transaction.view['customer']!,
  } satisfies JsonObject;
  work.ledger.save('refund', String(id), { view, reference: transaction.view.reference } satisfies Refund, { reference: transaction.view.reference });
  const after = given(work, transaction, amount);
  for (const status of ['pending', 'processing', 'processed']) tell(work, status, view, after);
  return { message: 'Refund has been queued for processing', data: { ...view, status: 'pending', refunded_at: null, transaction: { id: after.view['id']!, domain: after.view['domain']!, reference: after.view.reference, amount: after.view['amount']!, paid_at: after.view['paid_at']!, channel: after.view['channel']!, currency: after.view['currency']!, customer: after.view['customer']! } } };
}

/** `by` below nothing: the bank did not take it. */
function given(books: Books, transaction: Transaction, by: bigint): Transaction {
  const refunded = BigInt(transaction.refunded) + by;
  return saveTransaction(books, { ...transaction, refunded: String(refunded), view: { ...transaction.view, status: refunded >= BigInt(transaction.view['amount'] as number) ? 'reversed' : 'success' } });
}

/** A refund that did not come through: the money is the merchant's again. */
export async function refundFailed(books: Books, id: string): Promise<void> {
  const found = await books.ledger.find<Refund>('refund', id);
  const transaction = found === null ? null : await books.ledger.find<Transaction>('transaction', found.reference);
  if (found === null || transaction === null || found.view['status'] === 'failed') return;
  const view = { ...found.view, status: 'failed', refunded_at: null };
  books.ledger.save('refund', id, { ...found, view }, { reference: found.reference });
  tell(books, 'failed', view, given(books, transaction, -(minorOf(found.view['amount']) ?? 0n)));
}

/** The webhook's refund is another shape than the API's: its amount is a text. https://paystack.com/docs/payments/refunds */
function tell(books: Books, status: string, refund: JsonObject, { view }: Transaction): void {
  const customer = view['customer'] as JsonObject;
  announce(books, `refund.${status}`, {
    status, transaction_reference: view.reference, refund_reference: status === 'processed' ? `TRF_${String(refund['id'])}` : null, amount: String(refund['amount']), currency: refund['currency']!, processor: 'instant-transfer',
    customer: { first_name: customer['first_name'] ?? null, last_name: customer['last_name'] ?? null, email: customer['email'] ?? null }, integration: 100_043, domain: view['domain']!,
  }, view.reference);
}
