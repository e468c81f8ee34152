import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { unreadable } from '../wire/unread.ts';
import { moneyIn, requireMoney } from './amount.ts';
import { customerFor } from './customers.ts';
import { invalid, notFound } from './errors.ts';
import { listed } from './list.ts';
import { iso, metadataOf, named, operation, text } from './operation.ts';
import type { Answer, Reached, Work } from './operation.ts';
import { charged, failedCharge, saveAuthorization, saveTransaction, shown, testCard } from './transaction.ts';
import type { Authorization, Transaction } from './transaction.ts';

const taking = (body: JsonObject, movesMoney: boolean): Reached => ({ amount: moneyIn(body), movesMoney, customer: text(body, 'email'), method: methodOf(body), object: null, description: null });

export const transactionRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/transaction\/initialize$/, operation: 'transaction.initialize', run: initialize,
    // paying it would begin a subscription
    effect: (body) => field(body, 'plan') === undefined ? taking(body, false) : unreadable('a transaction of a plan is not simulated'),
  }),
  operation({ method: 'POST', path: /^\/transaction\/charge_authorization$/, operation: 'transaction.charge_authorization', effect: (body) => taking(body, true), run: charge }),
  operation({
    method: 'POST', path: /^\/charge$/, operation: 'charge.create', run: charge,
    effect: (body) => {
      const other = Object.keys(body).find((name) => ['bank', 'bank_transfer', 'ussd', 'mobile_money', 'qr', 'eft', 'capitec_pay', 'plan'].includes(name));
      return other === undefined ? taking(body, true) : unreadable(`a charge by ${other} is not simulated`);
    },
  }),
  operation({ method: 'GET', path: named('charge'), operation: 'charge.check', run: async (work) => ({ message: 'Reference check successful', data: shown(await transactionOf(work, work.call.ids[0]!)) }) }),
  operation({ method: 'GET', path: named('transaction/verify'), operation: 'transaction.verify', run: async (work) => ({ message: 'Verification successful', data: shown(await transactionOf(work, work.call.ids[0]!)) }) }),
  operation({ method: 'GET', path: /^\/transaction\/([0-9]{1,20})$/, operation: 'transaction.fetch', run: async (work) => ({ message: 'Transaction retrieved', data: shown(await byNumber(work, work.call.ids[0]!)) }) }),
  operation({
    method: 'GET', path: /^\/transaction$/, operation: 'transaction.list',
    run: (work) => listed(work, { kind: 'transaction', message: 'Transactions retrieved', show: (view) => shown({ view: view as Transaction['view'] }), filters: { status: (view) => view['status'], amount: (view) => view['amount'], currency: (view) => view['currency'], customer: (view) => asObject(view['customer'])?.['id'] } }),
  }),
];

function methodOf(body: JsonObject): string | null {
  const digits = text(asObject(field(body, 'card')), 'number')?.replaceAll(/[ -]/g, '') ?? '';
  return /^[0-9]{12,19}$/.test(digits) ? `card ${digits.slice(-4)}` : text(body, 'authorization_code');
}

export async function transactionOf({ ledger }: Pick<Work, 'ledger'>, reference: string): Promise<Transaction> {
  const found = await ledger.find<Transaction>('transaction', reference);
  if (found === null) throw invalid('Transaction reference not found', 'transaction_not_found', 'Ensure that you\'re passing the reference of a transaction that exists on this integration');
  return found;
}

export async function byNumber(work: Work, number: string): Promise<Transaction> {
  const { items } = await work.context.list('transaction', { where: { number }, limit: 1 });
  if (items[0] === undefined) throw notFound('Transaction', 'transaction_not_found');
  return transactionOf(work, items[0].id);
}

async function made(work: Work, email: string): Promise<Transaction> {
  const { body, now, domain } = work;
  const { amount, currency } = requireMoney(body);
  const reference = text(body, 'reference') ?? work.code('');
  if (!/^[A-Za-z0-9._=-]{1,200}$/.test(reference)) throw invalid('Invalid transaction reference', 'invalid_reference', 'Only -, ., = and alphanumeric characters are allowed in a reference');
  if (await work.ledger.find('transaction', reference) !== null) throw invalid('Duplicate Transaction Reference', 'duplicate_reference', 'Try and create the Transaction or Charge with a new reference');
  const { view: customer } = await customerFor(work, { ...body, email });
  const metadata = metadataOf(field(body, 'metadata'));
  const whom = Object.fromEntries(['id', 'first_name', 'last_name', 'email', 'customer_code', 'phone', 'metadata', 'risk_action', 'international_format_phone'].map((name) => [name, customer[name] ?? null]));
  const at = iso(now);
  return {
    refunded: '0', back: text(body, 'callback_url'), cancel: asString(field(metadata, 'cancel_action')),
    view: {
      id: work.number(), domain, status: 'abandoned', reference, receipt_number: null, amount: Number(amount), message: null, gateway_response: 'The transaction was not completed', paid_at: null, created_at: at,
      channel: 'card', currency, ip_address: '127.0.0.1', metadata: metadata ?? text(body, 'metadata') ?? '', log: null, fees: null, fees_split: null, authorization: {}, customer: whom, plan: null, split: {}, order_id: null,
      paidAt: null, createdAt: at, requested_amount: Number(amount), pos_transaction_data: null, source: null, fees_breakdown: null, connect: null, transaction_date: at, plan_object: {}, subaccount: {},
    },
  };
}

async function initialize(work: Work): Promise<Answer> {
  const { view: { reference } } = saveTransaction(work, await made(work, text(work.body, 'email') ?? ''));
  return { message: 'Authorization URL created', data: { authorization_url: work.context.page('transaction', reference), access_code: work.code(''), reference } };
}

/** A kept authorization, or a card by the application's own form, which the test card that declines would fail. */
async function charge(work: Work): Promise<Answer> {
  const { body, context: { declined } } = work;
  const number = text(asObject(field(body, 'card')), 'number')?.replaceAll(/[ -]/g, '') ?? null;
  const authorization = number === null ? await authorizationOf(work) : null;
  const transaction = await made(work, text(body, 'email') ?? '');
  if (declined !== null || number === '4084080000005408') return { message: 'Charge attempted', data: shown(failedCharge(work, transaction, declined?.code ?? 'Declined')) };
  return { message: 'Charge attempted', data: shown(charged(work, transaction, authorization?.view ?? cardOf(work, number!))) };
}

/** Of a number six digits and four are shown, as Paystack does; the rest is nowhere. */
function cardOf(work: Work, number: string): JsonObject {
  const view = { authorization_code: work.code('AUTH_'), ...testCard, bin: number.slice(0, 6), last4: number.slice(-4) };
  saveAuthorization(work, { view, email: text(work.body, 'email') ?? '' });
  return view;
}

async function authorizationOf(work: Work): Promise<Authorization> {
  const code = text(work.body, 'authorization_code');
  if (code === null) throw invalid('Authorization code is required', 'missing_params');
  const found = await work.ledger.find<Authorization>('authorization', code);
  const email = text(work.body, 'email') ?? '';
  if (found === null && work.context.unknownIds === 'adopt' && /^AUTH_[A-Za-z0-9]{1,40}$/.test(code)) return saveAuthorization(work, { view: { authorization_code: code, ...testCard }, email });
  if (found === null) throw notFound('Authorization code', 'invalid_authorization_code');
  if (found.email.toLowerCase() !== email.toLowerCase()) throw invalid('Email does not match Authorization code. Please confirm', 'authorization_email_mismatch');
  return found;
}
