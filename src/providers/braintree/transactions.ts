import type { HttpResponse } from '../../model/exchange.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { currencyOf, moneyOf, requireAmount } from './amount.ts';
import { brandOf, shownCard } from './card.ts';
import { invalid } from './errors.ts';
import { once } from './once.ts';
import { operation } from './operation.ts';
import type { Reached, Work } from './operation.ts';
import { isTrue, textOf } from './parameters.ts';
import { merchantOf, under } from './place.ts';
import { result } from './result.ts';
import { refund, settle, settleInPart, voided } from './settling.ts';
import { sell } from './sale.ts';
import { sourceOf } from './source.ts';
import { fakeNonce } from './test-values.ts';
import { became, kept, saveTransaction, showTransaction, transactionOf } from './transaction.ts';
import { xmlReply } from './xml-reply.ts';

/** 'Visa 1881', the nonce or the token: what the call says it is paid with. */
function methodIn(body: JsonObject): string | null {
  const number = (textOf(field(asObject(field(body, 'credit_card')), 'number')) ?? '').replaceAll(/[^0-9]/g, '');
  const nonce = asString(field(body, 'payment_method_nonce'));
  const means = nonce === null ? null : fakeNonce(nonce);
  if (means?.kind === 'method') return shownCard(means.card);
  return number.length >= 12 ? `${brandOf(number)} ${number.slice(-4)}` : asString(field(body, 'payment_method_token')) ?? (nonce === null ? null : 'nonce');
}

function reached(body: JsonObject): Reached {
  return {
    movesMoney: true, amount: moneyOf(field(body, 'amount')), method: methodIn(body),
    customer: asString(field(body, 'customer_id')) ?? asString(field(asObject(field(body, 'customer')), 'email')), description: asString(field(asObject(field(body, 'descriptor')), 'name')),
  };
}

const about = (movesMoney: boolean) => (body: JsonObject, ids: readonly string[]): Reached => ({ movesMoney, amount: moneyOf(field(body, 'amount')), object: ids[0]! });

async function create(work: Work): Promise<HttpResponse> {
  const { body } = work;
  const type = field(body, 'type');
  if (type === undefined || type === null || type === '') throw invalid('transaction', 'type', '91524', 'Type is required.');
  if (type !== 'sale' && type !== 'credit') throw invalid('transaction', 'type', '91523', 'Type is invalid.');
  const merchantAccount = textOf(field(body, 'merchant_account_id'));
  const amount = requireAmount(field(body, 'amount'), await currencyOf(work, merchantAccount));
  if ((textOf(field(body, 'order_id')) ?? '').length > 255) throw invalid('transaction', 'order_id', '91501', 'Order ID is too long.');
  const source = await sourceOf(work, body);
  const options = asObject(field(body, 'options'));
  return result(await sell(work, { type, amount, merchantAccount: merchantAccount ?? merchantOf(work.request), source, settle: isTrue(field(options, 'submit_for_settlement')), body }));
}

async function clone(work: Work): Promise<HttpResponse> {
  const { body } = work;
  const from = await transactionOf(work, work.ids[0]!);
  const settles = field(asObject(field(body, 'options')), 'submit_for_settlement');
  if (settles === undefined) throw invalid(['transaction', 'options'], 'submit_for_settlement', '91544', 'Options submit_for_settlement is required for cloning.');
  if (from.type === 'credit') throw invalid('transaction', 'base', '91543', 'Cannot clone credit transactions.');
  if (from.vaulted !== null) throw invalid('transaction', 'base', '91540', 'Cannot clone transaction with vault credit card.');
  if (['processor_declined', 'failed', 'gateway_rejected'].includes(from.status)) throw invalid('transaction', 'base', '91542', 'Cannot clone unsuccessful transactions.');
  const amount = requireAmount(field(body, 'amount'), from.amount.currency);
  return result(await sell(work, { type: 'sale', amount, merchantAccount: from.merchantAccount, source: { card: from.card, outcome: { kind: 'pays' }, vaulted: null, customer: from.customer, disputed: false }, settle: isTrue(settles), body: { ...from.given, ...body } }));
}

async function adjust(work: Work): Promise<HttpResponse> {
  const found = await transactionOf(work, work.ids[0]!);
  if (found.status !== 'authorized') throw invalid('transaction', 'base', '915218', 'Transaction must be in authorized state to be adjusted.');
  const amount = requireAmount(field(work.body, 'amount'), found.amount.currency);
  const now = became(found, 'authorized', work.context.now, { amount });
  saveTransaction(work, now);
  return result(now, 200);
}

async function updateDetails(work: Work): Promise<HttpResponse> {
  const found = await transactionOf(work, work.ids[0]!);
  if (found.status !== 'submitted_for_settlement') throw invalid('transaction', 'base', '915129', 'Cannot update transaction details when transaction status is not submitted_for_settlement.');
  const amount = field(work.body, 'amount') === undefined ? found.amount : requireAmount(field(work.body, 'amount'), found.amount.currency);
  if (BigInt(amount.minor) > BigInt(found.amount.minor)) throw invalid('transaction', 'amount', '91522', 'Settlement amount is too large.');
  const now = { ...found, amount, given: { ...found.given, ...Object.fromEntries(Object.entries(work.body).filter(([name]) => kept.includes(name))) } };
  saveTransaction(work, now);
  return result(now, 200);
}

export const transactionRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: under('transactions'), operation: 'transaction.sale', root: 'transaction', effect: reached, run: once('sale', create) }),
  operation({ method: 'GET', path: under('transactions/{id}'), operation: 'transaction.find', root: null, run: async (work) => xmlReply(200, 'transaction', showTransaction(await transactionOf(work, work.ids[0]!))) }),
  operation({ method: 'PUT', path: under('transactions/{id}/submit_for_settlement'), operation: 'transaction.submitForSettlement', root: 'transaction', optional: true, effect: about(true), run: once('submit', async (work) => result(await settle(work, work.ids[0]!, work.body), 200)) }),
  operation({ method: 'POST', path: under('transactions/{id}/submit_for_partial_settlement'), operation: 'transaction.submitForPartialSettlement', root: 'transaction', effect: about(true), run: once('part', async (work) => result(await settleInPart(work, work.ids[0]!, work.body))) }),
  operation({ method: 'POST', path: under('transactions/{id}/refund'), operation: 'transaction.refund', root: 'transaction', optional: true, effect: about(true), run: once('refund', async (work) => result(await refund(work, work.ids[0]!, work.body))) }),
  operation({ method: 'PUT', path: under('transactions/{id}/void'), operation: 'transaction.void', root: 'transaction', optional: true, effect: about(false), run: once('void', async (work) => result(await voided(work, work.ids[0]!), 200)) }),
  operation({ method: 'PUT', path: under('transactions/{id}/adjust_authorization'), operation: 'transaction.adjustAuthorization', root: 'transaction', effect: about(true), run: adjust }),
  operation({ method: 'PUT', path: under('transactions/{id}/update_details'), operation: 'transaction.updateDetails', root: 'transaction', effect: about(false), run: updateDetails }),
  operation({ method: 'POST', path: under('transactions/{id}/clone'), operation: 'transaction.cloneTransaction', root: 'transaction_clone', effect: about(true), run: clone }),
];
