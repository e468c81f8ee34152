import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { approved, verdictOf } from './declines.ts';
import { hosted } from './hosted.ts';
import { booksOf, iso } from './operation.ts';
import type { Books } from './operation.ts';
import { captured, decided, ended, savePayment, tell } from './payment.ts';
import type { Paid } from './payment.ts';
import { announce } from './webhook.ts';

/** What the payer does where Checkout.com's page would be, and what banks and time do. */
export const laterEvents = ['payment_approved', 'payment_declined', 'payment_canceled', 'payment_expired', 'payment_captured', 'payment_refund_declined', 'dispute_received'] as const;

/** It happens to the payment, the page or the refund that the call's answer shows. `detail` of a decline: the response code. */
export async function later({ name, detail }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status >= 300 ? null : parseJson(reply.body);
  const answer = json?.kind === 'json' ? asObject(json.value) : null;
  const id = asString(field(answer, 'id')) ?? paymentIn(answer);
  const page = pageKinds[id.split('_')[0]!];
  if (page !== undefined) return await onPage({ kind: page, id }, name, context);
  const books = booksOf(context);
  const paid = await books.ledger.find<Paid>('payment', id);
  if (paid !== null) happened(books, paid, name, detail, asString(field(answer, 'action_id')));
  return books.ledger.finish();
}

const pageKinds: Readonly<Record<string, 'hosted_payment' | 'payment_link' | 'payment_session'>> = { hpp: 'hosted_payment', pl: 'payment_link', ps: 'payment_session' };

/** A capture or refund names its payment in a link alone. */
function paymentIn(answer: JsonObject | null): string {
  const url = asString(field(asObject(field(asObject(field(answer, '_links')), 'payment')), 'href')) ?? '';
  return /\/payments\/(pay_[A-Za-z0-9]{1,60})$/.exec(url)?.[1] ?? '';
}

async function onPage(subject: { readonly kind: string; readonly id: string }, name: string, context: SimulationContext): Promise<Consequences> {
  const choice = name === 'payment_approved' ? 'pay' : name === 'payment_declined' ? 'decline' : null;
  const page = choice === null ? null : await hosted.show(subject, context);
  if (choice === null || page === null || !page.choices.includes(choice)) return {};
  const { remember = [], callbacks = [] } = await hosted.choose(subject, choice, context) ?? {};
  return { remember, callbacks };
}

function happened(books: Books, paid: Paid, name: string, detail: string | null, action: string | null): void {
  if (paid.status === 'Pending') {
    if (name === 'payment_approved') decided(books, paid, paid.code === null ? approved : verdictOf(paid.code));
    if (name === 'payment_declined') decided(books, paid, verdictOf(detail ?? '20005'));
    if (name === 'payment_canceled' || name === 'payment_expired') ended(books, paid, name === 'payment_canceled' ? 'Canceled' : 'Expired');
  }
  if (name === 'payment_expired' && paid.status === 'Authorized') ended(books, { ...paid, final: true }, 'Expired');
  if (name === 'payment_captured' && paid.status === 'Authorized') captured(books, paid, { amount: BigInt(paid.authorized), final: true, reference: null });
  if (name === 'payment_refund_declined') refundFailed(books, paid, action, detail);
  if (name === 'dispute_received' && BigInt(paid.captured) > 0n) disputed(books, paid, detail);
}

/** The money stays with the seller. */
function refundFailed(books: Books, paid: Paid, id: string | null, detail: string | null): void {
  const refund = paid.actions.find((each) => each.id === id && each.type === 'Refund' && each.verdict.code === approved.code);
  if (refund === undefined) return;
  const failed = { ...refund, verdict: verdictOf(detail ?? '20005') };
  const refunded = BigInt(paid.refunded) - BigInt(refund.amount);
  const status = refunded > 0n ? 'Partially Refunded' : BigInt(paid.captured) >= BigInt(paid.authorized) ? 'Captured' : 'Partially Captured';
  tell(books, 'payment_refund_declined', savePayment(books, { ...paid, refunded: String(refunded), status, actions: paid.actions.map((each) => each.id === id ? failed : each) }), failed);
}

function disputed(books: Books, paid: Paid, detail: string | null): void {
  announce(books, {
    type: 'dispute_received', base: paid.base, subject: paid.id,
    data: {
      id: books.id('dsp_'), category: detail ?? 'general', amount: Number(paid.captured), currency: paid.currency, reason_code: '10.4', status: 'evidence_required', date: iso(books.now), evidence_required_by: iso(books.now + 14 * 86_400_000),
      payment_id: paid.id, ...(paid.given['reference'] === undefined ? {} : { payment_reference: paid.given['reference'] }), payment_method: String(paid.source['scheme'] ?? paid.source['type']).toUpperCase(),
    },
  });
}
