import type { Addressee } from '../../model/recipient.ts';
import type { Email, SideEffect, Sms } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { phoneOf } from '../wire/msisdn.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import { keysOf, textOf, withStrangers } from './fields.ts';

/** One message of POST /v1/messages. https://developer.vonage.com/en/api/messages */
const common = ['to', 'from', 'channel', 'message_type', 'client_ref', 'webhook_url', 'webhook_version', 'ttl', 'trusted_recipient', 'failover/**'];
const known = fieldPaths([
  ...common, 'text', 'image/**', 'audio/**', 'video/**', 'file/**', 'vcard/**', 'sticker/**', 'reaction/**', 'location/**', 'template/**', 'custom/**', 'content/**', 'context/**',
  'suggestions/**', 'card/**', 'carousel/**', 'sms/**', 'mms/**', 'rcs/**', 'whatsapp/**', 'messenger/**', 'viber_service/**',
]);
const knownOfMail = fieldPaths([
  ...common, 'text', 'html/**', 'content/**', 'template/**', 'email/subject', 'email/importance', 'email/priority', 'email/sensitivity',
  'email/cc/*/name', 'email/cc/*/address', 'email/bcc/*/name', 'email/bcc/*/address',
]);
/** Whose `to` is a telephone number; Messenger has ids of its own. */
const phones = ['sms', 'mms', 'rcs', 'whatsapp', 'viber_service'];
export const messageOperations = [...phones, 'messenger', 'email'].map((channel) => `messages.send.${channel}`);

export function effectOf(value: JsonValue): SideEffect | Unread {
  const message = asObject(value);
  if (message === null) return unreadable('a message is not a JSON object');
  const odd = lookalike(Object.keys(message), ['to', 'channel', 'failover', 'email']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Vonage spells it`);
  const to = textOf(field(message, 'to'));
  const channel = asString(field(message, 'channel'));
  if (to === null || channel === null) return unreadable('no to or no channel');
  if (channel === 'email') return mailOf(message, to);
  if (channel !== 'messenger' && !phones.includes(channel)) return unreadable(`channel '${channel.slice(0, 40)}' is not simulated`);
  const template = asObject(field(message, 'template')) ?? asObject(field(asObject(field(message, 'custom')), 'template'));
  const name = asString(field(template, 'name'));
  const effect: Sms = {
    channel: 'sms', provider: 'vonage', operation: `messages.send.${channel}`, liveness: 'unknown',
    recipients: [channel === 'messenger' ? { address: to, kind: 'chat', role: 'to' } : phoneOf(to, 'to')], keys: keysOf(message, ['client_ref']),
    from: textOf(field(message, 'from')), text: textIn(message), media: mediaIn(message),
    template: name === null ? null : { id: name, data: field(template, 'parameters') ?? field(template, 'components') ?? null },
  };
  return withStrangers(effect, message, known);
}

function textIn(message: JsonObject): string | null {
  const captions = ['image', 'video', 'audio', 'file'].map((name) => asString(field(asObject(field(message, name)), 'caption')));
  return asString(field(message, 'text')) ?? captions.find((caption) => caption !== null) ?? null;
}

/** MMS has a list of contents, every other channel one. */
function mediaIn(message: JsonObject): readonly string[] {
  const files = ['image', 'audio', 'video', 'file', 'vcard', 'sticker'].map((name) => field(message, name));
  return [...files, ...asArray(field(message, 'content')) ?? []].flatMap((file) => asString(field(asObject(file), 'url')) ?? []);
}

function mailOf(message: JsonObject, to: string): Email | Unread {
  const mail = asObject(field(message, 'email'));
  const odd = lookalike(Object.keys(mail ?? {}), ['cc', 'bcc', 'to']) ?? (field(mail, 'to') === undefined ? null : 'email.to');
  if (mail === null || odd !== null) return unreadable(odd === null ? 'no email object' : `field '${odd.slice(0, 40)}' of email is not spelt as Vonage spells it`);
  const copies: Addressee[] = [];
  for (const role of ['cc', 'bcc'] as const) {
    const list = field(mail, role);
    if (list === undefined || list === null) continue;
    const addresses = asArray(list)?.map((one) => textOf(field(asObject(one), 'address')));
    if (addresses === undefined || addresses.includes(null)) return unreadable(`email.${role} is not a list of addresses`);
    copies.push(...addresses.flatMap((address) => address === null ? [] : [{ address, kind: 'email', role } as const]));
  }
  const parts = asArray(field(message, 'content')) ?? [];
  const part = (type: string, name: string): string | null => asString(field(asObject(parts.find((one) => field(asObject(one), 'type') === type)), name));
  const effect: Email = {
    channel: 'email', provider: 'vonage', operation: 'messages.send.email', liveness: 'unknown', recipients: [{ address: to, kind: 'email', role: 'to' }, ...copies],
    keys: keysOf(message, ['client_ref']), from: textOf(field(message, 'from')), subject: asString(field(mail, 'subject')),
    text: asString(field(message, 'text')) ?? part('text', 'text'), html: asString(field(asObject(field(message, 'html')), 'body')) ?? part('html', 'body'), attachments: [],
    template: field(message, 'template') === undefined ? null : { id: asString(field(asObject(field(message, 'template')), 'name')) ?? 'template', data: field(message, 'template') ?? null },
  };
  return withStrangers(effect, message, knownOfMail);
}
