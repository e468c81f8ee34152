import { everything } from '../wire/everything.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { keep } from './books.ts';
import type { Books } from './books.ts';
import { invalid, notFound } from './errors.ts';
import { listed } from './list.ts';
import { iso, some, textOf } from './objects.ts';
import type { Resource } from './objects.ts';
import { all, byId, one, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';

const fields = ['name', 'email', 'city', 'region', 'country'];

export function newCustomer(id: string, store: string, at: string, given: JsonObject): Resource {
  return {
    id, custom: null,
    attributes: {
      store_id: Number(store), name: '', email: '', status: 'subscribed', city: null, region: null, country: null, total_revenue_currency: 0, mrr: 0, status_formatted: 'Subscribed', country_formatted: null, total_revenue_currency_formatted: '$0.00', mrr_formatted: '$0.00',
      urls: { customer_portal: null }, created_at: at, updated_at: at, test_mode: false, ...given,
    },
  };
}

async function customerOf({ ledger, context, now }: Books, id: string): Promise<Resource> {
  const found = await ledger.find<Resource>('customers', id);
  if (found !== null) return found;
  if (context.unknownIds !== 'adopt') throw notFound();
  const made = newCustomer(id, '1', iso(now), { name: 'Adopted Customer', email: `customer-${id}@example.test` });
  ledger.save('customers', id, made);
  return made;
}

/** A store has one customer of an address. */
export async function holderOf(books: Books, store: string, email: string): Promise<Resource | null> {
  return (await everything<Resource>(books.context, 'customers')).find(({ attributes }) => String(attributes['store_id']) === store && textOf(attributes, 'email')?.toLowerCase() === email.toLowerCase()) ?? null;
}

async function checkEmail(work: Work, email: string | null, store: string, self: string | null): Promise<void> {
  if (email === null || !/^[^@\s]+@[^@\s]+$/.test(email)) throw invalid('The email must be a valid email address.', '/data/attributes/email');
  const holder = await holderOf(work, store, email);
  if (holder !== null && holder.id !== self) throw invalid('The email has already been taken.', '/data/attributes/email');
}

async function create(work: Work): Promise<Answer> {
  const { attributes, related } = work.given;
  const store = related['store'];
  if (store === undefined) throw invalid('The store field is required.', '/data/relationships/store');
  if (!textOf(attributes, 'name')) throw invalid('The name field is required.', '/data/attributes/name');
  await checkEmail(work, textOf(attributes, 'email'), store, null);
  const customer = keep(work, 'customers', newCustomer(work.id(), store, iso(work.now), some(attributes, fields)));
  return one('customers', customer, 201);
}

async function update(work: Work): Promise<Answer> {
  const before = await customerOf(work, work.call.ids[0]!);
  const { attributes } = work.given;
  const status = textOf(attributes, 'status');
  if (status !== null && status !== 'archived') throw invalid('The selected status is invalid.', '/data/attributes/status');
  if (field(attributes, 'email') !== undefined) await checkEmail(work, textOf(attributes, 'email'), String(before.attributes['store_id']), before.id);
  const after = keep(work, 'customers', { ...before, attributes: { ...before.attributes, ...some(attributes, fields), ...(status === null ? {} : { status, status_formatted: 'Archived' }), updated_at: iso(work.now) } });
  return one('customers', after);
}

export const customerRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: all('customers'), operation: 'customers.create', type: 'customers', effect: ({ attributes }) => ({ customer: textOf(attributes, 'email') }), run: create }),
  operation({ method: 'GET', path: all('customers'), operation: 'customers.list', type: 'customers', run: (work) => listed(work, 'customers', ['store_id', 'email']) }),
  operation({ method: 'GET', path: byId('customers'), operation: 'customers.get', type: 'customers', run: async (work) => one('customers', await customerOf(work, work.call.ids[0]!)) }),
  operation({ method: 'PATCH', path: byId('customers'), operation: 'customers.update', type: 'customers', effect: (_given, { ids }) => ({ customer: ids[0]! }), run: update }),
];
