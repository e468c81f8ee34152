import type { HttpResponse } from '../../model/exchange.ts';
import type { Remember, Remembered, Simulation, SimulationContext } from '../../model/provider.ts';
import { asArray, asObject } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import { structureOf, text } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { botOf } from './bot.ts';
import { conversationOf, freshId, timestamp } from './ids.ts';
import { addressee, channelOf, reachedByMessage } from './messages.ts';
import type { Method, MethodCall } from './method.ts';
import { failed, ok } from './reply.ts';

const message = ['channel', 'text', 'markdown_text', 'blocks', 'attachments', 'thread_ts', 'reply_broadcast', 'as_user', 'icon_emoji', 'icon_url', 'username', 'parse', 'link_names', 'metadata', 'mrkdwn', 'unfurl_links', 'unfurl_media'];
const mostBlocks = 50;
const mostDaysAhead = 120;

/** https://docs.slack.dev/reference/methods?family=chat */
export const chatMethods: readonly Method[] = [
  { name: 'chat.postMessage', takes: message, reaches: (args) => reachedByMessage(args), answer: (call) => post(call, {}) },
  { name: 'chat.meMessage', takes: ['channel', 'text'], reaches: (args) => reachedByMessage(args), answer: (call) => post(call, { subtype: 'me_message' }) },
  {
    // Seen by one person only; who else is in the channel is not told by it, but the channel stays in sight.
    name: 'chat.postEphemeral', takes: [...message, 'user'], reaches: (args) => reachedByMessage(args, { user: true }),
    answer: async ({ args, context }) => ({ reply: faultOf(args) ?? ok({ message_ts: timestamp(context) }) }),
  },
  { name: 'chat.update', takes: [...message, 'ts', 'file_ids'], reaches: (args) => text(args, 'ts') === null ? unreadable('no ts') : reachedByMessage(args), answer: update },
  {
    // Whoever reads the channel sees it go.
    name: 'chat.delete', takes: ['channel', 'ts', 'as_user'],
    reaches: (args) => text(args, 'ts') === null ? unreadable('no ts') : reachedByMessage(args),
    answer: (call) => withMessage(call, async (known) => ({
      reply: ok({ channel: conversationOf(channelOf(call.args) ?? '').id, ts: text(call.args, 'ts') }), remember: [{ kind: 'message', id: known.id, expectVersion: known.version, value: null }],
    })),
  },
  { name: 'chat.scheduleMessage', takes: [...message, 'post_at'], reaches: (args) => text(args, 'post_at') === null ? unreadable('no post_at') : reachedByMessage(args), answer: schedule },
  {
    name: 'chat.deleteScheduledMessage', takes: ['channel', 'scheduled_message_id', 'as_user'],
    reaches: (args) => {
      const channel = channelOf(args);
      return channel === null || text(args, 'scheduled_message_id') === null ? unreadable('no channel, or no scheduled_message_id') : { recipients: [addressee(channel)] };
    },
    answer: async ({ args, context }) => {
      const known = await context.recall('scheduled', text(args, 'scheduled_message_id') ?? '');
      return known === null ? { reply: failed('invalid_scheduled_message_id') } : { reply: ok(), remember: [{ kind: 'scheduled', id: known.id, expectVersion: known.version, value: null }] };
    },
  },
];

/** What Slack itself refuses, as far as it is simple. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
export function faultOf(args: Arguments): HttpResponse | null {
  const blocks = structureOf(args, 'blocks');
  const contents = [text(args, 'text'), text(args, 'markdown_text'), ...['blocks', 'attachments'].map((name) => asArray(structureOf(args, name))?.[0] ?? null)];
  if (contents.every((each) => each === null)) return failed('no_text');
  if (blocks !== undefined && asArray(blocks) === null) return failed('invalid_blocks_format');
  return (asArray(blocks)?.length ?? 0) > mostBlocks ? failed('invalid_blocks', { errors: [`no more than ${mostBlocks} items allowed [json-pointer:/blocks]`] }) : null;
}

async function post(call: MethodCall, more: JsonObject): Promise<Simulation<HttpResponse>> {
  const { args, context } = call;
  const fault = faultOf(args);
  if (fault !== null) return { reply: fault };
  const channel = channelOf(args) ?? '';
  const conversation = conversationOf(channel);
  const ts = await freeTimestamp(conversation.id, context);
  const value = { ...messageOf(call, ts), ...more };
  const thread = text(args, 'thread_ts');
  return {
    reply: ok({ channel: conversation.id, ts, message: value }),
    remember: [
      { kind: 'message', id: `${conversation.id} ${ts}`, expectVersion: 0, value, index: { channel: conversation.id, thread: thread ?? ts } },
      ...await conversationSeen(channel, context),
    ],
  };
}

/** A message is known by its channel and its time: two of one millisecond must not have the same. */
async function freeTimestamp(channel: string, context: SimulationContext): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    const ts = timestamp(context);
    if (tries === 10 || await context.recall('message', `${channel} ${ts}`) === null) return ts;
  }
}

