import type { JsonObject } from '../../wire/json.ts';
import { field } from '../../wire/json.ts';
import { amountFault } from '../currency.ts';
import { errorBody, invalid, notFound, notSimulated, StripeFailure } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { address, or, orNull } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Answer, Family } from '../operation.ts';
import { currency, email, flag, hash, ignored, integer, mergeMetadata, metadata, oneOf, required, text, words } from '../params.ts';
import type { Given } from '../params.ts';
import type { Work } from '../work.ts';
import { captureCharge, releaseCharge } from './charging.ts';
import type { Charge } from './charging.ts';
import { confirm } from './confirm.ts';
import type { ConfirmOptions } from './confirm.ts';
import { requireCustomer } from './customer.ts';
import { automaticMethods, newIntent, requireAmendable, requireCancelable, requireCapturable, requireConfirmable } from './intent.ts';
import type { PaymentIntent } from './intent.ts';
import { paymentIntentPage } from './intent-page.ts';
import { confirmedInvoice } from './invoice/settling.ts';
import { givenMethod } from './payment-method.ts';
import { returnUrl } from './return-url.ts';

const amount = integer({ min: 1 });
const captureMethod = oneOf('automatic', 'automatic_async', 'manual');
const futureUsage = oneOf('off_session', 'on_session');

/** Parameters of create and update alike. */
const shared = {
  application_fee_amount: integer({ min: 0 }), capture_method: captureMethod, customer: text, customer_account: text, description: text, metadata,
  payment_method: text, payment_method_data: hash, payment_method_options: hash, receipt_email: email, setup_future_usage: futureUsage, shipping: hash,
  statement_descriptor: text, statement_descriptor_suffix: text, transfer_data: hash, transfer_group: text, payment_method_types: words,
  ...ignored('allowed_payment_method_types', 'amount_details', 'excluded_payment_method_types', 'hooks', 'payment_details', 'payment_method_configuration'),
};
const confirming = {
  confirmation_token: text, error_on_requires_action: flag, off_session: text, return_url: returnUrl,
  ...ignored('mandate', 'mandate_data', 'radar_options', 'use_stripe_sdk'),
};

type Shared = Partial<Given<typeof shared>>;

/** The intent with what the call changes. Throws before anything is saved when a reference is unknown. */
async function amended(work: Work, before: PaymentIntent, given: Shared): Promise<PaymentIntent> {
  if (typeof given.customer === 'string') await requireCustomer(work, given.customer);
  const method = await givenMethod(work, given);
  const card = field(given.payment_method_options ?? {}, 'card') as JsonObject | undefined;
  const options = before['payment_method_options'] as JsonObject;
  return {
    ...before,
    application_fee_amount: or(given.application_fee_amount, before.application_fee_amount),
    capture_method: given.capture_method ?? before.capture_method,
    customer: or(given.customer, before.customer),
    customer_account: or(given.customer_account, before['customer_account']!),
    description: or(given.description, before.description),
    metadata: mergeMetadata(before.metadata, given.metadata),
    payment_method: method ?? before.payment_method,
    payment_method_options: card === undefined ? options : { ...options, card: { ...(options['card'] as JsonObject), ...card } },
    payment_method_types: given.payment_method_types ?? before['payment_method_types']!,
    receipt_email: or(given.receipt_email, before.receipt_email),
    setup_future_usage: or(given.setup_future_usage, before.setup_future_usage),
    shipping: given.shipping === undefined ? before.shipping : shipping(given.shipping),
    statement_descriptor: or(given.statement_descriptor, before.statement_descriptor),
    statement_descriptor_suffix: or(given.statement_descriptor_suffix, before.statement_descriptor_suffix),
    status: before.status === 'requires_payment_method' && method !== null ? 'requires_confirmation' : before.status,
    transfer_data: given.transfer_data === undefined ? before.transfer_data : transfer(given.transfer_data),
    transfer_group: or(given.transfer_group, before.transfer_group),
  };
}

function shipping(given: JsonObject | null): JsonObject | null {
  return given === null ? null : { carrier: null, phone: null, tracking_number: null, ...given, address: address(given['address'] as JsonObject | undefined) };
}

function transfer(given: JsonObject | null): JsonObject | null {
  if (given === null) return null;
  const part = integer({ min: 1 })(field(given, 'amount'), 'transfer_data[amount]');
  const destination = required(text)(field(given, 'destination'), 'transfer_data[destination]');
  return typeof part === 'number' ? { amount: part, destination } : { destination };
}

function requireAmount(value: number, code: string): void {
  const fault = amountFault(value, code);
  if (fault !== null) throw invalid(fault.message, { param: 'amount', ...(fault.code === null ? {} : { code: fault.code }) });
}

function optionsOf(given: Partial<Given<typeof confirming>>): ConfirmOptions {
  if (typeof given.confirmation_token === 'string') throw notSimulated('confirmation tokens');
  return {
    // also 'one_off' and 'recurring' in older versions: all mean that nobody is there
    offSession: typeof given.off_session === 'string' && given.off_session !== 'false',
    errorOnRequiresAction: given.error_on_requires_action === true,
    returnUrl: orNull(given.return_url),
  };
}

