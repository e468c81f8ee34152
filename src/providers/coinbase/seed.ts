import type { Remember } from '../../model/provider.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { chargeFields } from './charge.ts';
import type { Charge, Moment, Status } from './charge.ts';
import { invoiceFields } from './invoice.ts';
import type { Invoice } from './invoice.ts';
import { at, some } from './operation.ts';
import { priceOf } from './price.ts';

const statuses: readonly string[] = ['NEW', 'PENDING', 'COMPLETED', 'EXPIRED', 'UNRESOLVED', 'RESOLVED', 'CANCELED'];

/** A charge, a checkout or an invoice as Coinbase shows it, or the part of it that matters. */
export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value' | 'index'> {
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`a Coinbase ${kind} is a JSON object, as the API shows it`);
  if (!/^[A-Za-z0-9-]{1,64}$/.test(id)) throw new Error(`${JSON.stringify(id.slice(0, 80))} is no id of Coinbase: it is a UUID`);
  const price = field(given, 'local_price') ?? field(asObject(field(given, 'pricing')), 'local');
  if (price !== undefined && priceOf(price) === null) throw new Error(`local_price of ${kind} ${id} is no amount: it is { amount: '100.00', currency: 'USD' }`);
  const known = { ...given, ...(price === undefined ? {} : { local_price: price }) };
  const code = asString(field(given, 'code')) ?? id.replaceAll('-', '').slice(0, 8).toUpperCase();
  const createdMs = Date.parse(asString(field(given, 'created_at')) ?? '2026-01-01T00:00:00Z');
  if (Number.isNaN(createdMs)) throw new Error(`created_at of ${kind} ${id} is no time: it is '2026-01-01T00:00:00Z'`);
  if (kind === 'checkout') return { value: { id, given: { pricing_type: price === undefined ? 'no_price' : 'fixed_price', ...some(known, [...chargeFields, 'requested_info']) } } };
  if (kind === 'invoice') return { value: invoiceOf(id, code, known, createdMs), index: { code } };
  if (kind !== 'charge') throw new Error(`Coinbase has no ${JSON.stringify(kind.slice(0, 40))} that can be seeded; it has charge, checkout and invoice`);
  const charge: Charge = {
    id, code, given: { name: 'Seeded', description: 'Seeded', pricing_type: price === undefined ? 'no_price' : 'fixed_price', ...some(known, chargeFields) }, hosted_url: asString(field(given, 'hosted_url')) ?? `https://commerce.coinbase.com/charges/${code}`,
    timeline: timelineOf(id, given, createdMs), payments: [], checkout: null, invoice: null, createdMs,
  };
  return { value: charge, index: { code } };
}

/** What it became is the last thing that happened to it; `status` alone is enough. */
function timelineOf(id: string, given: JsonObject, createdMs: number): readonly Moment[] {
  const list = field(given, 'timeline');
  const last = asString(field(asObject(Array.isArray(list) ? list.at(-1) as JsonValue : null), 'status')) ?? asString(field(given, 'status')) ?? 'NEW';
  if (!statuses.includes(last)) throw new Error(`the status of charge ${id} is one of ${statuses.join(', ')}`);
  const first: Moment = { time: at(createdMs), status: 'NEW' };
  return last === 'NEW' ? [first] : [first, { time: at(createdMs), status: last as Status }];
}

function invoiceOf(id: string, code: string, given: JsonObject, createdMs: number): Invoice {
  const status = asString(field(given, 'status')) ?? 'OPEN';
  if (!['OPEN', 'PAID', 'UNRESOLVED', 'VOID'].includes(status)) throw new Error(`the status of invoice ${id} is one of OPEN, PAID, UNRESOLVED, VOID`);
  if (priceOf(field(given, 'local_price')) === null) throw new Error(`invoice ${id} has no local_price: it is { amount: '100.00', currency: 'USD' }`);
  return { id, code, given: some(given, invoiceFields), hosted_url: asString(field(given, 'hosted_url')) ?? `https://commerce.coinbase.com/invoices/${code}`, status: status as Invoice['status'], charge: null, createdMs, updatedMs: createdMs };
}
