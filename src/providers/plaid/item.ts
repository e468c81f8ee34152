import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { missing, PlaidFailure } from './errors.ts';
import { hashOf, uuidOf } from './operation.ts';
import type { Books, Work } from './operation.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly mask: string;
  readonly subtype: 'checking' | 'savings';
  /** in dollars, as text */
  readonly available: string;
}

/** A bank login. Remembered by the hash of its access token. */
export interface Item {
  readonly id: string;
  readonly institution: string;
  readonly webhook: string | null;
  readonly products: readonly string[];
  readonly accounts: readonly Account[];
  readonly loginRequired: boolean;
  /** made up for a token out of a restored database: any account of it will do */
  readonly adopted: boolean;
}

/** Ids of Plaid's: letters and digits, 37 of them. */
function accountsFor(id: string): readonly Account[] {
  const accountId = (n: number): string => `${hashOf(`${id}/${n}`)}${hashOf(`${id}+${n}`)}`.slice(0, 37);
  return [
    { id: accountId(0), name: 'Plaid Checking', mask: '0000', subtype: 'checking', available: '100000.00' },
    { id: accountId(1), name: 'Plaid Saving', mask: '1111', subtype: 'savings', available: '200000.00' },
  ];
}

export function newItem({ id, institution, webhook, products }: Pick<Item, 'id' | 'webhook' | 'products'> & { readonly institution?: string | null }): Item {
  return { id, institution: institution ?? 'ins_109508', webhook, products, accounts: accountsFor(id), loginRequired: false, adopted: false };
}

export function saveItem({ ledger }: Pick<Books, 'ledger'>, key: string, item: Item): void {
  ledger.save('item', key, item, { item: item.id });
}

export interface Found { readonly item: Item; /** what it is remembered by */ readonly key: string }

/** By the access token of the call. A seed may stand under the token itself. */
export async function itemOf(work: Work): Promise<Found> {
  const token = asString(field(work.body, 'access_token')) ?? '';
  if (token === '') throw missing(['access_token']);
  if (!new RegExp(`^access-${work.environment}-[0-9a-z-]{1,64}$`, 'i').test(token)) {
    throw new PlaidFailure('INVALID_INPUT', 'INVALID_ACCESS_TOKEN', `provided access token is in an invalid format. expected format: access-${work.environment}-<identifier>`);
  }
  for (const key of [hashOf(token), token]) {
    const item = await work.ledger.find<Item | 'removed'>('item', key);
    if (item === 'removed') throw new PlaidFailure('ITEM_ERROR', 'ITEM_NOT_FOUND', 'The Item you requested cannot be found. This Item does not exist, has been previously removed via /item/remove, or has had access removed by the user.');
    if (item !== null) return { item, key };
  }
  if (work.context.unknownIds !== 'adopt') throw new PlaidFailure('INVALID_INPUT', 'INVALID_ACCESS_TOKEN', 'could not find matching access token');
  const key = hashOf(token);
  const item: Item = { ...newItem({ id: uuidOf(token).replaceAll('-', ''), webhook: null, products: ['auth', 'transfer', 'identity'] }), adopted: true };
  saveItem(work, key, item);
  return { item, key };
}

/** The same, where the bank lets us in. */
export async function openItemOf(work: Work): Promise<Found> {
  const found = await itemOf(work);
  if (found.item.loginRequired) {
    throw new PlaidFailure('ITEM_ERROR', 'ITEM_LOGIN_REQUIRED', "the login details of this item have changed (credentials, MFA, or required user action) and a user login is required to update this information. use Link's update mode to restore the item to a good state");
  }
  return found;
}

export async function accountOfItem(work: Work, { item, key }: Found): Promise<Account> {
  const id = asString(field(work.body, 'account_id')) ?? '';
  const account = item.accounts.find((each) => each.id === id);
  if (account !== undefined) return account;
  if (!item.adopted) throw new PlaidFailure('INVALID_INPUT', 'INVALID_ACCOUNT_ID', 'failed to find requested account ID for requested item');
  const named: Account = { ...item.accounts[0]!, id, name: 'Plaid Account', mask: '2222' };
  saveItem(work, key, { ...item, accounts: [...item.accounts, named] });
  return named;
}

export function showItem(item: Item): JsonObject {
  return {
    item_id: item.id, institution_id: item.institution, institution_name: 'First Platypus Bank', webhook: item.webhook, auth_method: null,
    error: item.loginRequired ? { error_type: 'ITEM_ERROR', error_code: 'ITEM_LOGIN_REQUIRED', error_message: 'the login details of this item have changed', display_message: null } : null,
    available_products: [], billed_products: item.products, products: item.products, consented_products: item.products, consent_expiration_time: null, update_type: 'background',
  };
}

export function showAccount({ id, name, mask, subtype, available }: Account): JsonObject {
  return {
    account_id: id, balances: { available: Number(available), current: Number(available), limit: null, iso_currency_code: 'USD', unofficial_currency_code: null },
    mask, name, official_name: `${name} at First Platypus Bank`, type: 'depository', subtype, holder_category: 'personal',
  };
}

/** Those that `options.account_ids` names, else all. */
export function accountsAsked({ body }: Work, item: Item): readonly Account[] {
  const asked = field(asObject(field(body, 'options')), 'account_ids');
  if (!Array.isArray(asked)) return item.accounts;
  const found = item.accounts.filter(({ id }) => asked.includes(id));
  if (found.length < asked.length) throw new PlaidFailure('INVALID_INPUT', 'INVALID_ACCOUNT_ID', 'one or more of the account IDs is invalid');
  return found;
}
