import type { HttpRequest } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, SideEffect } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { lookalike } from '../wire/lookalike.ts';
import { mailboxes } from '../wire/address-field.ts';
import { isHarmlessHeader, namesRecipient } from '../wire/mail-fields.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { objectBody } from './body.ts';

export const messageKinds = ['email', 'push', 'sms', 'in_app', 'inbox_message'] as const;
export type MessageKind = (typeof messageKinds)[number];

/** POST /v1/send/...: one transactional message. https://docs.customer.io/integrations/api/app/#tag/Send-Messages */
export interface Message {
  readonly kind: 'message';
  readonly type: MessageKind;
  readonly body: JsonObject;
  readonly effect: SideEffect;
}

const fields = [
  'to', 'cc', 'bcc', 'from', 'reply_to', 'subject', 'body', 'body_plain', 'body_amp', 'plaintext_body', 'amp_body', 'preheader', 'headers', 'attachments', 'fake_bcc', 'tracked',
  'disable_css_preprocessing', 'title', 'message', 'image_url', 'link', 'sound', 'custom_data', 'custom_payload', 'custom_device',
  'identifiers', 'transactional_message_id', 'auto_create', 'message_data', 'disable_message_retention', 'send_to_unsubscribed', 'queue_draft', 'send_at', 'language',
];

/** Null: the path is none of these. */
export function readMessage(request: HttpRequest): Message | Unread | null {
  const found = request.method === 'POST' ? /^\/v1\/send\/(email|push|sms|in_app|inbox_message)$/.exec(request.path) : null;
  if (found === null) return null;
  const type = messageKinds.find((each) => each === found[1])!;
  const body = objectBody(request);
  if (body.kind === 'unreadable') return body;
  const odd = lookalike(Object.keys(body.object), fields);
  if (odd !== null) return unreadable(`key '${odd.slice(0, 40)}' is not spelt as Customer.io spells it`);
  const named = type === 'email' ? mailRecipients(body.object) : type === 'sms' ? smsRecipients(body.object) : type === 'push' ? pushRecipients(body.object) : personOf(body.object);
  if ('kind' in named) return named;
  const unknown = Object.entries(body.object).filter(([name]) => !fields.includes(name)).flatMap(([name, value]) => [...leaves(value, name)]);
  return { kind: 'message', type, body: body.object, effect: effectOf(type, body.object, [...named, ...strangers(unknown, named)]) };
}

/** to, cc and bcc are lists of addresses with or without names. */
function mailRecipients(body: JsonObject): readonly Addressee[] | Unread {
  const recipients: Addressee[] = [];
  for (const role of ['to', 'cc', 'bcc'] as const) {
    const value = field(body, role);
    if (value === undefined || value === null || value === '') continue;
    const text = asString(value);
    if (text === null) return unreadable(`${role} is not a text`);
    recipients.push(...mailboxes(text).map((address): Addressee => ({ address, kind: 'email', role })));
  }
  if (!recipients.some(({ role }) => role === 'to')) return unreadable('to names nobody');
  const headers = headersOf(field(body, 'headers'));
  return headers === null ? unreadable('headers cannot be read') : [...recipients, ...strangers(headers.filter(({ path }) => addressHeader.test(path)), recipients)];
}

const addressHeader = /^headers\/\s*(?:(?:resent-)?(?:to|cc|bcc)|apparently-to|x-smtpapi|x-mc-bccaddress|x-msys-api)\s*:?\s*$/i;

/** An object of texts, or a list of { name, value }; older clients send either as JSON text. */
function headersOf(value: JsonValue | undefined): readonly { readonly path: string; readonly text: string }[] | null {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') {
    const json = parseJson(Buffer.from(value, 'utf8'));
    return json.kind === 'unreadable' || typeof json.value === 'string' ? null : headersOf(json.value);
  }
  const pairs = asArray(value)?.map((each) => [asString(field(asObject(each), 'name')), field(asObject(each), 'value')] as const)
    ?? (asObject(value) === null ? null : Object.entries(asObject(value) ?? {}));
  if (pairs === null || pairs.some(([name, text]) => name === null || (!namesRecipient(name) && !isHarmlessHeader(name, text ?? '')))) return null;
  return pairs.map(([name, text]) => ({ path: `headers/${name}`, text: [...leaves(text, '')].map((leaf) => leaf.text).join(' ') }));
}

