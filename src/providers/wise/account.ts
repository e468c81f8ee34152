import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { notFound } from './errors.ts';
import type { Books } from './operation.ts';

/** A recipient: whose account the money goes to. */
export interface Account {
  readonly id: string;
  readonly profile: string | null;
  /** null: made up for an id out of a restored database, so that any will do */
  readonly currency: string | null;
  readonly type: string;
  readonly holder: string;
  readonly details: JsonObject;
  readonly active: boolean;
}

/** No card number is remembered, though money may be sent to one. */
export function detailsOf(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(asObject(field(body, 'details')) ?? {}).filter(([name]) => !/card/i.test(name)));
}

export function saveAccount({ ledger }: Pick<Books, 'ledger'>, account: Account): void {
  ledger.save('account', account.id, account, { profile: account.profile ?? '', currency: account.currency ?? '', active: String(account.active) });
}

export async function accountOf(books: Pick<Books, 'ledger' | 'context'>, id: string): Promise<Account> {
  const account = await books.ledger.find<Account>('account', id);
  if (account !== null) return account;
  if (books.context.unknownIds !== 'adopt') throw notFound('Recipient');
  const adopted: Account = { id, profile: null, currency: null, type: 'iban', holder: 'Restored Recipient', details: {}, active: true };
  saveAccount(books, adopted);
  return adopted;
}

export function showAccount({ id, profile, currency, type, holder, details, active }: Account): JsonObject {
  return {
    id: Number(id), business: null, profile: profile === null ? null : Number(profile), user: 1, accountHolderName: holder, currency: currency ?? 'EUR', country: asString(field(asObject(field(details, 'address')), 'country')),
    type, details, isActive: active, active, ownedByCustomer: false,
  };
}

/** The newer form of the same. */
export function showAccountV2(account: Account): JsonObject {
  const { id, profile, holder, type, details, active, currency } = account;
  return {
    id: Number(id), creatorId: 1, profileId: profile === null ? null : Number(profile), name: { fullName: holder, givenName: null, familyName: null, middleName: null }, currency: currency ?? 'EUR', country: null, type,
    legalEntityType: asString(field(details, 'legalType')) === 'BUSINESS' ? 'INSTITUTION' : 'PERSON', active, details, email: asString(field(details, 'email')), isInternal: false, ownedByCustomer: false, displayFields: [],
    accountSummary: asString(field(details, 'IBAN')) ?? asString(field(details, 'iban')) ?? asString(field(details, 'accountNumber')) ?? '', longAccountSummary: `${currency ?? 'EUR'} account of ${holder}`,
  };
}
