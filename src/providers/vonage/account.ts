import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { CountryCode } from 'libphonenumber-js';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, field } from '../wire/json.ts';
import { msisdn } from '../wire/msisdn.ts';
import { jsonReply } from '../wire/reply.ts';
import { digitsOf, only, textOf } from './fields.ts';

/** What applications ask beside sending: balance, own numbers, and what is known of a number. */
export const accountRoutes: readonly JsonRoute[] = [
  { method: 'GET', path: /^\/account\/get-balance$/, operation: 'account.balance', read: only([]), answer: async () => ({ reply: jsonReply(200, { value: 100, autoReload: false }) }) },
  { method: 'GET', path: /^\/account\/numbers$/, operation: 'account.numbers', read: only(['country', 'pattern', 'search_pattern', 'size', 'index', 'has_application', 'application_id', 'features', 'type']), answer: async () => ({ reply: jsonReply(200, { count: 0, numbers: [] }) }) },
];

/** The asynchronous one is left out: it answers to a URL. https://developer.vonage.com/en/api/number-insight */
export const insightRoutes: readonly JsonRoute[] = (['basic', 'standard', 'advanced'] as const).flatMap((level) => (['GET', 'POST'] as const).map((method): JsonRoute => ({
  method, path: new RegExp(`^/ni/${level}/json$`), operation: `number_insight.${level}`, read: only(['number', 'country', 'cnam', 'ip', 'real_time_data']), answer: (call) => insight(level, call),
})));

async function insight(level: 'basic' | 'standard' | 'advanced', { body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const asked = textOf(field(asObject(body), 'number')) ?? '';
  const country = textOf(field(asObject(body), 'country'))?.toUpperCase();
  const number = country === undefined ? parsePhoneNumberFromString(msisdn(asked)) : parsePhoneNumberFromString(asked, country as CountryCode);
  if (number === undefined) return { reply: jsonReply(200, { status: 3, status_message: `Invalid request :: Not valid number format detected [ ${asked} ]` }) };
    // A code may be several countries' (44, 1), and a reserved number is none's for sure.
  const home = number.country ?? number.getPossibleCountries()[0];
  const carrier = { network_code: '12345', name: 'Staging', country: home ?? null, network_type: 'mobile' };
  return {
    reply: jsonReply(200, {
      status: 0, status_message: 'Success', request_id: context.uuid(), international_format_number: digitsOf(number.number), national_format_number: number.formatNational(),
      country_code: home ?? null, country_name: home === undefined ? null : new Intl.DisplayNames(['en'], { type: 'region' }).of(home), country_prefix: number.countryCallingCode,
      ...(level === 'basic' ? {} : { request_price: '0.00500000', remaining_balance: '100.00000000', current_carrier: carrier, original_carrier: carrier, ported: 'not_ported', roaming: { status: 'unknown' } }),
      ...(level === 'advanced' ? { lookup_outcome: 0, lookup_outcome_message: 'Success', valid_number: number.isValid() ? 'valid' : 'not_valid', reachable: 'unknown' } : {}),
    }),
  };
}
