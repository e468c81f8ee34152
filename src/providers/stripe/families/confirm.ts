import type { JsonObject } from '../../wire/json.ts';
import { errorBody, invalid } from '../errors.ts';
import type { ErrorFields } from '../errors.ts';
import type { StripeObject } from '../object.ts';
import { ok } from '../operation.ts';
import type { Answer } from '../operation.ts';
import { declineOf } from '../test-cards.ts';
import type { Decline } from '../test-cards.ts';
import type { Work } from '../work.ts';
import type { PaymentMethod } from './card-method.ts';
import { fail, succeed } from './charging.ts';
import type { ChargeRequest } from './charging.ts';
import { requireConfirmable, unexpected } from './intent.ts';
import type { PaymentIntent } from './intent.ts';
import { attach, chargeOutcome, outcomeFor } from './payment-method.ts';

export interface ConfirmOptions {
  /** the customer is not there to authenticate */
  readonly offSession: boolean;
  readonly errorOnRequiresAction: boolean;
  readonly returnUrl: string | null;
}

const unauthenticated = declineOf('authentication_required');

/** Confirms: charges, declines (402, and the intent is kept), or asks for 3-D Secure. */
export async function confirm(work: Work, intent: PaymentIntent, options: ConfirmOptions): Promise<Answer> {
  requireConfirmable(intent);
  if (intent.payment_method === null) {
    throw unexpected(intent, "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.");
  }
  const method = await work.find<PaymentMethod>('payment_method', intent.payment_method);
  if (method === null) throw unexpected(intent, `This PaymentIntent's payment method ${intent.payment_method} is no longer known.`);
  requireOwner(intent, method);
  const outcome = chargeOutcome(work, method);
  if (outcome.kind === 'decline') return declined(work, intent, method, outcome.decline);
  if (outcome.kind === 'authenticate') {
    return options.offSession || options.errorOnRequiresAction ? declined(work, intent, method, unauthenticated) : authenticate(work, intent, options.returnUrl);
  }
  return charged(work, intent, method);
}

/** A method saved to one customer cannot pay for another, nor for none. */
export function requireOwner(intent: { readonly customer: string | null }, method: PaymentMethod): void {
  if (method.customer === intent.customer || method.customer === null) return;
  throw intent.customer === null
    ? invalid('The payment method you provided is attached to a customer so for security purposes you must provide the customer in the request.', { param: 'payment_method' })
    : invalid(`The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`, { code: 'resource_missing', param: 'payment_method' });
}

/** The payer proved who they are, and the card is charged; a bank may decline it all the same. */
export async function authenticated(work: Work, intent: PaymentIntent): Promise<Answer> {
  const method = (await work.find<PaymentMethod>('payment_method', intent.payment_method!))!;
  return work.declined === null ? charged(work, intent, method, 'authenticated') : declined(work, intent, method, work.declined);
}

/** The payer did not prove who they are: the method is taken off the intent, nothing was charged. */
export async function notAuthenticated(work: Work, intent: PaymentIntent): Promise<PaymentIntent> {
  const method = await work.find<PaymentMethod>('payment_method', intent.payment_method!);
  const after: PaymentIntent = {
    ...intent, last_payment_error: failedAuthentication('payment_intent_authentication_failure', 'PaymentIntent', method), next_action: null, payment_method: null, status: 'requires_payment_method',
  };
  work.save(after);
  work.event('payment_intent.payment_failed', after);
  return after;
}

export function failedAuthentication(code: string, intent: string, method: PaymentMethod | null): JsonObject {
  const message = `The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this ${intent} again.`;
  return (errorBody({ code, message, ...(method === null ? {} : { payment_method: method }), type: 'invalid_request_error' }) as { readonly error: JsonObject }).error;
}

function charged(work: Work, intent: PaymentIntent, method: PaymentMethod, security: 'authenticated' | null = null): Answer {
  const saved = intent.customer !== null && intent.setup_future_usage !== null ? attach(work, method, intent.customer) : method;
  const manual = intent.capture_method === 'manual';
  const charge = succeed(work, { ...request(intent, saved, !manual), authenticated: security === 'authenticated' }, outcomeFor(saved));
  const after: PaymentIntent = {
    ...intent, last_payment_error: null, latest_charge: charge.id, next_action: null,
    ...(manual ? { status: 'requires_capture', amount_capturable: intent.amount } : { status: 'succeeded', amount_received: intent.amount }),
  };
  work.save(after);
  work.event(manual ? 'payment_intent.amount_capturable_updated' : 'payment_intent.succeeded', after);
  return ok(after);
}

function declined(work: Work, intent: PaymentIntent, method: PaymentMethod, decline: Decline): Answer {
  const charge = fail(work, request(intent, method, intent.capture_method !== 'manual'), decline);
  const param = paramOf(decline.code);
  const fields: ErrorFields = {
    advice_code: decline.advice, charge: charge.id, code: decline.code, decline_code: decline.declineCode, message: decline.message,
    ...(param === null ? {} : { param }), payment_method: method, type: 'card_error',
  };
  const after: PaymentIntent = {
    ...intent, amount_capturable: 0, last_payment_error: (errorBody(fields) as { readonly error: JsonObject }).error, latest_charge: charge.id,
    next_action: null, payment_method: null, status: 'requires_payment_method',
  };
  work.save(after);
  work.event('payment_intent.payment_failed', after);
  return { status: 402, body: errorBody({ ...fields, payment_intent: after }) };
}

function authenticate(work: Work, intent: PaymentIntent, returnUrl: string | null): Answer {
  const after: PaymentIntent = { ...intent, next_action: authentication(work, intent, returnUrl), status: 'requires_action' };
  work.save(after);
  work.event('payment_intent.requires_action', after);
  return ok(after);
}

/** What an intent waits for: our page stands where the customer's bank would ask them to authenticate. */
export function authentication(work: Work, intent: StripeObject, returnUrl: string | null): JsonObject {
  const url = work.payerPage(intent.object, intent.id);
  return returnUrl === null
    ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url, source: work.id('src_1', 23) } }
    : { redirect_to_url: { return_url: returnUrl, url }, type: 'redirect_to_url' };
}

/** Which field of a card form the customer should look at. */
export function paramOf(code: string): string | null {
  return code === 'incorrect_cvc' ? 'cvc' : code === 'expired_card' ? 'exp_month' : code === 'incorrect_number' ? 'number' : null;
}

function request(intent: PaymentIntent, method: PaymentMethod, capture: boolean): ChargeRequest {
  return { amount: intent.amount, currency: intent.currency, customer: intent.customer, intent: intent.id, method, capture, carried: intent };
}
