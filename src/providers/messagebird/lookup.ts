import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { CountryCode } from 'libphonenumber-js';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Sms } from '../../model/side-effect.ts';
import { formAll } from '../wire/form.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, field } from '../wire/json.ts';
import { msisdn, phoneOf } from '../wire/msisdn.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { apiError, notFound } from './error.ts';
import { contentOf, integerOf, livenessOf, rfc3339, textOf } from './fields.ts';
import { queryOf } from './messages.ts';

/** An HLR query asks the number's own network: it rings nowhere, but it is about that number, which is judged like any other. */
export const lookupRoutes: readonly JsonRoute[] = [
  { method: 'GET', path: /^\/balance$/, operation: 'balance.read', read: queryOf([]), answer: async () => ({ reply: jsonReply(200, { payment: 'prepaid', type: 'credits', amount: 100 }) }) },
  { method: 'GET', path: /^\/lookup\/(\+?[0-9]{4,15})$/, operation: 'lookup.read', read: queryOf(['countryCode']), answer: lookup },
  { method: 'POST', path: /^\/hlr$/, operation: 'hlr.create', read: contentOf, effects: hlrEffects, answer: hlr },
  { method: 'GET', path: /^\/hlr\/([0-9a-f]{32})$/, operation: 'hlr.read', read: queryOf([]), answer: readHlr },
];

async function lookup({ ids: [asked = ''], query }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const country = formAll(query, 'countryCode')[0];
  const number = country === undefined ? parsePhoneNumberFromString(msisdn(asked)) : parsePhoneNumberFromString(asked, country.toUpperCase() as CountryCode);
  if (number === undefined) return { reply: apiError(400, 21, 'Bad request (phone number has an unknown format)', 'phoneNumber') };
  return {
    reply: jsonReply(200, {
      href: `https://rest.messagebird.com/lookup/${number.number.slice(1)}`, countryCode: number.country ?? number.getPossibleCountries()[0] ?? null, countryPrefix: Number(number.countryCallingCode),
      phoneNumber: integerOf(number.number), type: 'unknown',
      formats: { e164: number.number, international: number.formatInternational(), national: number.formatNational(), rfc3966: number.getURI() },
    }),
  };
}

function hlrEffects({ body, request }: JsonCall): readonly Sms[] | Unread {
  const number = textOf(field(asObject(body), 'msisdn'));
  const reference = textOf(field(asObject(body), 'reference'));
  const others = Object.keys(asObject(body) ?? {}).filter((name) => !['msisdn', 'reference', 'access_key'].includes(name));
  if (number === null || others.length > 0) return unreadable('no msisdn, or a field that is not simulated');
  return [{
    channel: 'sms', provider: 'messagebird', operation: 'hlr.create', liveness: livenessOf(request), recipients: [phoneOf(number, 'hlr')], keys: reference === null ? [] : [{ name: 'reference', value: reference }],
    from: null, text: null, media: [], template: null,
  }];
}

async function hlr({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const id = context.id('', { length: 32, alphabet: 'hex' });
  const now = rfc3339(context.now);
  const value = {
    id, href: `https://rest.messagebird.com/hlr/${id}`, msisdn: integerOf(textOf(field(asObject(body), 'msisdn')) ?? ''), network: null, reference: textOf(field(asObject(body), 'reference')), status: 'sent', createdDatetime: now, statusDatetime: now,
  };
  return { reply: jsonReply(201, value), remember: [{ kind: 'hlr', id, expectVersion: 0, value }] };
}

async function readHlr({ ids: [id = ''], context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const found = await context.recall('hlr', id);
  return { reply: found === null || found.value === null ? notFound('hlr', id) : jsonReply(200, { ...found.value as object, status: 'active', network: 20408 }) };
}
