import { currencyExponent } from '../../model/money.ts';
import type { Remember } from '../../model/provider.ts';
import { decimalMoney, decimalText } from '../wire/decimal-money.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { usualCurrency } from './amount.ts';
import type { MerchantAccount } from './amount.ts';
import type { Card } from './card.ts';
import { some } from './operation.ts';
import { textOf } from './parameters.ts';
import { response } from './responses.ts';
import { paypal } from './test-values.ts';
import { kept, orderIndex } from './transaction.ts';
import type { Status, Transaction } from './transaction.ts';
import { customerFields } from './vault.ts';
import type { Customer, PaymentMethod } from './vault.ts';

type Seeded = Pick<Remember, 'value' | 'index'>;

/** Written as Braintree's own objects are, in underscores. What is left out is usual. */
export function seed(kind: string, id: string, value: unknown): Seeded {
  const given = asObject(value as JsonValue);
  const what = `Braintree ${kind} ${id}`;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(id)) throw new Error(`${what}: an id is of letters, digits, '-' and '_'`);
  if (given === null) throw new Error(`${what}: it is no object; write its fields as Braintree names them, { email: ann@example.test }`);
  switch (kind) {
    case 'customer': return customer(id, given, what);
    case 'payment_method': return method(id, given, what);
    case 'transaction': return transaction(id, given, what);
    case 'merchant_account': return { value: { currency: currency(given, what, true) } satisfies MerchantAccount };
    default: throw new Error(`${what}: there is no such kind; right are customer, payment_method, transaction and merchant_account`);
  }
}

function only(given: JsonObject, names: readonly string[], what: string): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`${what}: the field ${unknown} is not known; right are ${names.join(', ')}`);
}

function time(given: JsonObject, what: string): number {
  const text = textOf(field(given, 'created_at')) ?? '2020-01-01T00:00:00Z';
  if (Number.isNaN(Date.parse(text))) throw new Error(`${what}: created_at is a time like 2026-11-21T09:00:00Z`);
  return Date.parse(text);
}

function currency(given: JsonObject, what: string, required: boolean): string {
  const code = textOf(field(given, 'currency_iso_code')) ?? (required ? '' : usualCurrency);
  if (!/^[A-Z]{3}$/.test(code)) throw new Error(`${what}: currency_iso_code is three capitals, like EUR`);
  return code;
}

function customer(id: string, given: JsonObject, what: string): Seeded {
  only(given, [...customerFields, 'custom_fields', 'payment_methods', 'created_at'], what);
  const methods = asArray(field(given, 'payment_methods') ?? [])?.map((each) => textOf(each)) ?? [null];
  if (methods.some((token) => token === null)) throw new Error(`${what}: payment_methods is a list of tokens, the default one first`);
  const created = time(given, what);
  return { value: { id, given: some(given, [...customerFields, 'custom_fields']), methods: methods as readonly string[], createdMs: created, updatedMs: created } satisfies Customer, index: { all: 'yes' } };
}

const cardFields = ['card_type', 'bin', 'last_4', 'expiration_month', 'expiration_year', 'cardholder_name', 'email'];

function card(given: JsonObject, what: string): Card {
  const email = textOf(field(given, 'email'));
  if (email !== null) return { ...paypal(), email };
  const last4 = textOf(field(given, 'last_4')) ?? '1881';
  const bin = textOf(field(given, 'bin')) ?? '401288';
  if (!/^[0-9]{4}$/.test(last4) || !/^[0-9]{6}$/.test(bin)) throw new Error(`${what}: last_4 are four digits and bin six, in quotes; a whole card number is never kept`);
  return {
    instrument: 'credit_card', type: textOf(field(given, 'card_type')) ?? 'Visa', bin, last4, month: textOf(field(given, 'expiration_month')) ?? '12', year: textOf(field(given, 'expiration_year')) ?? '2030',
    holder: textOf(field(given, 'cardholder_name')), email: null, threeDSecure: null,
  };
}

function method(token: string, given: JsonObject, what: string): Seeded {
  only(given, [...cardFields, 'customer_id', 'created_at', 'declines'], what);
  const owner = textOf(field(given, 'customer_id'));
  if (owner === null) throw new Error(`${what}: customer_id is missing; every payment method is a customer's`);
  const code = textOf(field(given, 'declines'));
  if (code !== null && !/^(?:2[0-9]{3}|3000)$/.test(code)) throw new Error(`${what}: declines is a code of the processor, like 2001`);
  const created = time(given, what);
  return { value: { id: token, customer: owner, card: card(given, what), outcome: code === null ? { kind: 'pays' } : { kind: 'declines', code }, createdMs: created, updatedMs: created } satisfies PaymentMethod };
}

const statuses: readonly Status[] = ['authorized', 'submitted_for_settlement', 'settling', 'settled', 'voided', 'processor_declined', 'settlement_declined', 'gateway_rejected', 'failed'];

function transaction(id: string, given: JsonObject, what: string): Seeded {
  only(given, [...kept, 'type', 'amount', 'currency_iso_code', 'status', 'merchant_account_id', 'customer_id', 'payment_method_token', 'credit_card', 'created_at', 'refunded_transaction_id'], what);
  const amount = decimalMoney(textOf(field(given, 'amount')), currency(given, what, false), currencyExponent);
  if (amount === null || BigInt(amount.minor) <= 0n) throw new Error(`${what}: amount is a decimal text above nothing, like '10.00', no finer than its currency`);
  const status = (textOf(field(given, 'status')) ?? 'settled') as Status;
  if (!statuses.includes(status)) throw new Error(`${what}: status ${status} is not known; right are ${statuses.join(', ')}`);
  const type = textOf(field(given, 'type')) ?? 'sale';
  if (type !== 'sale' && type !== 'credit') throw new Error(`${what}: type is sale or credit`);
  const created = time(given, what);
  const value: Transaction = {
    id, type, status, amount, merchantAccount: textOf(field(given, 'merchant_account_id')) ?? 'merchant', given: some(given, kept), customer: textOf(field(given, 'customer_id')), vaulted: textOf(field(given, 'payment_method_token')),
    card: card(asObject(field(given, 'credit_card')) ?? {}, what), response: response(status === 'processor_declined' ? '2000' : status === 'failed' ? '3000' : '1000'), settlement: status === 'settlement_declined' ? response('4001') : null,
    rejection: status === 'gateway_rejected' ? 'fraud' : null, refunds: [], refunded: '0', refundOf: textOf(field(given, 'refunded_transaction_id')), parts: [], inParts: '0', partOf: null, disputes: [],
    history: [{ ms: created, status, amount: decimalText(amount) }], createdMs: created,
  };
  return { value, index: { all: 'yes', ...orderIndex(value) } };
}
