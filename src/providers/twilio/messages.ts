import type { HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Simulation } from '../../model/provider.ts';
import type { RecipientKind } from '../../model/recipient.ts';
import type { Sms } from '../../model/side-effect.ts';
import { formAll } from '../wire/form.ts';
import { asObject, parseJson } from '../wire/json.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { segmentsOf } from '../wire/segments.ts';
import { unreadable } from '../wire/unread.ts';
import { trimmed } from '../wire/trim.ts';
import type { Unread } from '../wire/unread.ts';
import { contentOf } from './content.ts';
import { notFound, restError } from './error.ts';
import { messageCallback } from './message-events.ts';
import { asOf, progress } from './message.ts';
import type { Message, StoredMessage } from './message.ts';
import { messageFault } from './message-faults.ts';
import { page } from './page.ts';
import { one } from './route.ts';
import type { Call, Parameters, Route } from './route.ts';
import { silent } from './silent.ts';
import { rfc2822, wholeSecond } from './time.ts';

const base = '/2010-04-01/Accounts/([A-Za-z0-9]+)/Messages';
const item = new RegExp(`^${base}/((?:SM|MM)[0-9A-Za-z]+)\\.json$`);
const collection = new RegExp(`^${base}\\.json$`);

export const messageRoutes: readonly Route[] = [
  {
    product: 'api', method: 'POST', path: collection, operation: 'messages.create',
    lists: ['MediaUrl', 'PersistentAction'], telling: ['To'], effect: messageEffect, answer: create,
  },
  { product: 'api', method: 'GET', path: collection, operation: 'messages.list', answer: list },
  { product: 'api', method: 'GET', path: item, operation: 'messages.fetch', answer: (call) => withStored(call, async (stored) => ({ reply: jsonReply(200, asOf(stored, call.context.now)) })) },
  {
    // Cancels or redacts: changes what is stored, reaches nobody.
    product: 'api', method: 'POST', path: item, operation: 'messages.update',
    effect: ({ fields }) => one(fields, 'Status') === null && one(fields, 'Body') === null ? unreadable('neither Status nor Body is given') : silent('messages.update'),
    answer: update,
  },
  {
    product: 'api', method: 'DELETE', path: item, operation: 'messages.delete', effect: () => silent('messages.delete'),
    answer: (call) => withStored(call, async (stored, version) => ({
      reply: emptyReply(204), remember: [{ kind: 'message', id: stored.message.sid, expectVersion: version, value: null }],
    })),
  },
  {
    // Tells Twilio how it went.
    product: 'api', method: 'POST', path: new RegExp(`^${base}/((?:SM|MM)[0-9A-Za-z]+)/Feedback\\.json$`), operation: 'messages.feedback.create', effect: () => silent('messages.feedback.create'),
    answer: (call) => withStored(call, async ({ message }) => {
      const now = rfc2822(wholeSecond(call.context.now));
      return { reply: jsonReply(201, { account_sid: message.account_sid, message_sid: message.sid, outcome: one(call.fields, 'Outcome') ?? 'confirmed', date_created: now, date_updated: now, uri: call.request.path }) };
    }),
  },
  {
    product: 'api', method: 'GET', path: new RegExp(`^${base}/((?:SM|MM)[0-9A-Za-z]+)/Media\\.json$`), operation: 'messages.media.list',
    answer: (call) => withStored(call, async ({ media }) => ({
      reply: jsonReply(200, { first_page_uri: call.request.path, end: Math.max(media.length - 1, 0), media_list: media.map((url, index) => ({ account_sid: call.ids[0], parent_sid: call.ids[1], sid: `ME${String(index).padStart(32, '0')}`, uri: url })), next_page_uri: null, page: 0, page_size: 50, previous_page_uri: null, start: 0, uri: call.request.path }),
    })),
  },
];

/** 'whatsapp:+1...' stays as it is: the prefix tells the channel, the number who is reached. */
export function recipientKind(to: string): RecipientKind {
  return /^(?:messenger|client|sip|channel|instagram):/i.test(to) ? 'chat' : 'phone';
}

function messageEffect({ fields }: Parameters): Sms | Unread {
  const to = trimmed(one(fields, 'To') ?? '');
  if (to === '') return unreadable('no To');
  const template = one(fields, 'ContentSid');
  const variables = one(fields, 'ContentVariables');
  return {
    channel: 'sms', provider: 'twilio', operation: 'messages.create', liveness: 'unknown',
    recipients: [{ address: to, kind: recipientKind(to), role: 'to' }],
    keys: tagsOf(one(fields, 'Tags')),
    from: one(fields, 'From') ?? one(fields, 'MessagingServiceSid'),
    text: one(fields, 'Body'),
    media: formAll(fields, 'MediaUrl'),
    template: template === null ? null : { id: template, data: variables === null ? null : jsonOrText(variables) },
  };
}

function tagsOf(tags: string | null): Sms['keys'] {
  const parsed = tags === null ? null : jsonOrText(tags);
  return typeof parsed === 'string' || parsed === null ? []
    : Object.entries(asObject(parsed) ?? {}).map(([name, value]) => ({ name, value: typeof value === 'string' ? value : JSON.stringify(value) }));
}

function jsonOrText(text: string): ReturnType<typeof asObject> | string {
  const parsed = parseJson(Buffer.from(text));
  return parsed.kind === 'json' ? asObject(parsed.value) ?? text : text;
}

