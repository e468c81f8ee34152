import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { notFound } from './errors.ts';
import { accountsAsked, openItemOf, showAccount, showItem } from './item.ts';
import type { Account, Found } from './item.ts';
import { operation } from './operation.ts';
import type { Work } from './operation.ts';

/** A read of the item's accounts, with whatever else is shown of them. */
function reading(path: string, more: (accounts: readonly Account[]) => JsonObject, show: (account: Account) => JsonObject = showAccount): JsonRoute {
  return operation({
    path, required: ['access_token'],
    run: async (work: Work) => {
      const { item }: Found = await openItemOf(work);
      const accounts = accountsAsked(work, item);
      return { accounts: accounts.map(show), ...more(accounts), item: showItem(item) };
    },
  });
}

/** The holder that Plaid's sandbox has. */
const owner: JsonObject = {
  names: ['Alberta Bobbeth Charleson'], phone_numbers: [{ data: '1112223333', primary: true, type: 'mobile' }], emails: [{ data: 'accountholder0@example.com', primary: true, type: 'primary' }],
  addresses: [{ data: { city: 'Malakoff', region: 'NY', street: '2992 Cameron Road', postal_code: '14236', country: 'US' }, primary: true }],
};

const bank = (id: string): JsonObject => ({ institution_id: id, name: 'First Platypus Bank', products: ['auth', 'balance', 'identity', 'transactions', 'transfer'], country_codes: ['US'], url: null, primary_color: null, logo: null, routing_numbers: ['011000138'], oauth: false });

const institution = /^ins_[0-9]{1,12}$/;

export const accountRoutes: readonly JsonRoute[] = [
  reading('/accounts/get', () => ({})),
  reading('/accounts/balance/get', () => ({})),
  reading('/auth/get', (accounts) => ({
    numbers: { ach: accounts.map(({ id, mask }) => ({ account_id: id, account: `111122223333${mask}`, routing: '011401533', wire_routing: '021000021' })), eft: [], international: [], bacs: [] },
  })),
  reading('/identity/get', () => ({}), (account) => ({ ...showAccount(account), owners: [owner] })),
  operation({
    path: '/institutions/get_by_id', required: ['institution_id', 'country_codes'],
    run: async ({ body }) => {
      const id = asString(field(body, 'institution_id')) ?? '';
      if (!institution.test(id)) throw notFound('institution');
      return { institution: bank(id) };
    },
  }),
  operation({ path: '/institutions/get', required: ['country_codes'], run: async ({ body }) => ({ institutions: Number(field(body, 'offset') ?? 0) > 0 ? [] : [bank('ins_109508')], total: 1 }) }),
  operation({ path: '/institutions/search', required: ['query', 'country_codes'], run: async ({ body }) => ({ institutions: 'first platypus bank'.includes((asString(field(body, 'query')) ?? '').toLowerCase()) ? [bank('ins_109508')] : [] }) }),
  operation({
    path: '/transfer/capabilities/get', required: ['access_token', 'account_id'],
    run: async (work) => {
      await openItemOf(work);
      return { institution_supported_networks: { rtp: { credit: true, debit: false }, rfp: { debit: false, max_amount: null, iso_currency_code: null } } };
    },
  }),
];