/** `to` overrides the number that is stored with the person. */
function smsRecipients(body: JsonObject): readonly Addressee[] | Unread {
  const to = field(body, 'to');
  if (to === undefined || to === null || to === '') return personOf(body);
  return asString(to) === null ? unreadable('to is not a text') : [{ address: asString(to)!.trim(), kind: 'phone', role: 'to' }];
}

/** `to` is 'all' or 'last_used' of the person's devices, or the token of one; custom_device is one more. */
function pushRecipients(body: JsonObject): readonly Addressee[] | Unread {
  const to = field(body, 'to') ?? null;
  if (to !== null && asString(to) === null) return unreadable('to is not a text');
  const own = field(body, 'custom_device') ?? null;
  const token = asString(field(asObject(own), 'token') ?? field(asObject(own), 'id'));
  if (own !== null && token === null) return unreadable('custom_device has no token');
  const devices = token === null ? [] : [{ address: token, kind: 'device', role: 'custom_device' } as const];
  if (to !== null && !['', 'all', 'last_used'].includes(asString(to)!)) return [{ address: asString(to)!, kind: 'device', role: 'to' }, ...devices];
  const person = personOf(body);
  return 'kind' in person ? person : [...person, ...devices];
}

/** The person whose stored address, devices or inbox are meant: exactly one identifier. */
function personOf(body: JsonObject): readonly Addressee[] | Unread {
  const given = Object.entries(asObject(field(body, 'identifiers')) ?? {});
  const [name, value] = given[0] ?? ['', null];
  const text = typeof value === 'number' ? String(value) : asString(value);
  if (given.length !== 1 || !['id', 'email', 'cio_id'].includes(name) || text === null || text === '') return unreadable('identifiers is not exactly one of id, email, cio_id');
  return [{ address: text, kind: 'customer', role: 'to' }];
}

function effectOf(type: MessageKind, body: JsonObject, recipients: readonly Addressee[]): SideEffect {
  const text = (name: string): string | null => asString(field(body, name));
  const id = field(body, 'transactional_message_id') ?? null;
  const template = id === null ? null : { id: asString(id) ?? JSON.stringify(id), data: field(body, 'message_data') ?? null };
  // A draft that is queued can still be sent by whoever sees it, so that it does not make the call a test.
  const base = { provider: 'customerio', operation: `send.${type}`, liveness: 'unknown', recipients, keys: keysOf(body) } as const;
  switch (type) {
    case 'email': return {
      ...base, channel: 'email', from: text('from') === null ? null : mailboxes(text('from')!)[0] ?? null, subject: text('subject'),
      text: text('body_plain') ?? text('plaintext_body'), html: text('body'), attachments: attachmentsOf(body), template,
    };
    case 'sms': return { ...base, channel: 'sms', from: text('from'), text: text('body'), media: [], template };
    default: return { ...base, channel: 'push', title: text('title'), text: text('message'), data: { ...template === null ? {} : { transactional_message_id: template.id, message_data: template.data }, ...pick(body, ['custom_data', 'custom_payload', 'link', 'image_url']) } };
  }
}

function pick(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => names.includes(name) && value !== null));
}

function keysOf(body: JsonObject): SideEffect['keys'] {
  return Object.entries(asObject(field(body, 'identifiers')) ?? {}).filter(([name]) => name !== 'email')
    .map(([name, value]) => ({ name: name === 'id' ? 'customer_id' : name, value: asString(value) ?? JSON.stringify(value) }));
}

/** { 'invoice.pdf': base64 } */
function attachmentsOf(body: JsonObject): readonly Attachment[] {
  return Object.entries(asObject(field(body, 'attachments')) ?? {}).map(([filename, content]) => ({
    filename, contentType: 'application/octet-stream', contentId: null, content: Buffer.from(asString(content) ?? '', 'base64'),
  }));
}
