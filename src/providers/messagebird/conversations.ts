import type { HttpResponse } from '../../model/exchange.ts';
import type { Remember, Simulation, SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Chat, SideEffect } from '../../model/side-effect.ts';
import { formAll } from '../wire/form.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { msisdn } from '../wire/msisdn.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import { notFound } from './error.ts';
import { contentOf, textOf, withStrangers } from './fields.ts';
import { queryOf } from './messages.ts';

const known = fieldPaths(['to', 'from', 'channelId', 'type', 'content/**', 'reportUrl', 'fallback/from', 'fallback/after', 'source/**', 'tag', 'ttl', 'trackId', 'eventType', 'reference']);
const types = ['text', 'image', 'video', 'audio', 'file', 'location', 'hsm', 'interactive', 'whatsappSticker', 'whatsappText', 'whatsappOrder', 'externalAttachment'];
const id = '([0-9a-f]{32})';

/** https://developers.messagebird.com/api/conversations. Mails and webhooks are left out: what they would do is not told by `to`. */
export const conversationRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: /^\/v1\/send$/, operation: 'conversations.send', read: contentOf, effects: (call) => toOne('conversations.send', call), answer: send },
  { method: 'POST', path: /^\/v1\/conversations\/start$/, operation: 'conversations.start', read: contentOf, effects: (call) => toOne('conversations.start', call), answer: start },
  { method: 'POST', path: new RegExp(`^/v1/conversations/${id}/messages$`), operation: 'conversations.reply', read: contentOf, effects: replyEffects, answer: reply },
  { method: 'GET', path: /^\/v1\/conversations$/, operation: 'conversations.list', read: queryOf(['limit', 'offset']), answer: (call) => list(call, 'conversation', {}) },
  { method: 'GET', path: new RegExp(`^/v1/conversations/${id}$`), operation: 'conversations.read', read: queryOf([]), answer: (call) => read(call, 'conversation') },
  { method: 'GET', path: new RegExp(`^/v1/conversations/${id}/messages$`), operation: 'conversations.messages.list', read: queryOf(['limit', 'offset']), answer: (call) => list(call, 'conversation_message', { conversation: call.ids[0] ?? '' }) },
  { method: 'GET', path: new RegExp(`^/v1/messages/${id}$`), operation: 'conversations.messages.read', read: queryOf([]), answer: (call) => read(call, 'conversation_message') },
];

/** `to` is what the channel knows somebody by (a number, an id), or a contact of the account. */
function toOne(operation: string, { body }: JsonCall): readonly SideEffect[] | Unread {
  const fields = asObject(body) ?? {};
  const to = textOf(field(fields, 'to'));
  if (to === null) return unreadable('no to');
  const address = msisdn(to);
  return chat(operation, fields, [/^[0-9a-f]{32}$/.test(to) ? { address: `contact ${to}`, kind: 'audience', role: 'contact' } : { address, kind: address.startsWith('+') ? 'phone' : 'chat', role: 'to' }]);
}

function replyEffects({ body, ids: [conversation = ''] }: JsonCall): readonly SideEffect[] | Unread {
  return chat('conversations.reply', asObject(body) ?? {}, [{ address: `conversation ${conversation}`, kind: 'audience', role: 'conversation' }]);
}

