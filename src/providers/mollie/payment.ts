import type { CallbackDraft } from '../../model/provider.ts';
import { ofMinor } from '../wire/decimal-money.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { moneyOf, shown } from './amount.ts';
import { at, hal, page, some } from './operation.ts';
import type { Work } from './operation.ts';

export const statuses = ['open', 'pending', 'authorized', 'paid', 'canceled', 'expired', 'failed'] as const;
export type Status = (typeof statuses)[number];

/** Of a card: details.failureReason. https://docs.mollie.com/reference/get-payment */
export const declines = [
  'authentication_abandoned', 'authentication_failed', 'authentication_required', 'authentication_unavailable_acs', 'card_declined', 'card_expired', 'inactive_card', 'insufficient_funds', 'invalid_cvv',
  'invalid_card_holder_name', 'invalid_card_number', 'invalid_card_type', 'possible_fraud', 'refused_by_issuer', 'unknown_reason',
] as const;

export interface Paid {
  readonly id: string;
  readonly mode: 'live' | 'test';
  readonly status: Status;
  /** what the caller said, without tokens of cards and wallets */
  readonly given: JsonObject;
  readonly customer: string | null;
  readonly mandate: string | null;
  readonly method: string | null;
  /** refunded and charged back, in minor units; `queued` is refunded and not yet done */
  readonly refunded: string;
  readonly chargedBack: string;
  readonly createdMs: number;
  /** when it came to its status */
  readonly changedMs: number;
  readonly failure: string | null;
}

/** Fields that come back as they were given. */
const kept = ['amount', 'description', 'redirectUrl', 'cancelUrl', 'webhookUrl', 'metadata', 'locale', 'lines', 'billingAddress', 'shippingAddress', 'restrictPaymentMethodsToCountry', 'captureMode', 'captureDelay', 'sequenceType', 'issuer', 'billingEmail', 'profileId'];
const timeOf: Readonly<Partial<Record<Status, string>>> = { authorized: 'authorizedAt', paid: 'paidAt', canceled: 'canceledAt', expired: 'expiredAt', failed: 'failedAt' };

export function givenOf(body: JsonObject): JsonObject {
  return some(body, kept);
}

export function isCancelable({ status, method }: Paid): boolean {
  return status === 'authorized' || method === 'banktransfer' && status === 'open' || method === 'directdebit' && status === 'pending';
}

export function leftOf(paid: Paid): bigint {
  return BigInt(moneyOf(field(paid.given, 'amount'))!.minor) - BigInt(paid.refunded) - BigInt(paid.chargedBack);
}

export function showPayment(paid: Paid, { checkout }: Pick<Work, 'checkout'>): JsonObject {
  const { given, status } = paid;
  const amount = moneyOf(field(given, 'amount'))!;
  const self = `/payments/${paid.id}`;
  const settled: JsonObject = status === 'paid' ? { amountRefunded: shown(ofMinor(BigInt(paid.refunded), amount)), amountRemaining: shown(ofMinor(leftOf(paid), amount)) } : {};
  const time = timeOf[status];
  const reachedAt: JsonObject = time === undefined ? {} : { [time]: at(paid.changedMs) };
  return {
    resource: 'payment', id: paid.id, mode: paid.mode, createdAt: at(paid.createdMs), ...given, amount: shown(amount), metadata: field(given, 'metadata') ?? null, method: paid.method,
    status, ...reachedAt, ...(paid.failure === null ? {} : { statusReason: { code: paid.failure, message: paid.failure }, details: { failureReason: paid.failure } }),
    ...settled, ...(paid.chargedBack === '0' ? {} : { amountChargedBack: shown(ofMinor(BigInt(paid.chargedBack), amount)) }),
    isCancelable: isCancelable(paid), ...(status === 'open' ? { expiresAt: at(paid.createdMs + 15 * 60_000) } : {}),
    locale: field(given, 'locale') ?? null, profileId: field(given, 'profileId') ?? 'pfl_fourthwall', sequenceType: field(given, 'sequenceType') ?? 'oneoff',
    ...(paid.customer === null ? {} : { customerId: paid.customer }), ...(paid.mandate === null ? {} : { mandateId: paid.mandate }),
    _links: {
      self: hal(self),
      ...(status === 'open' ? { checkout: page(checkout(paid.id)) } : {}),
      dashboard: page(`https://my.mollie.com/dashboard/payments/${paid.id}`),
      ...(paid.refunded === '0' ? {} : { refunds: hal(`${self}/refunds`) }),
      ...(paid.customer === null ? {} : { customer: hal(`/customers/${paid.customer}`) }),
      ...(paid.mandate === null ? {} : { mandate: hal(`/customers/${paid.customer}/mandates/${paid.mandate}`) }),
      documentation: page('https://docs.mollie.com/reference/get-payment'),
    },
  };
}

export function savePayment(work: Pick<Work, 'ledger'>, paid: Paid): void {
  work.ledger.save('payment', paid.id, paid, paymentIndex(paid));
}

export function paymentIndex({ customer }: Paid): Readonly<Record<string, string>> {
  return { all: 'yes', ...(customer === null ? {} : { customer }) };
}

/** The call of the webhook: the id alone, unsigned. The application reads the payment anew. Nothing where the payment names no URL. */
export function told(paid: Paid, event: string, atMs: number): readonly CallbackDraft[] {
  const target = asString(field(paid.given, 'webhookUrl'));
  if (target === null || target === '') return [];
  return [{
    target, object: paid.id, event, notBeforeMs: atMs, method: 'POST', headers: [['User-Agent', 'Mollie HTTP/2.0'], ['Accept', '*/*']],
    body: `id=${paid.id}`, contentType: 'application/x-www-form-urlencoded',
  }];
}
