import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email } from '../../model/side-effect.ts';
import { mailboxes } from '../wire/address-field.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { isHarmlessHeader } from '../wire/mail-fields.ts';
import { createOutputBudget, tooMuchText } from '../wire/output-budget.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { objectIn, textOf } from './body.ts';
import { metadataFor, tagsOf, varsFor, varsIn } from './merge.ts';
import type { Vars } from './merge.ts';
import { unknownFields } from './unknown-fields.ts';

/**
 * The mails of messages/send, send-template and send-mc-template. Mandrill makes one of its own for every recipient unless told to
 * show all of them to each other; where nothing differs between them, they are shown here as one.
 */
export function readMails(call: JsonObject, operation: string): { readonly kind: 'mails'; readonly mails: readonly Email[] } | Unread {
  const read = objectIn(field(call, 'message'), 'message');
  if (read.kind === 'unreadable') return read;
  const message = read.body;
  const named = recipientsOf(field(message, 'to'));
  if ('kind' in named) return named;
  if (!harmlessHeaders(field(message, 'headers'))) return unreadable('message.headers names recipients, or is not an object');
  const copies = blindCopies(field(message, 'bcc_address'));
  if ('kind' in copies) return copies;
  const others = strangers(unknownFields(call, 'message'), [...named, ...copies]);
  if (named.length + copies.length + others.length === 0) return unreadable('message.to names nobody');

  const own = named.length > 1 && field(message, 'preserve_recipients') !== true && ['merge_vars', 'recipient_metadata'].some((name) => (asArray(field(message, name)) ?? []).length > 0);
  const budget = createOutputBudget();
  const shared = { attachments: attachmentsOf(message), headers: asObject(field(message, 'headers')) ?? {} };
  const mails: Email[] = [];
  for (const group of own ? named.map((each) => [each]) : [named]) {
    const address = group.length === 1 ? group[0]!.address : null;
    const vars = varsFor(message, address);
    const rendered = ['subject', 'text', 'html'].map((name) => {
      const text = textOf(message, name);
      return { text, rendered: text === null ? null : budget.render(text, tagsOf(message, vars)) };
    });
    if (rendered.some((each) => each.text !== null && each.rendered === null)) return unreadable(tooMuchText);
    const [subject, text, html] = rendered.map((each) => each.rendered);
    const mail: Email = {
      channel: 'email', provider: 'mandrill', operation, liveness: 'unknown',
      recipients: [...group, ...copies, ...others],
      keys: keysOf(message, metadataFor(message, address), shared.headers),
      from: textOf(message, 'from_email'),
      subject: subject ?? null, text: text ?? null, html: html ?? null,
      attachments: shared.attachments, template: templateOf(call, vars),
    };
    const excess = budget.take(mail);
    if (excess !== null) return unreadable(excess);
    mails.push(mail);
  }
  return { kind: 'mails', mails };
}

const roles = ['to', 'cc', 'bcc'];

function recipientsOf(value: JsonValue | undefined): readonly Addressee[] | Unread {
  if (value === undefined || value === null) return [];
  const list = asArray(value);
  if (list === null) return unreadable('message.to is not a list');
  const recipients: Addressee[] = [];
  for (const each of list) {
    const entry = objectIn(each, 'an entry of message.to');
    if (entry.kind === 'unreadable') return entry;
    const address = trimmed(asString(field(entry.body, 'email')) ?? '');
    if (address === '') return unreadable('message.to has an entry without a plain email');
    const type = asString(field(entry.body, 'type')) ?? 'to';
    recipients.push({ address, kind: 'email', role: roles.includes(type) ? type : 'to' });
  }
  return recipients;
}

/** A copy of every single mail goes there. */
function blindCopies(value: JsonValue | undefined): readonly Addressee[] | Unread {
  if (value === undefined || value === null || value === '') return [];
  const text = asString(value);
  if (text === null) return unreadable('message.bcc_address is not a text');
  return mailboxes(text).map((address) => ({ address, kind: 'email', role: 'bcc_address' }));
}

/** Whether Mandrill drops each spelling of these cannot be known. */
function harmlessHeaders(value: JsonValue | undefined): boolean {
  // PHP writes an empty map as a list
  if (value === undefined || value === null || asArray(value)?.length === 0) return true;
  const headers = asObject(value);
  return headers !== null && Object.entries(headers).every(([name, text]) => isHarmlessHeader(name, text) && !/^\s*x-mc-(?:bccaddress|mergevars)\s*:?\s*$/i.test(name));
}

/** metadata (a recipient's win over the message's), tags, and the X-Fourthwall-* headers of the mail */
function keysOf(message: JsonObject, metadata: Vars, headers: JsonObject): Email['keys'] {
  return [
    ...Object.entries(metadata).map(([name, value]) => ({ name, value: scalar(value) })),
    ...(asArray(field(message, 'tags')) ?? []).flatMap((tag) => asString(tag) === null ? [] : [{ name: 'tag', value: scalar(tag) }]),
    ...Object.entries(headers).filter(([name]) => /^x-fourthwall-/i.test(name)).map(([name, value]) => ({ name: name.slice(2).toLowerCase().replaceAll('-', '_'), value: scalar(value) })),
  ];
}

function scalar(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Blocks and variables together: both go into the stored text by their names. */
function templateOf(call: JsonObject, vars: Vars): Email['template'] {
  const id = textOf(call, 'template_name') ?? textOf(call, 'mc_template_id') ?? (typeof field(call, 'mc_template_id') === 'number' ? String(field(call, 'mc_template_id')) : null);
  if (id === null) return null;
  const data = { ...varsIn(field(call, 'template_content')), ...vars };
  return { id, data: Object.keys(data).length === 0 ? null : data };
}

/** Pictures are named in the text by their name. */
function attachmentsOf(message: JsonObject): readonly Attachment[] {
  return ['attachments', 'images'].flatMap((list) => (asArray(field(message, list)) ?? []).map((each) => {
    const attachment = asObject(each);
    const filename = asString(field(attachment, 'name'));
    return {
      filename, contentType: asString(field(attachment, 'type')) ?? 'application/octet-stream', contentId: list === 'images' ? filename : null,
      content: Buffer.from(asString(field(attachment, 'content')) ?? '', 'base64'),
    };
  }));
}