function chat(operation: string, fields: JsonObject, recipients: readonly Addressee[]): readonly SideEffect[] | Unread {
  const odd = lookalike(Object.keys(fields), ['to', 'type', 'content', 'fallback']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as MessageBird spells it`);
  const type = textOf(field(fields, 'type')) ?? '';
  if (!types.includes(type)) return unreadable(`content of type '${type.slice(0, 40)}' is not simulated`);
  if (field(asObject(field(fields, 'content')), 'email') !== undefined) return unreadable('the content is a mail too');
  const effect: Chat = {
    channel: 'chat', provider: 'messagebird', operation, liveness: 'unknown', recipients, keys: [], from: textOf(field(fields, 'from')) ?? textOf(field(fields, 'channelId')), text: textIn(asObject(field(fields, 'content'))), attachments: [],
  };
  return [withStrangers(effect, fields, known)];
}

/** What is read of it: the text, a file's caption and address, the name of a template. */
function textIn(content: JsonObject | null): string | null {
  const file = ['image', 'video', 'audio', 'file'].map((name) => asObject(field(content, name))).find((one) => one !== null);
  const template = asString(field(asObject(field(content, 'hsm')), 'templateName'));
  const texts = [asString(field(content, 'text')), asString(field(file ?? null, 'caption')), asString(field(file ?? null, 'url')), template === null ? null : `template ${template}`];
  return texts.some((text) => text !== null) ? texts.filter((text) => text !== null).join('\n') : null;
}

interface Made { readonly id: string; readonly message: object; readonly remember: readonly Remember[] }

function messageOf(context: SimulationContext, fields: JsonObject, conversation: string): Made {
  const made = context.id('', { length: 32, alphabet: 'hex' });
  const now = zulu(context.now);
  const message = {
    id: made, conversationId: conversation, channelId: textOf(field(fields, 'from')) ?? textOf(field(fields, 'channelId')), platform: 'whatsapp', to: textOf(field(fields, 'to')), from: textOf(field(fields, 'from')),
    direction: 'sent', status: 'pending', type: field(fields, 'type') ?? 'text', content: field(fields, 'content') ?? {}, createdDatetime: now, updatedDatetime: now,
  };
  return { id: made, message, remember: [{ kind: 'conversation_message', id: made, expectVersion: 0, value: message, index: { conversation } }] };
}

async function send({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { id: made, remember } = messageOf(context, asObject(body) ?? {}, context.id('', { length: 32, alphabet: 'hex' }));
  return { reply: jsonReply(202, { id: made, status: 'accepted' }), remember };
}

async function start({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const fields = asObject(body) ?? {};
  const conversation = context.id('', { length: 32, alphabet: 'hex' });
  const contact = context.id('', { length: 32, alphabet: 'hex' });
  const made = messageOf(context, fields, conversation);
  const now = zulu(context.now);
  const channel = textOf(field(fields, 'channelId'));
  const value = {
    id: conversation, contactId: contact,
    contact: { id: contact, href: `https://contacts.messagebird.com/v2/contacts/${contact}`, msisdn: Number(textOf(field(fields, 'to'))?.replace(/^\+/, '')) || null, firstName: '', lastName: '', customDetails: {}, createdDatetime: now, updatedDatetime: now },
    channels: channel === null ? [] : [{ id: channel, name: 'Staging', platformId: 'whatsapp', status: 'active', createdDatetime: now, updatedDatetime: now }],
    status: 'active', createdDatetime: now, updatedDatetime: now, lastReceivedDatetime: now, lastUsedChannelId: channel,
    messages: { totalCount: 1, href: `https://conversations.messagebird.com/v1/conversations/${conversation}/messages`, lastMessageId: made.id },
  };
  return { reply: jsonReply(201, value), remember: [...made.remember, { kind: 'conversation', id: conversation, expectVersion: 0, value }] };
}

async function reply({ body, context, ids: [conversation = ''] }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { message, remember } = messageOf(context, asObject(body) ?? {}, conversation);
  return { reply: jsonReply(201, message), remember };
}

async function read({ ids: [wanted = ''], context }: JsonCallInContext, kind: string): Promise<Simulation<HttpResponse>> {
  const found = await context.recall(kind, wanted);
  return { reply: found === null || found.value === null ? notFound(kind.replace('_', ' '), wanted) : jsonReply(200, found.value) };
}

async function list({ query, context }: JsonCallInContext, kind: string, where: Readonly<Record<string, string>>): Promise<Simulation<HttpResponse>> {
  const whole = (name: string, otherwise: number): number => Math.max(Math.trunc(Number(formAll(query, name)[0] ?? otherwise)) || 0, 0);
  const [limit, offset] = [Math.min(whole('limit', 10), 20), whole('offset', 0)];
  const { items } = await context.list(kind, { where, limit: 1000 });
  const page = items.slice(offset, offset + limit).map(({ value }) => value);
  return { reply: jsonReply(200, { offset, limit, count: page.length, totalCount: items.length, items: page }) };
}

function zulu(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
