import { amountFault } from '../../currency.ts';
import { errorBody } from '../../errors.ts';
import type { StripeObject } from '../../object.ts';
import { ok } from '../../operation.ts';
import type { Answer } from '../../operation.ts';
import type { Work } from '../../work.ts';
import { confirm } from '../confirm.ts';
import { newIntent } from '../intent.ts';
import type { PaymentIntent } from '../intent.ts';
import { methodFor } from '../payment-method.ts';
import { invoiceFailed, invoicePaid } from '../subscription/subscription-object.ts';
import type { Invoice } from './invoice-object.ts';

interface InvoicePayment extends StripeObject { readonly invoice: string; readonly status: string; readonly status_transitions: { readonly canceled_at: number | null; readonly paid_at: number | null } }

const day = 86_400;

/** A draft becomes what the customer owes: numbered, with the balance taken in and a PaymentIntent for the rest. What owes nothing is paid at once. */
export async function finalize(work: Work, draft: Invoice): Promise<Invoice> {
  const customer = (await work.find('customer', draft.customer))!;
  const sequence = Number(customer['next_invoice_sequence'] ?? 1);
  const owed = draft.total + draft.starting_balance;
  // too little to charge: it waits on the customer's balance
  const small = owed > 0 && amountFault(owed, draft.currency)?.code === 'amount_too_small';
  const due = small ? 0 : Math.max(owed, 0);
  const ending = small ? owed : Math.min(owed, 0);
  const intent = due === 0 ? null : invoiceIntent(work, draft, due);
  const open: Invoice = {
    ...draft, amount_due: due, amount_remaining: due, automatically_finalizes_at: null, effective_at: work.now, ending_balance: ending, hosted_invoice_url: work.payerPage('invoice', draft.id),
    number: draft.number ?? `${String(customer['invoice_prefix'] ?? 'FOURTHWALL')}-${String(sequence).padStart(4, '0')}`, payment_intent: intent?.id ?? null, status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: work.now },
  };
  work.save({ ...customer, balance: ending, next_invoice_sequence: draft.number === null ? sequence + 1 : sequence });
  work.save(open);
  work.event('invoice.finalized', open);
  return due === 0 ? paid(work, open, null) : open;
}

function invoiceIntent(work: Work, invoice: Invoice, due: number): PaymentIntent {
  const intent: PaymentIntent = {
    ...newIntent(work, due, invoice.currency), customer: invoice.customer, description: invoice.subscription === null ? 'Payment for Invoice' : invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
    // so that the card of a first payment is there for the next
    setup_future_usage: invoice.subscription === null ? null : 'off_session',
  };
  work.save(intent);
  work.event('payment_intent.created', intent);
  work.save({
    id: paymentId(intent.id), object: 'invoice_payment', amount_paid: null, amount_requested: due, created: work.now, currency: invoice.currency, invoice: invoice.id, is_default: true, livemode: work.livemode,
    payment: { payment_intent: intent.id, type: 'payment_intent' }, status: 'open', status_transitions: { canceled_at: null, paid_at: null },
  });
  return intent;
}

/** Takes what is due with this method. The answer is Stripe's own: the invoice, a decline, or what the customer still has to do. */
export async function collect(work: Work, invoice: Invoice, method: string): Promise<Answer> {
  const intent = (await work.find<PaymentIntent>('payment_intent', invoice.payment_intent!))!;
  const named: PaymentIntent = { ...intent, payment_method: (await methodFor(work, method, 'payment_method')).id, status: 'requires_confirmation' };
  const answer = await confirm(work, named, { offSession: false, errorOnRequiresAction: false, returnUrl: null });
  const after = await settled(work, invoice, (await work.find<PaymentIntent>('payment_intent', intent.id))!);
  if (answer.status !== 200) return answer;
  if (after.status === 'paid') return ok(after);
  return {
    status: 402,
    body: errorBody({
      type: 'card_error', code: 'invoice_payment_intent_requires_action', payment_intent: answer.body,
      message: 'This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice. For more details see: https://stripe.com/docs/billing/subscriptions/overview#requires-action',
    }),
  };
}

