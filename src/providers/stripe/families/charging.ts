import type { JsonObject } from '../../wire/json.ts';
import { asString, field } from '../../wire/json.ts';
import type { StripeObject } from '../object.ts';
import type { CardOutcome, Decline } from '../test-cards.ts';
import type { Work } from '../work.ts';
import { book } from './balance-transaction.ts';
import type { PaymentMethod } from './card-method.ts';

export interface Charge extends StripeObject {
  readonly amount: number;
  readonly amount_captured: number;
  readonly amount_refunded: number;
  readonly captured: boolean;
  readonly currency: string;
  readonly customer: string | null;
  readonly metadata: JsonObject;
  readonly payment_intent: string | null;
  readonly payment_method: string;
  readonly payment_method_details: JsonObject;
  readonly refunded: boolean;
  readonly status: 'succeeded' | 'failed' | 'pending';
}

/** What a charge takes over from the payment intent, or from the call that makes it. */
export interface ChargeRequest {
  readonly amount: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly intent: string | null;
  readonly method: PaymentMethod;
  /** false leaves the money authorised only */
  readonly capture: boolean;
  /** the payer passed 3-D Secure */
  readonly authenticated?: boolean;
  readonly carried: {
    readonly application_fee_amount: number | null; readonly description: string | null; readonly metadata: JsonObject; readonly on_behalf_of: string | null;
    readonly receipt_email: string | null; readonly shipping: JsonObject | null; readonly statement_descriptor: string | null;
    readonly statement_descriptor_suffix: string | null; readonly transfer_data: JsonObject | null; readonly transfer_group: string | null;
  };
}

/** Charges an approved card: the charge, its balance transaction when captured, and its event. */
export function succeed(work: Work, request: ChargeRequest, outcome: CardOutcome): Charge {
  const risk = outcome.kind === 'approve' ? outcome.risk : 'normal';
  const base = newCharge(work, request, approved(risk));
  const done: Charge = {
    ...base, paid: true, status: 'succeeded',
    ...(request.capture ? { captured: true, amount_captured: request.amount, balance_transaction: bookCharge(work, base, request.amount) } : {}),
  };
  work.save(done);
  work.event('charge.succeeded', done);
  return done;
}

/** What the card network said of a charge that went well. */
export function approved(risk: 'normal' | 'elevated'): JsonObject {
  return {
    advice_code: null, network_advice_code: null, network_decline_code: null, network_status: 'approved_by_network', reason: risk === 'elevated' ? 'elevated_risk_level' : null,
    risk_level: risk, risk_score: risk === 'elevated' ? 67 : 32, seller_message: 'Payment complete.', type: 'authorized',
  };
}

/** Charges a card that declines. */
export function fail(work: Work, request: ChargeRequest, decline: Decline): Charge {
  const blocked = decline.declineCode === 'fraudulent';
  const base = newCharge(work, request, {
    advice_code: decline.advice, network_advice_code: null, network_decline_code: null,
    network_status: blocked ? 'not_sent_to_network' : 'declined_by_network', reason: blocked ? 'highest_risk_level' : decline.declineCode,
    risk_level: blocked ? 'highest' : 'normal', risk_score: blocked ? 99 : 32,
    seller_message: blocked ? 'Stripe blocked this payment as too risky.' : `The bank returned the decline code \`${decline.declineCode}\`.`,
    type: blocked ? 'blocked' : 'issuer_declined',
  });
  const failed: Charge = { ...base, failure_code: decline.code, failure_message: decline.message, receipt_url: null, status: 'failed' };
  work.save(failed);
  work.event('charge.failed', failed);
  return failed;
}

/** Takes (part of) an authorised amount; the rest is given back, as at Stripe. */
export function captureCharge(work: Work, before: Charge, amount: number): Charge {
  const rest = before.amount - amount;
  const after: Charge = {
    ...before, captured: true, amount_captured: amount, amount_refunded: rest, balance_transaction: bookCharge(work, before, amount),
  };
  work.save(after);
  work.event('charge.captured', after);
  return after;
}

/** Gives back an authorisation that was never captured. */
export function releaseCharge(work: Work, before: Charge): Charge {
  const after: Charge = { ...before, amount_refunded: before.amount, refunded: true };
  work.save(after);
  work.event('charge.refunded', after, { amount_refunded: before.amount_refunded, refunded: false });
  return after;
}

function bookCharge(work: Work, charge: Charge, amount: number): string {
  const card = field(charge.payment_method_details, 'card') as JsonObject;
  return book(work, { type: 'charge', amount, currency: charge.currency, source: charge.id, atOnce: asString(field(card, 'last4')) === '0077' });
}

/** https://docs.stripe.com/api/charges/object */
export function newCharge(work: Pick<Work, 'id' | 'now' | 'livemode'>, { amount, currency, customer, intent, method, carried, authenticated }: ChargeRequest, outcome: JsonObject): Charge {
  const { card } = method;
  const id = work.id('ch_3', 23);
  return {
    id, object: 'charge', amount, amount_captured: 0, amount_refunded: 0, application: null, application_fee: null,
    application_fee_amount: carried.application_fee_amount, balance_transaction: null, billing_details: method.billing_details,
    calculated_statement_descriptor: carried.statement_descriptor ?? 'Stripe', captured: false, created: work.now, currency, customer,
    description: carried.description, disputed: false, failure_balance_transaction: null, failure_code: null, failure_message: null, fraud_details: {},
    livemode: work.livemode, metadata: carried.metadata, on_behalf_of: carried.on_behalf_of, outcome, paid: false, payment_intent: intent,
    payment_method: method.id,
    payment_method_details: {
      card: {
        amount_authorized: amount, authorization_code: null, brand: card['brand']!, checks: card['checks']!, country: card['country']!,
        electronic_commerce_indicator: null, exp_month: card['exp_month']!, exp_year: card['exp_year']!, extended_authorization: { status: 'disabled' },
        fingerprint: card['fingerprint'] ?? null, funding: card['funding']!, incremental_authorization: { status: 'unavailable' }, installments: null, last4: card['last4']!,
        mandate: null, multicapture: { status: 'unavailable' }, network: card['brand']!, network_token: { used: false }, network_transaction_id: null,
        overcapture: { maximum_amount_capturable: amount, status: 'unavailable' }, regulated_status: 'unregulated', three_d_secure: authenticated === true ? threeDSecure(work) : null,
        transaction_link_id: null, wallet: null,
      },
      type: 'card',
    },
    radar_options: {}, receipt_email: carried.receipt_email, receipt_number: null, receipt_url: `https://pay.stripe.com/receipts/payment/${id}`, refunded: false,
    review: null, shipping: carried.shipping, source: null, source_transfer: null, statement_descriptor: carried.statement_descriptor,
    statement_descriptor_suffix: carried.statement_descriptor_suffix, status: 'pending', transfer_data: carried.transfer_data,
    transfer_group: carried.transfer_group,
  };
}

function threeDSecure(work: Pick<Work, 'id'>): JsonObject {
  return {
    authentication_flow: 'challenge', electronic_commerce_indicator: '05', exemption_indicator: null, result: 'authenticated', result_reason: null, transaction_id: work.id('', 24), version: '2.2.0',
  };
}
