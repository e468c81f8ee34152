import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { moneyOf, requireAmount, shown } from './amount.ts';
import { noSuch, unprocessable } from './errors.ts';
import { listPage } from './list.ts';
import { at, hal, operation, page, some } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { leftOf, savePayment } from './payment.ts';
import type { Paid } from './payment.ts';
import { paymentOf } from './payments.ts';

export interface Refund {
  readonly id: string;
  readonly payment: string;
  readonly mode: 'live' | 'test';
  readonly amount: JsonObject;
  readonly given: JsonObject;
  readonly status: 'pending' | 'refunded' | 'failed';
  readonly createdMs: number;
}

const all = /^\/v2\/payments\/(tr_[A-Za-z0-9]{1,32})\/refunds$/;
const one = /^\/v2\/payments\/(tr_[A-Za-z0-9]{1,32})\/refunds\/(re_[A-Za-z0-9]{1,32})$/;

export const refundRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: all, operation: 'payments.refunds.create',
    effect: (body, { ids }) => ({ amount: moneyOf(field(body, 'amount')), movesMoney: true, customer: null, method: null, object: ids[0]!, description: asString(field(body, 'description')) }),
    run: create,
  }),
  operation({
    method: 'GET', path: all, operation: 'payments.refunds.list',
    run: async (work) => {
      const { id } = await paymentOf(work, work.call.ids[0]!);
      return listPage<Refund>(work, { kind: 'refund', embedded: 'refunds', noun: 'refund', path: `/payments/${id}/refunds`, where: { payment: id }, show: showRefund });
    },
  }),
  operation({ method: 'GET', path: /^\/v2\/refunds$/, operation: 'refunds.list', run: (work) => listPage<Refund>(work, { kind: 'refund', embedded: 'refunds', noun: 'refund', path: '/refunds', where: { all: 'yes' }, show: showRefund }) }),
  operation({ method: 'GET', path: one, operation: 'payments.refunds.get', run: async (work) => ({ status: 200, body: showRefund((await refundOf(work)).refund) }) }),
  operation({
    method: 'DELETE', path: one, operation: 'payments.refunds.cancel', effect: (_body, { ids }) => ({ amount: null, movesMoney: false, customer: null, method: null, object: ids[1]!, description: null }),
    run: async (work) => {
      const { refund, paid } = await refundOf(work);
      if (refund.status !== 'pending') throw unprocessable('The refund cannot be canceled.');
      givenBackAgain(work, refund, paid);
      work.ledger.save('refund', refund.id, null);
      return { status: 204, body: null };
    },
  }),
];

async function create(work: Work): Promise<Answer> {
  const paid = await paymentOf(work, work.call.ids[0]!);
  const amount = requireAmount(field(work.body, 'amount'));
  if (paid.status !== 'paid') throw unprocessable('The payment is not paid: it cannot be refunded.');
  const whole = moneyOf(field(paid.given, 'amount'))!;
  if (amount.currency !== whole.currency) throw unprocessable('The currency is not that of the payment.', 'amount');
  if (BigInt(amount.minor) > leftOf(paid)) throw unprocessable('The amount is higher than the maximum.', 'amount');
  const refund: Refund = { id: work.id('re_'), payment: paid.id, mode: paid.mode, amount: shown(amount), given: some(work.body, ['description', 'metadata']), status: 'pending', createdMs: work.now };
  saveRefund(work, refund);
  savePayment(work, { ...paid, refunded: String(BigInt(paid.refunded) + BigInt(amount.minor)) });
  return { status: 201, body: showRefund(refund) };
}

export function saveRefund(work: Pick<Work, 'ledger'>, refund: Refund): void {
  work.ledger.save('refund', refund.id, refund, { all: 'yes', payment: refund.payment });
}

/** What was to be refunded stays with the seller. */
export function givenBackAgain(work: Pick<Work, 'ledger'>, refund: Refund, paid: Paid): void {
  savePayment(work, { ...paid, refunded: String(BigInt(paid.refunded) - BigInt(moneyOf(refund.amount)!.minor)) });
}

function showRefund(refund: Refund): JsonObject {
  const path = `/payments/${refund.payment}`;
  return {
    resource: 'refund', id: refund.id, mode: refund.mode, amount: refund.amount, status: refund.status, createdAt: at(refund.createdMs), description: '', metadata: null, ...refund.given, paymentId: refund.payment,
    _links: { self: hal(`${path}/refunds/${refund.id}`), payment: hal(path), documentation: page('https://docs.mollie.com/reference/get-refund') },
  };
}

async function refundOf(work: Work): Promise<{ readonly refund: Refund; readonly paid: Paid }> {
  const [payment, id] = work.call.ids;
  const paid = await paymentOf(work, payment!);
  const refund = await work.ledger.find<Refund>('refund', id!);
  if (refund === null || refund.payment !== payment) throw noSuch('refund', id!);
  return { refund, paid };
}
