import type { JsonObject } from '../../wire/json.ts';
import { field } from '../../wire/json.ts';
import { errorBody, invalid, notFound, notSimulated, StripeFailure } from '../errors.ts';
import type { ErrorFields } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { or, orNull } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Answer, Family } from '../operation.ts';
import { flag, hash, ignored, mergeMetadata, metadata, oneOf, text, words } from '../params.ts';
import type { Given } from '../params.ts';
import type { Decline } from '../test-cards.ts';
import type { Work } from '../work.ts';
import type { PaymentMethod } from './card-method.ts';
import { authentication, paramOf, requireOwner } from './confirm.ts';
import { requireCustomer } from './customer.ts';
import { automaticMethods } from './intent.ts';
import { attach, givenMethod, outcomeFor } from './payment-method.ts';

interface SetupIntent extends StripeObject {
  readonly customer: string | null;
  readonly metadata: JsonObject;
  readonly payment_method: string | null;
  readonly payment_method_options: JsonObject;
  readonly status: 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'canceled' | 'succeeded';
}

const open = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

const shared = {
  attach_to_self: flag, customer: text, customer_account: text, description: text, metadata, payment_method: text, payment_method_data: hash, payment_method_options: hash,
  payment_method_types: words, ...ignored('allowed_payment_method_types', 'excluded_payment_method_types', 'payment_method_configuration'),
};
const confirming = { confirmation_token: text, return_url: text, ...ignored('mandate_data', 'use_stripe_sdk') };

/** https://docs.stripe.com/api/setup_intents/object */
function newSetup(work: Work): SetupIntent {
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

async function amended(work: Work, before: SetupIntent, given: Partial<Given<typeof shared>>): Promise<SetupIntent> {
  if (typeof given.customer === 'string') await requireCustomer(work, given.customer);
  if (given.attach_to_self === true) throw notSimulated('setup intents with attach_to_self');
  const method = await givenMethod(work, given);
  const card = field(given.payment_method_options ?? {}, 'card') as JsonObject | undefined;
  return {
    ...before,
    customer: or(given.customer, before.customer),
    customer_account: or(given.customer_account, before['customer_account']!),
    description: or(given.description, before['description']!),
    metadata: mergeMetadata(before.metadata, given.metadata),
    payment_method: method ?? before.payment_method,
    payment_method_options: card === undefined ? before.payment_method_options : { ...before.payment_method_options, card: { ...(before.payment_method_options['card'] as JsonObject), ...card } },
    payment_method_types: given.payment_method_types ?? before['payment_method_types']!,
    status: before.status === 'requires_payment_method' && method !== null ? 'requires_confirmation' : before.status,
  };
}

function unexpected(intent: SetupIntent, message: string): StripeFailure {
  return invalid(message, { code: 'setup_intent_unexpected_state', setup_intent: intent });
}

function requireOpen(intent: SetupIntent, verb: string, done: string): void {
  if (open.includes(intent.status)) return;
  throw unexpected(intent, `You cannot ${verb} this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be ${done}: ${open.join(', ')}.`);
}

/** Saves the card, declines it (402, and the intent is kept), or asks for 3-D Secure. No money moves. */
async function confirm(work: Work, intent: SetupIntent, given: Partial<Given<typeof confirming>>): Promise<Answer> {
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
  if (intent.customer !== null) attach(work, method, intent.customer);
  return told(work, 'setup_intent.succeeded', { ...intent, last_setup_error: null, next_action: null, status: 'succeeded' });
}

function told(work: Work, event: string, intent: SetupIntent): Answer {
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

async function pathSetup(work: Work): Promise<SetupIntent> {
  const intent = await work.find<SetupIntent>('setup_intent', work.ids[0]!);
  if (intent === null) throw notFound('setupintent', work.ids[0]!, 'intent');
  return intent;
}

export const setupIntents: Family = {
  kind: 'setup_intent',
  prefix: 'seti_',
  index: (intent) => indexed({ customer: intent['customer'], payment_method: intent['payment_method'] }),
  operations: {
    'setup_intents.create': operation({
      ...shared, ...confirming, automatic_payment_methods: hash, confirm: flag, flow_directions: words, on_behalf_of: text, single_use: hash, usage: oneOf('off_session', 'on_session'),
    }, async (given, work) => {
      if (given.single_use) throw notSimulated('mandates of setup intents (single_use)');
      if (given.confirm !== true && typeof given.return_url === 'string') throw invalid('You can only pass in a return_url to this endpoint when confirm=true.', { param: 'return_url' });
      const intent: SetupIntent = {
        ...await amended(work, newSetup(work), given), on_behalf_of: orNull(given.on_behalf_of), flow_directions: orNull(given.flow_directions), usage: given.usage ?? 'off_session',
        automatic_payment_methods: automaticMethods(given.automatic_payment_methods, given.payment_method_types, work.version),
      };
      told(work, 'setup_intent.created', intent);
      return given.confirm === true ? confirm(work, intent, given) : ok(intent);
    }),
    'setup_intents.retrieve': operation({ client_secret: text }, async (_, work) => ok(await pathSetup(work))),
    'setup_intents.update': operation({ ...shared, flow_directions: words }, async (given, work) => {
      const before = await pathSetup(work);
      requireOpen(before, 'update', 'updated');
      const after = { ...await amended(work, before, given), flow_directions: or(given.flow_directions, before['flow_directions']!) };
      work.save(after);
      return ok(after);
    }),
    'setup_intents.confirm': operation({
      ...confirming, client_secret: text, payment_method: text, payment_method_data: hash, payment_method_options: hash, ...ignored('allowed_payment_method_types'),
    }, async (given, work) => {
      const before = await pathSetup(work);
      requireOpen(before, 'confirm', 'confirmed');
      return confirm(work, await amended(work, before, given), given);
    }),
    'setup_intents.cancel': operation({ cancellation_reason: oneOf('abandoned', 'duplicate', 'requested_by_customer') }, async (given, work) => {
      const before = await pathSetup(work);
      requireOpen(before, 'cancel', 'canceled');
      return told(work, 'setup_intent.canceled', { ...before, cancellation_reason: orNull(given.cancellation_reason), next_action: null, status: 'canceled' });
    }),
    'setup_intents.list': operation({ ...pageParams, attach_to_self: flag, created, customer: text, customer_account: text, payment_method: text }, async (given, work) => ok(await listPage(work, {
      kind: 'setup_intent', noun: 'setupintent', url: '/v1/setup_intents', page: given, where: { customer: given.customer, payment_method: given.payment_method },
      keep: (intent) => given.attach_to_self !== true && (given.created?.(intent) ?? true),
    }))),
  },
};
