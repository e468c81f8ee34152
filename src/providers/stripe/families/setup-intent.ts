import type { JsonObject } from '../../wire/json.ts';
import { field } from '../../wire/json.ts';
import { invalid, notFound, notSimulated } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { or, orNull } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { flag, hash, ignored, mergeMetadata, metadata, oneOf, text, words } from '../params.ts';
import type { Given } from '../params.ts';
import type { Work } from '../work.ts';
import { requireCustomer } from './customer.ts';
import { automaticMethods } from './intent.ts';
import { setupIntentPage } from './intent-page.ts';
import { givenMethod } from './payment-method.ts';
import { confirming, confirmSetup, newSetup, requireOpen, told } from './setup-confirm.ts';
import type { SetupIntent } from './setup-confirm.ts';

const shared = {
  attach_to_self: flag, customer: text, customer_account: text, description: text, metadata, payment_method: text, payment_method_data: hash, payment_method_options: hash,
  payment_method_types: words, ...ignored('allowed_payment_method_types', 'excluded_payment_method_types', 'payment_method_configuration'),
};

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

async function pathSetup(work: Work): Promise<SetupIntent> {
  const intent = await work.find<SetupIntent>('setup_intent', work.ids[0]!);
  if (intent === null) throw notFound('setupintent', work.ids[0]!, 'intent');
  return intent;
}

export const setupIntents: Family = {
  kind: 'setup_intent',
  prefix: 'seti_',
  page: setupIntentPage,
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
      return given.confirm === true ? confirmSetup(work, intent, given) : ok(intent);
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
      return confirmSetup(work, await amended(work, before, given), given);
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
