import type { Remembered } from '../../model/provider.ts';
import type { Chat } from '../../model/side-effect.ts';
import { unreadable } from '../wire/unread.ts';
import { isOn, text } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { botOf, team } from './bot.ts';
import { conversationSeen } from './chat.ts';
import { conversationOf, idFor } from './ids.ts';
import { addressee, channelOf } from './messages.ts';
import { latest, page } from './page.ts';
import type { Method, MethodCall } from './method.ts';
import { failed, ok } from './reply.ts';

export interface StoredConversation { readonly id: string; readonly name: string; readonly direct: boolean; readonly users: readonly string[] }

/** https://docs.slack.dev/reference/methods?family=conversations */
export const conversationMethods: readonly Method[] = [
  {
    name: 'conversations.open', takes: ['channel', 'users', 'return_im', 'prevent_creation'],
    reaches: (args) => {
      const people = usersOf(args);
      const channel = channelOf(args);
      return people.length === 0 && channel === null ? unreadable('neither users nor channel')
        : { recipients: [...people.map((user) => ({ address: user, kind: 'chat', role: 'user' } as const)), ...channel === null ? [] : [addressee(channel)]] };
    },
    answer: async ({ args, context }) => {
      const users = usersOf(args);
      // What is opened for one person is what chat.postMessage to that person's id writes to.
      const id = channelOf(args) ?? (users.length === 1 ? conversationOf(users[0]!).id : idFor('D', [...users].sort().join(',')));
      const known = await context.recall('conversation', id);
      const channel = isOn(args, 'return_im') ? { ...listed({ id, name: id.toLowerCase(), direct: true, users }), user: users[0] } : { id };
      return {
        reply: ok({ ...known === null ? {} : { no_op: true, already_open: true }, channel }),
        remember: known === null ? [{ kind: 'conversation', id, expectVersion: 0, value: { id, name: id.toLowerCase(), direct: true, users } }] : [],
      };
    },
  },
  {
    name: 'conversations.join', takes: ['channel'],
    reaches: (args) => {
      const channel = channelOf(args);
      return channel === null ? unreadable('no channel') : { recipients: [addressee(channel)] };
    },
    answer: async ({ args, context }) => {
      const channel = channelOf(args) ?? '';
      const { id, name } = conversationOf(channel);
      return { reply: ok({ channel: listed({ id, name: name ?? id.toLowerCase(), direct: false, users: [] }) }), remember: await conversationSeen(channel, context) };
    },
  },
  { name: 'conversations.list', takes: ['cursor', 'limit', 'types', 'exclude_archived'], answer: async (call) => page(call, 'channels', await conversations(call)) },
  { name: 'users.conversations', takes: ['cursor', 'limit', 'types', 'exclude_archived', 'user'], answer: async (call) => page(call, 'channels', await conversations(call)) },
  {
    name: 'conversations.info', takes: ['channel', 'include_locale', 'include_num_members'],
    answer: async ({ args, context }) => {
      const channel = channelOf(args);
      if (channel === null || channel.startsWith('#')) return { reply: failed('channel_not_found') };
      const { id, name, direct } = conversationOf(channel);
      const known = (await context.recall('conversation', id))?.value as StoredConversation | null | undefined;
      return { reply: ok({ channel: listed(known ?? { id, name: name ?? id.toLowerCase(), direct, users: [] }) }) };
    },
  },
  { name: 'conversations.members', takes: ['channel', 'cursor', 'limit'], answer: async (call) => page(call, 'members', [botOf(call.caller).user_id]) },
  { name: 'conversations.history', takes: ['channel', 'cursor', 'limit', 'oldest', 'latest', 'inclusive', 'include_all_metadata'], answer: async (call) => page(call, 'messages', await messages(call, 'channel'), { pin_count: 0 }) },
  { name: 'conversations.replies', takes: ['channel', 'ts', 'cursor', 'limit', 'oldest', 'latest', 'inclusive', 'include_all_metadata'], answer: async (call) => {
    const found = (await messages(call, 'thread')).toReversed();
    return found.length === 0 ? { reply: failed('thread_not_found') } : page(call, 'messages', found);
  } },
  {
    name: 'chat.getPermalink', takes: ['channel', 'message_ts'],
    answer: async ({ args }) => {
      const { id } = conversationOf(channelOf(args) ?? '');
      const ts = text(args, 'message_ts');
      return { reply: ts === null ? failed('message_not_found') : ok({ channel: id, permalink: `https://staging.slack.com/archives/${id}/p${ts.replace('.', '')}` }) };
    },
  },
  {
    name: 'chat.scheduledMessages.list', takes: ['channel', 'cursor', 'limit', 'latest', 'oldest'],
    answer: async (call) => {
      const channel = channelOf(call.args);
      const { items } = await call.context.list('scheduled', { limit: 100, ...channel === null ? {} : { where: { channel: conversationOf(channel).id } } });
      return page(call, 'scheduled_messages', items.map(({ value }) => value));
    },
  },
];

