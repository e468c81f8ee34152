import type { JsonObject } from '../../wire/json.ts';
import { asString, field } from '../../wire/json.ts';
import { invalid } from '../errors.ts';
import type { StripeFailure } from '../errors.ts';
import type { StripeObject } from '../object.ts';
import { flag } from '../params.ts';
import type { Work } from '../work.ts';

export type IntentStatus =
  | 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'processing' | 'requires_capture' | 'canceled' | 'succeeded';

export interface PaymentIntent extends StripeObject {
  readonly amount: number;
  readonly amount_capturable: number;
  readonly amount_received: number;
  readonly application_fee_amount: number | null;
  readonly capture_method: string;
  readonly currency: string;
  readonly customer: string | null;
  readonly description: string | null;
  readonly latest_charge: string | null;
  readonly metadata: JsonObject;
  readonly on_behalf_of: string | null;
  readonly payment_method: string | null;
  readonly receipt_email: string | null;
  readonly setup_future_usage: string | null;
  readonly shipping: JsonObject | null;
  readonly statement_descriptor: string | null;
  readonly statement_descriptor_suffix: string | null;
  readonly status: IntentStatus;
  readonly transfer_data: JsonObject | null;
  readonly transfer_group: string | null;
}

/** https://docs.stripe.com/api/payment_intents/object */
export function newIntent(work: Pick<Work, 'id' | 'now' | 'livemode' | 'version'>, amount: number, currency: string): PaymentIntent {
  const id = work.id('pi_3', 23);
  return {
    id, object: 'payment_intent', allowed_payment_method_types: null, amount, amount_capturable: 0, amount_received: 0, application: null,
    application_fee_amount: null, automatic_payment_methods: null, canceled_at: null, cancellation_reason: null,
    // Stripe-Version 2024-04-10 made the asynchronous capture the default
    capture_method: work.version >= '2024-04-10' ? 'automatic_async' : 'automatic',
    client_secret: `${id}_secret_${work.id('', 25)}`, confirmation_method: 'automatic', created: work.now, currency, customer: null, customer_account: null,
    description: null, excluded_payment_method_types: null, last_payment_error: null, latest_charge: null, livemode: work.livemode, managed_payments: null,
    metadata: {}, next_action: null, on_behalf_of: null, payment_method: null, payment_method_configuration_details: null,
    payment_method_options: { card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'], payment_record: null, processing: null, receipt_email: null, review: null, setup_future_usage: null, shipping: null,
    source: null, statement_descriptor: null, statement_descriptor_suffix: null, status: 'requires_payment_method', transfer_data: null, transfer_group: null,
  };
}

const confirmable: readonly IntentStatus[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
const cancelable: readonly IntentStatus[] = ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action', 'processing'];
/** statuses in which the amount may still change */
const amendable: readonly IntentStatus[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

/** Every transition has one check here. Illegal ones get Stripe's own words, with the intent. */
export function requireConfirmable(intent: PaymentIntent): void {
  if (confirmable.includes(intent.status)) return;
  throw unexpected(intent, intent.status === 'succeeded'
    ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
    : `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.`);
}

export function requireCancelable(intent: PaymentIntent): void {
  if (cancelable.includes(intent.status)) return;
  throw unexpected(intent, `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${cancelable.join(', ')}.`);
}

export function requireCapturable(intent: PaymentIntent): void {
  if (intent.status === 'requires_capture') return;
  throw unexpected(intent, `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`);
}

export function requireAmendable(intent: PaymentIntent, param: string): void {
  if (amendable.includes(intent.status)) return;
  throw unexpected(intent, `This PaymentIntent's ${param} could not be updated because it has a status of ${intent.status}. You may only update the ${param} of a PaymentIntent with one of the following statuses: ${amendable.join(', ')}.`, param);
}

export function unexpected(intent: PaymentIntent, message: string, param?: string): StripeFailure {
  return invalid(message, { code: 'payment_intent_unexpected_state', payment_intent: intent, ...(param === undefined ? {} : { param }) });
}

/** Given neither types nor `automatic_payment_methods`, versions since 2023-08-16 choose automatically. */
export function automaticMethods(given: JsonObject | null | undefined, types: readonly string[] | null | undefined, version: string): JsonObject | null {
  if (given !== null && given !== undefined) {
    const enabled = flag(field(given, 'enabled'), 'automatic_payment_methods[enabled]') === true;
    return enabled ? { allow_redirects: asString(field(given, 'allow_redirects')) ?? 'always', enabled } : null;
  }
  return types === null || types === undefined ? version >= '2023-08-16' ? { allow_redirects: 'always', enabled: true } : null : null;
}
