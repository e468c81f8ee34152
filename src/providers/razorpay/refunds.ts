import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { minorOf, moneyIn, moneyOf, requireAmount } from './amount.ts';
import { bad, unknownId } from './errors.ts';
import { listed } from './list.ts';
import { findOf, keep, requireOf } from './objects.ts';
import type { Payment, Refund } from './objects.ts';
import { idIn, notesOf, nothing, operation, seconds, text } from './operation.ts';
import type { Books, Reached, Work } from './operation.ts';
import { lineOf } from './paying.ts';
import { announce } from './webhook.ts';

const ofPayment = idIn('payments', 'pay', '/refunds');
const oneOfPayment = /^\/v1\/payments\/(pay_[A-Za-z0-9]{1,40})\/refunds\/(rfnd_[A-Za-z0-9]{1,40})$/;

/** Without an amount it is the whole rest: only what is remembered tells how much; without a currency it is the payment's. */
function reached(body: JsonObject, payment: string | null): Reached {
  const currency = text(body, 'currency');
  return { ...nothing, amount: currency === null ? null : moneyIn(body), movesMoney: true, object: payment };
}

export const refundRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: idIn('payments', 'pay', '/refund'), operation: 'payments.refund', once: 'x-refund-idempotency', effect: (body, { ids }) => reached(body, ids[0]!),
    run: (work) => refund(work, work.call.ids[0]!),
  }),
  operation({
    method: 'POST', path: /^\/v1\/refunds$/, operation: 'refunds.create', once: 'x-refund-idempotency', effect: (body) => reached(body, text(body, 'payment_id')),
    run: (work) => refund(work, text(work.body, 'payment_id') ?? ''),
  }),
  operation({
    method: 'GET', path: ofPayment, operation: 'payments.refunds.list',
    run: async (work) => listed(work, 'refund', { where: { payment_id: (await requireOf(work, 'payment', work.call.ids[0]!)).view.id } }),
  }),
  operation({
    method: 'GET', path: oneOfPayment, operation: 'payments.refunds.get',
    run: async (work) => {
      const { view } = await requireOf(work, 'refund', work.call.ids[1]!);
      if (view['payment_id'] !== work.call.ids[0]) throw unknownId();
      return view;
    },
  }),
  operation({ method: 'GET', path: /^\/v1\/refunds$/, operation: 'refunds.list', run: (work) => listed(work, 'refund', { filters: ['payment_id'] }) }),
  operation({ method: 'GET', path: idIn('refunds', 'rfnd'), operation: 'refunds.get', run: async (work) => (await requireOf(work, 'refund', work.call.ids[0]!)).view }),
  operation({
    method: 'PATCH', path: idIn('refunds', 'rfnd'), operation: 'refunds.update', effect: (_, { ids }) => ({ ...nothing, object: ids[0]! }),
    run: async (work) => {
      const found = await requireOf(work, 'refund', work.call.ids[0]!);
      return keep(work, 'refund', { ...found, view: { ...found.view, notes: notesOf(work.body) } }).view;
    },
  }),
];

async function refund(work: Work, id: string): Promise<JsonObject> {
  const { body, now } = work;
  const payment = await requireOf(work, 'payment', id);
  if (payment.view['status'] === 'refunded') throw bad('The payment has been fully refunded already');
  if (payment.view['status'] !== 'captured') throw bad('The payment status should be captured for action to be taken');
  const left = leftOf(payment);
  const amount = field(body, 'amount') === undefined ? left : requireAmount(field(body, 'amount'), 1n);
  if (amount > left) throw bad('The total refund amount is greater than the refund payment amount');
  const speed = text(body, 'speed') ?? 'normal';
  if (!['normal', 'optimum'].includes(speed)) throw bad('Invalid refund speed. Must be one of normal or optimum', { field: 'speed', reason: 'input_validation_failed' });
  const made: Refund = {
    merchant: payment.merchant,
    view: {
      id: work.id('rfnd_'), entity: 'refund', amount: Number(amount), currency: payment.view['currency']!, payment_id: payment.view.id, notes: notesOf(body), receipt: text(body, 'receipt'),
      acquirer_data: { arn: null }, created_at: seconds(now), batch_id: null, status: 'processed', speed_processed: speed === 'optimum' ? 'instant' : 'normal', speed_requested: speed,
    },
  };
  keep(work, 'refund', made);
  const after = refundedBy(work, payment, amount);
  for (const event of ['refund.created', 'refund.processed']) tellRefund(work, event, made, after);
  return made.view;
}

function leftOf({ view }: Payment): bigint {
  return (minorOf(view['amount']) ?? 0n) - (minorOf(view['amount_refunded']) ?? 0n);
}

/** `by` below nothing: the bank did not take it. */
function refundedBy(books: Books, payment: Payment, by: bigint): Payment {
  const refunded = (minorOf(payment.view['amount_refunded']) ?? 0n) + by;
  const whole = refunded >= (minorOf(payment.view['amount']) ?? 0n);
  return keep(books, 'payment', { ...payment, view: { ...payment.view, amount_refunded: Number(refunded), refund_status: refunded === 0n ? null : whole ? 'full' : 'partial', status: whole ? 'refunded' : 'captured' } });
}

/** A refund that came back: the seller has the money again. */
export async function refundFailed(books: Books, id: string): Promise<void> {
  const found = await findOf(books, 'refund', id);
  const payment = found === null ? null : await findOf(books, 'payment', String(found.view['payment_id']));
  if (found === null || payment === null || found.view['status'] === 'failed') return;
  const after = keep(books, 'refund', { ...found, view: { ...found.view, status: 'failed', speed_processed: null } });
  tellRefund(books, 'refund.failed', after, refundedBy(books, payment, -(minorOf(found.view['amount']) ?? 0n)));
}

function tellRefund(books: Books, event: string, { view, merchant }: Refund, payment: Payment): void {
  announce(books, { event, merchant, payload: { refund: view, payment: payment.view }, line: lineOf(payment) });
}

/** How much a refund is, where the call itself does not say all of it. */
export function refundOf(body: JsonObject | null, payment: Payment): ReturnType<typeof moneyOf> | null {
  const asked = field(body, 'amount') === undefined ? leftOf(payment) : minorOf(field(body, 'amount'));
  return asked === null ? null : moneyOf(asked, String(payment.view['currency']));
}
