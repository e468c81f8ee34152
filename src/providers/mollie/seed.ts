import type { Remember } from '../../model/provider.ts';
import { decimalMoney, decimalText } from '../wire/decimal-money.ts';
import { currencyExponent } from '../../model/money.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { mandateIndex } from './mandates.ts';
import type { Customer, Mandate } from './mandates.ts';
import { some } from './operation.ts';
import { customerFields } from './customers.ts';
import { givenOf, paymentIndex, statuses } from './payment.ts';
import type { Paid } from './payment.ts';

const kinds = { customer: /^cst_[A-Za-z0-9]{1,32}$/, payment: /^tr_[A-Za-z0-9]{1,32}$/, mandate: /^mdt_[A-Za-z0-9]{1,32}$/ } as const;
type Kind = keyof typeof kinds;

/** Mollie's own objects, as its API shows them; what is left out is a usual one. */
export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value' | 'index'> {
  if (!Object.hasOwn(kinds, kind)) throw new Error(`Mollie has no '${kind}' to be seeded; it has ${Object.keys(kinds).join(', ')}`);
  if (!kinds[kind as Kind].test(id)) throw new Error(`'${id}' is no id of a Mollie ${kind}, which is ${{ customer: "'cst_'", payment: "'tr_'", mandate: "'mdt_'" }[kind as Kind]} and up to 32 letters and digits`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`Mollie ${kind} ${id}: the value is an object with the fields that Mollie shows`);
  switch (kind as Kind) {
    case 'customer': return { value: { id, ...common(kind, id, given), given: some(given, customerFields) } satisfies Customer, index: { all: 'yes' } };
    case 'mandate': return mandate(id, given);
    case 'payment': return payment(id, given);
  }
}

function common(kind: string, id: string, given: JsonObject): { readonly mode: 'live' | 'test'; readonly createdMs: number } {
  const mode = oneOf(kind, id, given, 'mode', ['live', 'test'], 'live');
  const created = asString(field(given, 'createdAt')) ?? '2026-01-01T09:00:00+00:00';
  if (Number.isNaN(Date.parse(created))) throw new Error(`Mollie ${kind} ${id}: createdAt is a time such as 2026-01-01T09:00:00+00:00`);
  return { mode, createdMs: Date.parse(created) };
}

function oneOf<T extends string>(kind: string, id: string, given: JsonObject, name: string, words: readonly T[], usual: T): T {
  const said = asString(field(given, name)) ?? usual;
  const found = words.find((word) => word === said);
  if (found === undefined) throw new Error(`Mollie ${kind} ${id}: ${name} '${said}' is none of ${words.join(', ')}`);
  return found;
}

function reference(kind: string, id: string, given: JsonObject, name: 'customerId' | 'mandateId'): string | null {
  const said = asString(field(given, name));
  const of = name === 'customerId' ? 'customer' : 'mandate';
  if (said !== null && !kinds[of].test(said)) throw new Error(`Mollie ${kind} ${id}: ${name} '${said}' is no id of a ${of}`);
  return said;
}

function mandate(id: string, given: JsonObject): Pick<Remember, 'value' | 'index'> {
  const customer = reference('mandate', id, given, 'customerId');
  if (customer === null) throw new Error(`Mollie mandate ${id}: customerId is missing; it says whose it is ('cst_...')`);
  const made: Mandate = {
    id, customer, ...common('mandate', id, given), method: asString(field(given, 'method')) ?? 'directdebit', status: oneOf('mandate', id, given, 'status', ['valid', 'pending', 'invalid'], 'valid'),
    given: some({ ...asObject(field(given, 'details')), ...given }, ['consumerName', 'consumerAccount', 'consumerBic', 'signatureDate', 'mandateReference']),
  };
  return { value: made, index: mandateIndex(made) };
}

function payment(id: string, given: JsonObject): Pick<Remember, 'value' | 'index'> {
  const money = (name: string): ReturnType<typeof decimalMoney> => decimalMoney(asString(field(asObject(field(given, name)), 'value')), asString(field(asObject(field(given, name)), 'currency')), currencyExponent);
  const amount = money('amount');
  if (amount === null || BigInt(amount.minor) <= 0n) throw new Error(`Mollie payment ${id}: amount is an object such as { currency: EUR, value: "10.00" }`);
  const refunded = money('amountRefunded');
  if (refunded !== null && (refunded.currency !== amount.currency || BigInt(refunded.minor) > BigInt(amount.minor))) throw new Error(`Mollie payment ${id}: amountRefunded is more than its amount, or of another currency`);
  const times = common('payment', id, given);
  const paid: Paid = {
    id, ...times, status: oneOf('payment', id, given, 'status', statuses, 'paid'), given: { description: `Payment ${id}`, ...givenOf(given), amount: { currency: amount.currency, value: decimalText(amount) } },
    customer: reference('payment', id, given, 'customerId'), mandate: reference('payment', id, given, 'mandateId'), method: asString(field(given, 'method')) ?? 'ideal',
    refunded: refunded?.minor ?? '0', chargedBack: '0', changedMs: times.createdMs, failure: null,
  };
  return { value: paid, index: paymentIndex(paid) };
}
