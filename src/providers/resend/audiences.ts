import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Email } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { mailboxes } from '../wire/address-field.ts';
import { jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { audience, nothingYet } from './effects.ts';
import { errorReply, invalid, missing, notFound } from './errors.ts';
import { listOf } from './mail.ts';
import { iso } from './stored-email.ts';

const id = '([A-Za-z0-9][A-Za-z0-9_-]*)';
/** a contact's id, or its address as the SDK writes it: not encoded */
const who = '([A-Za-z0-9][A-Za-z0-9._+@-]*)';

/** Calls whose mail goes to people stored at Resend, or that may set an automation going for somebody. */
export const audienceRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: /^\/broadcasts$/, operation: 'broadcasts.create', effects: broadcast('broadcasts.create'), answer: createBroadcast },
  {
    method: 'PATCH', path: new RegExp(`^/broadcasts/${id}$`), operation: 'broadcasts.update', effects: broadcast('broadcasts.update'),
    answer: (call) => change(call, 'broadcast', asObject(call.body) ?? {}, (value) => ({ object: 'broadcast', id: value['id'] })),
  },
  {
    method: 'POST', path: new RegExp(`^/broadcasts/${id}/send$`), operation: 'broadcasts.send',
    effects: ({ ids: [broadcastId = ''] }) => [{ ...nothingYet, operation: 'broadcasts.send', recipients: [audience(`broadcast ${broadcastId}`)] }],
    answer: (call) => {
      const scheduled = asString(field(asObject(call.body), 'scheduled_at'));
      return change(call, 'broadcast', scheduled === null ? { status: 'sent', sent_at: iso(call.context.now) } : { status: 'queued', scheduled_at: scheduled }, (value) => ({ id: value['id'] }));
    },
  },
  { method: 'POST', path: /^\/contacts$/, operation: 'contacts.create', effects: contact('contacts.create'), answer: createContact },
  { method: 'POST', path: new RegExp(`^/(?:audiences|segments)/${id}/contacts$`), operation: 'audiences.contacts.create', effects: contact('audiences.contacts.create'), answer: createContact },
  {
    method: 'PATCH', path: new RegExp(`^/contacts/${who}$`), operation: 'contacts.update',
    effects: ({ ids: [one = ''], body }) => asObject(body) === null ? unreadable('the body is not a JSON object')
      : [{ ...nothingYet, operation: 'contacts.update', recipients: withOthers([one.includes('@') ? person(one, 'contact') : audience(`contact ${one}`)], asObject(body)!) }],
    answer: (call) => change(call, 'contact', asObject(call.body) ?? {}, (value) => ({ object: 'contact', id: value['id'] })),
  },
  {
    method: 'POST', path: /^\/events\/send$/, operation: 'events.send',
    effects: ({ body }) => {
      const event = asObject(body);
      if (event === null) return unreadable('the body is not a JSON object');
      const email = asString(field(event, 'email'));
      const contactId = asString(field(event, 'contact_id'));
      if (email === null && contactId === null) return unreadable('neither email nor contact_id');
      const named = [...(email === null ? [] : [person(trimmed(email), 'event')]), ...(contactId === null ? [] : [audience(`contact ${contactId}`)])];
      return [{ ...nothingYet, operation: 'events.send', recipients: withOthers(named, event) }];
    },
    answer: async ({ body }) => ({ reply: jsonReply(200, { object: 'event', event: asString(field(asObject(body), 'event')) ?? '' }) }),
  },
];

function person(address: string, role: string): Addressee {
  return { address, kind: 'email', role };
}

function withOthers(named: readonly Addressee[], body: JsonObject): readonly Addressee[] {
  return [...named, ...strangers(leaves(body, 'body'), named)];
}

