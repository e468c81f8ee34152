import type { JsonObject } from '../../wire/json.ts';
import { errorBody, invalid, notSimulated } from '../errors.ts';
import type { ErrorFields, StripeFailure } from '../errors.ts';
import { orNull } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { ok } from '../operation.ts';
import type { Answer } from '../operation.ts';
import { ignored, text } from '../params.ts';
import type { Given } from '../params.ts';
import type { Decline } from '../test-cards.ts';
import type { Work } from '../work.ts';
import type { PaymentMethod } from './card-method.ts';
import { authentication, failedAuthentication, paramOf, requireOwner } from './confirm.ts';
import { attach, outcomeFor } from './payment-method.ts';
import { returnUrl } from './return-url.ts';

export interface SetupIntent extends StripeObject {
  readonly customer: string | null;
  readonly metadata: JsonObject;
  readonly payment_method: string | null;
  readonly payment_method_options: JsonObject;
  readonly status: 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'canceled' | 'succeeded';
}

const open = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

export const confirming = { confirmation_token: text, return_url: returnUrl, ...ignored('mandate_data', 'use_stripe_sdk') };

/** https://docs.stripe.com/api/setup_intents/object */
export function newSetup(work: Work): SetupIntent {
  const id = work.id('seti_1', 23);
  return {
    id, object: 'setup_intent', allowed_payment_method_types: null, application: null, automatic_payment_methods: null, cancellation_reason: null,
    client_secret: `${id}_secret_${work.id('', 29)}`, created: work.now, customer: null, customer_account: null, description: null, excluded_payment_method_types: null,
    flow_directions: null, last_setup_error: null, latest_attempt: null, livemode: work.livemode, managed_payments: null, mandate: null, metadata: {}, next_action: null,
    on_behalf_of: null, payment_method: null, payment_method_configuration_details: null,
    payment_method_options: { card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'], single_use_mandate: null, status: 'requires_payment_method', usage: 'off_session',
  };
}

export function unexpected(intent: SetupIntent, message: string): StripeFailure {
  return invalid(message, { code: 'setup_intent_unexpected_state', setup_intent: intent });
}

export function requireOpen(intent: SetupIntent, verb: string, done: string): void {
  if (open.includes(intent.status)) return;
  throw unexpected(intent, `You cannot ${verb} this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be ${done}: ${open.join(', ')}.`);
}

/** Saves the card, declines it (402, and the intent is kept), or asks for 3-D Secure. No money moves. */
export async function confirmSetup(work: Work, intent: SetupIntent, given: Partial<Given<typeof confirming>>): Promise<Answer> {
  if (typeof given.confirmation_token === 'string') throw notSimulated('confirmation tokens');
  requireOpen(intent, 'confirm', 'confirmed');
  if (intent.payment_method === null) {
    throw unexpected(intent, "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a payment method and then confirm it again.");
  }
  const method = await work.find<PaymentMethod>('payment_method', intent.payment_method);
  if (method === null) throw unexpected(intent, `This SetupIntent's payment method ${intent.payment_method} is no longer known.`);
  requireOwner(intent, method);
  const outcome = outcomeFor(method);
  if (outcome.kind === 'decline' && !outcome.attaches) return declined(work, intent, method, outcome.decline);
  if (outcome.kind === 'authenticate') {
    const waiting: SetupIntent = { ...intent, next_action: authentication(work, intent, orNull(given.return_url)), status: 'requires_action' };
    return told(work, 'setup_intent.requires_action', waiting);
  }
  return saved(work, intent, method);
}

function saved(work: Work, intent: SetupIntent, method: PaymentMethod): Answer {
  if (intent.customer !== null) attach(work, method, intent.customer);
  return told(work, 'setup_intent.succeeded', { ...intent, last_setup_error: null, next_action: null, status: 'succeeded' });
}

/** The payer proved who they are, and the card is saved. */
export async function setupAuthenticated(work: Work, intent: SetupIntent): Promise<Answer> {
  return saved(work, intent, (await work.find<PaymentMethod>('payment_method', intent.payment_method!))!);
}

export async function setupNotAuthenticated(work: Work, intent: SetupIntent): Promise<Answer> {
  const method = await work.find<PaymentMethod>('payment_method', intent.payment_method!);
  return told(work, 'setup_intent.setup_failed', {
    ...intent, last_setup_error: failedAuthentication('setup_intent_authentication_failure', 'SetupIntent', method), next_action: null, payment_method: null, status: 'requires_payment_method',
  });
}

export function told(work: Work, event: string, intent: SetupIntent): Answer {
  work.save(intent);
  work.event(event, intent);
  return ok(intent);
}

function declined(work: Work, intent: SetupIntent, method: PaymentMethod, decline: Decline): Answer {
  const param = paramOf(decline.code);
  const fields: ErrorFields = {
    advice_code: decline.advice, code: decline.code, decline_code: decline.declineCode, message: decline.message, ...(param === null ? {} : { param }), payment_method: method, type: 'card_error',
  };
  const after: SetupIntent = {
    ...intent, last_setup_error: (errorBody(fields) as { readonly error: JsonObject }).error, next_action: null, payment_method: null, status: 'requires_payment_method',
  };
  told(work, 'setup_intent.setup_failed', after);
  return { status: 402, body: errorBody({ ...fields, setup_intent: after }) };
}

