import { everything } from '../wire/everything.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { invalid, notFound } from './errors.ts';
import { listed } from './list.ts';
import { iso, metadataOf, named, nothing, operation, text } from './operation.ts';
import type { Answer, Books, Work } from './operation.ts';

export interface Customer { readonly view: JsonObject }

const byEmailOrCode = /^\/customer\/((?:CUS_[A-Za-z0-9]{1,40})|(?:[A-Za-z0-9._+-]{1,64}(?:@|%40)[A-Za-z0-9.-]{1,190}))$/;

export const customerRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/customer$/, operation: 'customer.create', effect: (body) => ({ ...nothing, customer: text(body, 'email') }),
    run: async (work) => ({ message: 'Customer created', data: (await customerFor(work, work.body)).view }),
  }),
  operation({ method: 'GET', path: /^\/customer$/, operation: 'customer.list', run: (work) => listed(work, { kind: 'customer', message: 'Customers retrieved' }) }),
  operation({
    method: 'GET', path: byEmailOrCode, operation: 'customer.fetch',
    run: async (work): Promise<Answer> => {
      const { view } = await customerOf(work, decodeURIComponent(work.call.ids[0]!));
      const paid = (await everything<{ readonly view: JsonObject }>(work.context, 'transaction')).map((each) => each.view).filter((each) => (each['customer'] as JsonObject)['customer_code'] === view['customer_code']);
      return { message: 'Customer retrieved', data: { ...view, transactions: [], subscriptions: [], authorizations: [], total_transactions: paid.length } };
    },
  }),
  operation({
    method: 'PUT', path: named('customer'), operation: 'customer.update', effect: (_, { ids }) => ({ ...nothing, customer: ids[0]!, object: ids[0]! }),
    run: async (work) => {
      const { view } = await customerOf(work, work.call.ids[0]!);
      const metadata = metadataOf(field(work.body, 'metadata'));
      return { message: 'Customer updated', data: saveCustomer(work, { ...view, ...givenOf(work.body), ...(metadata === null ? {} : { metadata }), updatedAt: iso(work.now) }).view };
    },
  }),
];

function givenOf(body: JsonObject): JsonObject {
  return Object.fromEntries(['first_name', 'last_name', 'phone'].flatMap((name) => field(body, name) === undefined ? [] : [[name, text(body, name)]]));
}

function saveCustomer({ ledger }: Pick<Books, 'ledger'>, view: JsonObject): Customer {
  const customer = { view };
  ledger.save('customer', String(view['customer_code']), customer, { email: String(view['email']) });
  return customer;
}

async function byEmail(work: Work, email: string): Promise<Customer | null> {
  const { items } = await work.context.list('customer', { where: { email: email.toLowerCase() }, limit: 1 });
  return items[0] === undefined ? null : work.ledger.find<Customer>('customer', items[0].id);
}

async function customerOf(work: Work, id: string): Promise<Customer> {
  const found = id.includes('@') ? await byEmail(work, id) : await work.ledger.find<Customer>('customer', id);
  if (found === null) throw notFound('Customer', 'customer_not_found');
  return found;
}

/** The one with this address, made where there is none yet. An address is a customer's only once. */
export async function customerFor(work: Work, body: JsonObject): Promise<Customer> {
  const email = text(body, 'email')?.toLowerCase() ?? null;
  if (email === null) throw invalid('Email is required', 'missing_params');
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw invalid('Invalid Email Address Passed', 'invalid_email_address');
  const known = await byEmail(work, email);
  if (known !== null) return known;
  return saveCustomer(work, {
    id: work.number(), customer_code: work.code('CUS_'), email, first_name: null, last_name: null, phone: null, ...givenOf(body), metadata: metadataOf(field(body, 'metadata')), domain: work.domain,
    risk_action: 'default', international_format_phone: null, identified: false, identifications: null, integration: 100_043, createdAt: iso(work.now), updatedAt: iso(work.now),
  });
}
