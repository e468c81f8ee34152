import type { Remember } from '../../model/provider.ts';
import { decimalNumber } from '../wire/decimal-number.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { amountOf, paymentAmountOf, textOf } from './amount.ts';
import { newItem } from './item.ts';
import type { Account, Item } from './item.ts';
import { some } from './operation.ts';
import type { BankPayment, Status as PaymentStatus } from './payment.ts';
import { nextPayment } from './payment.ts';
import type { Recipient } from './payments.ts';
import type { Status, Transfer } from './transfer.ts';

const seeds: Readonly<Record<string, (id: string, given: JsonObject) => Pick<Remember, 'value' | 'index'>>> = { item, transfer, payment, recipient };

/** What a restored database holds ids of: items (by their access token), transfers, payments and their recipients, as Plaid shows them. */
export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value' | 'index'> {
  if (!Object.hasOwn(seeds, kind)) throw new Error(`Plaid has no ${JSON.stringify(kind.slice(0, 40))} that can be seeded; it has ${Object.keys(seeds).join(', ')}`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`a Plaid ${kind} is a JSON object, as the API shows it`);
  return seeds[kind]!(id, given);
}

function item(id: string, given: JsonObject): Pick<Remember, 'value' | 'index'> {
  if (!/^access-(?:sandbox|production)-[0-9a-z-]{1,64}$/i.test(id)) throw new Error("the id of an item is its access token: 'access-sandbox-...' or 'access-production-...'");
  const usual = newItem({ id: asString(field(given, 'item_id')) ?? id.slice(-12), webhook: asString(field(given, 'webhook')), products: (asArray(field(given, 'products')) ?? []).map(String), institution: asString(field(given, 'institution_id')) });
  const listed = asArray(field(given, 'accounts'));
  const made: Item = { ...usual, accounts: listed === null ? usual.accounts : listed.map((each) => account(asObject(each))), adopted: listed === null };
  return { value: made, index: { item: made.id } };
}

function account(given: JsonObject | null): Account {
  const id = asString(field(given, 'account_id'));
  if (id === null) throw new Error('an account of an item has an account_id');
  const available = field(asObject(field(given, 'balances')), 'available') ?? 100_000;
  const text = amountOf({ amount: decimalNumber(available) ?? available });
  if (text === null) throw new Error(`balances.available of account ${id.slice(0, 40)} is a number of dollars: 100.5`);
  return { id, name: asString(field(given, 'name')) ?? 'Plaid Checking', mask: asString(field(given, 'mask')) ?? '0000', subtype: field(given, 'subtype') === 'savings' ? 'savings' : 'checking', available: textOf(text) };
}

const statuses: readonly string[] = ['pending', 'posted', 'settled', 'funds_available', 'cancelled', 'failed', 'returned'];

function transfer(id: string, given: JsonObject): Pick<Remember, 'value' | 'index'> {
  const amount = amountOf(given);
  const status = asString(field(given, 'status')) ?? 'settled';
  if (amount === null) throw new Error(`amount of transfer ${id} is a decimal text: '12.34'`);
  if (!['debit', 'credit'].includes(asString(field(given, 'type')) ?? '')) throw new Error(`type of transfer ${id} is debit or credit`);
  if (!statuses.includes(status)) throw new Error(`status of transfer ${id} is one of ${statuses.join(', ')}`);
  const made: Transfer = {
    id, authorized: asString(field(given, 'authorization_id')) ?? id, account: asString(field(given, 'account_id')) ?? '', given: { network: 'ach', user: { legal_name: '', phone_number: null, email_address: null, address: null }, ...some(given, ['type', 'network', 'ach_class', 'user']) },
    amount: textOf(amount), currency: amount.currency, description: asString(field(given, 'description')) ?? '', metadata: asObject(field(given, 'metadata')), status: status as Status, failure: null, refunds: [], recurring: null,
    environment: 'sandbox', createdMs: Date.parse(asString(field(given, 'created')) ?? '') || Date.UTC(2026, 0),
  };
  return { value: made, index: { authorization: made.authorized } };
}

function payment(id: string, given: JsonObject): Pick<Remember, 'value' | 'index'> {
  const amount = paymentAmountOf(field(given, 'amount'));
  if (amount === null) throw new Error(`amount of payment ${id} is { currency: 'GBP', value: 12.34 }`);
  const status = (asString(field(given, 'status')) ?? 'PAYMENT_STATUS_EXECUTED').replace(/^PAYMENT_STATUS_/, '');
  const known = [...new Set([...Object.keys(nextPayment), ...Object.values(nextPayment).flat()])];
  if (!known.includes(status)) throw new Error(`status of payment ${id} is one of ${known.map((each) => `PAYMENT_STATUS_${each}`).join(', ')}`);
  return { value: { id, recipient: asString(field(given, 'recipient_id')) ?? '', given: { reference: '', ...some(given, ['reference', 'schedule']) }, amount, status: status as PaymentStatus, webhook: null, refunds: [], environment: 'sandbox', changedMs: Date.UTC(2026, 0) } satisfies BankPayment };
}

function recipient(id: string, given: JsonObject): Pick<Remember, 'value' | 'index'> {
  if (asString(field(given, 'name')) === null) throw new Error(`recipient ${id} has no name`);
  return { value: { id, given: some(given, ['name', 'iban', 'bacs', 'address']) } satisfies Recipient };
}
