import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import { asArray } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { chatOf, textOf, valueOf } from './call.ts';
import type { BotCall } from './call.ts';
import { reaching } from './methods.ts';
import { botUser, chatNamed, fresh, messageOf } from './message.ts';

export function ok(result: unknown): HttpResponse {
  return jsonReply(200, { ok: true, result });
}

export function failed(status: number, description: string, parameters?: object): HttpResponse {
  return jsonReply(status, { ok: false, error_code: status, description, ...(parameters === undefined ? {} : { parameters }) });
}

/** The answer to a call that would have been seen by somebody. */
export async function answerSend(call: BotCall, context: SimulationContext): Promise<Simulation<HttpResponse>> {
  const fault = faultOf(call);
  if (fault !== null) return { reply: failed(400, `Bad Request: ${fault}`) };
  switch (reaching.get(call.method)?.result) {
    case 'message': return { reply: ok(messageOf(call, fresh(context), context)) };
    case 'messages': {
      const first = fresh(context);
      return { reply: ok((asArray(valueOf(call, 'media')) ?? []).map((item, index) => messageOf(call, first + index, context, item))) };
    }
    case 'message-id': return { reply: ok({ message_id: fresh(context) }) };
    case 'message-ids': {
      const first = fresh(context);
      return { reply: ok((asArray(valueOf(call, 'message_ids')) ?? []).map((_id, index) => ({ message_id: first + index }))) };
    }
    case 'edited': {
      const id = Number(textOf(call, 'message_id'));
      // A message sent inline is nowhere the bot can see it.
      return { reply: ok(chatOf(call, 'chat_id') === null || !Number.isSafeInteger(id) ? true : { ...messageOf(call, id, context), edit_date: seconds(context) }) };
    }
    case 'poll': return { reply: ok({ id: context.id('', { length: 18, alphabet: 'digits' }), question: '', options: [], total_voter_count: 0, is_closed: true, is_anonymous: true, type: 'regular', allows_multiple_answers: false }) };
    case 'invite': return {
      reply: ok({
        invite_link: textOf(call, 'invite_link') ?? `https://t.me/+${context.id('', { length: 16 })}`, creator: botUser(call.bot), creates_join_request: textOf(call, 'creates_join_request') === 'true',
        is_primary: false, is_revoked: call.method === 'revokeChatInviteLink', ...(textOf(call, 'name') === null ? {} : { name: textOf(call, 'name') }),
      }),
    };
    case 'topic': return { reply: ok({ message_thread_id: fresh(context), name: textOf(call, 'name') ?? '', icon_color: 7322096 }) };
    case 'sent-inline': return { reply: ok({ inline_message_id: context.id('', { length: 22 }) }) };
    default: return { reply: ok(true) };
  }
}

/** https://core.telegram.org/bots/api#sendmessage: 1 to 4096 characters, 1024 in a caption. */
function faultOf(call: BotCall): string | null {
  const text = textOf(call, 'text');
  if (call.method === 'sendMessage' && (text === null || text.trim() === '')) return 'message text is empty';
  if (['sendMessage', 'editMessageText'].includes(call.method) && (text?.length ?? 0) > 4096) return 'message is too long';
  if ((textOf(call, 'caption')?.length ?? 0) > 1024) return 'message caption is too long';
  return null;
}

