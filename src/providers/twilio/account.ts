import { jsonReply } from '../wire/reply.ts';
import { page } from './page.ts';
import type { Route } from './route.ts';

const account = '/2010-04-01/Accounts/([A-Za-z0-9]+)';

/** What applications ask at start or before sending: the account, its balance and numbers. */
export const accountRoutes: readonly Route[] = [
  {
    product: 'api', method: 'GET', path: new RegExp(`^${account}\\.json$`), operation: 'accounts.fetch',
    answer: async ({ ids: [sid = ''] }) => ({
      reply: jsonReply(200, {
        auth_token: '', date_created: 'Thu, 01 Jan 2026 00:00:00 +0000', date_updated: 'Thu, 01 Jan 2026 00:00:00 +0000', friendly_name: 'Staging',
        owner_account_sid: sid, sid, status: 'active', type: 'Full', uri: `/2010-04-01/Accounts/${sid}.json`,
        subresource_uris: Object.fromEntries(['messages', 'calls', 'incoming_phone_numbers', 'balance'].map((name) => [
          name, `/2010-04-01/Accounts/${sid}/${name.split('_').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')}.json`])),
      }),
    }),
  },
  {
    product: 'api', method: 'GET', path: new RegExp(`^${account}/Balance\\.json$`), operation: 'balance.fetch',
    answer: async ({ ids: [sid = ''] }) => ({ reply: jsonReply(200, { account_sid: sid, balance: '100.00', currency: 'USD' }) }),
  },
  {
    product: 'api', method: 'GET', path: new RegExp(`^${account}/IncomingPhoneNumbers\\.json$`), operation: 'incoming_phone_numbers.list',
    answer: async (call) => ({
      reply: await page(call, { kind: 'incoming_phone_number', key: 'incoming_phone_numbers', where: {}, keep: () => true, show: ({ value }) => value }),
    }),
  },
];
