import type { JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { accountOf, detailsOf, saveAccount, showAccount, showAccountV2 } from './account.ts';
import type { Account } from './account.ts';
import { requireCurrency } from './amount.ts';
import { invalid } from './errors.ts';
import { idOf, newNumber, operation } from './operation.ts';
import type { Work } from './operation.ts';

const one = (version: string): RegExp => new RegExp(`^/${version}/accounts/([0-9]{1,18})$`);

export const accountRoutes: readonly JsonRoute[] = [
  operation({
    // where it has an e-mail address, Wise may write to it: to ask for an account, or that money came
    method: 'POST', path: /^\/v1\/accounts$/, operation: 'accounts.create',
    effect: (body) => ({ customer: asString(field(asObject(field(body, 'details')), 'email')), method: methodOf(body), description: asString(field(body, 'accountHolderName')) }),
    run: async (work) => ({ status: 200, body: showAccount(create(work)) }),
  }),
  operation({ method: 'GET', path: /^\/v1\/accounts$/, operation: 'accounts.list.v1', run: async (work) => ({ status: 200, body: (await listed(work)).map(showAccount) }) }),
  operation({ method: 'GET', path: /^\/v2\/accounts$/, operation: 'accounts.list', run: async (work) => ({ status: 200, body: { content: (await listed(work)).map(showAccountV2), sort: { empty: true, sorted: false, unsorted: true }, size: 20 } }) }),
  operation({ method: 'GET', path: one('v1'), operation: 'accounts.get.v1', run: async (work) => ({ status: 200, body: showAccount(await accountOf(work, work.call.ids[0]!)) }) }),
  operation({ method: 'GET', path: one('v2'), operation: 'accounts.get', run: async (work) => ({ status: 200, body: showAccountV2(await accountOf(work, work.call.ids[0]!)) }) }),
  ...(['v1', 'v2'] as const).map((version) => operation({
    method: 'DELETE', path: one(version), operation: version === 'v1' ? 'accounts.delete.v1' : 'accounts.delete', effect: (_body, { ids }) => ({ object: ids[0]! }),
    run: async (work) => {
      const account: Account = { ...await accountOf(work, work.call.ids[0]!), active: false };
      saveAccount(work, account);
      return { status: 200, body: version === 'v1' ? showAccount(account) : showAccountV2(account) };
    },
  })),
];

/** 'GBP sort_code' */
function methodOf(body: JsonObject): string | null {
  const parts = ['currency', 'type'].flatMap((name) => asString(field(body, name)) ?? []);
  return parts.length === 0 ? null : parts.join(' ');
}

function create(work: Work): Account {
  const { body } = work;
  const currency = requireCurrency(body, 'currency');
  const [type, holder] = [asString(field(body, 'type')), asString(field(body, 'accountHolderName'))];
  if (!type) throw invalid('type', 'Please specify the type of the account');
  if (!holder) throw invalid('accountHolderName', "Please enter the recipient's full name");
  if (asObject(field(body, 'details')) === null) throw invalid('details', 'Please specify the details of the account');
  if (type === 'email' && !/^[^\s@]+@[^\s@]+$/.test(asString(field(asObject(field(body, 'details')), 'email')) ?? '')) throw invalid('email', 'Please enter a valid email address');
  const account: Account = { id: newNumber(work), profile: idOf(field(body, 'profile')), currency, type, holder, details: detailsOf(body), active: true };
  saveAccount(work, account);
  return account;
}

async function listed({ context, query }: Work): Promise<readonly Account[]> {
  const profile = query['profile'] ?? query['profileId'];
  const where = { active: 'true', ...(profile === undefined ? {} : { profile }), ...(query['currency'] === undefined ? {} : { currency: query['currency'] }) };
  return (await context.list('account', { where, limit: 1_000 })).items.map(({ value }) => value as Account);
}
