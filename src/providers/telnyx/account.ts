import type { JsonRoute } from '../wire/json-api.ts';
import { jsonReply } from '../wire/reply.ts';

/** What an application asks at its start. Nothing has been bought or set up here, so lists are empty. */
export const accountRoutes: readonly JsonRoute[] = [
  {
    method: 'GET', path: /^\/v2\/balance$/, operation: 'balance.retrieve',
    answer: async () => ({ reply: jsonReply(200, { data: { record_type: 'balance', balance: '100.00', credit_limit: '0.00', available_credit: '100.00', pending: '0.00', currency: 'USD' } }) }),
  },
  ...['messaging_profiles', 'phone_numbers', 'verify_profiles', 'connections'].map((name): JsonRoute => ({
    method: 'GET', path: new RegExp(`^/v2/${name}$`), operation: `${name}.list`,
    answer: async () => ({ reply: jsonReply(200, { data: [], meta: { page_number: 1, page_size: 20, total_pages: 0, total_results: 0 } }) }),
  })),
];
