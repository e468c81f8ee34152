import type { JsonObject } from '../../wire/json.ts';
import { asString, field } from '../../wire/json.ts';
import { cardError, invalid, noSuch, notFound, notSimulated } from '../errors.ts';
import { listPage, pageParams } from '../list.ts';
import { orNull } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { hash, ignored, mergeMetadata, metadata, oneOf, required, text } from '../params.ts';
import { cardByToken, outcomeOf } from '../test-cards.ts';
import type { CardOutcome } from '../test-cards.ts';
import type { Work } from '../work.ts';
import { billingDetails, makeCard, tokenFacts } from './card-method.ts';
import type { PaymentMethod } from './card-method.ts';
import { readCard } from './card-number.ts';

/** The method a parameter names: 'pm_card_visa' makes a new one each time, as at Stripe. */
export async function methodFor(work: Work, id: string, param: string): Promise<PaymentMethod> {
  const card = id.startsWith('pm_card_') ? cardByToken(id) : null;
  if (card !== null) {
    const made = makeCard(work, tokenFacts(card, work));
    work.save(made);
    return made;
  }
  const known = await work.find<PaymentMethod>('payment_method', id);
  if (known === null) throw noSuch('PaymentMethod', id, param);
  return known;
}

/** What `payment_method_data` describes. Only cards so far. */
export function methodFromData(work: Work, data: JsonObject, param: string): PaymentMethod {
  const type = asString(field(data, 'type'));
  if (type === null) throw invalid(`Missing required param: ${param}[type].`, { code: 'parameter_missing', param: `${param}[type]` });
  if (type !== 'card') throw notSimulated(`payment methods of type '${type}'`);
  const card = field(data, 'card');
  if (card === undefined) throw invalid(`Missing required param: ${param}[card].`, { code: 'parameter_missing', param: `${param}[card]` });
  const billing = hash(field(data, 'billing_details'), `${param}[billing_details]`);
  const made = makeCard(work, readCard(card, work, `${param}[card]`), { billing, metadata: mergeMetadata({}, metadata(field(data, 'metadata'), `${param}[metadata]`)) });
  work.save(made);
  return made;
}

/** The method that an intent's parameters name or describe; null when they do neither. */
export async function givenMethod(work: Work, given: { readonly payment_method?: string | null | undefined; readonly payment_method_data?: JsonObject | null | undefined }): Promise<string | null> {
  const { payment_method: id, payment_method_data: data } = given;
  if (typeof id === 'string' && data !== undefined && data !== null) {
    throw invalid('You cannot provide both `payment_method` and `payment_method_data`.', { code: 'parameters_exclusive', param: 'payment_method_data' });
  }
  if (typeof id === 'string') return (await methodFor(work, id, 'payment_method')).id;
  return data === undefined || data === null ? null : methodFromData(work, data, 'payment_method_data').id;
}

export function outcomeFor(method: PaymentMethod): CardOutcome {
  return outcomeOf(asString(field(method.card, 'fingerprint')));
}

/** What comes of taking money with this method: the bank's word where a rule says that it declines, else the card's. Every call that takes money asks here. */
export function chargeOutcome(work: Work, method: PaymentMethod): CardOutcome {
  return work.declined === null ? outcomeFor(method) : { kind: 'decline', decline: work.declined, attaches: true };
}

/** Saves the method to a customer; a card that declines at once cannot be saved. The customer is the caller's to check. */
export function attach(work: Work, method: PaymentMethod, customer: string): PaymentMethod {
  if (method.customer !== null && method.customer !== customer) {
    throw invalid('The payment method you provided has already been attached to a customer.', { code: 'resource_already_exists', param: 'payment_method' });
  }
  const outcome = outcomeFor(method);
  if (outcome.kind === 'decline' && !outcome.attaches) {
    const { code, declineCode, message } = outcome.decline;
    throw cardError({ code, decline_code: declineCode, message, ...(code === 'incorrect_cvc' ? { param: 'cvc' } : {}) });
  }
  const attached = { ...method, customer };
  work.save(attached);
  if (method.customer === null) work.event('payment_method.attached', attached);
  return attached;
}

export function detach(work: Work, method: PaymentMethod): PaymentMethod {
  const detached = { ...method, customer: null };
  work.save(detached);
  work.event('payment_method.detached', detached, { customer: method.customer });
  return detached;
}

async function pathMethod(work: Work): Promise<PaymentMethod> {
  const id = work.ids.at(-1)!;
  const method = await work.find<PaymentMethod>('payment_method', id);
  if (method === null) throw notFound('PaymentMethod', id, 'payment_method');
  return method;
}

async function requireLiving(work: Work, customer: string, failure: typeof noSuch, param: string): Promise<void> {
  const found = await work.find('customer', customer);
  if (found === null || found['deleted'] === true) throw failure('customer', customer, param);
}

