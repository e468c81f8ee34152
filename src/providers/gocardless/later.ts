import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { closeBooks, openBooks } from './books.ts';
import type { Books } from './books.ts';
import { isOpen } from './billing-request.ts';
import type { BillingRequest } from './billing-request.ts';
import { authoriseRequest } from './authorise.ts';
import { isAlive, mandateBecomes } from './mandate.ts';
import { linkOf, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { failure, paymentBecomes } from './payment.ts';
import { payOut } from './payouts.ts';
import { refundBecomes } from './refunds.ts';

/** What payers do, and what banks take days for. */
export const laterEvents = [
  'payments.submitted', 'payments.confirmed', 'payments.paid_out', 'payments.failed', 'payments.charged_back', 'mandates.submitted', 'mandates.active', 'mandates.failed', 'mandates.cancelled', 'mandates.expired',
  'refunds.paid', 'refunds.failed', 'refunds.funds_returned', 'billing_requests.fulfilled',
] as const;

/** From which states a payment comes to another. One that fails late was confirmed, or paid out, before. */
const payments: Readonly<Record<string, readonly string[]>> = {
  submitted: ['pending_submission'], confirmed: ['pending_submission', 'submitted'], paid_out: ['pending_submission', 'submitted', 'confirmed'],
  failed: ['pending_submission', 'submitted', 'confirmed', 'paid_out'], charged_back: ['confirmed', 'paid_out'],
};
const mandates: Readonly<Record<string, readonly string[]>> = { submitted: ['pending_submission'], active: ['pending_submission', 'submitted'] };
const refunds: Readonly<Record<string, readonly string[]>> = { paid: ['created', 'pending_submission', 'submitted'], failed: ['created', 'pending_submission', 'submitted', 'paid'], funds_returned: ['bounced'] };

/** It happens to the object that the call's answer shows, or to what came of it. `detail` is the bank's cause. */
export async function later({ name, detail }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status >= 300 ? null : parseJson(reply.body);
  const answer = json?.kind === 'json' ? asObject(json.value) : null;
  const books = openBooks(context);
  const [resource, action] = name.split('.') as [string, string];
  const id = await idOf(books, answer, resource);
  if (id !== null) await happens(books, resource, action, id, detail);
  return closeBooks(books);
}

/** True when it happened. */
export async function happens(books: Books, resource: string, action: string, id: string, detail: string | null): Promise<boolean> {
  switch (resource) {
    case 'payments': return onPayment(books, action, id, detail);
    case 'mandates': return onMandate(books, action, id, detail);
    case 'refunds': {
      const refund = await books.ledger.find<View>('refund', id);
      if (refund === null || !refunds[action]?.includes(textOf(refund, 'status') ?? '')) return false;
      await refundBecomes(books, refund, action);
      return true;
    }
    default: {
      const request = await books.ledger.find<BillingRequest>('billing_request', id);
      if (request === null || !isOpen(request)) return false;
      await authoriseRequest(books, request, {}, true);
      return true;
    }
  }
}

async function onPayment(books: Books, action: string, id: string, detail: string | null): Promise<boolean> {
  const payment = await books.ledger.find<View>('payment', id);
  if (payment === null || !payments[action]?.includes(textOf(payment, 'status') ?? '')) return false;
  if (action === 'paid_out') payOut(books, payment);
  else paymentBecomes(books, payment, action, action === 'failed' ? failure(detail) : {});
  return true;
}

async function onMandate(books: Books, action: string, id: string, detail: string | null): Promise<boolean> {
  const mandate = await books.ledger.find<View>('mandate', id);
  if (mandate === null || !(mandates[action] ?? (isAlive(mandate) ? [textOf(mandate, 'status')] : [])).includes(textOf(mandate, 'status') ?? '')) return false;
  const ends = action === 'failed' || action === 'cancelled';
  await mandateBecomes(books, mandate, action, action, ends && detail !== null ? { cause: failure(detail).cause, description: failure(detail).description } : {});
  return true;
}

const kindOf: Readonly<Record<string, readonly [link: string, deep: string]>> = { payments: ['payment', 'payment_request_payment'], mandates: ['mandate', 'mandate_request_mandate'], refunds: ['refund', ''], billing_requests: ['billing_request', ''] };

async function idOf({ ledger }: Pick<Books, 'ledger'>, answer: JsonObject | null, resource: string): Promise<string | null> {
  const own = textOf(asObject(field(answer, resource)), 'id');
  if (own !== null) return own;
  const shown = Object.values(answer ?? {}).map((value) => asObject(value)).find((value) => value !== null) ?? null;
  const [link, deep] = kindOf[resource]!;
  const linked = linkOf(shown, link);
  if (linked !== null) return linked;
  const request = await ledger.find<BillingRequest>('billing_request', linkOf(shown, 'billing_request') ?? textOf(shown, 'id') ?? '');
  return deep === '' ? null : linkOf(request, deep);
}
