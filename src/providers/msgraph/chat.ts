import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Chat } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { version } from './route.ts';
import type { Call, Parameters, Route } from './route.ts';
import { dateOf } from './stored.ts';

/** '19:4a95f7d8db4c@thread.tacv2', a GUID, or either with ':' and '@' escaped */
const id = '([A-Za-z0-9](?:[A-Za-z0-9:@._-]|%3A|%40)*)';
const channel = `${version}/teams/${id}/channels/${id}/messages`;
const chat = `${version}/chats/${id}/messages`;

/** Teams messages. Here, because the host is this provider's. */
export const chatRoutes: readonly Route[] = [
  { method: 'POST', path: new RegExp(`^${channel}$`), operation: 'channels.messages.create', effect: (call) => effect(call, 'channels.messages.create', channelOf(call)), answer: (call) => create(call, channelOf(call), null) },
  { method: 'POST', path: new RegExp(`^${channel}/${id}/replies$`), operation: 'channels.messages.reply', effect: (call) => effect(call, 'channels.messages.reply', channelOf(call)), answer: (call) => create(call, channelOf(call), call.ids[2] ?? null) },
  { method: 'POST', path: new RegExp(`^${chat}$`), operation: 'chats.messages.create', effect: (call) => effect(call, 'chats.messages.create', call.ids[0] ?? ''), answer: (call) => create(call, call.ids[0] ?? '', null) },
  { method: 'GET', path: new RegExp(`^${channel}$`), operation: 'channels.messages.list', refuses: ['$filter', '$expand'], answer: (call) => list(call, channelOf(call)) },
  { method: 'GET', path: new RegExp(`^${chat}$`), operation: 'chats.messages.list', refuses: ['$filter'], answer: (call) => list(call, call.ids[0] ?? '') },
];

function channelOf({ ids: [team = '', channelId = ''] }: Parameters): string {
  return `${team}/${channelId}`;
}

const harmless = fieldPaths([
  '@odata.type', 'subject', 'summary', 'importance', 'body/**', 'attachments/**', 'hostedContents/**', 'locale', 'messageType', 'from/**', 'createdDateTime', 'id', 'replyToId', 'chatId', 'channelIdentity/**',
  'mentions/*/id', 'mentions/*/mentionText', 'mentions/*/mentioned/**', 'mentions/*/@odata.type',
]);

/** Whoever is in the channel or chat, and whom the message mentions: they are told apart. */
function effect({ body }: Parameters, operation: string, to: string): Chat | Unread {
  const message = body.kind === 'json' ? body.object : null;
  const said = asString(field(asObject(field(message, 'body')), 'content'));
  if (message === null || said === null || lookalike(Object.keys(message), ['body', 'mentions']) !== null) return unreadable('the body is not a chat message with body.content');
  const mentioned = (asArray(field(message, 'mentions')) ?? []).flatMap((each): readonly Addressee[] => {
    const user = asString(field(asObject(field(asObject(field(asObject(each), 'mentioned')), 'user')), 'id'));
    return user === null ? [] : [{ address: user, kind: 'chat', role: 'mention' }];
  });
  const recipients: readonly Addressee[] = [{ address: to, kind: 'chat', role: operation.startsWith('chats') ? 'chat' : 'channel' }, ...mentioned];
  return {
    channel: 'chat', provider: 'msgraph', operation, liveness: 'unknown', recipients: [...recipients, ...strangers(unknownTexts(message, harmless), recipients)],
    keys: [], from: null, text: said, attachments: (asArray(field(message, 'attachments')) ?? []).map(attachmentOf),
  };
}

/** A card has its content as text; any other attachment is a link. */
function attachmentOf(value: JsonValue): Attachment {
  const attachment = asObject(value);
  return {
    filename: asString(field(attachment, 'name')), contentType: asString(field(attachment, 'contentType')) ?? 'application/octet-stream', contentId: asString(field(attachment, 'id')),
    content: Buffer.from(asString(field(attachment, 'content')) ?? asString(field(attachment, 'contentUrl')) ?? ''),
  };
}

async function create({ body, context }: Call, thread: string, replyToId: string | null): Promise<Simulation<HttpResponse>> {
  const at = dateOf(context.now);
  // Teams numbers messages by their time
  const value: JsonObject = {
    ...(body.kind === 'json' ? body.object : {}), id: `${context.now}${context.id('', { length: 4, alphabet: 'digits' })}`, replyToId, messageType: 'message', createdDateTime: at, lastModifiedDateTime: at,
    deletedDateTime: null, importance: 'normal', locale: 'en-us', etag: String(context.now),
  };
  return { reply: jsonReply(201, value, [['request-id', context.uuid()]]), remember: [{ kind: 'chatMessage', id: `${thread} ${String(value['id'])}`, expectVersion: 0, value, index: { thread } }] };
}

async function list({ context }: Call, thread: string): Promise<Simulation<HttpResponse>> {
  const { items } = await context.list('chatMessage', { where: { thread }, limit: 50 });
  return { reply: jsonReply(200, { '@odata.count': items.length, value: items.map(({ value }) => value) }) };
}
