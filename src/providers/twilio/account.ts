import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { PhoneNumber } from 'libphonenumber-js';
import { jsonReply } from '../wire/reply.ts';
import { notFound } from './error.ts';
import { page } from './page.ts';
import type { Route } from './route.ts';

const account = '/2010-04-01/Accounts/([A-Za-z0-9]+)';

/** What applications ask at start or before sending: the account, its balance and numbers, and number lookups. */
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
  {
    product: 'lookups', method: 'GET', path: /^\/v2\/PhoneNumbers\/([^/]+)$/, operation: 'lookups.fetch',
    answer: async ({ ids: [encoded = ''], request }) => {
      const number = lookup(encoded);
      if (number === null) return { reply: notFound(request.path) };
      const valid = number.isValid();
      return {
        reply: jsonReply(200, {
          calling_country_code: number.countryCallingCode, country_code: number.country ?? null, phone_number: number.number,
          national_format: number.formatNational(), valid, validation_errors: valid ? [] : ['INVALID_BUT_POSSIBLE'],
          caller_name: null, sim_swap: null, call_forwarding: null, line_status: null, line_type_intelligence: null, identity_match: null,
          reassigned_number: null, sms_pumping_risk: null, phone_number_quality_score: null, pre_fill: null,
          url: `https://lookups.twilio.com/v2/PhoneNumbers/${number.number}`,
        }),
      };
    },
  },
];

function lookup(encoded: string): PhoneNumber | null {
  try {
    return parsePhoneNumberFromString(decodeURIComponent(encoded)) ?? null;
  } catch {
    // A bad escape in the path names no number.
    return null;
  }
}
