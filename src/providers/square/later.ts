import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { money, moneyOf, shown } from './amount.ts';
import type { Books } from './operation.ts';
import { payOrder } from './orders.ts';
import { becomes, settled } from './payment-object.ts';
import type { PaymentView } from './payment-object.ts';
import { merchantOf } from './place.ts';
import { refundedOf, tell } from './refunds.ts';
import type { Refund } from './refunds.ts';

/** What time and banks do: an approved payment comes to its delay_action, a refund fails. */
export const laterEvents = ['payment.updated', 'refund.updated'] as const;

/** Each event happens to the object that the call's answer shows. `detail` of a refund: FAILED or REJECTED. */
export async function later(event: LaterEvent, { request, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const read = reply.status >= 300 ? null : parseJson(reply.body);
  const answer = read?.kind === 'json' ? asObject(read.value) : null;
  if (answer === null) return {};
  const books: Books = {
    ledger: openLedger(context), now: context.now, merchant: merchantOf(request),
    id: (length) => context.id('', { length, alphabet: 'base62' }), uuid: () => context.uuid(),
  };
  if (event.name === 'payment.updated') await lapse(books, answer);
  else if (event.name === 'refund.updated') await fail(books, answer, event.detail === 'REJECTED' ? 'REJECTED' : 'FAILED');
  return books.ledger.finish();
}

async function lapse(books: Books, answer: JsonObject): Promise<void> {
  const payment = await books.ledger.find<PaymentView>('payment', idOf(answer, 'payment'));
  if (payment?.status !== 'APPROVED') return;
  const after = settled(books, payment, payment['delay_action'] === 'COMPLETE' ? 'COMPLETED' : 'CANCELED');
  if (after.status === 'COMPLETED') await payOrder(books, after);
}

async function fail(books: Books, answer: JsonObject, status: 'FAILED' | 'REJECTED'): Promise<void> {
  const refund = await books.ledger.find<Refund>('refund', idOf(answer, 'refund'));
  if (refund === null || refund.instead !== null) return;
  // not before it was told that it is through
  const atMs = Math.max(books.now, refund.completesMs);
  const after: Refund = { ...refund, instead: { status, atMs } };
  books.ledger.save('refund', refund.view.id, after);
  const payment = await books.ledger.find<PaymentView>('payment', refund.view.payment_id);
  const amount = moneyOf(refund.view['amount_money'])!;
  if (payment !== null) becomes(books, payment, { refunded_money: shown(money(refundedOf(payment) - BigInt(amount.minor), amount.currency)) });
  tell(books, 'refund.updated', after, atMs);
}

function idOf(answer: JsonObject, name: string): string {
  return asString(field(asObject(field(answer, name)), 'id')) ?? '';
}
