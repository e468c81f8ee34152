import type { HttpRequest } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email, Liveness } from '../../model/side-effect.ts';
import { jsonBody } from '../wire/body.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { isHarmlessHeader } from '../wire/mail-fields.ts';
import { createOutputBudget, tooMuchText } from '../wire/output-budget.ts';
import type { OutputBudget } from '../wire/output-budget.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { keysOf, tagsOf } from './mail-fields.ts';
import { unknownFields } from './unknown-fields.ts';

/** The body of POST /v3/mail/send and the mails it asks for: one for each personalization, in order. */
export interface MailSend {
  readonly kind: 'mail';
  readonly body: JsonObject;
  readonly sandbox: boolean;
  readonly mails: readonly Email[];
}

/**
 * Reads a mail/send call (https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send). Who would be reached
 * must be certain: a recipient of an unexpected shape makes the whole body unreadable. What else is missing or wrong is
 * for `mailFaults` to answer.
 */
export function readMail(request: HttpRequest): MailSend | Unread {
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const body = asObject(json.value);
  if (body === null) return unreadable('the body is not a JSON object');
  const odd = lookalike(Object.keys(body), ['personalizations', 'mail_settings']);
  if (odd !== null) return unreadable(`key '${odd.slice(0, 40)}' is not spelt as SendGrid spells it`);
  const personalizations = asArray(field(body, 'personalizations'));
  if (personalizations === null || personalizations.length === 0) return unreadable('personalizations is not a list of at least one');
  const settings = readSettings(field(body, 'mail_settings'));
  if (settings.kind === 'unreadable') return settings;
  if (!harmlessHeaders(field(body, 'headers'))) return unreadable('headers names recipients, or is not an object');

  const shared = { body, liveness: settings.sandbox ? 'test' : 'unknown', attachments: readAttachments(body), text: contentOf(body, 'text/plain'), html: contentOf(body, 'text/html') } as const;
  const budget = createOutputBudget();
  const mails: Email[] = [];
  for (const [index, each] of personalizations.entries()) {
    const recipients = readRecipients(asObject(each), index);
    if ('kind' in recipients) return recipients;
    const mail = readMailOf(shared, asObject(each) ?? {}, [...recipients, ...settings.bcc], budget.render);
    if (mail === null) return unreadable(tooMuchText);
    const excess = budget.take(mail);
    if (excess !== null) return unreadable(excess);
    mails.push(mail);
  }
  const others = strangers(unknownFields(body), mails.flatMap(({ recipients }) => recipients));
  return { kind: 'mail', body, sandbox: settings.sandbox, mails: others.length === 0 ? mails : mails.map((mail) => ({ ...mail, recipients: [...mail.recipients, ...others] })) };
}

interface Shared {
  readonly body: JsonObject;
  readonly liveness: Liveness;
  readonly attachments: readonly Attachment[];
  readonly text: string | null;
  readonly html: string | null;
}

/** Null where its texts come to more than one call may. */
function readMailOf({ body, liveness, attachments, ...content }: Shared, personalization: JsonObject, recipients: readonly Addressee[], render: OutputBudget['render']): Email | null {
  const substitutions = asObject(field(personalization, 'substitutions')) ?? {};
  const tags = tagsOf(substitutions);
  const written = [asString(field(personalization, 'subject')) ?? asString(field(body, 'subject')), content.text, content.html];
  const rendered = written.map((text) => text === null ? null : render(text, tags));
  if (written.some((text, at) => text !== null && rendered[at] === null)) return null;
  const [subject = null, text = null, html = null] = rendered;
  const template = asString(field(body, 'template_id'));
  return {
    channel: 'email',
    provider: 'sendgrid',
    operation: 'mail.send',
    liveness,
    recipients,
    keys: keysOf(body, personalization),
    from: emailOf(field(personalization, 'from')) ?? emailOf(field(body, 'from')),
    subject,
    text,
    html,
    attachments,
    template: template === null ? null : { id: template, data: field(personalization, 'dynamic_template_data') ?? (Object.keys(substitutions).length > 0 ? substitutions : null) },
  };
}

