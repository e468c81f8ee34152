import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import type { Ledger } from '../wire/ledger.ts';
import { moneyOf } from './amount.ts';
import { saveMandate } from './mandates.ts';
import { leftOf, savePayment, told } from './payment.ts';
import type { Paid, Status } from './payment.ts';
import { givenBackAgain, saveRefund } from './refunds.ts';
import type { Refund } from './refunds.ts';

const next: Readonly<Partial<Record<Status, readonly Status[]>>> = {
  open: ['pending', 'authorized', 'paid', 'failed', 'canceled', 'expired'],
  pending: ['authorized', 'paid', 'failed', 'canceled', 'expired'],
  authorized: ['paid', 'canceled', 'expired'],
};

/** What the customer does on Mollie's page, and what banks do. A classic webhook names no event: these are the states it leads to. */
export const laterEvents = ['payment.paid', 'payment.authorized', 'payment.pending', 'payment.failed', 'payment.canceled', 'payment.expired', 'payment.chargeback', 'refund.refunded', 'refund.failed'] as const;

/** It happens to the payment or the refund that the call's answer shows. `detail` is Mollie's failureReason. */
export async function later({ name, detail }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status >= 300 ? null : parseJson(reply.body);
  const answer = json?.kind === 'json' ? asObject(json.value) : null;
  const id = asString(field(answer, 'id')) ?? '';
  const ledger = openLedger(context);
  const [what, word] = name.split('.') as [string, string];
  if (what === 'refund') await refundBecame(ledger, id, word as Refund['status'], context.now);
  else if (word === 'chargeback') await chargedBack(ledger, id, context.now);
  else await paymentBecame(ledger, id, word as Status, detail, context);
  return ledger.finish();
}

/** What the customer has done, or the customer's bank. `by`: with what, where neither call nor customer had said so before. */
export async function paymentBecame(ledger: Ledger, id: string, status: Status, detail: string | null, { now, id: fresh }: Pick<SimulationContext, 'now' | 'id'>, by: string | null = null): Promise<void> {
  const paid = await ledger.find<Paid>('payment', id);
  if (paid === null || !(next[paid.status] ?? []).includes(status)) return;
  const method = paid.method ?? by ?? (field(paid.given, 'sequenceType') === 'first' ? 'creditcard' : 'ideal');
  const first = status === 'paid' && field(paid.given, 'sequenceType') === 'first' && paid.customer !== null;
  const mandate = first ? fresh('mdt_', { length: 10, alphabet: 'base62' }) : paid.mandate;
  // what was paid by iDEAL and the like is taken by direct debit from then on
  if (first) saveMandate({ ledger }, { id: mandate!, customer: paid.customer!, mode: paid.mode, method: ['creditcard', 'paypal'].includes(method) ? method : 'directdebit', status: 'valid', given: {}, createdMs: now });
  const after: Paid = { ...paid, status, method, mandate, changedMs: now, failure: status === 'failed' ? detail ?? 'unknown_reason' : null };
  savePayment({ ledger }, after);
  for (const draft of told(after, `payment.${status}`, now)) ledger.tell(draft);
}

async function chargedBack(ledger: Ledger, id: string, now: number): Promise<void> {
  const paid = await ledger.find<Paid>('payment', id);
  if (paid === null || paid.status !== 'paid' || leftOf(paid) <= 0n || moneyOf(field(paid.given, 'amount')) === null) return;
  const after: Paid = { ...paid, chargedBack: String(BigInt(paid.chargedBack) + leftOf(paid)) };
  savePayment({ ledger }, after);
  for (const draft of told(after, 'payment.chargeback', now)) ledger.tell(draft);
}

async function refundBecame(ledger: Ledger, id: string, status: Refund['status'], now: number): Promise<void> {
  const refund = await ledger.find<Refund>('refund', id);
  const paid = refund === null ? null : await ledger.find<Paid>('payment', refund.payment);
  if (refund === null || paid === null || refund.status !== 'pending') return;
  saveRefund({ ledger }, { ...refund, status });
  if (status === 'failed') givenBackAgain({ ledger }, refund, paid);
  for (const draft of told(paid, `refund.${status}`, now)) ledger.tell(draft);
}
