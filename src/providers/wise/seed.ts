import type { Remember } from '../../model/provider.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { detailsOf } from './account.ts';
import type { Account } from './account.ts';
import { amountOf, moneyOf } from './amount.ts';
import type { Balance } from './balance.ts';
import { idOf, some } from './operation.ts';
import { next } from './transfer.ts';
import type { Status, Transfer } from './transfer.ts';

const seeds: Readonly<Record<string, (id: string, given: JsonObject) => Pick<Remember, 'value' | 'index'>>> = { account, transfer, balance };
const statuses = [...new Set([...Object.keys(next), ...Object.values(next).flat()])];

/** What a restored database holds ids of, as Wise shows it: recipient accounts, transfers; and balances, for what is in them. */
export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value' | 'index'> {
  if (!Object.hasOwn(seeds, kind)) throw new Error(`Wise has no ${JSON.stringify(kind.slice(0, 40))} that can be seeded; it has ${Object.keys(seeds).join(', ')}`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`a Wise ${kind} is a JSON object, as the API shows it`);
  if (!/^[0-9]{1,18}$/.test(id)) throw new Error(`the id of a Wise ${kind} is a number, not ${JSON.stringify(id.slice(0, 60))}`);
  return seeds[kind]!(id, given);
}

const currencyOf = (what: string, id: string, given: JsonObject, name: string): string => {
  const currency = asString(field(given, name)) ?? '';
  if (!/^[A-Z]{3}$/.test(currency)) throw new Error(`${name} of ${what} ${id} is a currency code: EUR`);
  return currency;
};

function account(id: string, given: JsonObject): Pick<Remember, 'value' | 'index'> {
  const holder = asString(field(given, 'accountHolderName')) ?? asString(field(asObject(field(given, 'name')), 'fullName'));
  if (holder === null) throw new Error(`account ${id} has no accountHolderName`);
  const made: Account = { id, profile: idOf(field(given, 'profile') ?? field(given, 'profileId')), currency: currencyOf('account', id, given, 'currency'), type: asString(field(given, 'type')) ?? 'iban', holder, details: detailsOf(given), active: field(given, 'active') !== false };
  return { value: made, index: { profile: made.profile ?? '', currency: made.currency!, active: String(made.active) } };
}

function transfer(id: string, given: JsonObject): Pick<Remember, 'value' | 'index'> {
  const [source, target] = [currencyOf('transfer', id, given, 'sourceCurrency'), currencyOf('transfer', id, given, 'targetCurrency')];
  const [paid, arrives] = [moneyOf(field(given, 'sourceValue'), source), moneyOf(field(given, 'targetValue'), target)];
  if (paid === null || arrives === null) throw new Error(`sourceValue and targetValue of transfer ${id} are numbers: 10.5`);
  const status = asString(field(given, 'status')) ?? 'outgoing_payment_sent';
  if (!statuses.includes(status)) throw new Error(`status of transfer ${id} is one of ${statuses.join(', ')}`);
  const made: Transfer = {
    id, profile: idOf(field(given, 'business') ?? field(given, 'profile')) ?? '1', account: idOf(field(given, 'targetAccount')) ?? '1', quote: asString(field(given, 'quoteUuid')) ?? '', source, target, paid: paid.minor, arrives: arrives.minor,
    details: some(asObject(field(given, 'details')), ['reference']), customerTransactionId: asString(field(given, 'customerTransactionId')) ?? '', status: status as Status, paidFrom: null, batch: null, createdMs: Date.parse(asString(field(given, 'created')) ?? '') || Date.UTC(2026, 0),
  };
  return { value: made, index: { profile: made.profile, status } };
}

function balance(id: string, given: JsonObject): Pick<Remember, 'value' | 'index'> {
  const amount = amountOf(field(given, 'amount'));
  const profile = idOf(field(given, 'profile') ?? field(given, 'profileId'));
  if (amount === null) throw new Error(`amount of balance ${id} is { value: 10.5, currency: 'EUR' }`);
  if (profile === null) throw new Error(`balance ${id} has no profile: the number of the profile it belongs to`);
  const made: Balance = { id, profile, currency: amount.currency, type: field(given, 'type') === 'SAVINGS' ? 'SAVINGS' : 'STANDARD', name: asString(field(given, 'name')), minor: amount.minor, createdMs: Date.UTC(2026, 0) };
  return { value: made, index: { profile } };
}
