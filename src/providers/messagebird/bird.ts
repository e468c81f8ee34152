import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Chat } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import { textOf, withStrangers } from './fields.ts';

const uuid = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})';
const known = fieldPaths([
  'receiver/contacts/*/id', 'receiver/contacts/*/identifierKey', 'receiver/contacts/*/identifierValue', 'receiver/contacts/*/annotations/**', 'receiver/contacts/*/platformAddressSelector/**',
  'body/**', 'template/**', 'reference', 'tags/**', 'notification/**', 'meta/**', 'sender/**', 'scheduledFor', 'validity', 'priority', 'shortLinks/**', 'ignoreGlobalHolidays', 'enableNotifications',
]);

/** What became of MessageBird: one message to named contacts, and to read it back. https://docs.bird.com/api/channels-api */
export const birdRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: new RegExp(`^/workspaces/${uuid}/channels/${uuid}/messages$`), operation: 'bird.messages.create', effects, answer: create },
  { method: 'GET', path: new RegExp(`^/workspaces/${uuid}/channels/${uuid}/messages/${uuid}$`), operation: 'bird.messages.read', answer: read },
];

function effects({ body }: JsonCall): readonly Chat[] | Unread {
  const fields = asObject(body) ?? {};
  const receiver = asObject(field(fields, 'receiver'));
  const odd = lookalike(Object.keys(fields), ['receiver', 'body', 'template']) ?? lookalike(Object.keys(receiver ?? {}), ['contacts']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Bird spells it`);
  const contacts = asArray(field(receiver, 'contacts')) ?? [];
  const recipients = contacts.map((contact) => contactOf(asObject(contact)));
  const named = recipients.filter((one) => one !== null);
  if (named.length === 0 || named.length < recipients.length) return unreadable('the receiver has no contacts, or one that names nobody');
  const template = asString(field(asObject(field(fields, 'template')), 'projectId'));
  const text = asString(field(asObject(field(asObject(field(fields, 'body')), 'text')), 'text'));
  const reference = textOf(field(fields, 'reference'));
  const effect: Chat = {
    channel: 'chat', provider: 'messagebird', operation: 'bird.messages.create', liveness: 'unknown', recipients: named, keys: reference === null ? [] : [{ name: 'reference', value: reference }],
    from: null, text: text ?? (template === null ? null : `template ${template}`), attachments: [],
  };
  return [withStrangers(effect, fields, known)];
}

/** By what a channel knows somebody, or by the id of a contact whose addresses are stored at Bird. */
function contactOf(contact: JsonObject | null): Addressee | null {
  if (lookalike(Object.keys(contact ?? {}), ['id', 'identifierKey', 'identifierValue']) !== null) return null;
  const value = textOf(field(contact, 'identifierValue'));
  const id = textOf(field(contact, 'id'));
  if (value === null) return id === null ? null : { address: `contact ${id}`, kind: 'audience', role: 'contact' };
  const kind = { phonenumber: 'phone', emailaddress: 'email' } as const;
  const key = textOf(field(contact, 'identifierKey')) ?? 'phonenumber';
  return { address: value, kind: key in kind ? kind[key as keyof typeof kind] : 'chat', role: 'to' };
}

async function create({ body, ids: [, channel = ''], context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const fields = asObject(body) ?? {};
  const id = context.uuid();
  const now = new Date(context.now).toISOString();
  const message = {
    id, channelId: channel, sender: { connector: { id: channel, identifierValue: '' } }, receiver: field(fields, 'receiver') ?? null, body: field(fields, 'body') ?? null, template: field(fields, 'template') ?? null,
    meta: {}, reference: textOf(field(fields, 'reference')) ?? '', status: 'accepted', reason: '', direction: 'outgoing', lastStatusAt: now, createdAt: now, updatedAt: now,
  };
  return { reply: jsonReply(202, message), remember: [{ kind: 'bird_message', id, expectVersion: 0, value: message }] };
}

async function read({ ids: [, , id = ''], context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const found = await context.recall('bird_message', id);
  return { reply: found === null || found.value === null ? birdError(404, 'NotFound', 'The requested resource was not found') : jsonReply(200, found.value) };
}

export function birdError(status: number, code: string, message: string): HttpResponse {
  return jsonReply(status, { code, message, details: {} });
}
