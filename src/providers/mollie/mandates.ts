import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { MollieFailure, noSuch, unprocessable } from './errors.ts';
import { listPage } from './list.ts';
import { at, hal, operation, page, some } from './operation.ts';
import type { Answer, Work } from './operation.ts';

export interface Customer {
  readonly id: string;
  readonly mode: 'live' | 'test';
  readonly given: JsonObject;
  readonly createdMs: number;
}

export interface Mandate {
  readonly id: string;
  readonly customer: string;
  readonly mode: 'live' | 'test';
  readonly method: string;
  readonly status: 'valid' | 'pending' | 'invalid';
  readonly given: JsonObject;
  readonly createdMs: number;
}

export async function requireCustomer({ ledger, call, mode, now }: Pick<Work, 'ledger' | 'call' | 'mode' | 'now'>, id: string): Promise<Customer> {
  const customer = await ledger.find<Customer | 'deleted'>('customer', id);
  // nobody told of it but by the id
  if (customer === null && call.context.unknownIds === 'adopt') return { id, mode, given: {}, createdMs: now };
  if (customer === 'deleted') throw new MollieFailure(410, `The customer with token ${id} is no longer available.`);
  if (customer === null) throw noSuch('customer', id);
  return customer;
}

/** The mandate that a recurring payment is taken by: the one that is named, else the customer's newest valid one. */
export async function mandateFor(work: Work, customer: string | null, id: string | null): Promise<Mandate> {
  if (customer === null) throw unprocessable('A customer is required for a recurring payment.', 'customerId');
  if (id !== null) {
    const named = await work.ledger.find<Mandate>('mandate', id);
    if (named === null || named.customer !== customer || named.status !== 'valid') throw unprocessable('The mandate is invalid.', 'mandateId');
    return named;
  }
  const { items } = await work.call.context.list('mandate', { where: { customer } });
  const valid = items.map(({ value }) => value as Mandate).find(({ status }) => status === 'valid');
  if (valid === undefined) throw unprocessable('No suitable mandates found for customer.', 'customerId');
  return valid;
}

export function saveMandate(work: Pick<Work, 'ledger'>, mandate: Mandate): void {
  work.ledger.save('mandate', mandate.id, mandate, mandateIndex(mandate));
}

export function mandateIndex({ customer }: Mandate): Readonly<Record<string, string>> {
  return { customer };
}

export function showMandate(mandate: Mandate): JsonObject {
  return {
    resource: 'mandate', id: mandate.id, mode: mandate.mode, status: mandate.status, method: mandate.method, details: some(mandate.given, ['consumerName', 'consumerAccount', 'consumerBic']),
    mandateReference: field(mandate.given, 'mandateReference') ?? null, signatureDate: field(mandate.given, 'signatureDate') ?? at(mandate.createdMs).slice(0, 10), createdAt: at(mandate.createdMs),
    _links: { self: hal(`/customers/${mandate.customer}/mandates/${mandate.id}`), customer: hal(`/customers/${mandate.customer}`), documentation: page('https://docs.mollie.com/reference/get-mandate') },
  };
}

const all = /^\/v2\/customers\/(cst_[A-Za-z0-9]{1,32})\/mandates$/;
const one = /^\/v2\/customers\/(cst_[A-Za-z0-9]{1,32})\/mandates\/(mdt_[A-Za-z0-9]{1,32})$/;
const nothing = { amount: null, movesMoney: false, description: null } as const;

export const mandateRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: all, operation: 'customers.mandates.create', effect: (body, { ids }) => ({ ...nothing, customer: ids[0]!, method: asString(field(body, 'method')), object: ids[0]! }), run: create }),
  operation({
    method: 'GET', path: all, operation: 'customers.mandates.list',
    run: async (work) => {
      const { id } = await requireCustomer(work, work.call.ids[0]!);
      return listPage<Mandate>(work, { kind: 'mandate', embedded: 'mandates', noun: 'mandate', path: `/customers/${id}/mandates`, where: { customer: id }, show: showMandate });
    },
  }),
  operation({ method: 'GET', path: one, operation: 'customers.mandates.get', run: async (work) => ({ status: 200, body: showMandate(await mandateOf(work)) }) }),
  operation({
    method: 'DELETE', path: one, operation: 'customers.mandates.revoke', effect: (_body, { ids }) => ({ ...nothing, customer: ids[0]!, method: null, object: ids[1]! }),
    run: async (work) => {
      const mandate = await mandateOf(work);
      work.ledger.save('mandate', mandate.id, null);
      return { status: 204, body: null };
    },
  }),
];

async function mandateOf(work: Work): Promise<Mandate> {
  const [customer, id] = work.call.ids;
  await requireCustomer(work, customer!);
  const mandate = await work.ledger.find<Mandate>('mandate', id!);
  if (mandate === null || mandate.customer !== customer) throw noSuch('mandate', id!);
  return mandate;
}

async function create(work: Work): Promise<Answer> {
  const customer = await requireCustomer(work, work.call.ids[0]!);
  const method = asString(field(work.body, 'method'));
  if (method === null || !['directdebit', 'paypal'].includes(method)) throw unprocessable('The payment method is invalid.', 'method');
  if (!asString(field(work.body, 'consumerName'))) throw unprocessable('The consumer name is required.', 'consumerName');
  if (method === 'directdebit' && !/^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/.test((asString(field(work.body, 'consumerAccount')) ?? '').replaceAll(' ', ''))) throw unprocessable('The bank account is invalid.', 'consumerAccount');
  const mandate: Mandate = {
    id: work.id('mdt_'), customer: customer.id, mode: work.mode, method, status: 'valid', createdMs: work.now,
    given: some(work.body, ['consumerName', 'consumerAccount', 'consumerBic', 'signatureDate', 'mandateReference']),
  };
  saveMandate(work, mandate);
  return { status: 201, body: showMandate(mandate) };
}
