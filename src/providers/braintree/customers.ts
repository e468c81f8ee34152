import type { HttpResponse } from '../../model/exchange.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { emptyReply } from '../wire/reply.ts';
import { errorReply, invalid } from './errors.ts';
import { freshId, operation, some } from './operation.ts';
import type { Work } from './operation.ts';
import { textOf } from './parameters.ts';
import { merchantOf, under } from './place.ts';
import { cardSource, consumed } from './source.ts';
import type { Source } from './source.ts';
import { customerFields, methodsOf, requireCustomer, saveCustomer, showCustomer, vaulted } from './vault.ts';
import type { Customer } from './vault.ts';
import { verification } from './verification.ts';
import { xmlReply } from './xml-reply.ts';

const reached = (body: JsonObject, ids: readonly string[]) => ({ movesMoney: false, customer: ids[0] ?? asString(field(body, 'id')) ?? asString(field(body, 'email')), object: ids[0] ?? null });

async function shown(work: Work, customer: Customer, status: number): Promise<HttpResponse> {
  return xmlReply(status, 'customer', { ...showCustomer(customer, await methodsOf(work, customer)), merchant_id: merchantOf(work.request) });
}

function check(body: JsonObject): void {
  const email = textOf(field(body, 'email'));
  if (email !== null && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw invalid('customer', 'email', '81604', 'Email is an invalid format.');
  if ((email ?? '').length > 255) throw invalid('customer', 'email', '81605', 'Email is too long.');
}

/** The payment method that comes with a customer: as a nonce, or a card in the clear. */
async function methodWith(work: Work): Promise<{ readonly source: Omit<Source, 'customer'>; readonly given: JsonObject } | null> {
  const card = asObject(field(work.body, 'credit_card'));
  const nonce = textOf(field(work.body, 'payment_method_nonce')) ?? textOf(field(card, 'payment_method_nonce'));
  if (nonce !== null) return { source: await consumed(work, nonce, { at: 'customer', consumed: '93107', unknown: '93108' }), given: card ?? {} };
  return card === null || textOf(field(card, 'number')) === null ? null : { source: cardSource(card, ['customer', 'credit_card']), given: card };
}

async function keep(work: Work, customer: Customer, status: number): Promise<HttpResponse> {
  check(work.body);
  const method = await methodWith(work);
  const refused = method === null ? null : verification(work.context, method.source, asObject(field(method.given, 'options')));
  if (refused !== null) return errorReply(422, refused.message, [], { verification: refused.shown });
  saveCustomer(work, customer);
  if (method !== null) {
    const token = textOf(field(method.given, 'token')) ?? freshId(work);
    if (await work.ledger.find('payment_method', token) !== null) throw invalid(['customer', 'credit_card'], 'token', '91719', 'Duplicate token.');
    vaulted(work, customer, token, method.source);
  }
  return shown(work, (await work.ledger.find<Customer>('customer', customer.id))!, status);
}

async function create(work: Work): Promise<HttpResponse> {
  const id = textOf(field(work.body, 'id')) ?? freshId(work);
  if (!/^[A-Za-z0-9_-]+$/.test(id)) throw invalid('customer', 'id', '91610', 'Customer ID is invalid (use only letters, numbers, \'-\', and \'_\').');
  if (id.length > 36) throw invalid('customer', 'id', '91612', 'Customer ID is too long.');
  if (await work.ledger.find('customer', id) !== null) throw invalid('customer', 'id', '91609', 'Customer ID has already been taken.');
  return keep(work, { id, given: some(work.body, [...customerFields, 'custom_fields']), methods: [], createdMs: work.context.now, updatedMs: work.context.now }, 201);
}

async function update(work: Work): Promise<HttpResponse> {
  const customer = await requireCustomer(work, work.ids[0]!);
  return keep(work, { ...customer, given: { ...customer.given, ...some(work.body, [...customerFields, 'custom_fields']) }, updatedMs: work.context.now }, 200);
}

async function remove(work: Work): Promise<HttpResponse> {
  const customer = await requireCustomer(work, work.ids[0]!);
  for (const { id } of await methodsOf(work, customer)) work.ledger.save('payment_method', id, null);
  work.ledger.save('customer', customer.id, null);
  return emptyReply(200, [['Content-Type', 'application/xml; charset=utf-8']]);
}

export const customerRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: under('customers'), operation: 'customer.create', root: 'customer', optional: true, effect: reached, run: create }),
  operation({ method: 'GET', path: under('customers/{id}'), operation: 'customer.find', root: null, query: ['association_filter_id'], run: async (work) => shown(work, await requireCustomer(work, work.ids[0]!), 200) }),
  operation({ method: 'PUT', path: under('customers/{id}'), operation: 'customer.update', root: 'customer', effect: reached, run: update }),
  operation({ method: 'DELETE', path: under('customers/{id}'), operation: 'customer.delete', root: null, effect: reached, run: remove }),
];
