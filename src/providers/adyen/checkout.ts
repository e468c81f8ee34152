import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { requireMoney, shown } from './amount.ts';
import { invalid } from './errors.ts';
import { given, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { authorised, brandOf, declinedBy, keep, newPayment, refusalOf, requireMerchant, requireReference } from './payment.ts';
import type { Payment } from './payment.ts';

export interface Session {
  readonly id: string;
  readonly merchantAccount: string;
  readonly reference: string;
  readonly value: JsonObject;
  readonly status: 'active' | 'completed' | 'refused' | 'canceled';
  /** returnUrl and shopperEmail; absent in what older versions kept */
  readonly back?: string;
  readonly payer?: string;
}

/** Live calls have /checkout before the version, test calls have not. */
export const at = (path: string): RegExp => new RegExp(`^(?:/checkout)?/v(?:6[6-9]|7[0-9])${path}$`);

/** Methods that are paid here and now; any other sends the shopper somewhere first. */
const direct = ['scheme', 'googlepay', 'applepay', 'sepadirectdebit', 'ach', 'giftcard'];

export const checkoutRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: at('/sessions'), operation: 'sessions.create', effect: { movesMoney: false }, run: session }),
  operation({
    method: 'GET', path: at('/sessions/([A-Za-z0-9_-]{1,64})'), operation: 'sessions.get',
    run: async ({ ledger, call }) => {
      const found = await ledger.find<Session>('session', call.ids[0]!);
      if (found === null) throw invalid('702', 'The session is not known');
      return { status: 200, body: { id: found.id, status: found.status } };
    },
  }),
  operation({
    method: 'POST', path: at('/paymentMethods'), operation: 'paymentMethods.list',
    run: async ({ body }) => {
      requireMerchant(body);
      const paymentMethods: readonly JsonObject[] = [{ brands: ['visa', 'mc', 'amex'], name: 'Cards', type: 'scheme' }, { name: 'iDEAL', type: 'ideal' }, { name: 'PayPal', type: 'paypal' }];
      return { status: 200, body: { paymentMethods } };
    },
  }),
  operation({ method: 'POST', path: at('/payments'), operation: 'payments.create', effect: { movesMoney: true }, run: pay }),
  operation({ method: 'POST', path: at('/payments/details'), operation: 'payments.details', effect: { movesMoney: true }, run: details }),
];

async function session(work: Work): Promise<Answer> {
  const { body } = work;
  const merchantAccount = requireMerchant(body);
  const amount = requireMoney(field(body, 'amount'));
  const reference = requireReference(body);
  const returnUrl = requireReturn(body);
  const id = `CS${work.id(18)}`;
  const mode = asString(field(body, 'mode')) ?? 'embedded';
  work.ledger.save('session', id, { id, merchantAccount, reference, value: shown(amount), status: 'active', back: returnUrl, ...payerOf(body) } satisfies Session);
  const expiresAt = asString(field(body, 'expiresAt')) ?? `${new Date(work.now + 3_600_000).toISOString().slice(0, 19)}+00:00`;
  return { status: 201, body: { amount: shown(amount), expiresAt, id, merchantAccount, mode, ...(mode === 'hosted' ? { url: work.page('session', id) } : {}), reference, returnUrl, sessionData: work.id(64), ...given(body, ['countryCode', 'shopperReference', 'shopperEmail', 'shopperLocale', 'metadata']) } };
}

function requireReturn(body: JsonObject): string {
  const url = asString(field(body, 'returnUrl'));
  if (url === null || url === '') throw invalid('14_030', 'Return URL is missing.');
  return url;
}

async function pay(work: Work): Promise<Answer> {
  const { body } = work;
  const merchantAccount = requireMerchant(body);
  const amount = requireMoney(field(body, 'amount'));
  const reference = requireReference(body);
  const method = asObject(field(body, 'paymentMethod'));
  if (method === null) throw invalid('14_006', "Required object 'paymentMethod' is not provided.");
  const stored = asString(field(method, 'storedPaymentMethodId')) !== null;
  const type = asString(field(method, 'type')) ?? 'scheme';
  const secure = type === 'scheme' && asksForSecure(body);
  const waits = secure || (!stored && !direct.includes(type));
  const returnUrl = waits ? requireReturn(body) : '';
  const made = newPayment(work, { merchantAccount, reference, brand: brandOf(method), status: 'pending', amount, ...(waits ? { back: returnUrl, ...payerOf(body), secure } : {}) });
  const refusal = refusalOf(body) ?? declinedBy(work.call.context.declined);
  if (!waits) return { status: 200, body: result(authorised(work, made, refusal)) };
  keep(work, made);
  return { status: 200, body: { resultCode: 'RedirectShopper', pspReference: made.psp, merchantReference: reference, action: { type: 'redirect', method: 'GET', paymentMethodType: type.slice(0, 60), url: work.page('payment', made.psp) } } };
}

function payerOf(body: JsonObject): Pick<Session, 'payer'> {
  const payer = asString(field(body, 'shopperEmail')) || asString(field(body, 'shopperReference'));
  return payer ? { payer } : {};
}

/** The call wants the shopper authenticated; else no card is. */
function asksForSecure(body: JsonObject): boolean {
  return field(asObject(field(body, 'authenticationData')), 'attemptAuthentication') === 'always' || [true, 'true'].includes(field(asObject(field(body, 'additionalData')), 'executeThreeD') as string | boolean);
}

async function details(work: Work): Promise<Answer> {
  const answer = asObject(field(work.body, 'details'));
  const ticket = asString(field(answer, 'redirectResult')) ?? asString(field(answer, 'threeDSResult')) ?? '';
  const found = ticket === '' ? null : await work.ledger.find<{ readonly psp: string }>('ticket', ticket);
  const payment = found === null ? null : await work.ledger.find<Payment>('payment', found.psp);
  if (payment === null) throw invalid('702', 'The details belong to no payment');
  return { status: 200, body: result(payment) };
}

function result(payment: Payment): JsonObject {
  const { refusal } = payment;
  const paid = payment.status !== 'refused';
  return {
    pspReference: payment.psp, resultCode: paid ? 'Authorised' : refusal?.resultCode ?? 'Refused', merchantReference: payment.reference, amount: shown(payment),
    paymentMethod: { brand: payment.brand, type: ['visa', 'mc', 'amex'].includes(payment.brand) ? 'scheme' : payment.brand },
    ...(paid ? {} : { refusalReason: refusal?.reason ?? 'Refused', refusalReasonCode: refusal?.code ?? '2' }),
  };
}
