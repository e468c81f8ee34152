import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, Delivery, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { webhookUrl } from './answers.ts';
import { addressed } from './call.ts';
import { botUser } from './message.ts';
import { reaching } from './methods.ts';

/**
 * Telegram tells a bot nothing about its own messages; what comes back are updates: somebody answers, presses a button or blocks the
 * bot. https://core.telegram.org/bots/api#update
 */
export const events = ['message', 'callback_query', 'my_chat_member'] as const;

export async function later({ name, recipient, detail }: LaterEvent, { request, decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const to = addressed(request);
  const sent = sentMessage(reply);
  const chat = asObject(field(sent, 'chat'));
  if (to === null || sent === null || chat === null || decoded.kind !== 'effects' || reaching.get(to.method)?.result !== 'message') return {};
  if (recipient !== null && !decoded.effects[0]!.recipients.some(({ address, role }) => role === 'chat_id' && address === recipient)) return {};
  const webhook = await webhookUrl(context);
  const update = updateOf(name, { sent, chat, bot: botUser(to.bot), detail, context });
  if (update === null) return {};
  return {
    callbacks: [{
      // An address with the token in it was kept without: it is nobody's any more.
      target: webhook === '' || webhook.includes('***') ? 'telegram' : webhook, object: `chat ${String(field(chat, 'id'))}`, event: name, notBeforeMs: context.now, method: 'POST', headers: [],
      body: JSON.stringify({ update_id: Number(`1${context.id('', { length: 8, alphabet: 'digits' })}`), ...update }), contentType: 'application/json',
    }],
  };
}

interface Happened {
  readonly sent: JsonObject;
  readonly chat: JsonObject;
  readonly bot: object;
  readonly detail: string | null;
  readonly context: SimulationContext;
}

function updateOf(name: string, { sent, chat, bot, detail, context }: Happened): object | null {
  const date = Math.floor(context.now / 1000);
  const person = { id: Math.abs(Number(field(chat, 'id'))), is_bot: false, first_name: 'Staging' };
  const number = (): string => context.id('', { length: 18, alphabet: 'digits' });
  switch (name) {
    case 'message': return { message: { message_id: Number(field(sent, 'message_id')) + 1, from: person, chat, date, text: detail ?? 'OK', reply_to_message: sent } };
    case 'callback_query': {
      const data = detail ?? firstButton(sent);
      return data === null ? null : { callback_query: { id: number(), from: person, message: sent, chat_instance: number(), data } };
    }
    case 'my_chat_member': return {
      my_chat_member: { chat, from: person, date, old_chat_member: { user: bot, status: 'member' }, new_chat_member: { user: bot, status: 'kicked', until_date: 0 } },
    };
    default: return null;
  }
}

/** The data of the first button that has any; nobody presses one that is not there. */
function firstButton(sent: JsonObject): string | null {
  const rows = asArray(field(asObject(field(sent, 'reply_markup')), 'inline_keyboard')) ?? [];
  return rows.flatMap((row) => asArray(row) ?? []).flatMap((button) => asString(field(asObject(button), 'callback_data')) ?? [])[0] ?? null;
}

function sentMessage({ status, body }: HttpResponse): JsonObject | null {
  const json = status === 200 ? parseJson(body) : null;
  return json?.kind === 'json' ? asObject(field(asObject(json.value), 'result')) : null;
}

/** The secret_token of setWebhook, as it is: there is no signature. https://core.telegram.org/bots/api#setwebhook */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(secret)) throw new Error('Telegram sends the secret_token given to setWebhook: 1 to 256 characters of A-Z, a-z, 0-9, _ and -');
  return { ...delivery, headers: [...delivery.headers, ['X-Telegram-Bot-Api-Secret-Token', secret]] };
}
