import type { HttpResponse } from '../../model/exchange.ts';
import type { Remembered, Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Chat } from '../../model/side-effect.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { emptyReply, jsonReply, textReply } from '../wire/reply.ts';
import { unknownMessage } from './error.ts';
import { messageEffect, messageFault, messageOf } from './message.ts';
import { parameter, path } from './route.ts';
import type { Call, CallInContext, Route } from './route.ts';
import { iso, snowflake } from './snowflake.ts';
import { botUser, channelOfHook } from './users.ts';

const inHook = ['thread_id', 'with_components'];
const nonceMs = 5 * 60_000;

/** Messages by webhook and by bot: written, changed, taken away, read. */
export const messageRoutes: readonly Route[] = [
  { method: 'POST', path: path('/webhooks/{id}/{token}'), operation: 'webhooks.execute', query: ['wait', ...inHook], effect: (call) => messageEffect('webhooks.execute', hook(call), call.body), answer: execute },
  { method: 'POST', path: path('/webhooks/{id}/{token}/slack'), operation: 'webhooks.execute.slack', query: ['wait', 'thread_id'], effect: (call) => messageEffect('webhooks.execute.slack', hook(call), call.body, true), answer: async () => ({ reply: textReply(200, 'ok') }) },
  { method: 'PATCH', path: path('/webhooks/{id}/{token}/messages/(@original|[0-9]{1,20})'), operation: 'webhooks.messages.edit', query: inHook, effect: (call) => messageEffect('webhooks.messages.edit', hook(call), call.body), answer: edit },
  { method: 'DELETE', path: path('/webhooks/{id}/{token}/messages/(@original|[0-9]{1,20})'), operation: 'webhooks.messages.delete', query: ['thread_id'], effect: (call) => gone('webhooks.messages.delete', hook(call)), answer: remove },
  { method: 'GET', path: path('/webhooks/{id}/{token}/messages/(@original|[0-9]{1,20})'), operation: 'webhooks.messages.get', query: ['thread_id'], answer: read },
  { method: 'POST', path: path('/channels/{id}/messages'), operation: 'channels.messages.create', effect: (call) => messageEffect('channels.messages.create', channel(call), call.body), answer: create },
  { method: 'PATCH', path: path('/channels/{id}/messages/{id}'), operation: 'channels.messages.edit', effect: (call) => messageEffect('channels.messages.edit', channel(call), call.body), answer: edit },
  { method: 'DELETE', path: path('/channels/{id}/messages/{id}'), operation: 'channels.messages.delete', effect: (call) => gone('channels.messages.delete', channel(call)), answer: remove },
  { method: 'POST', path: path('/channels/{id}/typing'), operation: 'channels.typing', effect: (call) => gone('channels.typing', channel(call)), answer: async () => ({ reply: emptyReply(204) }) },
  { method: 'GET', path: path('/channels/{id}/messages/{id}'), operation: 'channels.messages.get', answer: read },
  {
    method: 'GET', path: path('/channels/{id}/messages'), operation: 'channels.messages.list', query: ['limit', 'before', 'after', 'around'],
    answer: async (call) => {
      const { items } = await call.context.list('message', { where: { channel: call.ids[0] ?? '' }, limit: 1000 });
      const [before, after] = ['before', 'after'].map((name) => snowflakeOf(parameter(call, name)));
      const told = items.map(({ value }) => value as JsonObject).filter((message) => (before === null || BigInt(String(message['id'])) < before!) && (after === null || BigInt(String(message['id'])) > after!));
      return { reply: jsonReply(200, told.slice(0, Math.min(Math.max(Number(parameter(call, 'limit') ?? 50) || 50, 1), 100))) };
    },
  },
];

/** The webhook, whose channel is Discord's to know, and the thread the query names. */
function hook(call: Call): readonly Addressee[] {
  const thread = parameter(call, 'thread_id');
  return [{ address: `webhooks/${call.ids[0]}`, kind: 'chat', role: 'webhook' }, ...thread === null ? [] : [{ address: thread, kind: 'chat', role: 'thread' } as const]];
}

function channel({ ids: [id = ''] }: Call): readonly Addressee[] {
  return [{ address: id, kind: 'chat', role: 'channel' }];
}

