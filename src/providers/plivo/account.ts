import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { JsonRoute } from '../wire/json-api.ts';
import { msisdn } from '../wire/msisdn.ts';
import { jsonReply } from '../wire/reply.ts';
import { plivoError } from './error.ts';
import { queryOf } from './fields.ts';

/** The SDK's accounts.get() puts two slashes at the end. */
export const accountRoutes: readonly JsonRoute[] = [{
  method: 'GET', path: /^\/v1\/Account\/([A-Za-z0-9]+)\/{1,2}$/, operation: 'account.get', read: queryOf([]),
  answer: async ({ ids: [id = ''], context }) => ({
    reply: jsonReply(200, {
      account_type: 'standard', address: '', api_id: context.uuid(), auth_id: id, auto_recharge: false, billing_mode: 'prepaid', cash_credits: '100.00000', city: '', name: 'Staging',
      resource_uri: `/v1/Account/${id}/`, state: '', timezone: 'UTC',
    }),
  }),
}];

/** lookup.plivo.com. https://www.plivo.com/docs/lookup/api/number-lookup */
export const lookupRoutes: readonly JsonRoute[] = [{
  method: 'GET', path: /^\/v1\/Number\/((?:\+|%2B)?[0-9]{4,15})$/i, operation: 'lookup.get', read: queryOf(['type']),
  answer: async ({ ids: [asked = ''], request, context }) => {
    const number = parsePhoneNumberFromString(msisdn(asked.replace(/^%2B/i, '+')));
    if (number === undefined) return { reply: plivoError(404, 'number not found', context.uuid()) };
    const home = number.country ?? number.getPossibleCountries()[0] ?? null;
    return {
      reply: jsonReply(200, {
        api_id: context.uuid(), phone_number: number.number, country: { name: home === null ? '' : new Intl.DisplayNames(['en'], { type: 'region' }).of(home), iso2: home ?? '', iso3: '' },
        format: { e164: number.number, national: number.formatNational(), international: number.formatInternational(), rfc3966: number.getURI() },
        carrier: { mobile_country_code: '', mobile_network_code: '', name: 'Staging', type: 'mobile', ported: 'no' }, resource_uri: `${request.path}${request.query === null ? '' : `?${request.query}`}`,
      }),
    };
  },
}];
