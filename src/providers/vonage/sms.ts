import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Sms } from '../../model/side-effect.ts';
import { basic } from '../wire/credential.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { phoneOf } from '../wire/msisdn.ts';
import { parametersOf } from '../wire/parameters.ts';
import { jsonReply } from '../wire/reply.ts';
import { segmentsOf } from '../wire/segments.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import { smsFailure } from './error.ts';
import { digitsOf, isNumber, keysOf, textOf, withStrangers } from './fields.ts';
import { receipt } from './receipts.ts';
import type { StoredSms } from './receipts.ts';

/** https://developer.vonage.com/en/api/sms. Signed calls carry sig and timestamp beside api_key; a signature is not checked here. */
const path = /^\/sms\/json$/;
const known = fieldPaths([
  'to', 'from', 'text', 'body', 'udh', 'type', 'callback', 'status-report-req', 'client-ref', 'ttl', 'message-class', 'account-ref', 'entity-id', 'content-id', 'vcard', 'vcal',
  'url', 'title', 'validity', 'protocol-id', 'trusted-number', 'api_key', 'api_secret', 'sig', 'timestamp',
]);
/** the header of a concatenated SMS counts its parts in one byte */
const mostSegments = 255;

export const smsRoutes: readonly JsonRoute[] = (['POST', 'GET'] as const).map((method) => ({ method, path, operation: 'sms.send', read: parametersOf, effects, answer: send }));

function effects({ body }: JsonCall): readonly Sms[] | Unread {
  const sms = asObject(body) ?? {};
  const odd = lookalike(Object.keys(sms), ['to', 'from', 'text']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Vonage spells it`);
  const to = textOf(field(sms, 'to'));
  if (to === null) return unreadable('no to');
  const link = textOf(field(sms, 'url'));
  const effect: Sms = {
    channel: 'sms', provider: 'vonage', operation: 'sms.send', liveness: 'unknown', recipients: [phoneOf(to, 'to')], keys: keysOf(sms, ['client-ref', 'account-ref']),
    from: textOf(field(sms, 'from')), text: textIn(sms), media: link === null ? [] : [link], template: null,
  };
  return [withStrangers(effect, sms, known)];
}

/** What each type of message carries; binary is hexadecimal. */
function textIn(sms: JsonObject): string | null {
  return textOf(field(sms, 'text')) ?? textOf(field(sms, 'vcard')) ?? textOf(field(sms, 'vcal')) ?? textOf(field(sms, 'title')) ?? textOf(field(sms, 'body'));
}

async function send({ body, request, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const sms = asObject(body) ?? {};
  const to = digitsOf(textOf(field(sms, 'to')) ?? '');
  const from = textOf(field(sms, 'from'));
  const text = textIn(sms);
  if (from === null) return { reply: smsFailure('2', 'Missing from param', null) };
  if (text === null) return { reply: smsFailure('2', 'Missing text param', null) };
  if (!isNumber(to)) return { reply: smsFailure('3', 'Invalid to param', null) };
  const { count } = segmentsOf(text, field(sms, 'type') === 'unicode' ? 'UCS-2' : null);
  if (count > mostSegments) return { reply: smsFailure('12', 'Message too long', to) };
  const refs = Object.fromEntries(keysOf(sms, ['client-ref', 'account-ref']).map(({ name, value }) => [name, value]));
  const parts = Array.from({ length: count }, (): StoredSms => ({
    id: context.id('', { length: 16, alphabet: 'hex' }).toUpperCase(), to, from, refs, key: apiKeyOf(request) ?? '', callback: textOf(field(sms, 'callback')),
  }));
  const wanted = !['false', '0', 'no'].includes(String(field(sms, 'status-report-req') ?? 'true').toLowerCase());
  return {
    reply: jsonReply(200, {
      'message-count': String(count),
      messages: parts.map(({ id }) => ({ to, 'message-id': id, status: '0', 'remaining-balance': '100.00000000', 'message-price': '0.03330000', network: '12345', ...refs })),
    }),
    remember: parts.map((value) => ({ kind: 'sms', id: value.id, expectVersion: 0, value })),
    callbacks: wanted ? parts.map((part) => receipt(part, 'delivered', context.now + 2000)) : [],
  };
}

/** The key of a call stands in its Basic credential, or among its parameters. */
export function apiKeyOf(request: HttpRequest): string | null {
  const user = basic(request.headers)?.user;
  if (user !== undefined) return user;
  const read = parametersOf(request);
  return read.kind === 'unreadable' ? null : textOf(field(asObject(read.body), 'api_key'));
}