/** Nothing to read, but whoever is in the channel sees it. */
function gone(operation: string, recipients: readonly Addressee[]): Chat {
  return { channel: 'chat', provider: 'discord', operation, liveness: 'unknown', recipients, keys: [], from: null, text: null, attachments: [] };
}

async function execute(call: CallInContext): Promise<Simulation<HttpResponse>> {
  const fault = messageFault(call.body);
  if (fault !== null) return { reply: fault };
  const webhook = call.ids[0] ?? '';
  const name = field(call.body.object, 'username');
  const author = { id: webhook, username: typeof name === 'string' ? name : 'Webhook', avatar: null, discriminator: '0000', public_flags: 0, flags: 0, bot: true, global_name: null };
  const made = await written(call, { channel: parameter(call, 'thread_id') ?? channelOfHook(webhook), author, webhook });
  return ['true', '1'].includes(parameter(call, 'wait')?.toLowerCase() ?? '') ? made : { ...made, reply: emptyReply(204) };
}

/** A nonce that is to be enforced finds the message it was given to before. */
async function create(call: CallInContext): Promise<Simulation<HttpResponse>> {
  const fault = messageFault(call.body);
  if (fault !== null) return { reply: fault };
  const id = call.ids[0] ?? '';
  const { object } = call.body;
  const nonce = field(object, 'enforce_nonce') === true ? field(object, 'nonce') ?? null : null;
  const known = nonce === null ? null : await call.context.recall('nonce', `${id} ${String(nonce)}`);
  const before = known?.value as { readonly message: string; readonly until: number } | null | undefined;
  if (before !== null && before !== undefined && before.until > call.context.now) {
    const message = await call.context.recall('message', before.message);
    if (message !== null && message.value !== null) return { reply: jsonReply(200, message.value) };
  }
  const made = await written(call, { channel: id, author: botUser(call), webhook: null });
  const message = made.remember[0]!.id;
  return nonce === null ? made : { ...made, remember: [...made.remember, { kind: 'nonce', id: `${id} ${String(nonce)}`, expectVersion: known?.version ?? 0, value: { message, until: call.context.now + nonceMs } }] };
}

async function written({ body, context }: CallInContext, { channel: where, author, webhook }: { readonly channel: string; readonly author: JsonObject; readonly webhook: string | null }) {
  const id = snowflake(context);
  const files = body.files.map(() => snowflake(context));
  const value = messageOf(body, { id, channel: where, author, webhook, at: iso(context.now), fileId: (index) => files[index]! });
  return { reply: jsonReply(200, value), remember: [{ kind: 'message', id, expectVersion: 0, value, index: { channel: where } }] } satisfies Simulation<HttpResponse>;
}

async function withMessage(call: CallInContext, answer: (known: Remembered, value: JsonObject) => Simulation<HttpResponse>): Promise<Simulation<HttpResponse>> {
  const known = await call.context.recall('message', call.ids[1] ?? '');
  const value = asObject((known?.value ?? null) as JsonValue);
  const own = value !== null && (value['channel_id'] === call.ids[0] || value['webhook_id'] === call.ids[0]);
  return known === null || value === null || !own ? { reply: unknownMessage } : answer(known, value);
}

function read(call: CallInContext): Promise<Simulation<HttpResponse>> {
  return withMessage(call, (_known, value) => ({ reply: jsonReply(200, value) }));
}

function edit(call: CallInContext): Promise<Simulation<HttpResponse>> {
  return withMessage(call, (known, before) => {
    const { object } = call.body;
    const changed = Object.fromEntries(['content', 'embeds', 'components', 'flags'].flatMap((name) => field(object, name) === undefined ? [] : [[name, field(object, name) ?? (name === 'content' ? '' : [])]]));
    const value = { ...before, ...changed, edited_timestamp: iso(call.context.now) };
    return { reply: jsonReply(200, value), remember: [{ kind: 'message', id: known.id, expectVersion: known.version, value, index: { channel: String(before['channel_id']) } }] };
  });
}

function remove(call: CallInContext): Promise<Simulation<HttpResponse>> {
  return withMessage(call, (known) => ({ reply: emptyReply(204), remember: [{ kind: 'message', id: known.id, expectVersion: known.version, value: null }] }));
}

function snowflakeOf(text: string | null): bigint | null {
  return text !== null && /^[0-9]{1,20}$/.test(text) ? BigInt(text) : null;
}