async function create(call: Call): Promise<Simulation<HttpResponse>> {
  const { fields, context, ids: [account = ''] } = call;
  const fault = messageFault(fields, context.liveness);
  if (fault !== null) return { reply: fault };
  const template = await contentOf(fields, context.recall);
  const media = template === null || template.media.length === 0 ? formAll(fields, 'MediaUrl') : template.media;
  const service = one(fields, 'MessagingServiceSid');
  const body = template?.text ?? one(fields, 'Body') ?? '';
  const now = wholeSecond(context.now);
  const scheduled = one(fields, 'ScheduleType') === 'fixed' ? Date.parse(one(fields, 'SendAt') ?? '') : Number.NaN;
  const sid = context.id(media.length > 0 ? 'MM' : 'SM', { length: 32, alphabet: 'hex' });
  const uri = `/2010-04-01/Accounts/${account}/Messages/${sid}`;
  const message: Message = {
    account_sid: account, api_version: '2010-04-01', body,
    date_created: rfc2822(now), date_sent: null, date_updated: rfc2822(now),
    direction: 'outbound-api', error_code: null, error_message: null,
    from: one(fields, 'From'), messaging_service_sid: service,
    num_media: String(media.length), num_segments: service === null ? String(segmentsOf(body).count) : '0',
    price: null, price_unit: 'USD', sid,
    status: Number.isNaN(scheduled) ? (service === null ? 'queued' : 'accepted') : 'scheduled',
    subresource_uris: { media: `${uri}/Media.json` },
    tags: one(fields, 'Tags') === null ? null : jsonOrText(one(fields, 'Tags')!),
    to: one(fields, 'To') ?? '', uri: `${uri}.json`,
  };
  const stored: StoredMessage = { message, startsAt: Number.isNaN(scheduled) ? now : scheduled, media };
  const index = { to: message.to, ...(message.from === null ? {} : { from: message.from }) };
  return {
    reply: jsonReply(201, message, [requestId(call)]),
    remember: [{ kind: 'message', id: sid, expectVersion: 0, value: stored, index }],
    // None for a scheduled message: it may still be canceled, and then Twilio never calls back.
    callbacks: Number.isNaN(scheduled) ? callbacks(call, stored) : [],
  };
}

/** The first status ('queued', or 'accepted' by a service) is told by the reply itself; Twilio calls back from then on. */
function callbacks({ fields, context }: Call, { message, startsAt }: StoredMessage): readonly CallbackDraft[] {
  const target = one(fields, 'StatusCallback');
  if (target === null) return [];
  const steps = [...(message.status === 'accepted' ? [['queued', 0] as const] : []), ['sent', progress.sent], ['delivered', progress.delivered]] as const;
  return steps.map(([status, after]) => messageCallback(context, target, message, status, startsAt + after));
}

async function update(call: Call): Promise<Simulation<HttpResponse>> {
  return withStored(call, async (stored, version) => {
    const status = one(call.fields, 'Status');
    const body = one(call.fields, 'Body');
    const current = asOf(stored, call.context.now);
    if (status !== null && status !== 'canceled') return { reply: restError(400, 20001, `Status '${status}' is not valid: a message can only be canceled`) };
    if (status !== null && current.status !== 'scheduled') return { reply: restError(400, 30409, 'This message cannot be canceled') };
    if (body !== null && body !== '') return { reply: restError(400, 20001, 'Body can only be emptied') };
    const message: Message = { ...current, ...(status === null ? {} : { status }), ...(body === null ? {} : { body }), date_updated: rfc2822(wholeSecond(call.context.now)) };
    const index = { to: message.to, ...(message.from === null ? {} : { from: message.from }) };
    return { reply: jsonReply(200, message), remember: [{ kind: 'message', id: message.sid, expectVersion: version, value: { ...stored, message }, index }] };
  });
}

async function list(call: Call): Promise<Simulation<HttpResponse>> {
  const { fields, context } = call;
  const to = one(fields, 'To');
  const from = one(fields, 'From');
  const bounds = { '=': dayOf(one(fields, 'DateSent')), '>=': Date.parse(one(fields, 'DateSent>') ?? ''), '<=': Date.parse(one(fields, 'DateSent<') ?? '') };
  return {
    reply: await page(call, {
      kind: 'message', key: 'messages', where: { ...(to === null ? {} : { to }), ...(from === null ? {} : { from }) },
      keep: ({ value }) => {
        const at = Date.parse((value as StoredMessage).message.date_created);
        return (bounds['='] === null || dayOf(new Date(at).toISOString()) === bounds['='])
          && !(at < bounds['>=']) && !(at > bounds['<=']);
      },
      show: ({ value }) => asOf(value as StoredMessage, context.now),
    }),
  };
}

function dayOf(date: string | null): string | null {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString().slice(0, 10);
}

async function withStored(
  { ids: [, sid = ''], context, request }: Call, answer: (stored: StoredMessage, version: number) => Promise<Simulation<HttpResponse>>,
): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('message', sid);
  return known === null || known.value === null ? { reply: notFound(request.path) } : answer(known.value as StoredMessage, known.version);
}

export function requestId({ context }: Call): readonly [string, string] {
  return ['Twilio-Request-Id', context.id('RQ', { length: 32, alphabet: 'hex' })];
}
