import type { JsonRoute } from '../wire/json-api.ts';
import { field } from '../wire/json.ts';
import { bad } from './errors.ts';
import { listed } from './list.ts';
import { keep, requireOf } from './objects.ts';
import type { Customer } from './objects.ts';
import { idIn, isYes, notesOf, nothing, operation, seconds, text } from './operation.ts';

const one = idIn('customers', 'cust');

export const customerRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v1\/customers$/, operation: 'customers.create', effect: (body) => ({ ...nothing, customer: text(body, 'email') ?? text(body, 'contact') }),
    run: async (work) => {
      const { body, call: { context } } = work;
      const [email, contact] = [text(body, 'email'), text(body, 'contact')];
      const same = email === null && contact === null ? [] : (await context.list('customer', { where: { ...(email === null ? {} : { email }), ...(contact === null ? {} : { contact }) }, limit: 20 })).items.map(({ value }) => value as Customer)
        .filter(({ view }) => (view['email'] ?? null) === email && (view['contact'] ?? null) === contact);
      if (same[0] !== undefined) {
        if (field(body, 'fail_existing') === undefined || isYes(field(body, 'fail_existing'))) throw bad('Customer already exists for the merchant');
        return same[0].view;
      }
      return keep(work, 'customer', {
        merchant: work.merchant,
        view: { id: work.id('cust_'), entity: 'customer', name: text(body, 'name'), email, contact, gstin: text(body, 'gstin'), notes: notesOf(body), created_at: seconds(work.now) },
      }).view;
    },
  }),
  operation({ method: 'GET', path: /^\/v1\/customers$/, operation: 'customers.list', run: (work) => listed(work, 'customer') }),
  operation({ method: 'GET', path: one, operation: 'customers.get', run: async (work) => (await requireOf(work, 'customer', work.call.ids[0]!)).view }),
  operation({
    method: 'PUT', path: one, operation: 'customers.update', effect: (_, { ids }) => ({ ...nothing, customer: ids[0]!, object: ids[0]! }),
    run: async (work) => {
      const customer = await requireOf(work, 'customer', work.call.ids[0]!);
      const changes = Object.fromEntries(['name', 'email', 'contact'].flatMap((name) => field(work.body, name) === undefined ? [] : [[name, text(work.body, name)]]));
      return keep(work, 'customer', { ...customer, view: { ...customer.view, ...changes } }).view;
    },
  }),
];