const roles = ['to', 'cc', 'bcc'] as const;

function readRecipients(personalization: JsonObject | null, index: number): readonly Addressee[] | Unread {
  const where = `personalizations.${index}`;
  if (personalization === null) return unreadable(`${where} is not an object`);
  if (lookalike(Object.keys(personalization), roles) !== null) return unreadable(`${where} has a key that looks like to, cc or bcc`);
  if (!harmlessHeaders(field(personalization, 'headers'))) return unreadable(`${where}.headers names recipients, or is not an object`);
  const recipients: Addressee[] = [];
  for (const role of roles) {
    const value = field(personalization, role);
    if (value === undefined) continue;
    const list = asArray(value);
    if (list === null) return unreadable(`${where}.${role} is not a list`);
    for (const entry of list) {
      const object = asObject(entry);
      const email = emailOf(entry);
      if (email === null || lookalike(Object.keys(object ?? {}), ['email']) !== null) return unreadable(`${where}.${role} has an entry without a plain email`);
      recipients.push({ address: email, kind: 'email', role });
    }
  }
  return recipients.length === 0 ? unreadable(`${where} has no recipient`) : recipients;
}

/** mail_settings: sandbox_mode decides liveness, bcc adds a reader to every mail. */
function readSettings(value: JsonValue | undefined): { readonly kind: 'settings'; readonly sandbox: boolean; readonly bcc: readonly Addressee[] } | Unread {
  if (value === undefined || value === null) return { kind: 'settings', sandbox: false, bcc: [] };
  const settings = asObject(value);
  if (settings === null || lookalike(Object.keys(settings), ['bcc', 'sandbox_mode']) !== null) return unreadable('mail_settings is not as SendGrid spells it');
  // Only the boolean counts: "true" or 1 may or may not be taken for it, and then the mail is real.
  const sandbox = field(asObject(field(settings, 'sandbox_mode')), 'enable') === true;
  const bcc = field(settings, 'bcc');
  if (bcc === undefined || bcc === null || field(asObject(bcc), 'enable') === false) return { kind: 'settings', sandbox, bcc: [] };
  const email = emailOf(bcc);
  if (email === null) return unreadable('mail_settings.bcc has no email');
  return { kind: 'settings', sandbox, bcc: [{ address: email, kind: 'email', role: 'bcc' }] };
}

/** SendGrid refuses address headers here; whether it does in every spelling cannot be known. */
function harmlessHeaders(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  const headers = asObject(value);
  return headers !== null && Object.entries(headers).every(([name, text]) => isHarmlessHeader(name, text) && !/^\s*x-smtpapi\s*:?\s*$/i.test(name));
}

/** The address of an `{ email, name }` object, trimmed; null when there is none. */
function emailOf(value: JsonValue | undefined): string | null {
  const email = trimmed(asString(field(asObject(value), 'email')) ?? '');
  return email === '' ? null : email;
}

function contentOf(body: JsonObject, type: string): string | null {
  const entry = (asArray(field(body, 'content')) ?? []).find((each) => asString(field(asObject(each), 'type'))?.toLowerCase().startsWith(type));
  return asString(field(asObject(entry), 'value'));
}

/** camelCase `contentId` too: the Node SDK passes it through as the caller wrote it. */
function readAttachments(body: JsonObject): readonly Attachment[] {
  return (asArray(field(body, 'attachments')) ?? []).map((each) => {
    const attachment = asObject(each);
    return {
      filename: asString(field(attachment, 'filename')),
      contentType: asString(field(attachment, 'type')) ?? 'application/octet-stream',
      contentId: asString(field(attachment, 'content_id') ?? field(attachment, 'contentId')),
      content: Buffer.from(asString(field(attachment, 'content')) ?? '', 'base64'),
    };
  });
}
