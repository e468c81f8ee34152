import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Email } from '../../model/side-effect.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { readMimeMail } from '../wire/mime-mail.ts';
import { emptyReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { notInStore } from './error.ts';
import { readMessage, readRecipients } from './message.ts';
import type { Message } from './message.ts';
import { item, user } from './route.ts';
import type { Body, Call, Parameters, Route } from './route.ts';
import { fromMime, keptMessage, remembered } from './stored.ts';

/** Actions may be written with their namespace. */
const action = (name: string): string => `(?:microsoft\\.graph\\.)?${name}$`;

/** Mail that leaves at once. */
export const mailRoutes: readonly Route[] = [
  { method: 'POST', path: new RegExp(`^${user}/${action('sendMail')}`), operation: 'sendMail', effect: sendMailEffect, answer: sendMail },
  ...(['reply', 'replyAll'] as const).map((name): Route => ({
    method: 'POST', path: new RegExp(`^${user}/messages/${item}/${action(name)}`), operation: `messages.${name}`,
    effect: (call) => answerEffect(call, `messages.${name}`, [audience(`whoever message ${call.ids[1] ?? ''} came from${name === 'reply' ? '' : ' and went to'}`)]),
    answer: accepted,
  })),
  {
    method: 'POST', path: new RegExp(`^${user}/messages/${item}/${action('forward')}`), operation: 'messages.forward',
    effect: (call) => answerEffect(call, 'messages.forward', []), answer: accepted,
  },
];

export function audience(address: string): Addressee {
  return { address, kind: 'audience', role: 'audience' };
}

/** Null: neither a message nor nothing at all. Graph takes the parameters of an action in either case. */
function parameters(body: JsonObject, names: readonly string[]): JsonObject | null {
  const read: Record<string, JsonObject[string]> = {};
  for (const [name, value] of Object.entries(body)) {
    const known = names.find((each) => each.toLowerCase() === name.toLowerCase());
    if (known !== undefined && known in read) return null;
    read[known ?? name] = value;
  }
  return read;
}

export function contentOf(body: Body): Omit<Message, 'kind'> | Unread {
  if (body.kind === 'none') return unreadable('there is no message');
  if (body.kind === 'json') return withoutKind(readMessage(body.object));
  return withoutKind(readMimeMail(body.message));
}

function withoutKind(message: Message | ReturnType<typeof readMimeMail>): Omit<Message, 'kind'> | Unread {
  if (message.kind === 'unreadable') return message;
  const { kind: _kind, ...rest } = message;
  return rest;
}

export function email(operation: string, owner: string, message: Omit<Message, 'kind'>): Email {
  return { channel: 'email', provider: 'msgraph', operation, liveness: 'unknown', ...message, from: message.from ?? mailbox(owner), template: null };
}

/** 'users/shop@ourcompany.test' sends as that address. */
function mailbox(owner: string): string | null {
  return owner.includes('@') ? owner.replace(/^users\//, '') : null;
}

/** The message of sendMail: a JSON `{ message, saveToSentItems }`, or a whole mail. */
function sentMessage(body: Body): { readonly message: JsonObject; readonly save: boolean; readonly beside: JsonObject } | { readonly mime: Extract<Body, { kind: 'mime' }> } | Unread {
  if (body.kind === 'mime') return { mime: body };
  const given = body.kind === 'json' ? parameters(body.object, ['message', 'saveToSentItems']) : null;
  const message = asObject(field(given, 'message'));
  if (given === null || message === null) return unreadable('the body holds no message, or holds it twice');
  const { message: _message, saveToSentItems = null, ...beside } = given;
  return { message, save: saveToSentItems !== false, beside };
}

function sendMailEffect({ ids: [owner = ''], body }: Parameters): Email | Unread {
  const sent = sentMessage(body);
  if ('kind' in sent) return sent;
  const message = 'mime' in sent ? contentOf(sent.mime) : contentOf({ kind: 'json', object: sent.message });
  if ('kind' in message) return message;
  const recipients = [...message.recipients, ...'mime' in sent ? [] : strangers(unknownTexts(sent.beside, []), message.recipients)];
  return recipients.length === 0 ? unreadable('no recipient') : email('sendMail', owner, { ...message, recipients });
}

async function sendMail(call: Call): Promise<Simulation<HttpResponse>> {
  const { body, context, ids: [owner = ''] } = call;
  const sent = sentMessage(body);
  const message = 'kind' in sent ? null : 'mime' in sent ? fromMime(sent.mime.message) : sent.save ? sent.message : null;
  const reply = emptyReply(202, [['request-id', context.uuid()]]);
  if (message === null) return { reply };
  const kept = keptMessage(message, { id: context.id('AAMkAG', { length: 96 }), owner, now: context.now, folder: 'sentitems', context });
  return { reply, remember: [remembered(kept, 0)] };
}

/** reply, replyAll and forward: `{ message, comment }`, and for forward `toRecipients` beside them. */
function answerEffect({ ids: [owner = ''], body }: Parameters, operation: string, whoever: readonly Addressee[]): Email | Unread {
  const given = body.kind === 'none' ? {} : body.kind === 'json' ? parameters(body.object, ['message', 'comment', 'toRecipients']) : null;
  if (given === null) return unreadable('the body is neither { message, comment } nor empty');
  const { message: inner = null, comment = null, toRecipients = null, ...beside } = given;
  const message = contentOf({ kind: 'json', object: asObject(inner) ?? {} });
  const to = readRecipients(toRecipients, 'to');
  if ('kind' in message || to === null || (inner !== null && asObject(inner) === null)) return unreadable('its message or toRecipients is not as Graph spells it');
  const named = [...to, ...message.recipients];
  const recipients = [...named, ...strangers(unknownTexts(beside, []), named), ...whoever];
  if (recipients.length === 0) return unreadable('no recipient');
  return email(operation, owner, { ...message, recipients, text: message.text ?? (typeof comment === 'string' ? comment : null) });
}

/** What is answered must be there: a message that was received, which a staging mailbox has only where a test put it. */
async function accepted({ context, ids: [, id = ''] }: Call): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('message', id);
  return { reply: known === null ? notInStore() : emptyReply(202, [['request-id', context.uuid()]]) };
}