const otherTypes = ignored('payment_method', 'radar_options', 'customer_account');

export const paymentMethods: Family = {
  kind: 'payment_method',
  prefix: 'pm_',
  index: (method) => indexed({ customer: method['customer'], type: method['type'] }),
  operations: {
    // the parameters of other types are refused by their type, before they would be unknown
    'payment_methods.create': (params) => {
      const type = asString(field(params, 'type'));
      if (type !== null && type !== '' && type !== 'card') throw notSimulated(`payment methods of type '${type}'`);
      return operation({ type: required(text), card: required(hash), billing_details: hash, metadata, customer: text, allow_redisplay: oneOf('always', 'limited', 'unspecified'), ...otherTypes }, async (given, work) => {
        const facts = readCard(given.card, work, 'card');
        const bare = makeCard(work, facts, { billing: given.billing_details, metadata: mergeMetadata({}, given.metadata) });
        const made = { ...bare, allow_redisplay: given.allow_redisplay ?? 'unspecified' };
        work.save(made);
        return ok(made);
      })(params);
    },
    'payment_methods.retrieve': operation({}, async (_, work) => {
      const card = cardByToken(work.ids[0]!);
      // a token that is read shows a card that is nobody's and is not kept
      return ok(card === null || !work.ids[0]!.startsWith('pm_') ? await pathMethod(work) : makeCard(work, tokenFacts(card, work)));
    }),
    'payment_methods.update': operation({ billing_details: hash, metadata, card: hash, allow_redisplay: oneOf('always', 'limited', 'unspecified'), ...ignored('us_bank_account') }, async (given, work) => {
      const before = await pathMethod(work);
      const expiry = Object.fromEntries(['exp_month', 'exp_year'].flatMap((name) => {
        const digits = asString(field(given.card ?? {}, name));
        if (digits === null) return [];
        if (!/^[0-9]{1,4}$/.test(digits)) throw invalid(`Invalid integer: ${digits}`, { code: 'parameter_invalid_integer', param: `card[${name}]` });
        return [[name, Number(digits)]];
      }));
      const after: PaymentMethod = {
        ...before,
        allow_redisplay: given.allow_redisplay ?? before['allow_redisplay']!,
        billing_details: billingDetails({ ...before.billing_details, ...given.billing_details }),
        card: { ...before.card, ...expiry },
        metadata: mergeMetadata(before.metadata, given.metadata),
      };
      work.save(after);
      work.event('payment_method.updated', after);
      return ok(after);
    }),
    'payment_methods.attach': operation({ customer: required(text), customer_account: text }, async (given, work) => {
      const id = work.ids[0]!;
      await requireLiving(work, given.customer, noSuch, 'customer');
      const method = cardByToken(id) === null ? await pathMethod(work) : await methodFor(work, id, 'payment_method');
      return ok(attach(work, method, given.customer));
    }),
    'payment_methods.detach': operation({}, async (_, work) => {
      const method = await pathMethod(work);
      if (method.customer === null) throw invalid('The payment method you provided is not attached to a customer so detachment is impossible.', { param: 'payment_method' });
      return ok(detach(work, method));
    }),
    'payment_methods.list': operation({ ...pageParams, customer: text, customer_account: text, type: text, allow_redisplay: text }, async (given, work) => {
      if (typeof given.customer === 'string') await requireLiving(work, given.customer, noSuch, 'customer');
      return ok(await methods(work, '/v1/payment_methods', given, given.customer));
    }),
    'customers.list_payment_methods': operation({ ...pageParams, type: text, allow_redisplay: text }, async (given, work) => {
      const customer = work.ids[0]!;
      await requireLiving(work, customer, notFound, 'customer');
      return ok(await methods(work, `/v1/customers/${customer}/payment_methods`, given, customer));
    }),
    'customers.retrieve_payment_method': operation({}, async (_, work) => {
      await requireLiving(work, work.ids[0]!, notFound, 'customer');
      const method = await pathMethod(work);
      if (method.customer !== work.ids[0]) throw notFound('PaymentMethod', method.id, 'payment_method');
      return ok(method);
    }),
  },
};

interface MethodFilters {
  readonly type?: string | null | undefined; readonly allow_redisplay?: string | null | undefined;
  readonly limit?: number | null | undefined; readonly starting_after?: string | null | undefined; readonly ending_before?: string | null | undefined;
}

function methods(work: Work, url: string, given: MethodFilters, customer: string | null | undefined): Promise<JsonObject> {
  const { allow_redisplay: redisplay } = given;
  return listPage(work, {
    kind: 'payment_method', noun: 'PaymentMethod', url, page: given, where: { customer, type: orNull(given.type) },
    keep: typeof redisplay === 'string' ? (method) => method['allow_redisplay'] === redisplay : undefined,
  });
}
