import type { Money } from '../../model/money.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { ofMinor } from '../wire/decimal-money.ts';
import { shownPayment } from './amount.ts';
import { notFound } from './errors.ts';
import { at, some } from './operation.ts';
import type { Books } from './operation.ts';
import type { Environment } from './place.ts';
import { announce } from './webhook.ts';

/** Without 'PAYMENT_STATUS_'. */
export type Status = 'INPUT_NEEDED' | 'AUTHORISING' | 'INITIATED' | 'EXECUTED' | 'SETTLED' | 'REJECTED' | 'FAILED' | 'BLOCKED' | 'CANCELLED' | 'INSUFFICIENT_FUNDS';

/** A transfer that the payer makes from their own bank (Europe). */
export interface BankPayment {
  readonly id: string;
  readonly recipient: string;
  readonly given: JsonObject;
  readonly amount: Money;
  readonly status: Status;
  /** where a link that was opened for it wants to be told */
  readonly webhook: string | null;
  readonly refunds: readonly { readonly id: string; readonly minor: string }[];
  readonly environment: Environment;
  readonly changedMs: number;
}

const ends: readonly Status[] = ['REJECTED', 'FAILED', 'BLOCKED', 'CANCELLED', 'INSUFFICIENT_FUNDS'];
/** https://plaid.com/docs/payment-initiation/payment-status/ */
export const nextPayment: Readonly<Partial<Record<Status, readonly Status[]>>> = {
  INPUT_NEEDED: ['AUTHORISING', 'INITIATED', 'EXECUTED', ...ends], AUTHORISING: ['INITIATED', 'EXECUTED', ...ends], INITIATED: ['EXECUTED', 'SETTLED', ...ends], EXECUTED: ['SETTLED', 'REJECTED', 'FAILED'],
};

export function savePayment({ ledger }: Pick<Books, 'ledger'>, payment: BankPayment): void {
  ledger.save('payment', payment.id, payment);
}

export async function paymentOf({ ledger }: Pick<Books, 'ledger'>, id: string | null): Promise<BankPayment> {
  const payment = await ledger.find<BankPayment>('payment', id ?? '');
  if (payment === null) throw notFound('payment');
  return payment;
}

export function refundedOf({ refunds }: BankPayment): bigint {
  return refunds.reduce((sum, { minor }) => sum + BigInt(minor), 0n);
}

/** The payment one step on, and told. */
export function paymentBecame(books: Books, payment: BankPayment, status: Status, to: string | null = payment.webhook): BankPayment {
  const now: BankPayment = { ...payment, status, changedMs: books.now };
  savePayment(books, now);
  announce(books, {
    type: 'PAYMENT_INITIATION', code: 'PAYMENT_STATUS_UPDATE', environment: payment.environment, to, line: payment.id, event: `PAYMENT_STATUS_${status}`,
    body: {
      payment_id: payment.id, transaction_id: null, new_payment_status: `PAYMENT_STATUS_${status}`, old_payment_status: `PAYMENT_STATUS_${payment.status}`, original_reference: asString(field(payment.given, 'reference')),
      adjusted_reference: null, original_start_date: null, adjusted_start_date: null, timestamp: at(books.now), error: null,
    },
  });
  return now;
}

export function showPayment(payment: BankPayment): JsonObject {
  const refunded = refundedOf(payment);
  return {
    payment_id: payment.id, recipient_id: payment.recipient, ...some(payment.given, ['reference', 'schedule']), amount: shownPayment(payment.amount), status: `PAYMENT_STATUS_${payment.status}`, adjusted_reference: null,
    last_status_update: at(payment.changedMs), refund_details: null, bacs: null, iban: null, refund_ids: payment.refunds.map(({ id }) => id),
    ...(refunded === 0n ? {} : { amount_refunded: shownPayment(ofMinor(refunded, payment.amount)) }), wallet_id: null, scheme: null, adjusted_scheme: null, consent_id: null, transaction_id: null, end_to_end_id: null, error: null,
  };
}
