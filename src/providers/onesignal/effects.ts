import type { Addressee } from '../../model/recipient.ts';
import type { SideEffect } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { lookalike } from '../wire/lookalike.ts';
import { dataKeys } from '../wire/push-data.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { targetFields, targetsOf } from './targets.ts';

type OneSignalChannel = 'push' | 'email' | 'sms';

/** What a notification says and how it looks; an address in it is nobody's who gets it. */
const content = new Set([
  'app_id', 'contents', 'headings', 'subtitle', 'data', 'custom_data', 'url', 'web_url', 'app_url', 'template_id', 'name', 'external_id', 'idempotency_key', 'buttons', 'web_buttons', 'apns_alert',
  'event_updates', 'event_attributes', 'email_subject', 'email_body', 'email_preheader', 'email_from_name', 'email_from_address', 'email_reply_to_address', 'email_sender_domain', 'sms_from', 'sms_media_urls',
]);
const looks = /_(?:icon|picture|image|badge|sound|attachments|layout)$/;

/** One effect for each way that people are reached: addresses by mail, numbers by text message, everybody else by the channel of the notification. */
export function effectsOf(operation: string, body: JsonObject): readonly SideEffect[] | Unread {
  const odd = lookalike(Object.keys(body), targetFields);
  if (odd !== null) return unreadable(`'${odd.slice(0, 40)}' is not spelt as OneSignal spells it`);
  // A token or a segment looks like nobody: whoever a list is that is not known here would not be seen.
  const list = Object.keys(body).find((name) => /^included?_/i.test(name) && name !== 'include_unsubscribed' && !targetFields.includes(name));
  if (list !== undefined) return unreadable(`'${list.slice(0, 40)}' is not known, and may name somebody`);
  const targets = targetsOf(body);
  if ('kind' in targets) return targets;
  if (targets.every(({ role }) => role === 'bcc')) return unreadable('it names nobody whom it is to reach');
  const channel = channelOf(body);
  const unknown = Object.entries(body).filter(([name]) => name === 'filters' || name === 'tags' || !(targetFields.includes(name) || content.has(name) || looks.test(name)));
  const all = [...targets, ...strangers(unknown.flatMap(([name, value]) => [...leaves(value, name)]), targets)];
  const groups = Map.groupBy(all, ({ kind, role }) => (role !== 'to' && role !== 'bcc' ? channel : kind === 'email' ? 'email' : 'sms'));
  return [...groups].map(([by, recipients]) => effectOf(by, operation, body, recipients));
}

function channelOf(body: JsonObject): OneSignalChannel {
  const said = asString(field(body, 'target_channel'));
  if (said === 'push' || said === 'email' || said === 'sms') return said;
  const given = (...names: readonly string[]): boolean => names.some((name) => (field(body, name) ?? null) !== null);
  if (given('email_subject', 'email_body', 'email_to', 'include_email_tokens')) return 'email';
  return given('sms_from', 'include_phone_numbers') ? 'sms' : 'push';
}

function effectOf(channel: OneSignalChannel, operation: string, body: JsonObject, recipients: readonly Addressee[]): SideEffect {
  const text = (name: string): string | null => asString(field(body, name));
  const [data, custom, id] = [field(body, 'data') ?? null, field(body, 'custom_data') ?? null, text('template_id')];
  const base = { provider: 'onesignal', operation, liveness: 'unknown', recipients: recipients.map((each) => knownBy(each, channel)), keys: keysOf(body) } as const;
  const template = id === null ? null : { id, data: custom };
  switch (channel) {
    case 'email': return { ...base, channel, from: text('email_from_address'), subject: text('email_subject'), text: null, html: text('email_body'), attachments: [], template };
    case 'sms': return { ...base, channel, from: text('sms_from'), text: inEnglish(field(body, 'contents')), media: (asArray(field(body, 'sms_media_urls')) ?? []).flatMap((url) => asString(url) ?? []), template };
    case 'push': return { ...base, channel, title: inEnglish(field(body, 'headings')), text: inEnglish(field(body, 'contents')), data: template === null ? data : { template_id: id, custom_data: custom, data } };
  }
}

/** The id of a mail or phone subscription names no device: its address is stored at OneSignal. */
function knownBy(addressee: Addressee, channel: OneSignalChannel): Addressee {
  return addressee.kind === 'device' && channel !== 'push' ? { ...addressee, address: `subscription ${addressee.address}`, kind: 'audience' } : addressee;
}

/** { en, de, ... }; English is what everybody without a text of their own gets. */
function inEnglish(texts: JsonValue | undefined): string | null {
  const all = asObject(texts);
  return asString(field(all, 'en')) ?? Object.values(all ?? {}).map(asString).find((text) => text !== null) ?? null;
}

/** The caller's own ids, and who the one person is where it is one. */
function keysOf(body: JsonObject): SideEffect['keys'] {
  const people = [...asArray(field(asObject(field(body, 'include_aliases')), 'external_id')) ?? [], ...asArray(field(body, 'include_external_user_ids')) ?? []];
  const person = people.length === 1 ? asString(people[0]!) : null;
  const own = ['external_id', 'idempotency_key'].flatMap((name) => asString(field(body, name)) === null ? [] : [{ name: name === 'external_id' ? 'notification_external_id' : name, value: asString(field(body, name))! }]);
  return [...person === null ? [] : [{ name: 'external_id', value: person }], ...own, ...dataKeys(field(body, 'data')), ...dataKeys(field(body, 'custom_data'))];
}
