import { createHash } from 'node:crypto';
import type { SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { chatOf, textOf, valueOf } from './call.ts';
import type { BotCall } from './call.ts';

/** A number that no message of the chat has yet, as far as can be told. */
export function fresh(context: SimulationContext): number {
  return Number(`1${context.id('', { length: 8, alphabet: 'digits' })}`);
}

export interface ChatOf {
  readonly id: number;
  readonly type: 'private' | 'group' | 'supergroup' | 'channel';
  readonly first_name?: string;
  readonly title?: string;
  readonly username?: string;
}

export function botUser(bot: string): { readonly id: number; readonly is_bot: true; readonly first_name: string; readonly username: string } {
  return { id: Number(bot), is_bot: true, first_name: 'Staging bot', username: `staging_${bot}_bot` };
}

/** A chat as its id tells it: people are above zero, groups below; a name is a channel's, with a number that is always the same. */
export function chatNamed(call: BotCall, parameter: string): ChatOf {
  const chat = chatOf(call, parameter);
  const address = chat?.kind === 'chat' ? chat.address : '0';
  if (!/^-?[0-9]{1,15}$/.test(address)) {
    const username = address.replace(/^@/, '');
    return { id: -1_000_000_000_000 - createHash('sha256').update(username.toLowerCase()).digest().readUInt32BE(0), type: 'channel', title: username, username };
  }
  const id = Number(address);
  if (id >= 0) return { id, type: 'private', first_name: 'Staging' };
  return { id, type: address.startsWith('-100') ? 'supergroup' : 'group', title: 'Staging' };
}

/** Texts are given back as they were sent: marks are not turned into entities. */
export function messageOf(call: BotCall, id: number, context: SimulationContext, item?: JsonValue): Readonly<Record<string, unknown>> {
  const keyboard = asObject(valueOf(call, 'reply_markup'));
  const thread = Number(textOf(call, 'message_thread_id'));
  const date = Math.floor(context.now / 1000);
  return {
    message_id: id, from: botUser(call.bot), chat: chatNamed(call, 'chat_id'), date,
    ...(thread > 0 ? { message_thread_id: thread } : {}),
    ...(call.method === 'forwardMessage' ? { forward_origin: { type: 'hidden_user', sender_user_name: 'Staging', date } } : {}),
    ...contentOf(call, context, item),
    ...(asArray(field(keyboard, 'inline_keyboard')) === null ? {} : { reply_markup: keyboard }),
  };
}

function contentOf(call: BotCall, context: SimulationContext, item: JsonValue | undefined): object {
  const media = item ?? (call.method === 'editMessageMedia' ? valueOf(call, 'media') : undefined);
  const kind = media === undefined ? kinds[call.method] : asString(field(asObject(media), 'type')) ?? undefined;
  const caption = media === undefined ? textOf(call, 'caption') : asString(field(asObject(media), 'caption'));
  const captioned = caption === null || caption === '' ? {} : { caption };
  const text = textOf(call, 'text');
  switch (kind) {
    case undefined: return text === null ? captioned : { text };
    case 'photo': return { photo: [{ ...file(context), width: 90, height: 90 }], ...captioned };
    case 'location': return { location: { latitude: Number(textOf(call, 'latitude')), longitude: Number(textOf(call, 'longitude')) } };
    case 'venue': return { venue: { location: { latitude: Number(textOf(call, 'latitude')), longitude: Number(textOf(call, 'longitude')) }, title: textOf(call, 'title') ?? '', address: textOf(call, 'address') ?? '' } };
    case 'contact': return { contact: { phone_number: textOf(call, 'phone_number') ?? '', first_name: textOf(call, 'first_name') ?? '' } };
    case 'dice': return { dice: { emoji: textOf(call, 'emoji') ?? '🎲', value: 1 + Number(context.id('', { length: 1, alphabet: 'digits' })) % 5 } };
    case 'poll': return {
      poll: {
        id: context.id('', { length: 18, alphabet: 'digits' }), question: textOf(call, 'question') ?? '', total_voter_count: 0, is_closed: false, is_anonymous: true, type: textOf(call, 'type') ?? 'regular', allows_multiple_answers: false,
        options: (asArray(valueOf(call, 'options')) ?? []).map((option) => ({ text: asString(option) ?? asString(field(asObject(option), 'text')) ?? '', voter_count: 0 })),
      },
    };
    case 'invoice': return {
      invoice: {
        title: textOf(call, 'title') ?? '', description: textOf(call, 'description') ?? '', start_parameter: textOf(call, 'start_parameter') ?? '', currency: textOf(call, 'currency') ?? '',
        total_amount: (asArray(valueOf(call, 'prices')) ?? []).reduce<number>((sum, price) => sum + (Number(field(asObject(price), 'amount')) || 0), 0),
      },
    };
    default: return { [kind]: { ...file(context), ...extra[kind] }, ...captioned };
  }
}

/** What a message of a method holds besides a text. */
const kinds: Readonly<Record<string, string | undefined>> = {
  sendPhoto: 'photo', sendAudio: 'audio', sendDocument: 'document', sendVideo: 'video', sendAnimation: 'animation', sendVoice: 'voice', sendVideoNote: 'video_note', sendSticker: 'sticker',
  sendLocation: 'location', editMessageLiveLocation: 'location', stopMessageLiveLocation: 'location', sendVenue: 'venue', sendContact: 'contact', sendDice: 'dice', sendPoll: 'poll', sendInvoice: 'invoice',
};

const extra: Readonly<Record<string, object | undefined>> = {
  audio: { duration: 1 }, video: { duration: 1, width: 90, height: 90 }, animation: { duration: 1, width: 90, height: 90 }, voice: { duration: 1 }, video_note: { duration: 1, length: 90 },
  sticker: { width: 512, height: 512, type: 'regular', is_animated: false, is_video: false },
};

function file(context: SimulationContext): object {
  return { file_id: context.id('AgACAgQAAx', { length: 62 }), file_unique_id: context.id('AQAD', { length: 12 }) };
}