function broadcast(operation: string): (call: JsonCall) => readonly Email[] | Unread {
  return ({ body, ids: [broadcastId] }) => {
    const object = asObject(body);
    if (object === null) return unreadable('the body is not a JSON object');
    const lists = ['segment_id', 'audience_id'].flatMap((name) => {
      const list = asString(field(object, name));
      return list === null ? [] : [audience(`segment ${list}`)];
    });
    const none = [audience(broadcastId === undefined ? 'contacts stored at Resend' : `broadcast ${broadcastId}`)];
    return [{
      ...nothingYet, operation, recipients: lists.length === 0 ? none : lists,
      from: mailboxes(asString(field(object, 'from')) ?? '')[0] || null, subject: asString(field(object, 'subject')), text: asString(field(object, 'text')), html: asString(field(object, 'html')),
    }];
  };
}

async function createBroadcast({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const object = asObject(body) ?? {};
  const segment = asString(field(object, 'segment_id')) ?? asString(field(object, 'audience_id'));
  if (segment === null) return { reply: errorReply(missing('segment_id')) };
  for (const name of ['from', 'subject']) if (asString(field(object, name)) === null) return { reply: errorReply(missing(name)) };
  const scheduled = asString(field(object, 'scheduled_at'));
  const sent = field(object, 'send') === true;
  const text = (name: string): string | null => asString(field(object, name));
  const value = {
    id: context.uuid(), name: text('name') ?? '', segment_id: segment, audience_id: segment, from: text('from'), subject: text('subject'),
    reply_to: listOf(field(object, 'reply_to')), preview_text: text('preview_text'), status: sent ? (scheduled === null ? 'sent' : 'queued') : 'draft',
    created_at: iso(context.now), scheduled_at: sent ? scheduled : null, sent_at: sent && scheduled === null ? iso(context.now) : null,
    topic_id: text('topic_id'), html: text('html'), text: text('text'),
  };
  return { reply: jsonReply(200, { id: value.id }), remember: [{ kind: 'broadcast', id: value.id, expectVersion: 0, value }] };
}

/** An automation may write to whoever is added, so this is no mere bookkeeping. */
function contact(operation: string): (call: JsonCall) => readonly Email[] | Unread {
  return ({ body }) => {
    const object = asObject(body);
    const email = trimmed(asString(field(object, 'email')) ?? '');
    return object === null || email === '' ? unreadable('no email') : [{ ...nothingYet, operation, recipients: withOthers([person(email, 'contact')], object) }];
  };
}

async function createContact({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const object = asObject(body) ?? {};
  const email = trimmed(asString(field(object, 'email')) ?? '');
  if (!email.includes('@')) return { reply: errorReply(invalid('Invalid `email` field. The email address needs to follow the `email@example.com` format.')) };
  const value = {
    id: context.uuid(), email, first_name: asString(field(object, 'first_name')), last_name: asString(field(object, 'last_name')),
    created_at: iso(context.now), unsubscribed: field(object, 'unsubscribed') === true, properties: asObject(field(object, 'properties')) ?? {},
  };
  return { reply: jsonReply(201, { object: 'contact', id: value.id }), remember: [{ kind: 'contact', id: value.id, expectVersion: 0, value, index: { email } }] };
}

async function change(call: JsonCallInContext, kind: 'broadcast' | 'contact', changes: JsonObject, answer: (value: Readonly<Record<string, unknown>>) => unknown): Promise<Simulation<HttpResponse>> {
  const [one = ''] = call.ids;
  const found = one.includes('@') ? (await call.context.list(kind, { where: { email: one }, limit: 1 })).items[0] ?? null : await call.context.recall(kind, one);
  if (found === null) return { reply: notFound(kind === 'contact' ? 'Contact' : 'Broadcast') };
  const before = found.value as Readonly<Record<string, unknown>>;
  const value = { ...before, ...changes, id: before['id'] };
  const email = before['email'];
  return { reply: jsonReply(200, answer(value)), remember: [{ kind, id: found.id, expectVersion: found.version, value, ...(typeof email === 'string' ? { index: { email } } : {}) }] };
}
