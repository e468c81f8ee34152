import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { moneyOf } from './amount.ts';
import type { Session } from './checkout.ts';
import { failed } from './modifications.ts';
import type { Books } from './operation.ts';
import { authorised, named, newPayment } from './payment.ts';
import type { Payment } from './payment.ts';
import { livenessOf } from './place.ts';
import { announce } from './webhook.ts';

/** What shoppers and banks do: pay a session or a redirect, let a capture or a refund fail, take the money back. */
export const laterEvents = ['AUTHORISATION', 'CAPTURE_FAILED', 'REFUND_FAILED', 'CHARGEBACK'] as const;

/** Each event happens to what the call's answer shows. `detail` of an AUTHORISATION that is refused: 'DECLINED', 'NOT_ENOUGH_BALANCE' or their codes. */
export async function later(event: LaterEvent, { request, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const read = reply.status >= 300 ? null : parseJson(reply.body);
  const answer = read?.kind === 'json' ? asObject(read.value) : null;
  if (answer === null) return {};
  const books: Books = { ledger: openLedger(context), now: context.now, live: livenessOf(request) === 'live', id: (length = 16) => context.id('', { length, alphabet: 'base62' }).toUpperCase() };
  await happen(event, answer, request.path, books);
  return books.ledger.finish();
}

async function happen({ name, detail }: LaterEvent, answer: JsonObject, path: string, books: Books): Promise<void> {
  const of = asString(field(answer, 'paymentPspReference'));
  const own = asString(field(answer, 'pspReference')) ?? '';
  const payment = await books.ledger.find<Payment>('payment', of ?? own);
  if (name === 'AUTHORISATION') {
    if (payment?.status === 'pending') authorised(books, payment, named(detail));
    else if (payment === null) await payed(books, asString(field(answer, 'id')) ?? '', detail);
    return;
  }
  if (payment?.status !== 'authorised') return;
  if (name === 'CHARGEBACK') {
    if (of === null) announce(books, payment, { code: 'CHARGEBACK', success: true, psp: books.id(), reason: detail ?? 'Other Fraud-Card Absent Environment' });
    return;
  }
  const kind = name === 'CAPTURE_FAILED' ? 'capture' : 'refund';
  const minor = moneyOf(field(answer, 'amount'))?.minor;
  if (of !== null && minor !== undefined && path.endsWith(`/${kind}s`)) failed(books, payment, { kind, psp: own, reference: asString(field(answer, 'reference')), minor: BigInt(minor), reason: detail ?? 'Failed' });
}

async function payed(books: Books, id: string, detail: string | null): Promise<void> {
  const session = await books.ledger.find<Session>('session', id);
  const amount = moneyOf(session?.value);
  if (session?.status !== 'active' || amount === null) return;
  const refusal = named(detail);
  authorised(books, newPayment(books, { merchantAccount: session.merchantAccount, reference: session.reference, brand: 'visa', status: 'pending', amount }), refusal);
  books.ledger.save('session', id, { ...session, status: refusal === null ? 'completed' : 'refused' } satisfies Session);
}
