import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { declineFault } from './declines.ts';
import { findOf } from './objects.ts';
import type { Order } from './objects.ts';
import { idsOf, seconds } from './operation.ts';
import type { Books } from './operation.ts';
import { attempt, authorized, captured, fails, orderBehind, tell, tooLate } from './paying.ts';
import { ended } from './payment-links.ts';
import { refundFailed } from './refunds.ts';

/** What the payer does where Razorpay's checkout would be, and what banks do. */
export const laterEvents = ['payment.authorized', 'payment.captured', 'payment.failed', 'payment_link.paid', 'payment_link.expired', 'refund.failed', 'payment.dispute.created'] as const;

/** It happens to the order, link, payment or refund that the call's answer shows. `detail` of a failure: Razorpay's `reason`. */
export async function later({ name, detail }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status >= 300 ? null : parseJson(reply.body);
  const answer = json?.kind === 'json' ? asObject(json.value) : null;
  const id = asString(field(answer, 'razorpay_payment_id')) ?? asString(field(answer, 'id')) ?? '';
  const books: Books = { ledger: openLedger(context), now: context.now, id: idsOf(context) };
  if (name === 'refund.failed') await refundFailed(books, id);
  else if (name === 'payment.dispute.created') await disputed(books, id, detail);
  else if (id.startsWith('pay_')) await toPayment(books, id, name, detail);
  else if (id.startsWith('order_')) await toOrder(books, await findOf(books, 'order', id), name, detail);
  else if (id.startsWith('plink_')) await toLink(books, id, name, detail);
  return books.ledger.finish();
}

async function toPayment(books: Books, id: string, name: string, detail: string | null): Promise<void> {
  const payment = await findOf(books, 'payment', id);
  if (payment === null) return;
  const status = payment.view['status'];
  if (name === 'payment.failed' && status === 'created') await fails(books, payment, declineFault(detail));
  if (name === 'payment.authorized' && status === 'created') await authorized(books, payment);
  if (name !== 'payment.captured') return;
  const now = status === 'created' ? await authorized(books, payment) : payment;
  if (now.view['status'] === 'authorized' && await tooLate(books, now) === null) await captured(books, now);
}

async function toOrder(books: Books, order: Order | null, name: string, detail: string | null): Promise<void> {
  if (order === null || order.view['status'] === 'paid' || name.startsWith('payment_link.')) return;
  // what is authorized already waits for the seller
  const waiting = order.next.used ? await findOf(books, 'payment', order.next.payment ?? '') : null;
  if (name === 'payment.failed') await fails(books, attempt(books, order, 'failed'), declineFault(detail));
  else if (waiting === null) await paid(books, order, name);
  else if (name === 'payment.captured' && waiting.view['status'] === 'authorized') await captured(books, waiting);
}

async function paid(books: Books, order: Order, name: string): Promise<void> {
  const payment = await authorized(books, attempt(books, order, 'authorized'));
  if (name === 'payment.captured' && payment.view['status'] === 'authorized') await captured(books, payment);
}

async function toLink(books: Books, id: string, name: string, detail: string | null): Promise<void> {
  const link = await findOf(books, 'payment_link', id);
  if (link === null || link.view['status'] !== 'created') return;
  if (name === 'payment_link.expired') ended(books, link, 'expired');
  else await toOrder(books, await orderBehind(books, link), name === 'payment_link.paid' ? 'payment.captured' : name, detail);
}

async function disputed(books: Books, id: string, detail: string | null): Promise<void> {
  const payment = await findOf(books, 'payment', id);
  if (payment === null || payment.view['status'] !== 'captured') return;
  const day = 86_400;
  tell(books, 'payment.dispute.created', payment, {
    dispute: {
      id: books.id('disp_'), entity: 'dispute', payment_id: id, amount: payment.view['amount']!, currency: payment.view['currency']!, amount_deducted: 0, gateway_dispute_id: null,
      reason_code: detail ?? 'goods_or_services_not_received_or_partially_received', respond_by: seconds(books.now) + 7 * day, status: 'open', phase: 'chargeback', created_at: seconds(books.now),
    },
  });
}