/** What changes the bot itself, and what is asked about it. */
export async function answerBot(call: BotCall, context: SimulationContext): Promise<Simulation<HttpResponse>> {
  switch (call.method) {
    case 'setWebhook': return webhook(call, context, textOf(call, 'url') ?? '');
    case 'deleteWebhook': return webhook(call, context, '');
    case 'getWebhookInfo': return { reply: ok({ url: await webhookUrl(context), has_custom_certificate: false, pending_update_count: 0, max_connections: 40 }) };
    case 'getUpdates': return { reply: await updates(call, context) };
    case 'getMe': return { reply: ok({ ...botUser(call.bot), can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false, can_connect_to_business: false, has_main_web_app: false }) };
    case 'getMyCommands': return { reply: ok((await context.recall('setting', 'commands'))?.value ?? []) };
    case 'setMyCommands': return keep(context, 'commands', valueOf(call, 'commands') ?? []);
    case 'deleteMyCommands': return keep(context, 'commands', []);
    case 'getMyName': return { reply: ok({ name: (await context.recall('setting', 'name'))?.value ?? 'Staging bot' }) };
    case 'setMyName': return keep(context, 'name', textOf(call, 'name') ?? '');
    case 'getMyDescription': return { reply: ok({ description: (await context.recall('setting', 'description'))?.value ?? '' }) };
    case 'setMyDescription': return keep(context, 'description', textOf(call, 'description') ?? '');
    case 'getMyShortDescription': return { reply: ok({ short_description: (await context.recall('setting', 'short_description'))?.value ?? '' }) };
    case 'setMyShortDescription': return keep(context, 'short_description', textOf(call, 'short_description') ?? '');
    case 'getMyDefaultAdministratorRights': return { reply: ok(rights) };
    case 'getChat': return { reply: ok({ ...chatNamed(call, 'chat_id'), accent_color_id: 0, max_reaction_count: 11, accepted_gift_types: { unlimited_gifts: true, limited_gifts: true, unique_gifts: true, premium_subscription: true } }) };
    case 'getChatAdministrators': return { reply: ok([{ user: botUser(call.bot), status: 'administrator', can_be_edited: false, ...rights }]) };
    case 'getChatMemberCount': return { reply: ok(2) };
    case 'getChatMember': return { reply: ok({ status: 'member', user: { id: Number(textOf(call, 'user_id')) || 0, is_bot: false, first_name: 'Staging' } }) };
    case 'getChatMenuButton': return { reply: ok({ type: 'default' }) };
    case 'getUserProfilePhotos': return { reply: ok({ total_count: 0, photos: [] }) };
    case 'getForumTopicIconStickers': return { reply: ok([]) };
    case 'getFile': return { reply: failed(400, 'Bad Request: wrong file_id or the file is temporarily unavailable') };
    default: return { reply: ok(true) };
  }
}

export async function webhookUrl(context: Pick<SimulationContext, 'recall'>): Promise<string> {
  const known = (await context.recall('setting', 'webhook'))?.value as { readonly url: string } | null | undefined;
  return known?.url ?? '';
}

/** The secret that comes with it stays out: it is the target's in gateway.yaml. */
function webhook(call: BotCall, context: SimulationContext, url: string): Promise<Simulation<HttpResponse>> {
  return keep(context, 'webhook', { url }, { ok: true, result: true, description: call.method === 'setWebhook' ? 'Webhook was set' : 'Webhook was deleted' });
}

async function keep(context: SimulationContext, id: string, value: unknown, body: unknown = { ok: true, result: true }): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('setting', id);
  return { reply: jsonReply(200, body), remember: [{ kind: 'setting', id, expectVersion: known?.version ?? 0, value }] };
}

/**
 * Nobody writes to a captured bot. Telegram holds such a call until somebody does; an empty answer at once would have a bot ask again
 * without a pause, so one that is ready to wait is told to.
 */
async function updates(call: BotCall, context: SimulationContext): Promise<HttpResponse> {
  if ((await webhookUrl(context)) !== '') return failed(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
  const wait = Math.min(Math.trunc(Number(textOf(call, 'timeout'))) || 0, 50);
  return wait > 0 ? failed(429, `Too Many Requests: retry after ${wait}`, { retry_after: wait }) : ok([]);
}

function seconds(context: SimulationContext): number {
  return Math.floor(context.now / 1000);
}

const rights = {
  is_anonymous: false, can_manage_chat: true, can_delete_messages: true, can_manage_video_chats: false, can_restrict_members: false, can_promote_members: false, can_change_info: false, can_invite_users: true,
  can_post_stories: false, can_edit_stories: false, can_delete_stories: false,
} as const;
