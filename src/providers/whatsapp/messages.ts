import type { SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Chat } from '../../model/side-effect.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { phoneOf } from '../wire/msisdn.ts';
import { jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { errorReply } from './error.ts';
import { statusCallbacks } from './events.ts';
import { objectIn, parameters, text } from './read.ts';
import { types, wordsOf } from './words.ts';

/** A message as it is remembered: what its statuses are told with. */
export interface StoredMessage {
  readonly id: string;
  readonly phone: string;
  /** as the webhook says it: digits, or the id of a group or person */
  readonly to: string;
  /** as the call named it */
  readonly input: string;
  readonly category: string;
  readonly data: string | null;
}

export const messageRoute: JsonRoute = {
  method: 'POST', path: /^\/v[0-9]{1,3}\.[0-9]{1,2}\/([0-9]{5,20})\/messages$/, operation: 'messages.send', read: parameters, effects, answer,
};

const known = fieldPaths([
  'messaging_product', 'recipient_type', 'to', 'recipient', 'type', 'status', 'message_id', 'typing_indicator/**', 'context/**', 'biz_opaque_callback_data', 'access_token', 'appsecret_proof',
  ...types.map((type) => `${type}/**`),
]);

export const blank = { channel: 'chat', provider: 'whatsapp', operation: 'messages.send', liveness: 'unknown', recipients: [], keys: [], from: null, text: null, attachments: [] } as const satisfies Chat;

function effects({ body: value, ids: [phone = ''] }: JsonCall): readonly Chat[] | Unread {
  const body = asObject(value) ?? {};
  if (text(body, 'messaging_product') !== 'whatsapp') return unreadable('messaging_product is not whatsapp');
  if (isReadMark(body)) {
    const message = text(body, 'message_id');
    if (message === null || body['to'] !== undefined || body['recipient'] !== undefined) return unreadable('a mark as read names no message, or a recipient');
    return [{ ...blank, operation: 'messages.mark_as_read', from: phone, recipients: [{ address: `sender of ${message}`, kind: 'audience', role: 'audience' }] }];
  }
  const type = text(body, 'type') ?? 'text';
  if (!types.some((each) => each === type) || (objectIn(body, type) === null && type !== 'contacts')) return unreadable('the type is none that is known, or the body has no content of it');
  const people = recipientsOf(body);
  if ('kind' in people) return people;
  const data = text(body, 'biz_opaque_callback_data');
  return [{
    ...blank, from: phone, recipients: [...people, ...strangers(unknownTexts(body, known), people)], text: wordsOf(body, type),
    keys: data === null ? [] : [{ name: 'biz_opaque_callback_data', value: data }],
  }];
}

function isReadMark(body: JsonObject): boolean {
  return field(body, 'status') !== undefined;
}

/** `to` is a number (bare digits are international) or a group; `recipient` a person whose number is not told. Both count. */
function recipientsOf(body: JsonObject): readonly Addressee[] | Unread {
  const recipientType = field(body, 'recipient_type') ?? 'individual';
  if (recipientType !== 'individual' && recipientType !== 'group') return unreadable('recipient_type is neither individual nor group');
  const people: Addressee[] = [];
  for (const name of ['to', 'recipient']) {
    const value = field(body, name);
    if (value === undefined) continue;
    const address = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : trimmed(text(body, name) ?? '');
    if (address === '') return unreadable(`${name} names nobody, or is no text`);
    if (recipientType === 'group') people.push({ address: `group ${address}`, kind: 'audience', role: name });
    else people.push(name === 'to' ? phoneOf(address, 'to') : { address, kind: 'chat', role: name });
  }
  return people.length === 0 ? unreadable('neither to nor recipient is given') : people;
}

async function answer({ body: value, ids: [phone = ''], context }: JsonCallInContext): ReturnType<JsonRoute['answer']> {
  const body = asObject(value) ?? {};
  if (isReadMark(body)) return { reply: jsonReply(200, { success: true }) };
  const type = text(body, 'type') ?? 'text';
  const fault = faultOf(body, type, context);
  if (fault !== null) return { reply: fault };
  const input = String(field(body, 'to') ?? field(body, 'recipient'));
  const group = field(body, 'recipient_type') === 'group';
  const to = group || field(body, 'to') === undefined ? input : input.replaceAll(/[^0-9]/g, '') || input;
  const id = wamid(to, context);
  const stored: StoredMessage = { id, phone, to, input, category: type === 'template' ? 'utility' : 'service', data: text(body, 'biz_opaque_callback_data') };
  return {
    reply: jsonReply(200, {
      messaging_product: 'whatsapp', contacts: [group ? { input } : { input, wa_id: to }], messages: [{ id, ...(type === 'template' ? { message_status: 'accepted' } : {}) }],
    }),
    remember: [{ kind: 'message', id, expectVersion: 0, value: stored }], callbacks: statusCallbacks(context, stored),
  };
}

/** 'wamid.' and base64 with the recipient's number and twenty digits of the message's own in it. */
function wamid(to: string, context: SimulationContext): string {
  const own = context.id('', { length: 20, alphabet: 'hex' }).toUpperCase();
  return `wamid.${Buffer.from(`\x1d\x03\x1a${String.fromCharCode(Math.min(to.length, 127))}${to}\x15\x02\x00\x11\x18\x12${own}\x00`, 'latin1').toString('base64')}`;
}

/** 4096 characters in a text, 1024 in a caption. https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages */
function faultOf(body: JsonObject, type: string, context: SimulationContext): ReturnType<typeof errorReply> | null {
  const content = objectIn(body, type);
  const trace = (): string => context.id('A', { length: 22 });
  if (type === 'text' && (text(content, 'body') ?? '') === '') return errorReply(400, 100, 'Invalid parameter', "The parameter text['body'] is required.", trace());
  if (type === 'text' && (text(content, 'body') ?? '').length > 4096) return errorReply(400, 100, 'Invalid parameter', "Param text['body'] must be at most 4096 characters long.", trace());
  if (type === 'template' && (text(content, 'name') ?? '') === '') return errorReply(400, 100, 'Invalid parameter', "The parameter template['name'] is required.", trace());
  return null;
}
