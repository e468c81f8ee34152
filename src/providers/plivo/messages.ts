import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Sms } from '../../model/side-effect.ts';
import { formAll } from '../wire/form.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { jsonReply } from '../wire/reply.ts';
import { segmentsOf } from '../wire/segments.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import { plivoError } from './error.ts';
import { bulkOf, digitsOf, pageOf, queryOf, textOf, timeOf, withStrangers } from './fields.ts';
import { messageCallback, progress, stateAt } from './message.ts';
import type { StoredMessage } from './message.ts';

const base = '/v1/Account/([A-Za-z0-9]+)/Message/';
const item = new RegExp(`^${base}([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/$`);
const known = fieldPaths([
  'src', 'dst', 'text', 'type', 'url', 'method', 'media_urls/**', 'media_ids/**', 'log', 'trackable', 'message_expiry', 'powerpack_uuid', 'template/**', 'interactive/**', 'location/**',
  'dlt_entity_id', 'dlt_template_id', 'dlt_template_category',
]);
const times = ['message_time__gt', 'message_time__gte', 'message_time__lt', 'message_time__lte'];

/** https://www.plivo.com/docs/messaging/api/message */
export const messageRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: new RegExp(`^${base}$`), operation: 'messages.create', effects, answer: create },
  { method: 'GET', path: new RegExp(`^${base}$`), operation: 'messages.list', read: queryOf(['limit', 'offset', 'message_state', 'message_direction', ...times]), answer: list },
  {
    method: 'GET', path: item, operation: 'messages.get', read: queryOf([]),
    answer: (call) => withStored(call, async (stored) => ({ reply: jsonReply(200, { api_id: call.context.uuid(), ...shown(stored, call) }) })),
  },
  {
    method: 'GET', path: new RegExp(`${item.source.slice(0, -1)}Media/$`), operation: 'messages.media.list', read: queryOf([]),
    answer: (call) => withStored(call, async (stored) => ({
      reply: jsonReply(200, {
        api_id: call.context.uuid(), meta: { limit: 20, offset: 0, next: null, previous: null, total_count: stored.media.length },
        objects: stored.media.map((url) => ({ content_type: 'application/octet-stream', file_name: url.split('/').at(-1), media_id: '', media_url: url, message_uuid: stored.uuid, size: 0, upload_time: timeOf(stored.at) })),
      }),
    })),
  },
];

function effects({ body }: JsonCall): readonly Sms[] | Unread {
  const message = asObject(body) ?? {};
  const odd = lookalike(Object.keys(message), ['dst', 'text']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Plivo spells it`);
  const recipients = bulkOf(textOf(field(message, 'dst')) ?? '');
  if (recipients.length === 0) return unreadable('no dst');
  const template = field(message, 'template');
  const effect: Sms = {
    channel: 'sms', provider: 'plivo', operation: 'messages.create', liveness: 'unknown', recipients, keys: [],
    from: textOf(field(message, 'src')) ?? textOf(field(message, 'powerpack_uuid')), text: asString(field(message, 'text')),
    media: (asArray(field(message, 'media_urls')) ?? []).flatMap((url) => asString(url) ?? []),
    template: template === undefined || template === null ? null : { id: asString(field(asObject(template), 'name')) ?? 'template', data: field(asObject(template), 'components') ?? template },
  };
  return [withStrangers(effect, message, known)];
}

async function create({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const message = asObject(body) ?? {};
  const apiId = context.uuid();
  const all = [...new Set(bulkOf(textOf(field(message, 'dst')) ?? '').map(({ address }) => address))];
  const right = all.filter((number) => /^\+[1-9][0-9]{6,14}$/.test(number));
  if (right.length === 0) return { reply: plivoError(400, `${all[0] ?? ''} is not a valid phone number`, apiId) };
  if (textOf(field(message, 'src')) === null && textOf(field(message, 'powerpack_uuid')) === null) return { reply: plivoError(400, 'Neither of src or powerpack uuid present, either one is required', apiId) };
  const type = asString(field(message, 'type')) ?? 'sms';
  const parent = context.uuid();
  const stored = right.map((to, index): StoredMessage => ({
    uuid: index === 0 ? parent : context.uuid(), parent, to, from: textOf(field(message, 'src')) ?? '', powerpack: textOf(field(message, 'powerpack_uuid')), type,
    units: type === 'sms' ? segmentsOf(asString(field(message, 'text')) ?? '').count : 1, at: context.now, state: null, error: null,
    media: (asArray(field(message, 'media_urls')) ?? []).flatMap((url) => asString(url) ?? []),
    url: textOf(field(message, 'url')), method: asString(field(message, 'method'))?.toUpperCase() === 'GET' ? 'GET' : 'POST',
  }));
  const wrong = all.filter((number) => !right.includes(number)).map(digitsOf);
  return {
    reply: jsonReply(202, { message: 'message(s) queued', message_uuid: stored.map(({ uuid }) => uuid), ...(wrong.length === 0 ? {} : { invalid_number: wrong }), api_id: apiId }),
    remember: stored.map((value) => ({ kind: 'message', id: value.uuid, expectVersion: 0, value })),
    callbacks: stored.flatMap((each) => Object.entries(progress).flatMap(([state, after]) => messageCallback(each, state, context.now + after))),
  };
}

function shown(stored: StoredMessage, { ids: [account = ''], context }: JsonCallInContext): object {
  const { state, at } = stateAt(stored, context.now);
  return {
    error_code: stored.error, error_message: null, from_number: digitsOf(stored.from), message_direction: 'outbound', message_state: state, message_time: timeOf(stored.at), message_type: stored.type,
    message_uuid: stored.uuid, powerpack_id: stored.powerpack, resource_uri: `/v1/Account/${account}/Message/${stored.uuid}/`, to_number: digitsOf(stored.to), total_amount: (0.0035 * stored.units).toFixed(5),
    total_rate: '0.00350', units: stored.units, message_sent_time: state === 'queued' ? null : timeOf(stored.at + progress.sent), message_updated_time: timeOf(at),
  };
}

async function list(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { query, context, ids: [account = ''] } = call;
  const one = (name: string): string | undefined => formAll(query, name)[0];
  // UTC, without saying so
  const bound = (name: string): number => Date.parse(`${(one(name) ?? '').replace(' ', 'T')}Z`);
  const { items } = await context.list('message', { limit: 1000 });
  const all = items.map(({ value }) => value as StoredMessage).filter((stored) =>
    [undefined, stateAt(stored, context.now).state].includes(one('message_state')) && [undefined, 'outbound'].includes(one('message_direction'))
    && !(stored.at <= bound('message_time__gt')) && !(stored.at < bound('message_time__gte')) && !(stored.at >= bound('message_time__lt')) && !(stored.at > bound('message_time__lte')));
  const page = pageOf(all, query, `/v1/Account/${account}/Message/`);
  return { reply: jsonReply(200, { api_id: context.uuid(), meta: page.meta, objects: page.items.map((stored) => shown(stored, call)) }) };
}

async function withStored({ ids: [, uuid = ''], context }: JsonCallInContext, answer: (stored: StoredMessage) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const found = await context.recall('message', uuid);
  return found === null || found.value === null ? { reply: plivoError(404, 'not found', context.uuid()) } : answer(found.value as StoredMessage);
}