/** The payment is left to the customer, who need only say yes to the method that is known. */
export async function prepare(work: Work, id: string, method: string): Promise<void> {
  const intent = await work.find<PaymentIntent>('payment_intent', (await work.find<Invoice>('invoice', id))?.payment_intent ?? '');
  if (intent?.status === 'requires_payment_method') work.save({ ...intent, payment_method: method, status: 'requires_confirmation' });
}

/** What the invoice is after its PaymentIntent was confirmed, here or by the customer. */
export async function settled(work: Work, invoice: Invoice, intent: PaymentIntent): Promise<Invoice> {
  if (!['open', 'uncollectible'].includes(invoice.status)) return invoice;
  if (intent.status === 'succeeded') return paid(work, invoice, intent);
  if (intent.status === 'requires_action') {
    const waiting = tried(work, invoice, null);
    work.event('invoice.payment_action_required', waiting);
    work.event('invoice.payment_failed', waiting);
    return waiting;
  }
  if (intent['last_payment_error'] === null) return invoice;
  const failed = tried(work, invoice, intent.latest_charge);
  work.event('invoice.payment_failed', failed);
  if (invoice.subscription !== null) await invoiceFailed(work, invoice.subscription);
  return failed;
}

function tried(work: Work, invoice: Invoice, charge: string | null): Invoice {
  const after: Invoice = {
    ...invoice, attempt_count: invoice.attempt_count + 1, attempted: true, charge: charge ?? invoice['charge'] ?? null,
    next_payment_attempt: invoice['auto_advance'] === true && invoice.collection_method === 'charge_automatically' && invoice.billing_reason !== 'subscription_create' ? work.now + 3 * day : null,
  };
  work.save(after);
  return after;
}

/** `intent` null: nothing was charged, because nothing was due or it was paid elsewhere. */
export async function paid(work: Work, invoice: Invoice, intent: PaymentIntent | null): Promise<Invoice> {
  const after: Invoice = {
    ...invoice, amount_paid: invoice.amount_due, amount_remaining: 0, attempt_count: intent === null ? invoice.attempt_count : invoice.attempt_count + 1, attempted: true, auto_advance: false,
    charge: intent?.latest_charge ?? null, next_payment_attempt: null, paid: true, status: 'paid', status_transitions: { ...invoice.status_transitions, paid_at: work.now },
  };
  work.save(after);
  const payment = intent === null ? null : await paymentOf(work, intent.id);
  if (payment !== null) {
    const done = { ...payment, amount_paid: invoice.amount_due, status: 'paid', status_transitions: { ...payment.status_transitions, paid_at: work.now } };
    work.save(done);
    work.event('invoice_payment.paid', done);
  }
  work.event('invoice.paid', after);
  work.event('invoice.payment_succeeded', after);
  if (invoice.subscription !== null) await invoicePaid(work, invoice.subscription, intent?.payment_method ?? null);
  return after;
}

/** The payment that is no longer wanted, because the invoice was voided or paid elsewhere. */
export async function withdraw(work: Work, invoice: Invoice): Promise<void> {
  const intent = invoice.payment_intent === null ? null : await work.find<PaymentIntent>('payment_intent', invoice.payment_intent);
  if (intent === null || ['succeeded', 'canceled'].includes(intent.status)) return;
  const canceled: PaymentIntent = { ...intent, canceled_at: work.now, cancellation_reason: 'void_invoice', next_action: null, status: 'canceled' };
  work.save(canceled);
  work.event('payment_intent.canceled', canceled);
  const payment = await paymentOf(work, intent.id);
  if (payment !== null) work.save({ ...payment, status: 'canceled', status_transitions: { ...payment.status_transitions, canceled_at: work.now } });
}

/** A PaymentIntent was confirmed or authenticated by itself: if it pays an invoice, that follows. */
export async function confirmedInvoice(work: Work, id: string): Promise<void> {
  const payment = await paymentOf(work, id);
  if (payment === null) return;
  const invoice = await work.find<Invoice>('invoice', payment.invoice);
  if (invoice !== null) await settled(work, invoice, (await work.find<PaymentIntent>('payment_intent', id))!);
}

/** Its id follows from the PaymentIntent's, so that it is found in the very call that made it. */
function paymentId(intent: string): string {
  return `inpay_1${intent.slice(4)}`;
}

function paymentOf(work: Work, intent: string): Promise<InvoicePayment | null> {
  return work.known<InvoicePayment>('invoice_payment', paymentId(intent));
}
