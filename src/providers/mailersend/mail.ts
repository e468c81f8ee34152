import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { emailOf, fourthwallKeys, isHarmlessHeader, people, scalar } from '../wire/mail-fields.ts';
import { createOutputBudget } from '../wire/output-budget.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** `rcpt_to` is the envelope: who gets the mail though To names others. */
const roles = ['to', 'cc', 'bcc', 'rcpt_to'] as const;

/**
 * https://developers.mailersend.com/api/v1/email.html: what may hold an address without reaching it. Personalization and variables
 * name people too, who are reached only if they are recipients as well; one who is not counts.
 */
const known = fieldPaths([
  'from/**', 'reply_to/**', 'subject', 'text', 'html', 'template_id', 'language', 'tags/**', 'attachments/**', 'headers/**', 'settings/**', 'send_at', 'in_reply_to',
  'references/**', 'list_unsubscribe', 'personalization/*/data/**', 'variables/*/substitutions/**', ...roles.flatMap((role) => [`${role}/*/email`, `${role}/*/name`]),
]);

/** The body of POST /v1/email, or an element of POST /v1/bulk-email. */
export function readMail(value: JsonValue, operation: 'email.send' | 'bulk-email.send'): Email | Unread {
  const body = asObject(value);
  if (body === null) return unreadable('a mail is not a JSON object');
  const odd = lookalike(Object.keys(body), [...roles, 'headers', 'template_id']);
  if (odd !== null) return unreadable(`key '${odd.slice(0, 40)}' is not spelt as MailerSend spells it`);
  const recipients: Addressee[] = [];
  for (const role of roles) {
    const found = people(body, role);
    if ('kind' in found) return found;
    recipients.push(...found);
  }
  if (recipients.length === 0) return unreadable('no recipient');
  const headers = headersOf(field(body, 'headers'));
  if (headers === null || !headers.every(([name, text]) => isHarmlessHeader(name, text))) return unreadable('headers names recipients, or is not a list of { name, value }');
  const template = asString(field(body, 'template_id'));
  return {
    channel: 'email', provider: 'mailersend', operation, liveness: 'unknown', recipients: [...recipients, ...strangers(unknownTexts(body, known), recipients)],
    keys: [...(asArray(field(body, 'tags')) ?? []).map((tag) => ({ name: 'tag', value: scalar(tag) })), ...fourthwallKeys(headers)],
    from: emailOf(field(body, 'from')), subject: asString(field(body, 'subject')), text: asString(field(body, 'text')), html: asString(field(body, 'html')),
    attachments: (asArray(field(body, 'attachments')) ?? []).map(attachmentOf),
    template: template === null ? null : { id: template, data: field(body, 'personalization') ?? field(body, 'variables') ?? null },
  };
}

/** POST /v1/bulk-email: a bare list. */
export function readBulk(value: JsonValue): readonly Email[] | Unread {
  const list = asArray(value);
  if (list === null || list.length === 0) return unreadable('the body is not a list of at least one mail');
  const budget = createOutputBudget();
  const mails: Email[] = [];
  for (const [index, each] of list.entries()) {
    const mail = readMail(each, 'bulk-email.send');
    if ('kind' in mail) return unreadable(`mail ${index}: ${mail.why}`);
    const excess = budget.take(mail);
    if (excess !== null) return unreadable(excess);
    mails.push(mail);
  }
  return mails;
}

function headersOf(value: JsonValue | undefined): readonly (readonly [name: string, value: JsonValue])[] | null {
  const list = asArray(value ?? [])?.map((each) => {
    const header: JsonObject | null = asObject(each);
    const name = asString(field(header, 'name'));
    return name === null ? null : [name, field(header, 'value') ?? ''] as const;
  }) ?? [null];
  return list.includes(null) ? null : list.flatMap((header) => header === null ? [] : [header]);
}

function attachmentOf(value: JsonValue): Attachment {
  const attachment = asObject(value);
  return {
    filename: asString(field(attachment, 'filename')), contentType: 'application/octet-stream',
    contentId: field(attachment, 'disposition') === 'inline' ? asString(field(attachment, 'id')) : null,
    content: Buffer.from(asString(field(attachment, 'content')) ?? '', 'base64'),
  };
}
