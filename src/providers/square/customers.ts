import { everything } from '../wire/everything.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { invalid, notFound, notSimulated } from './errors.ts';
import { paged, parameters } from './list.ts';
import { given, idIn, iso, operation, referenceOf } from './operation.ts';
import type { Work } from './operation.ts';
import { announce } from './webhook.ts';

type Customer = JsonObject & { readonly id: string; readonly version: number };

const longAgo = '2026-01-01T09:00:00.000Z';
const fields = ['given_name', 'family_name', 'company_name', 'nickname', 'email_address', 'address', 'phone_number', 'reference_id', 'note', 'birthday', 'tax_ids'] as const;
/** One of these a customer must have. */
const naming = ['given_name', 'family_name', 'company_name', 'email_address', 'phone_number'] as const;

export const customerRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v2\/customers$/, operation: 'customers.create', once: 'optional',
    effect: (body) => ({ movesMoney: false, keys: referenceOf(body), customer: asString(field(body, 'email_address')) || null }),
    run: async (work) => {
      if (naming.every((name) => !field(work.body, name))) throw invalid('BAD_REQUEST', `At least one of the following fields is required: ${naming.join(', ')}`);
      const id = work.id(26).toUpperCase();
      const customer: Customer = { id, created_at: iso(work.now), updated_at: iso(work.now), ...given(work.body, fields), preferences: { email_unsubscribed: false }, creation_source: 'THIRD_PARTY', version: 0 };
      keep(work, customer, 'customer.created');
      return { body: { customer } };
    },
  }),
  operation({
    method: 'GET', path: /^\/v2\/customers$/, operation: 'customers.list',
    run: async (work) => {
      const { limit, cursor } = parameters(work, ['limit', 'cursor']);
      return { body: paged('customers', await everything<Customer>(work.call.context, 'customer'), { limit, cursor }) };
    },
  }),
  operation({
    method: 'POST', path: /^\/v2\/customers\/search$/, operation: 'customers.search',
    run: async (work) => ({ body: paged('customers', (await everything<Customer>(work.call.context, 'customer')).filter(asked(work.body)), { limit: text(work.body, 'limit'), cursor: text(work.body, 'cursor') }) }),
  }),
  operation({ method: 'GET', path: idIn('/v2/customers'), operation: 'customers.get', run: async (work) => ({ body: { customer: await customerOf(work) } }) }),
  operation({
    method: 'PUT', path: idIn('/v2/customers'), operation: 'customers.update',
    effect: (body, { ids }) => ({ movesMoney: false, keys: referenceOf(body), customer: ids[0]!, object: ids[0]! }),
    run: async (work) => {
      const before = await customerOf(work);
      // null clears a field
      const cleared = Object.fromEntries(Object.entries(before).filter(([name]) => !fields.some((known) => known === name) || field(work.body, name) !== null));
      const customer: Customer = { ...cleared, ...given(work.body, fields), id: before.id, updated_at: iso(work.now), version: before.version + 1 };
      keep(work, customer, 'customer.updated');
      return { body: { customer } };
    },
  }),
  operation({
    method: 'DELETE', path: idIn('/v2/customers'), operation: 'customers.delete', query: true,
    effect: (_, { ids }) => ({ movesMoney: false, customer: ids[0]!, object: ids[0]! }),
    run: async (work) => {
      parameters(work, ['version']);
      const customer = await customerOf(work);
      work.ledger.save('customer', customer.id, null);
      announce(work, { type: 'customer.deleted', about: { type: 'customer', id: customer.id }, deleted: true, object: { customer }, line: customer.id });
      return { body: {} };
    },
  }),
];

async function customerOf({ ledger, call }: Work): Promise<Customer> {
  const found = await ledger.find<Customer>('customer', call.ids[0]!);
  if (found === null && call.context.unknownIds === 'adopt') return madeUp(call.ids[0]!);
  if (found === null) throw notFound('customer', call.ids[0]!);
  return found;
}

/** A customer that nobody told of but by the id. */
function madeUp(id: string): Customer {
  return { id, created_at: longAgo, updated_at: longAgo, given_name: 'Customer', preferences: { email_unsubscribed: false }, creation_source: 'THIRD_PARTY', version: 0 };
}

/** Square's own object with the fields that were written down. */
export function seededCustomer(id: string, value: JsonObject): JsonObject {
  return { ...madeUp(id), ...value, id };
}

function keep(work: Work, customer: Customer, type: 'customer.created' | 'customer.updated'): void {
  work.ledger.save('customer', customer.id, customer);
  announce(work, { type, about: { type: 'customer', id: customer.id }, object: { customer }, line: customer.id });
}

/** Only exact texts are looked for. */
function asked(body: JsonObject): (customer: Customer) => boolean {
  const filter = asObject(field(asObject(field(body, 'query')), 'filter')) ?? {};
  const wanted = Object.entries(filter).map(([name, how]) => {
    const exact = asString(field(asObject(how), 'exact'));
    if (!['email_address', 'phone_number', 'reference_id'].includes(name) || exact === null) throw notSimulated(`the filter ${name.slice(0, 50)} in this way`, `query.filter.${name.slice(0, 50)}`);
    return [name, exact.toLowerCase()] as const;
  });
  return (customer) => wanted.every(([name, exact]) => asString(field(customer, name))?.toLowerCase() === exact);
}

function text(body: JsonObject, name: string): string | undefined {
  const value = field(body, name);
  return value === undefined || value === null ? undefined : String(value);
}
