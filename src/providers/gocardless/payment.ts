import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Books, Happened } from './books.ts';
import { happen } from './books.ts';
import { creditor, iso, some, textOf, wholeOf } from './objects.ts';
import type { View } from './objects.ts';

/** What a bank says of a direct debit it does not pay. https://developer.gocardless.com/api-reference/#event-types-payment */
export const causes: Readonly<Record<string, string>> = {
  insufficient_funds: "The customer's account had insufficient funds to make this payment.",
  refer_to_payer: "The customer's bank wouldn't pay this Direct Debit, and asks you to refer to the customer.",
  bank_account_closed: 'The bank account for this payment has been closed.',
  invalid_bank_details: 'The bank account specified does not exist.',
  mandate_cancelled: 'Customer cancelled the mandate at their bank branch.',
  direct_debit_not_enabled: 'The bank account for this payment does not support Direct Debit.',
  account_blocked_for_any_financial_transaction: "This payment failed because the payer's account was blocked.",
  authorisation_disputed: 'The customer has disputed authorising this payment.',
  other: 'This payment failed.',
};

export function newPayment(books: Books, { mandate, given, currency, amount }: { readonly mandate: View; readonly given: JsonObject; readonly currency: string; readonly amount: number }): View {
  const payment: View = {
    id: books.id('PM'), created_at: iso(books.now), charge_date: textOf(given, 'charge_date') ?? null, amount, amount_refunded: 0, currency, description: null, reference: null, status: 'pending_submission',
    retry_if_possible: false, scheme: mandate['scheme'] ?? null, faster_ach: null, ...some(given, ['description', 'reference', 'retry_if_possible', 'app_fee']), metadata: asObject(field(given, 'metadata')) ?? {},
    fx: { fx_currency: currency, fx_amount: null, exchange_rate: null, estimated_exchange_rate: null }, links: { mandate: mandate.id, creditor },
  };
  books.ledger.save('payment', payment.id, payment);
  return payment;
}

export function isPending(payment: View): boolean {
  return ['pending_customer_approval', 'pending_submission'].includes(textOf(payment, 'status') ?? '');
}

export function refundedOf(payment: View): number {
  return wholeOf(payment['amount_refunded']) ?? 0;
}

type Words = Pick<Happened, 'origin' | 'cause' | 'description'>;

const words: Readonly<Record<string, Words>> = {
  created: { origin: 'api', cause: 'payment_created', description: 'Payment created via the API.' },
  submitted: { origin: 'gocardless', cause: 'payment_submitted', description: 'Payment submitted to the banks. As a result, it can no longer be cancelled.' },
  confirmed: { origin: 'gocardless', cause: 'payment_confirmed', description: 'Enough time has passed since the payment was submitted for the banks to return an error, so this payment is now confirmed.' },
  paid_out: { origin: 'gocardless', cause: 'payment_paid_out', description: 'The payment has been paid out by GoCardless.' },
  cancelled: { origin: 'api', cause: 'payment_cancelled', description: 'The payment was cancelled at your request.' },
  resubmission_requested: { origin: 'api', cause: 'payment_retried', description: 'An attempt to retry the payment was made.' },
  charged_back: { origin: 'bank', cause: 'authorisation_disputed', description: 'The customer has disputed authorising this payment.' },
};

export function failure(cause: string | null): Words {
  const known = cause !== null && Object.hasOwn(causes, cause) ? cause : cause === null ? 'insufficient_funds' : 'other';
  return { origin: 'bank', cause: known, description: known === 'other' && cause !== null && cause !== 'other' ? cause.slice(0, 200) : causes[known]! };
}

export function tellPayment(books: Books, payment: View, action: string, more: Partial<Happened> = {}): void {
  happen(books, { resource: 'payments', action, ...(words[action] ?? failure(null)), about: payment, ...more, links: { payment: payment.id, ...more.links } });
}

/** The state it comes to, and the event of the same name unless another is given. */
export function paymentBecomes(books: Books, payment: View, status: string, more: Partial<Happened> = {}): View {
  const after: View = { ...payment, status };
  books.ledger.save('payment', payment.id, after);
  const bank = more.origin === 'bank' || status === 'charged_back' ? { details: { ...more.details, scheme: payment['scheme'] ?? null, ...(status === 'failed' ? { will_attempt_retry: false } : {}) } } : {};
  tellPayment(books, after, more.action ?? status, { ...more, ...bank });
  return after;
}

/** A debit is refused days after it was asked for; a rule that declines lets it happen at once. The answer is that of a payment on its way. */
export function refusedByBank(books: Books, payment: View): void {
  const { declined } = books.context;
  if (declined === null) return;
  tellPayment(books, payment, 'submitted');
  paymentBecomes(books, payment, 'failed', failure(declined.code));
}