/** Direct messages that were opened here: who is in them is known, and they are told. */
export async function recalledPeople(effect: Chat, recall: (kind: string, id: string) => Promise<Remembered | null>): Promise<Chat> {
  const people = await Promise.all(effect.recipients.filter(({ role, address }) => role === 'channel' && /^D[A-Z0-9]+$/.test(address)).map(async ({ address }) =>
    ((await recall('conversation', address))?.value as StoredConversation | null | undefined)?.users ?? []));
  const more = [...new Set(people.flat())].filter((user) => !effect.recipients.some(({ address }) => address === user));
  return more.length === 0 ? effect : { ...effect, recipients: [...effect.recipients, ...more.map((user) => ({ address: user, kind: 'chat', role: 'user' } as const))] };
}

function usersOf(args: Arguments): readonly string[] {
  return (text(args, 'users') ?? '').split(',').map((each) => each.trim()).filter((each) => each !== '');
}

async function conversations({ args, context }: MethodCall): Promise<readonly unknown[]> {
  const types = (text(args, 'types') ?? 'public_channel').split(',').map((each) => each.trim());
  const { items } = await context.list('conversation', { limit: 1000 });
  return items.map(({ value }) => value as StoredConversation).filter(({ direct }) => direct ? types.includes('im') || types.includes('mpim') : types.includes('public_channel') || types.includes('private_channel')).map(listed);
}

async function messages({ args, context }: MethodCall, by: 'channel' | 'thread'): Promise<readonly unknown[]> {
  const channel = conversationOf(channelOf(args) ?? '').id;
  const where: Readonly<Record<string, string>> = by === 'channel' ? { channel } : { channel, thread: text(args, 'ts') ?? '' };
  const { items } = await context.list('message', { where, limit: 1000 });
  // In a channel only what begins a thread is seen, newest first.
  const told = items.map(({ value }) => value as Readonly<Record<string, unknown>>).filter(({ ts, thread_ts: thread }) => by === 'thread' || thread === undefined || thread === ts);
  return latest(told, args);
}

function listed({ id, name, direct, users }: StoredConversation): Readonly<Record<string, unknown>> {
  return direct
    ? { id, is_im: users.length < 2, is_mpim: users.length > 1, is_channel: false, is_group: false, is_archived: false, is_open: true, created: 1_735_689_600, ...users.length === 1 ? { user: users[0] } : {}, context_team_id: team }
    : {
      id, name, name_normalized: name, is_channel: true, is_group: false, is_im: false, is_mpim: false, is_private: false, is_archived: false, is_general: name === 'general', is_shared: false, is_member: true,
      created: 1_735_689_600, creator: 'U0STAGING', context_team_id: team, topic: { value: '', creator: '', last_set: 0 }, purpose: { value: '', creator: '', last_set: 0 }, num_members: 1,
    };
}
