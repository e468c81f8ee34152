import type { Addressee } from '../../model/recipient.ts';
import type { SideEffect } from '../../model/side-effect.ts';
import type { JsonCall } from '../wire/json-api.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { named, text } from './parts.ts';

export type Kind = 'sms' | 'mms' | 'voice';

/** Fields as ClickSend's own client has them (github.com/ClickSend/clicksend-nodejs). `from_email` gets answers, not the message. */
const fields = ['to', 'list_id', 'from', 'body', 'source', 'schedule', 'custom_string', 'country', 'from_email', 'subject', 'voice', 'lang', 'require_input', 'machine_detection'];
const known = fieldPaths([...fields.map((name) => `messages/*/${name}`), 'messages', 'media_file', 'shorten_urls']);

/** sms/send, mms/send and voice/send: up to a thousand messages, each to a number, to a list, or to both. */
export function sendEffects(kind: Kind, { body }: JsonCall): readonly SideEffect[] | Unread {
  const object = asObject(body);
  const list = asArray(field(object, 'messages'));
  if (object === null || list === null || list.length === 0) return unreadable('there are no messages');
  const effects: SideEffect[] = [];
  for (const each of list) {
    const message = asObject(each);
    const recipients = message === null ? null : recipientsOf(message);
    if (message === null || recipients === null) return unreadable('a message has no one readable to or list_id');
    effects.push(effectOf(kind, message, recipients, named(object, 'media_file')));
  }
  const others = strangers(unknownTexts(object, known), effects.flatMap(({ recipients }) => recipients));
  return others.length === 0 ? effects : effects.map((effect) => ({ ...effect, recipients: [...effect.recipients, ...others] }));
}

/** Null: it cannot be told. A list holds whoever was put into it at ClickSend. */
export function recipientsOf(message: JsonObject): readonly Addressee[] | null {
  if (lookalike(Object.keys(message), ['to', 'list_id']) !== null) return null;
  const [to, list] = ['to', 'list_id'].map((name) => named(message, name));
  if (['to', 'list_id'].some((name) => { const value = field(message, name); return typeof value === 'object' && value !== null; })) return null;
  const all: readonly Addressee[] = [
    ...to === null || to === undefined ? [] : [{ address: to, kind: 'phone', role: 'to' } as const],
    ...list === null || list === undefined ? [] : [{ address: `list ${list}`, kind: 'audience', role: 'list' } as const],
  ];
  return all.length === 0 ? null : all;
}

function effectOf(kind: Kind, message: JsonObject, recipients: readonly Addressee[], media: string | null): SideEffect {
  const customString = named(message, 'custom_string');
  const base = {
    provider: 'clicksend', operation: `${kind}.send`, liveness: 'unknown', recipients, from: named(message, 'from'), keys: customString === null ? [] : [{ name: 'custom_string', value: customString }],
  } as const;
  if (kind === 'voice') return { ...base, channel: 'voice', script: text(message, 'body') };
  return { ...base, channel: 'sms', text: text(message, 'body'), media: media === null ? [] : [media], template: null };
}
