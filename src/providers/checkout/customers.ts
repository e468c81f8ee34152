import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { invalid, notFound } from './errors.ts';
import { idIn, nothing, operation, some, text } from './operation.ts';
import type { Work } from './operation.ts';
import type { Instrument } from './sources.ts';

interface Customer { readonly view: JsonObject & { readonly id: string } }

const one = idIn('customers', 'cus');
const byAddress = /^\/customers\/((?:cus_[A-Za-z0-9]{1,60})|(?:[A-Za-z0-9._+-]{1,64}(?:@|%40)[A-Za-z0-9.-]{1,190}))$/;
const fields = ['email', 'name', 'phone', 'metadata', 'default'];

export const customerRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/customers$/, operation: 'customers.create', effect: (body) => ({ ...nothing, customer: text(body, 'email') }),
    run: async (work) => {
      const email = requireEmail(text(work.body, 'email'));
      if (await byEmail(work, email) !== null) throw invalid('customer_email_already_exists');
      const { view: { id } } = saveCustomer(work, { ...some(work.body, fields), id: work.id('cus_') });
      return { status: 201, body: { id } };
    },
  }),
  operation({
    method: 'GET', path: byAddress, operation: 'customers.get',
    run: async (work) => {
      const asked = decodeURIComponent(work.call.ids[0]!);
      const found = asked.includes('@') ? await byEmail(work, asked) : await work.ledger.find<Customer>('customer', asked);
      if (found === null) throw notFound();
      const { items } = await work.context.list('instrument', { where: { customer: found.view.id }, limit: 100 });
      return { status: 200, body: { ...found.view, instruments: items.map(({ value }) => (value as Instrument).view) } };
    },
  }),
  operation({
    method: 'PATCH', path: one, operation: 'customers.update', effect: (_, { ids }) => ({ ...nothing, customer: ids[0]!, object: ids[0]! }),
    run: async (work) => {
      const { view } = await requireCustomer(work, work.call.ids[0]!);
      saveCustomer(work, { ...view, ...some(work.body, fields) });
      return { status: 204, body: null };
    },
  }),
  operation({
    method: 'DELETE', path: one, operation: 'customers.delete', effect: (_, { ids }) => ({ ...nothing, customer: ids[0]!, object: ids[0]! }),
    run: async (work) => {
      const { view } = await requireCustomer(work, work.call.ids[0]!);
      work.ledger.save('customer', view.id, null);
      return { status: 204, body: null };
    },
  }),
];

function requireEmail(email: string | null): string {
  if (email === null) throw invalid('customer_email_required');
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw invalid('customer_email_invalid');
  return email;
}

function saveCustomer({ ledger }: Pick<Work, 'ledger'>, view: Customer['view']): Customer {
  const email = text(view, 'email');
  ledger.save('customer', view.id, { view }, email === null ? {} : { email: email.toLowerCase() });
  return { view };
}

async function requireCustomer(work: Work, id: string): Promise<Customer> {
  const found = await work.ledger.find<Customer>('customer', id);
  if (found !== null) return found;
  if (work.context.unknownIds === 'adopt' && /^cus_[a-z0-9]{1,60}$/.test(id)) return saveCustomer(work, { id });
  throw notFound();
}

async function byEmail(work: Work, email: string): Promise<Customer | null> {
  const { items } = await work.context.list('customer', { where: { email: email.toLowerCase() }, limit: 1 });
  return items[0] === undefined ? null : work.ledger.find<Customer>('customer', items[0].id);
}

/** Of a payment: the one that is named, else the one with this address, made where there is none. Null: nobody is said. */
export async function customerFor(work: Work, body: JsonObject): Promise<Customer | null> {
  const given = asObject(field(body, 'customer'));
  const id = text(given, 'id');
  if (id !== null) {
    const found = await work.ledger.find<Customer>('customer', id);
    if (found === null && work.context.unknownIds !== 'adopt') throw invalid('customer_id_invalid');
    return found ?? requireCustomer(work, id);
  }
  const email = text(given, 'email');
  if (email === null) return null;
  return await byEmail(work, requireEmail(email)) ?? saveCustomer(work, { ...some(given, fields), id: work.id('cus_') });
}
