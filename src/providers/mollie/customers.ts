import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { listPage } from './list.ts';
import { requireCustomer } from './mandates.ts';
import type { Customer } from './mandates.ts';
import { at, hal, operation, page, some } from './operation.ts';
import type { Work } from './operation.ts';

const one = /^\/v2\/customers\/(cst_[A-Za-z0-9]{1,32})$/;
export const customerFields = ['name', 'email', 'locale', 'metadata'];

function save(work: Work, customer: Customer): JsonObject {
  work.ledger.save('customer', customer.id, customer, { all: 'yes' });
  return showCustomer(customer);
}

function showCustomer({ id, mode, given, createdMs }: Customer): JsonObject {
  return {
    resource: 'customer', id, mode, name: null, email: null, locale: null, metadata: null, ...given, createdAt: at(createdMs),
    _links: { self: hal(`/customers/${id}`), dashboard: page(`https://my.mollie.com/dashboard/customers/${id}`), payments: hal(`/customers/${id}/payments`), mandates: hal(`/customers/${id}/mandates`), documentation: page('https://docs.mollie.com/reference/get-customer') },
  };
}

const reached = (body: JsonObject, id: string | null) => ({ amount: null, movesMoney: false, customer: id ?? asString(field(body, 'email')), method: null, object: id, description: null });

export const customerRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v2\/customers$/, operation: 'customers.create', effect: (body) => reached(body, null),
    run: async (work) => ({ status: 201, body: save(work, { id: work.id('cst_'), mode: work.mode, given: some(work.body, customerFields), createdMs: work.now }) }),
  }),
  operation({ method: 'GET', path: /^\/v2\/customers$/, operation: 'customers.list', run: (work) => listPage<Customer>(work, { kind: 'customer', embedded: 'customers', noun: 'customer', path: '/customers', where: { all: 'yes' }, show: showCustomer }) }),
  operation({ method: 'GET', path: one, operation: 'customers.get', run: async (work) => ({ status: 200, body: showCustomer(await requireCustomer(work, work.call.ids[0]!)) }) }),
  operation({
    method: 'PATCH', path: one, operation: 'customers.update', effect: (body, { ids }) => reached(body, ids[0]!),
    run: async (work) => {
      const customer = await requireCustomer(work, work.call.ids[0]!);
      return { status: 200, body: save(work, { ...customer, given: { ...customer.given, ...some(work.body, customerFields) } }) };
    },
  }),
  operation({
    method: 'DELETE', path: one, operation: 'customers.delete', effect: (body, { ids }) => reached(body, ids[0]!),
    run: async (work) => {
      const { id } = await requireCustomer(work, work.call.ids[0]!);
      // it is gone, and not the same as never there
      work.ledger.save('customer', id, 'deleted');
      return { status: 204, body: null };
    },
  }),
];
