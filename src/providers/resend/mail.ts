import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { mailboxes } from '../wire/address-field.ts';
import { fourthwallKeys, isHarmlessHeader, scalar } from '../wire/mail-fields.ts';
import { createOutputBudget } from '../wire/output-budget.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

export const roles = ['to', 'cc', 'bcc'] as const;

/** https://resend.com/docs/api-reference/emails/send-email: what may hold an address without reaching it. */
const known = fieldPaths([
  'from', 'to/**', 'cc/**', 'bcc/**', 'reply_to/**', 'subject', 'html', 'text', 'headers/**', 'tags/**', 'attachments/**', 'template/**', 'scheduled_at', 'topic_id',
]);

/** One mail: the body of POST /emails, or an element of POST /emails/batch. */
export function readMail(value: JsonValue, operation: 'emails.send' | 'emails.batch'): Email | Unread {
  const body = asObject(value);
  if (body === null) return unreadable('a mail is not a JSON object');
  const odd = lookalike(Object.keys(body), [...roles, 'headers', 'template']);
  if (odd !== null) return unreadable(`key '${odd.slice(0, 40)}' is not spelt as Resend spells it`);
  const recipients: Addressee[] = [];
  for (const role of roles) {
    const texts = listOf(field(body, role));
    if (texts === null) return unreadable(`${role} is neither a text nor a list of texts`);
    recipients.push(...texts.flatMap((text) => mailboxes(text).map((address): Addressee => ({ address, kind: 'email', role }))));
  }
  if (recipients.length === 0) return unreadable('no recipient');
  const headers = asObject(field(body, 'headers') ?? {});
  if (headers === null || !Object.entries(headers).every(([name, text]) => isHarmlessHeader(name, text))) return unreadable('headers names recipients, or is not an object');
  const template = asObject(field(body, 'template'));
  return {
    channel: 'email', provider: 'resend', operation, liveness: 'unknown',
    recipients: [...recipients, ...strangers(unknownTexts(body, known), recipients)],
    keys: [...tagsOf(body), ...fourthwallKeys(Object.entries(headers))],
    from: mailboxes(asString(field(body, 'from')) ?? '')[0] || null,
    subject: asString(field(body, 'subject')),
    text: asString(field(body, 'text')),
    html: asString(field(body, 'html')),
    attachments: (asArray(field(body, 'attachments')) ?? []).map(attachmentOf),
    template: template === null ? null : { id: scalar(field(template, 'id') ?? ''), data: field(template, 'variables') ?? null },
  };
}

/** POST /emails/batch: a bare list. */
export function readBatch(value: JsonValue): readonly Email[] | Unread {
  const list = asArray(value);
  if (list === null || list.length === 0) return unreadable('the body is not a list of at least one mail');
  const budget = createOutputBudget();
  const mails: Email[] = [];
  for (const [index, each] of list.entries()) {
    const mail = readMail(each, 'emails.batch');
    if ('kind' in mail) return unreadable(`mail ${index}: ${mail.why}`);
    const excess = budget.take(mail);
    if (excess !== null) return unreadable(excess);
    mails.push(mail);
  }
  return mails;
}

/** A text or a list of texts; empty ones are nobody. Null: something else is in it. */
export function listOf(value: JsonValue | undefined): readonly string[] | null {
  const texts = (asArray(value ?? []) ?? [value ?? null]).map(asString);
  return texts.includes(null) ? null : texts.flatMap((text) => text === null || text.trim() === '' ? [] : [text]);
}

function tagsOf(body: JsonObject): Email['keys'] {
  return (asArray(field(body, 'tags')) ?? []).flatMap((tag) => {
    const name = asString(field(asObject(tag), 'name'));
    return name === null ? [] : [{ name, value: scalar(field(asObject(tag), 'value') ?? '') }];
  });
}

/** `path` is a link that Resend would fetch: the file then has a name and no bytes. Older SDKs send a Buffer as JSON. */
function attachmentOf(value: JsonValue): Attachment {
  const attachment = asObject(value);
  const content = field(attachment, 'content');
  const bytes = asArray(content) ?? asArray(field(asObject(content), 'data'));
  return {
    filename: asString(field(attachment, 'filename')),
    contentType: asString(field(attachment, 'content_type')) ?? 'application/octet-stream',
    contentId: asString(field(attachment, 'content_id')),
    content: bytes === null ? Buffer.from(asString(content) ?? '', 'base64') : Buffer.from(bytes.map(Number)),
  };
}
