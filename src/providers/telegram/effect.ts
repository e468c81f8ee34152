import type { Addressee } from '../../model/recipient.ts';
import type { Chat, Decoded } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { chatOf, textOf, valueOf } from './call.ts';
import type { BotCall } from './call.ts';
import { harmless, ofTheBot, reaching, reads } from './methods.ts';
import type { Method } from './methods.ts';

/** Parameters of a name that nobody knows yet, but that says it is about people. */
const aboutPeople = /chat|user|recipient|receiver|peer|member|_to$/i;

export function decodeCall(call: BotCall): Decoded {
  const { method } = call;
  const sending = reaching.get(method);
  if (sending !== undefined) {
    const effect = effectOf(call, sending);
    return 'kind' in effect ? unrecognized(`${method}: ${effect.why}`) : { kind: 'effects', effects: [effect] };
  }
  const known = ofTheBot.get(method) ?? reads.get(method);
  if (known === undefined) return unrecognized(`${method} is not simulated`);
  const odd = [...call.parameters.keys(), ...call.files.map(({ parameter }) => parameter)].find((name) => !known.includes(name));
  if (odd !== undefined) return unrecognized(`${method}: parameter '${odd.slice(0, 40)}' is none of its own`);
  return reads.has(method) ? { kind: 'read', operation: method, liveness: livenessOf(call) } : { kind: 'effects', effects: [{ ...blank(call), recipients: [] }] };
}

export function unrecognized(why: string): Decoded {
  return { kind: 'unrecognized', why: `Telegram: ${why}` };
}

/** The test environment has accounts of its own. A token does not say whether its bot is the one that customers know. */
function livenessOf({ test }: BotCall): 'unknown' | 'test' {
  return test ? 'test' : 'unknown';
}

function blank(call: BotCall): Omit<Chat, 'recipients'> {
  return { channel: 'chat', provider: 'telegram', operation: call.method, liveness: livenessOf(call), keys: [], from: `bot${call.bot}`, text: null, attachments: [] };
}

function effectOf(call: BotCall, method: Method): Chat | Unread {
  const recipients: Addressee[] = [];
  for (const role of ['chat_id', 'user_id', 'sender_chat_id', 'receiver_user_id']) {
    const chat = chatOf(call, role);
    if (chat === null) continue;
    if (chat.kind === 'unreadable') return chat;
    if (!method.reaches.includes(role) && role !== 'user_id' && role !== 'chat_id') return unreadable(`${role} is none of its parameters`);
    recipients.push({ address: chat.address, kind: 'chat', role });
  }
  const only = asObject(valueOf(call, 'ephemeral_message_parameters'));
  const receiver = field(only, 'receiver_user_id');
  if (call.parameters.has('ephemeral_message_parameters')) {
    if (!Number.isSafeInteger(receiver) && (typeof receiver !== 'string' || receiver.trim() === '')) return unreadable('ephemeral_message_parameters names no receiver_user_id');
    recipients.push({ address: String(receiver), kind: 'chat', role: 'receiver_user_id' });
  }
  for (const [parameter, what] of method.stands ?? []) {
    const id = textOf(call, parameter);
    if (id !== null && id !== '') recipients.push({ address: `${what} ${id}`, kind: 'audience', role: 'audience' });
  }
  if (recipients.length === 0) return unreadable(`names none of ${[...method.reaches, ...(method.stands ?? []).map(([parameter]) => parameter)].join(', ')}`);
  const names = [...call.parameters.keys(), ...call.files.map(({ parameter }) => parameter)];
  const unknown = names.filter((name) => !harmless.has(name) && !recipients.some(({ role }) => role === name) && name !== 'ephemeral_message_parameters');
  const odd = unknown.find((name) => aboutPeople.test(name) && !empty(call, name));
  if (odd !== undefined) return unreadable(`parameter '${odd.slice(0, 40)}' is not known, and may name somebody`);
  const leavesOf = unknown.flatMap((name) => [{ path: name, text: name }, ...leaves(call.parameters.get(name), name)]);
  const payload = textOf(call, 'payload');
  return {
    ...blank(call),
    recipients: [...recipients, ...strangers(leavesOf, recipients)],
    keys: payload === null || payload === '' ? [] : [{ name: 'payload', value: payload }],
    text: wordsOf(call),
    attachments: call.files.map(({ parameter: _parameter, ...file }) => file),
  };
}

function empty(call: BotCall, name: string): boolean {
  const value = call.parameters.get(name);
  return value === null || value === '';
}

/** What somebody would read, whichever of the methods says it. */
function wordsOf(call: BotCall): string | null {
  const captions = (asArray(valueOf(call, 'media')) ?? [valueOf(call, 'media')]).flatMap((each) => asString(field(asObject(each), 'caption')) ?? []);
  const options = (asArray(valueOf(call, 'options')) ?? []).flatMap((each) => asString(each) ?? asString(field(asObject(each), 'text')) ?? []);
  const rich = asObject(valueOf(call, 'rich_message'));
  const said = ['text', 'caption', 'question', 'title', 'description', 'address', 'phone_number', 'first_name', 'last_name', 'emoji', 'comment', 'error_message'].flatMap((name) => textOf(call, name) ?? []);
  const words = [...said, ...captions, ...options, ...['html', 'markdown'].flatMap((name) => asString(field(rich, name)) ?? [])].filter((text) => text !== '');
  return words.length === 0 ? null : words.join('\n');
}