async function pathIntent(work: Work): Promise<PaymentIntent> {
  const intent = await work.find<PaymentIntent>('payment_intent', work.ids[0]!);
  if (intent === null) throw notFound('payment_intent', work.ids[0]!, 'intent');
  return intent;
}

export const paymentIntents: Family = {
  kind: 'payment_intent',
  prefix: 'pi_',
  page: paymentIntentPage,
  index: (intent) => indexed({ customer: intent['customer'] }),
  operations: {
    'payment_intents.create': operation({
      ...shared, ...confirming, amount: required(amount), currency: required(currency), automatic_payment_methods: hash, confirm: flag,
      confirmation_method: oneOf('automatic', 'manual'), on_behalf_of: text,
    }, async (given, work) => {
      requireAmount(given.amount, given.currency);
      const fresh = newIntent(work, given.amount, given.currency);
      const automatic = automaticMethods(given.automatic_payment_methods, given.payment_method_types, work.version);
      const intent: PaymentIntent = {
        ...await amended(work, fresh, given),
        automatic_payment_methods: automatic, confirmation_method: given.confirmation_method ?? 'automatic', on_behalf_of: orNull(given.on_behalf_of),
      };
      work.save(intent);
      work.event('payment_intent.created', intent);
      return given.confirm === true ? confirmNew(work, intent, optionsOf(given)) : ok(intent);
    }),
    'payment_intents.retrieve': operation({ client_secret: text }, async (_, work) => ok(await pathIntent(work))),
    'payment_intents.update': operation({ ...shared, amount, currency }, async (given, work) => {
      const before = await pathIntent(work);
      if (typeof given.amount === 'number' || typeof given.currency === 'string') {
        requireAmendable(before, typeof given.amount === 'number' ? 'amount' : 'currency');
        requireAmount(given.amount ?? before.amount, given.currency ?? before.currency);
      }
      if (typeof given.payment_method === 'string' || given.payment_method_data) requireAmendable(before, 'payment_method');
      const after = { ...await amended(work, before, given), amount: given.amount ?? before.amount, currency: given.currency ?? before.currency };
      work.save(after);
      return ok(after);
    }),
    'payment_intents.confirm': operation({
      ...confirming, payment_method: text, payment_method_data: hash, payment_method_options: hash, payment_method_types: words, capture_method: captureMethod, receipt_email: email,
      setup_future_usage: futureUsage, shipping: hash, client_secret: text,
      ...ignored('allowed_payment_method_types', 'amount_details', 'amount_to_confirm', 'excluded_payment_method_types', 'hooks', 'payment_details'),
    }, async (given, work) => {
      const before = await pathIntent(work);
      requireConfirmable(before);
      const answer = await confirm(work, await amended(work, before, given), optionsOf(given));
      await confirmedInvoice(work, before.id);
      return answer;
    }),
    'payment_intents.capture': operation({
      amount_to_capture: integer({ min: 1 }), application_fee_amount: integer({ min: 0 }), metadata, statement_descriptor: text, statement_descriptor_suffix: text,
      transfer_data: hash, ...ignored('amount_details', 'final_capture', 'hooks', 'payment_details'),
    }, async (given, work) => {
      const before = await pathIntent(work);
      requireCapturable(before);
      const taken = given.amount_to_capture ?? before.amount_capturable;
      if (taken > before.amount_capturable) {
        throw invalid('The payment could not be captured because the requested capture amount is greater than the authorized amount.', { code: 'amount_too_large', param: 'amount_to_capture', payment_intent: before });
      }
      const after: PaymentIntent = { ...await amended(work, before, given), amount_capturable: 0, amount_received: taken, status: 'succeeded' };
      const charge = await work.find<Charge>('charge', before.latest_charge!);
      if (charge !== null) captureCharge(work, charge, taken);
      work.save(after);
      work.event('payment_intent.succeeded', after);
      return ok(after);
    }),
    'payment_intents.cancel': operation({ cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer') }, async (given, work) => {
      const before = await pathIntent(work);
      requireCancelable(before);
      const charge = before.status === 'requires_capture' ? await work.find<Charge>('charge', before.latest_charge!) : null;
      if (charge !== null) releaseCharge(work, charge);
      const after: PaymentIntent = {
        ...before, amount_capturable: 0, canceled_at: work.now, cancellation_reason: orNull(given.cancellation_reason), next_action: null, status: 'canceled',
      };
      work.save(after);
      work.event('payment_intent.canceled', after);
      return ok(after);
    }),
    'payment_intents.list': operation({ ...pageParams, created, customer: text, customer_account: text }, async (given, work) => ok(await listPage(work, {
      kind: 'payment_intent', noun: 'payment_intent', url: '/v1/payment_intents', page: given, keep: given.created ?? undefined, where: { customer: given.customer },
    }))),
  },
};

/** An intent that cannot be confirmed is made all the same, and shown in the error. */
async function confirmNew(work: Work, intent: PaymentIntent, options: ConfirmOptions): Promise<Answer> {
  try {
    return await confirm(work, intent, options);
  } catch (error) {
    if (error instanceof StripeFailure && error.fields.code === 'payment_intent_unexpected_state') return { status: error.status, body: errorBody(error.fields) };
    throw error;
  }
}
