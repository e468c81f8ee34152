import { createHash } from 'node:crypto';
import type { JsonObject } from '../wire/json.ts';
import { asString, field } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { discordError } from './error.ts';
import { callerOfRequest, path } from './route.ts';
import type { Call, Route } from './route.ts';

/** Direct messages, and what an application asks about itself, people and channels. Those are made up: an id has always the same. */
export const userRoutes: readonly Route[] = [
  {
    // Opens a conversation; what is written to it later goes to this person.
    method: 'POST', path: path('/users/@me/channels'), operation: 'users.channels.create',
    effect: ({ body: { object, files } }) => {
      const user = asString(field(object, 'recipient_id'));
      // With access tokens or nicknames it is a group's: who is in it is not told.
      if (user === null || !/^[0-9]{1,20}$/.test(user) || files.length > 0 || Object.keys(object).length > 1) return unreadable('the body is not one recipient_id');
      return { channel: 'chat', provider: 'discord', operation: 'users.channels.create', liveness: 'unknown', recipients: [{ address: user, kind: 'chat', role: 'user' }], keys: [], from: null, text: null, attachments: [] };
    },
    answer: async ({ body: { object }, context }) => {
      const user = asString(field(object, 'recipient_id')) ?? '';
      const id = idFor(`dm ${user}`);
      const known = await context.recall('dm', id);
      return {
        reply: jsonReply(200, { id, type: 1, last_message_id: null, flags: 0, recipients: [person(user)] }),
        remember: known === null ? [{ kind: 'dm', id, expectVersion: 0, value: { user } }] : [],
      };
    },
  },
  { method: 'GET', path: path('/users/@me'), operation: 'users.me', answer: async (call) => ({ reply: jsonReply(200, botUser(call)) }) },
  { method: 'GET', path: path('/users/@me/guilds'), operation: 'users.guilds', query: ['before', 'after', 'limit', 'with_counts'], answer: async () => ({ reply: jsonReply(200, []) }) },
  { method: 'GET', path: path('/users/{id}'), operation: 'users.get', answer: async ({ ids: [id = ''] }) => ({ reply: jsonReply(200, person(id)) }) },
  {
    method: 'GET', path: path('/channels/{id}'), operation: 'channels.get',
    answer: async ({ ids: [id = ''], context }) => {
      const known = (await context.recall('dm', id))?.value as { readonly user: string } | null | undefined;
      return { reply: jsonReply(200, known === null || known === undefined ? { id, type: 0, guild_id: idFor('guild'), name: `channel-${id}`, position: 0, permission_overwrites: [], nsfw: false, parent_id: null, last_message_id: null, topic: null, flags: 0 } : { id, type: 1, last_message_id: null, flags: 0, recipients: [person(known.user)] }) };
    },
  },
  {
    method: 'GET', path: path('/webhooks/{id}/{token}'), operation: 'webhooks.get',
    answer: async ({ ids: [id = ''], request }) => {
      const token = request.path.split('/').at(-1);
      return { reply: token === undefined ? discordError(404, 10_015, 'Unknown Webhook') : jsonReply(200, { id, type: 1, name: 'Webhook', avatar: null, channel_id: channelOfHook(id), guild_id: idFor('guild'), application_id: null, token }) };
    },
  },
];

/** An id that is the same for the same thing, of the length that Discord's have. */
function idFor(thing: string): string {
  return String(10n ** 18n + BigInt(`0x${createHash('sha256').update(thing).digest('hex').slice(0, 14)}`));
}

export function channelOfHook(webhook: string): string {
  return idFor(`webhook ${webhook}`);
}

export function botUser({ request }: Pick<Call, 'request'>): JsonObject {
  return { ...person(idFor(`bot ${callerOfRequest(request) ?? ''}`)), username: 'staging-bot', bot: true, mfa_enabled: false, verified: true, email: null, flags: 0 };
}

function person(id: string): JsonObject {
  return { id, username: `user${id.slice(-4)}`, global_name: null, avatar: null, discriminator: '0', public_flags: 0 };
}