/** The channel of a call, so that lists of channels name it. */
export async function conversationSeen(channel: string, context: SimulationContext): Promise<readonly Remember[]> {
  const { id, name, direct } = conversationOf(channel);
  return await context.recall('conversation', id) === null
    ? [{ kind: 'conversation', id, expectVersion: 0, value: { id, name: name ?? id.toLowerCase(), direct, users: addressee(channel).role === 'user' ? [channel] : [] } }] : [];
}

function messageOf({ args, caller }: MethodCall, ts: string): JsonObject {
  const bot = botOf(caller);
  const thread = text(args, 'thread_ts');
  const username = text(args, 'username');
  return {
    user: bot.user_id, type: 'message', ts, bot_id: bot.bot_id, app_id: bot.app_id, text: text(args, 'text') ?? text(args, 'markdown_text') ?? '', team: bot.team_id,
    ...thread === null ? {} : { thread_ts: thread, parent_user_id: bot.user_id },
    ...username === null ? {} : { username, subtype: 'bot_message' },
    ...given(args, 'blocks'), ...given(args, 'attachments'), ...given(args, 'metadata'),
  };
}

function given(args: Arguments, name: string): JsonObject {
  const value: JsonValue | undefined = structureOf(args, name);
  return value === undefined ? {} : { [name]: value };
}

async function withMessage({ args, context }: MethodCall, answer: (known: Remembered) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('message', `${conversationOf(channelOf(args) ?? '').id} ${text(args, 'ts')}`);
  return known === null || known.value === null ? { reply: failed('message_not_found') } : answer(known);
}

async function update(call: MethodCall): Promise<Simulation<HttpResponse>> {
  const fault = faultOf(call.args);
  if (fault !== null) return { reply: fault };
  return withMessage(call, async (known) => {
    const { args, context, caller } = call;
    const conversation = conversationOf(channelOf(args) ?? '');
    const before = asObject(known.value as JsonValue) ?? {};
    const ts = text(args, 'ts') ?? '';
    const value = { ...before, ...messageOf(call, ts), edited: { user: botOf(caller).user_id, ts: timestamp(context) } };
    const thread = typeof before['thread_ts'] === 'string' ? before['thread_ts'] : ts;
    return {
      reply: ok({ channel: conversation.id, ts, text: value['text' as keyof typeof value], message: value }),
      remember: [{ kind: 'message', id: known.id, expectVersion: known.version, value, index: { channel: conversation.id, thread } }],
    };
  });
}

async function schedule(call: MethodCall): Promise<Simulation<HttpResponse>> {
  const { args, context } = call;
  const at = Number(text(args, 'post_at'));
  const now = Math.floor(context.now / 1000);
  if (!Number.isSafeInteger(at)) return { reply: failed('invalid_time') };
  if (at <= now) return { reply: failed('time_in_past') };
  if (at > now + mostDaysAhead * 86_400) return { reply: failed('time_too_far') };
  const fault = faultOf(args);
  if (fault !== null) return { reply: fault };
  const { id: channel } = conversationOf(channelOf(args) ?? '');
  const id = freshId(context, 'Q');
  const { ts: _ts, ...shown } = messageOf(call, '');
  return {
    reply: ok({ channel, scheduled_message_id: id, post_at: at, message: { ...shown, type: 'delayed_message' } }),
    remember: [{ kind: 'scheduled', id, expectVersion: 0, value: { id, channel_id: channel, post_at: at, date_created: now, text: shown['text'] }, index: { channel } }],
  };
}
