import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { requireAmount } from './amount.ts';
import { invalid } from './errors.ts';
import { freshId, some } from './operation.ts';
import type { Books } from './operation.ts';
import { textOf } from './parameters.ts';
import { response } from './responses.ts';
import { submitted } from './sale.ts';
import { became, kept, leftToRefund, like, saveTransaction, transactionOf } from './transaction.ts';
import type { Transaction } from './transaction.ts';

/** What an authorized sale comes to: all of it or less. A bank that declines says so when it is settled. */
export async function settle(books: Books, id: string, body: JsonObject): Promise<Transaction> {
  const found = await transactionOf(books, id);
  if (found.status !== 'authorized' || found.parts.length > 0) throw invalid('transaction', 'base', '91507', 'Cannot submit for settlement unless status is authorized.');
  const given = field(body, 'amount');
  const amount = given === undefined || given === null || given === '' ? found.amount : requireAmount(given, found.amount.currency);
  if (BigInt(amount.minor) > BigInt(found.amount.minor)) throw invalid('transaction', 'amount', '91522', 'Settlement amount is too large.');
  const declined = books.context.declined !== null;
  const now = became(found, declined ? 'settlement_declined' : submitted(found), books.context.now, { amount, given: { ...found.given, ...some(body, kept) }, ...(declined ? { settlement: response('4001') } : {}) });
  saveTransaction(books, now);
  return now;
}

/** A part of an authorization becomes a transaction of its own. */
export async function settleInPart(books: Books, id: string, body: JsonObject): Promise<Transaction> {
  const found = await transactionOf(books, id);
  const wrong = found.type !== 'sale' || found.partOf !== null || found.status !== 'authorized' && !(found.status === 'settlement_pending' && found.parts.length > 0);
  if (wrong) throw invalid('transaction', 'base', '915103', 'Cannot submit for partial settlement unless status is authorized or settlement_pending.');
  const amount = requireAmount(field(body, 'amount'), found.amount.currency);
  const together = BigInt(found.inParts) + BigInt(amount.minor);
  if (together > BigInt(found.amount.minor)) throw invalid('transaction', 'amount', '91522', 'Settlement amount is too large.');
  const part = became({ ...found, id: freshId(books), amount, given: { ...found.given, ...some(body, kept) }, parts: [], inParts: '0', partOf: found.id, history: [], createdMs: books.context.now }, submitted(found), books.context.now);
  saveTransaction(books, part);
  saveTransaction(books, became(found, 'settlement_pending', books.context.now, { parts: [...found.parts, part.id], inParts: String(together) }));
  return part;
}

export async function voided(books: Books, id: string): Promise<Transaction> {
  const found = await transactionOf(books, id);
  const paypal = found.card.instrument === 'paypal_account' && found.status === 'settlement_pending';
  if (!['authorized', 'submitted_for_settlement'].includes(found.status) && !paypal) {
    throw invalid('transaction', 'base', '91504', 'Transaction can only be voided if status is authorized, submitted_for_settlement, or - for PayPal - settlement_pending.');
  }
  const now = became(found, 'voided', books.context.now);
  saveTransaction(books, now);
  // what a voided refund was to give back can be given back again
  if (found.refundOf !== null) await givenBackAgain(books, found);
  return now;
}

export async function refund(books: Books, id: string, body: JsonObject): Promise<Transaction> {
  const found = await transactionOf(books, id);
  if (found.type === 'credit') throw invalid('transaction', 'base', '91505', 'Cannot refund credit.');
  // what is settled in parts is refunded by them
  if (found.status !== 'settled' && found.status !== 'settling' || found.parts.length > 0) throw invalid('transaction', 'base', '91506', 'Cannot refund transaction unless it is settled.');
  const left = leftToRefund(found);
  if (left <= 0n) throw invalid('transaction', 'base', '91512', 'Transaction has already been completely refunded.');
  const given = field(body, 'amount');
  const amount = given === undefined || given === null || given === '' ? like(found, left) : requireAmount(given, found.amount.currency);
  if (BigInt(amount.minor) > left) throw invalid('transaction', 'amount', '91521', 'Refund amount is too large.');
  const order = textOf(field(body, 'order_id'));
  const credit = became({
    ...found, id: freshId(books), type: 'credit', amount, given: order === null ? found.given : { ...found.given, order_id: order }, refunds: [], refunded: '0', refundOf: found.id, parts: [], inParts: '0', partOf: null, disputes: [], history: [], createdMs: books.context.now, settlement: null,
  }, submitted(found), books.context.now);
  saveTransaction(books, credit);
  saveTransaction(books, { ...found, refunds: [...found.refunds, credit.id], refunded: String(BigInt(found.refunded) + BigInt(amount.minor)) });
  return credit;
}

/** A refund that came to nothing. */
export async function givenBackAgain(books: Pick<Books, 'ledger' | 'context'>, credit: Transaction): Promise<void> {
  const sale = credit.refundOf === null ? null : await books.ledger.find<Transaction>('transaction', credit.refundOf);
  if (sale !== null) saveTransaction(books, { ...sale, refunded: String(BigInt(sale.refunded) - BigInt(credit.amount.minor)) });
}
