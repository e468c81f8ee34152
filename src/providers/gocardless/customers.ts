import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import type { Books } from './books.ts';
import { invalid, notFound, wrongState } from './errors.ts';
import { byField, byLink, listed } from './list.ts';
import { currencies, iso, linkOf, some, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { action, one, operation } from './operation.ts';
import type { Work } from './operation.ts';

export const customerFields = ['given_name', 'family_name', 'company_name', 'email', 'phone_number', 'address_line1', 'address_line2', 'address_line3', 'city', 'region', 'postal_code', 'country_code', 'language', 'danish_identity_number', 'swedish_identity_number', 'metadata'];

export function newCustomer(id: string, createdMs: number, given: JsonObject): View {
  return { id, created_at: iso(createdMs), ...Object.fromEntries(customerFields.map((name) => [name, name === 'metadata' ? {} : name === 'language' ? 'en' : null])), ...some(given, customerFields) };
}

export async function requireCustomer({ ledger, context, now }: Books, id: string): Promise<View> {
  const customer = await ledger.find<View>('customer', id);
  if (customer !== null) return customer;
  if (context.unknownIds !== 'adopt') throw notFound();
  const made = newCustomer(id, now, { given_name: 'Adopted', family_name: 'Customer', email: `${id.toLowerCase()}@example.test`, country_code: 'GB' });
  ledger.save('customer', id, made);
  return made;
}

/** Of the account itself its last two digits are kept, as GoCardless shows them. */
export function newBankAccount(books: Books, customer: string, given: JsonObject, pointer: string): View {
  const number = (asString(field(given, 'iban')) ?? asString(field(given, 'account_number')) ?? '').replaceAll(/[ -]/g, '');
  if (!/^[A-Za-z0-9]{4,40}$/.test(number)) throw invalid(`${pointer}/${field(given, 'iban') === undefined ? 'account_number' : 'iban'}`, number === '' ? "can't be blank" : 'is invalid');
  if (!textOf(given, 'account_holder_name')) throw invalid(`${pointer}/account_holder_name`, "can't be blank");
  const country = textOf(given, 'country_code') ?? (field(given, 'iban') === undefined ? 'GB' : number.slice(0, 2).toUpperCase());
  return {
    id: books.id('BA'), created_at: iso(books.now), account_holder_name: textOf(given, 'account_holder_name')!.toUpperCase().slice(0, 18), account_number_ending: number.slice(-2), account_type: textOf(given, 'account_type'),
    bank_account_token: null, bank_name: null, country_code: country, currency: currencies.find((each) => each === textOf(given, 'currency')) ?? currencyOf(country), enabled: true,
    metadata: asObject(field(given, 'metadata')) ?? {}, links: { customer },
  };
}

export function currencyOf(country: string | null): string {
  return { GB: 'GBP', SE: 'SEK', DK: 'DKK', AU: 'AUD', NZ: 'NZD', CA: 'CAD', US: 'USD' }[country ?? 'GB'] ?? 'EUR';
}

async function bankAccountOf(work: Work): Promise<View> {
  const found = await work.ledger.find<View>('customer_bank_account', work.call.ids[0]!);
  if (found === null) throw notFound();
  return found;
}

function kept(work: Work, kind: string, collection: string, view: View, status = 200): { readonly status: number; readonly body: JsonObject } {
  work.ledger.save(kind, view.id, view);
  return { status, body: { [collection]: view } };
}

export const customerRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/customers$/, operation: 'customers.create', envelope: 'customers', once: true, effect: (body) => ({ customer: textOf(body, 'email') }),
    run: async (work) => kept(work, 'customer', 'customers', newCustomer(work.id('CU'), work.now, work.body), 201),
  }),
  operation({ method: 'GET', path: /^\/customers$/, operation: 'customers.list', run: (work) => listed(work, { kind: 'customer', collection: 'customers' }) }),
  operation({ method: 'GET', path: one('customers', 'CU'), operation: 'customers.get', run: async (work) => ({ status: 200, body: { customers: await requireCustomer(work, work.call.ids[0]!) } }) }),
  operation({
    method: 'PUT', path: one('customers', 'CU'), operation: 'customers.update', envelope: 'customers', effect: (_body, { ids }) => ({ customer: ids[0]! }),
    run: async (work) => kept(work, 'customer', 'customers', { ...await requireCustomer(work, work.call.ids[0]!), ...some(work.body, customerFields) }),
  }),
];

const accounts = 'customer_bank_accounts';

export const bankAccountRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/customer_bank_accounts$/, operation: 'customer_bank_accounts.create', envelope: accounts, once: true,
    effect: (body) => ({ customer: linkOf(body, 'customer'), object: linkOf(body, 'customer') }),
    run: async (work) => {
      const customer = linkOf(work.body, 'customer');
      if (customer === null) throw invalid('/customer_bank_accounts/links/customer', "can't be blank");
      await requireCustomer(work, customer);
      return kept(work, 'customer_bank_account', accounts, newBankAccount(work, customer, work.body, `/${accounts}`), 201);
    },
  }),
  operation({ method: 'GET', path: /^\/customer_bank_accounts$/, operation: 'customer_bank_accounts.list', run: (work) => listed(work, { kind: 'customer_bank_account', collection: accounts, filters: { customer: byLink('customer'), enabled: byField('enabled') } }) }),
  operation({ method: 'GET', path: one(accounts, 'BA'), operation: 'customer_bank_accounts.get', run: async (work) => ({ status: 200, body: { [accounts]: await bankAccountOf(work) } }) }),
  operation({
    method: 'PUT', path: one(accounts, 'BA'), operation: 'customer_bank_accounts.update', envelope: accounts, effect: () => ({}),
    run: async (work) => kept(work, 'customer_bank_account', accounts, { ...await bankAccountOf(work), ...some(work.body, ['metadata']) }),
  }),
  operation({
    method: 'POST', path: action(accounts, 'BA', 'disable'), operation: 'customer_bank_accounts.disable', effect: () => ({}),
    run: async (work) => {
      const account = await bankAccountOf(work);
      if (account['enabled'] !== true) throw wrongState('disable_failed', 'Bank account is already disabled');
      return kept(work, 'customer_bank_account', accounts, { ...account, enabled: false });
    },
  }),
];
