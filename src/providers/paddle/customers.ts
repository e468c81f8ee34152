import { everything } from '../wire/everything.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { tell } from './books.ts';
import type { Books } from './books.ts';
import { invalid, notFound, PaddleFailure } from './errors.ts';
import { among, listed } from './list.ts';
import { iso, some, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { kept, one, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';

const customerFields = ['name', 'email', 'locale', 'custom_data'];
const addressFields = ['description', 'first_line', 'second_line', 'city', 'postal_code', 'region', 'country_code', 'custom_data'];

export function newCustomer(id: string, at: string, given: JsonObject): View {
  return { id, name: null, marketing_consent: false, status: 'active', custom_data: null, locale: 'en', created_at: at, updated_at: at, import_meta: null, ...some(given, customerFields) };
}

export function newAddress(id: string, customer: string, at: string, given: JsonObject): View {
  return { id, customer_id: customer, ...Object.fromEntries(addressFields.map((name) => [name, null])), status: 'active', created_at: at, updated_at: at, import_meta: null, ...some(given, addressFields) };
}

export async function requireCustomer(books: Books, id: string): Promise<View> {
  const customer = await books.ledger.find<View>('customer', id);
  if (customer !== null) return customer;
  if (books.context.unknownIds !== 'adopt' || !/^ctm_[A-Za-z0-9]{1,40}$/.test(id)) throw notFound(id);
  return kept(books, 'customer', newCustomer(id, iso(books.now), { email: `${id}@example.test`, name: 'Adopted Customer' }));
}

export async function requireAddress(books: Books, customer: string, id: string): Promise<View> {
  const address = await books.ledger.find<View>('address', id);
  if (address !== null && address['customer_id'] === customer) return address;
  if (address !== null || books.context.unknownIds !== 'adopt' || !/^add_[A-Za-z0-9]{1,40}$/.test(id)) throw notFound(id);
  return kept(books, 'address', newAddress(id, customer, iso(books.now), { country_code: 'US' }));
}

/** An address is a customer's for good: two with one address cannot be. */
async function requireFreeEmail(work: Work, given: JsonObject, self: string | null): Promise<void> {
  const email = textOf(given, 'email');
  if (email === null || !/^[^@\s]+@[^@\s]+$/.test(email)) throw invalid('email', 'must be a valid email address');
  const holder = (await everything<View>(work.context, 'customer')).find((customer) => textOf(customer, 'email')?.toLowerCase() === email.toLowerCase() && customer.id !== self);
  if (holder !== undefined) throw new PaddleFailure(409, 'customer_already_exists', `customer email conflicts with customer of id ${holder.id}`);
}

function changed(work: Work, view: View, fields: readonly string[]): View {
  const status = textOf(work.body, 'status');
  if (status !== null && !['active', 'archived'].includes(status)) throw invalid('status', 'must be active or archived');
  return { ...view, ...some(work.body, [...fields, 'status']), updated_at: iso(work.now) };
}

async function createCustomer(work: Work): Promise<Answer> {
  await requireFreeEmail(work, work.body, null);
  const customer = kept(work, 'customer', newCustomer(work.id('ctm'), iso(work.now), work.body));
  tell(work, 'customer.created', customer);
  return { status: 201, data: customer };
}

async function updateCustomer(work: Work): Promise<Answer> {
  const before = await requireCustomer(work, work.call.ids[0]!);
  if (field(work.body, 'email') !== undefined) await requireFreeEmail(work, work.body, before.id);
  const customer = kept(work, 'customer', changed(work, before, customerFields));
  tell(work, 'customer.updated', customer);
  return { data: customer };
}

async function createAddress(work: Work): Promise<Answer> {
  const customer = await requireCustomer(work, work.call.ids[0]!);
  if (!/^[A-Z]{2}$/.test(textOf(work.body, 'country_code') ?? '')) throw invalid('country_code', 'must be a two-letter country code');
  const address = kept(work, 'address', newAddress(work.id('add'), customer.id, iso(work.now), work.body));
  tell(work, 'address.created', address);
  return { status: 201, data: address };
}

async function updateAddress(work: Work): Promise<Answer> {
  const [customer, id] = work.call.ids as [string, string];
  const address = kept(work, 'address', changed(work, await requireAddress(work, customer, id), addressFields));
  tell(work, 'address.updated', address);
  return { data: address };
}

const addresses = one('customers', 'ctm', '/addresses');
const address = one('customers', 'ctm', '/addresses/(add_[A-Za-z0-9]{1,40})');

export const customerRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: /^\/customers$/, operation: 'customers.create', effect: (body) => ({ customer: textOf(body, 'email') }), run: createCustomer }),
  operation({ method: 'GET', path: /^\/customers$/, operation: 'customers.list', run: (work) => listed(work, { kind: 'customer', path: '/customers', filters: { email: among('email'), status: among('status') } }) }),
  operation({ method: 'GET', path: one('customers', 'ctm'), operation: 'customers.get', run: async (work) => ({ data: await requireCustomer(work, work.call.ids[0]!) }) }),
  operation({ method: 'PATCH', path: one('customers', 'ctm'), operation: 'customers.update', effect: (_body, { ids }) => ({ customer: ids[0]! }), run: updateCustomer }),
  operation({
    method: 'GET', path: one('customers', 'ctm', '/credit-balances'), operation: 'customers.credit_balances',
    run: async (work) => {
      await requireCustomer(work, work.call.ids[0]!);
      return { data: [] };
    },
  }),
  operation({ method: 'POST', path: addresses, operation: 'addresses.create', effect: (_body, { ids }) => ({ customer: ids[0]! }), run: createAddress }),
  operation({
    method: 'GET', path: addresses, operation: 'addresses.list',
    run: async (work) => {
      const { id } = await requireCustomer(work, work.call.ids[0]!);
      return listed(work, { kind: 'address', path: `/customers/${id}/addresses`, where: (view) => view['customer_id'] === id, filters: { status: among('status') } });
    },
  }),
  operation({ method: 'GET', path: address, operation: 'addresses.get', run: async (work) => ({ data: await requireAddress(work, work.call.ids[0]!, work.call.ids[1]!) }) }),
  operation({ method: 'PATCH', path: address, operation: 'addresses.update', effect: (_body, { ids }) => ({ customer: ids[0]!, object: ids[1]! }), run: updateAddress }),
];
