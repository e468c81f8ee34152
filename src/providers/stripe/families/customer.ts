import type { JsonObject } from '../../wire/json.ts';
import { invalid, noSuch, notFound } from '../errors.ts';
import { created, everyOne, listPage, pageParams } from '../list.ts';
import { address, or, orNull, previousOf } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { email, hash, ignored, integer, mergeMetadata, metadata, oneOf, text, words } from '../params.ts';
import type { Given } from '../params.ts';
import type { Work } from '../work.ts';
import { attach, detach, methodFor } from './payment-method.ts';
import type { PaymentMethod } from './card-method.ts';
import { endAll } from './subscription/subscription-object.ts';

export interface Customer extends StripeObject {
  readonly metadata: JsonObject;
  readonly invoice_settings: JsonObject;
}

const shared = {
  address: hash, balance: integer(), business_name: text, description: text, email, individual_name: text, invoice_prefix: text,
  invoice_settings: hash, metadata, name: text, next_invoice_sequence: integer({ min: 1 }), phone: text, preferred_locales: words,
  shipping: hash, tax_exempt: oneOf('exempt', 'none', 'reverse'), ...ignored('cash_balance', 'tax', 'validate'),
};

/** https://docs.stripe.com/api/customers/object */
const blank = {
  object: 'customer', address: null, balance: 0, business_name: null, currency: null, customer_account: null, default_source: null,
  delinquent: false, description: null, discount: null, email: null, individual_name: null,
  invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
  metadata: {}, name: null, next_invoice_sequence: 1, phone: null, preferred_locales: [], shipping: null, tax_exempt: 'none', test_clock: null,
} as const;

/** A customer of whom nothing is known. */
function newCustomer(work: Pick<Work, 'id' | 'now' | 'livemode'>): Customer {
  return { id: work.id('cus_', 14), ...blank, created: work.now, livemode: work.livemode, invoice_prefix: work.id('', 8).toUpperCase() };
}

/** The same, as it is shown. */
export function blankCustomer(work: Pick<Work, 'id' | 'now' | 'livemode'>): StripeObject {
  return changed(newCustomer(work), {} as Given<typeof shared>);
}

function changed(before: Customer, given: Given<typeof shared>): Customer {
  const { business_name, individual_name, ...rest } = before;
  return {
    ...rest,
    ...present({ business_name: or(given.business_name, business_name ?? null), individual_name: or(given.individual_name, individual_name ?? null) }),
    address: given.address === undefined ? before['address']! : address(given.address),
    balance: given.balance ?? before['balance']!,
    description: or(given.description, before['description']!),
    email: or(given.email, before['email']!),
    invoice_prefix: given.invoice_prefix ?? before['invoice_prefix']!,
    invoice_settings: { ...before.invoice_settings, ...given.invoice_settings },
    metadata: mergeMetadata(before.metadata, given.metadata),
    name: or(given.name, before['name']!),
    next_invoice_sequence: given.next_invoice_sequence ?? before['next_invoice_sequence']!,
    phone: or(given.phone, before['phone']!),
    preferred_locales: given.preferred_locales ?? before['preferred_locales']!,
    shipping: given.shipping === undefined ? before['shipping']! : shipping(given.shipping),
    tax_exempt: given.tax_exempt ?? before['tax_exempt']!,
  } as Customer;
}

/** Optional properties that Stripe leaves out where there is nothing. */
function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function shipping(given: JsonObject | null): JsonObject | null {
  return given === null ? null : { phone: null, ...given, address: address(given['address'] as JsonObject | undefined) };
}

/** A customer named in a parameter: it must be there, and not be deleted. */
export async function requireCustomer(work: Work, id: string, param = 'customer'): Promise<StripeObject> {
  const customer = await work.find('customer', id);
  if (customer === null || customer['deleted'] === true) throw noSuch('customer', id, param);
  return customer;
}

/** The customer of the path. */
async function pathCustomer(work: Work): Promise<Customer> {
  const customer = await work.find<Customer>('customer', work.ids[0]!);
  if (customer === null || customer['deleted'] === true) throw notFound('customer', work.ids[0]!, 'id');
  return customer;
}

export const customers: Family = {
  kind: 'customer',
  prefix: 'cus_',
  index: (customer) => indexed({ email: customer['email'] }),
  includes: {
    // Cards and bank accounts of the time before payment methods: none can be made here, so the list is truly empty.
    sources: async (customer) => ({ object: 'list', data: [], has_more: false, url: `/v1/customers/${customer.id}/sources` }),
    // none can be made here either
    tax_ids: async (customer) => ({ object: 'list', data: [], has_more: false, url: `/v1/customers/${customer.id}/tax_ids` }),
    // as in lists: those that are over are left out
    subscriptions: (customer, work) => listPage(work, {
      kind: 'subscription', noun: 'subscription', url: `/v1/customers/${customer.id}/subscriptions`, page: {}, where: { customer: customer.id },
      keep: (subscription) => subscription['status'] !== 'canceled' && subscription['status'] !== 'incomplete_expired',
    }),
  },
  operations: {
    'customers.create': operation({ ...shared, payment_method: text, ...ignored('tax_id_data', 'test_clock'), source: text }, async (given, work) => {
      if (typeof given.source === 'string') {
        throw invalid('fourthwall does not simulate sources of customers yet; use a PaymentMethod', { code: 'fourthwall_not_simulated', param: 'source' });
      }
      const customer = changed(newCustomer(work), given);
      work.save(customer);
      work.event('customer.created', customer);
      const { payment_method: method } = given;
      if (typeof method === 'string') attach(work, await methodFor(work, method, 'payment_method'), customer.id);
      return ok(customer);
    }),
    'customers.retrieve': operation({}, async (_, work) => {
      const customer = await work.find('customer', work.ids[0]!);
      if (customer === null) throw notFound('customer', work.ids[0]!, 'id');
      return ok(customer);
    }),
    'customers.update': operation({ ...shared, default_source: text, source: text }, async (given, work) => {
      const before = await pathCustomer(work);
      if (typeof (given.source ?? given.default_source) === 'string') {
        throw invalid('fourthwall does not simulate sources of customers yet; use a PaymentMethod', { code: 'fourthwall_not_simulated', param: 'source' });
      }
      const after = changed(before, given);
      work.save(after);
      work.event('customer.updated', after, previousOf(before, after));
      return ok(after);
    }),
    'customers.delete': operation({}, async (_, work) => {
      const customer = await pathCustomer(work);
      for (const method of await everyOne(work, 'payment_method', { customer: customer.id })) detach(work, method as PaymentMethod);
      await endAll(work, customer.id);
      const gone = { id: customer.id, object: 'customer', deleted: true } as const;
      work.save(gone);
      work.event('customer.deleted', customer);
      return ok(gone);
    }),
    'customers.list': operation({ ...pageParams, created, email: text, test_clock: text }, async (given, work) => ok(await listPage(work, {
      kind: 'customer', noun: 'customer', url: '/v1/customers', page: given, where: { email: orNull(given.email) },
      keep: (customer) => customer['deleted'] !== true && (given.created?.(customer) ?? true),
    }))),
  },
};
