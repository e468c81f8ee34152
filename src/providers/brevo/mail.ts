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

const roles = ['to', 'cc', 'bcc'] as const;
const inBody = ['replyTo/**', 'subject', 'htmlContent', 'textContent', 'params/**', 'templateId', ...roles.flatMap((role) => [`${role}/*/email`, `${role}/*/name`])];

/** https://developers.brevo.com/reference/sendtransacemail: what may hold an address without reaching it. */
const known = fieldPaths([...inBody, ...inBody.map((path) => `messageVersions/*/${path}`), 'sender/**', 'headers/**', 'tags/**', 'attachment/**', 'scheduledAt', 'batchId']);

/** POST /v3/smtp/email: one mail, or one for each of messageVersions. */
export function readMails(value: JsonValue): readonly Email[] | Unread {
  const body = asObject(value);
  if (body === null) return unreadable('the body is not a JSON object');
  const odd = lookalike(Object.keys(body), [...roles, 'headers', 'messageVersions', 'templateId']);
  if (odd !== null) return unreadable(`key '${odd.slice(0, 40)}' is not spelt as Brevo spells it`);
  const headers = asObject(field(body, 'headers') ?? {});
  if (headers === null || !Object.entries(headers).every(([name, text]) => isHarmlessHeader(name, text))) return unreadable('headers names recipients, or is not an object');
  const versions = versionsOf(body);
  if ('kind' in versions) return versions;

  const shared = {
    channel: 'email', provider: 'brevo', operation: 'smtp.email', liveness: isSandbox(headers) ? 'test' : 'unknown', keys: keysOf(body, headers),
    from: emailOf(field(body, 'sender')), attachments: (asArray(field(body, 'attachment')) ?? []).map(attachmentOf),
  } as const;
  const budget = createOutputBudget();
  const mails: Email[] = [];
  for (const [index, version] of versions.entries()) {
    const recipients = readRecipients(body, version, index);
    if ('kind' in recipients) return recipients;
    const given = (name: string): JsonValue | undefined => field(version, name) ?? field(body, name);
    const template = given('templateId') ?? null;
    const mail: Email = {
      ...shared, recipients, subject: asString(given('subject')), text: asString(given('textContent')), html: asString(given('htmlContent')),
      template: template === null ? null : { id: scalar(template), data: given('params') ?? null },
    };
    const excess = budget.take(mail);
    if (excess !== null) return unreadable(excess);
    mails.push(mail);
  }
  const others = strangers(unknownTexts(body, known), mails.flatMap(({ recipients }) => recipients));
  return others.length === 0 ? mails : mails.map((mail) => ({ ...mail, recipients: [...mail.recipients, ...others] }));
}

/** Without versions the body is the only one. */
export function versionsOf(body: JsonObject): readonly JsonObject[] | Unread {
  const value = field(body, 'messageVersions') ?? [];
  const list = asArray(value);
  if (list === null) return unreadable('messageVersions is not a list');
  if (list.length === 0) return [body];
  const versions: JsonObject[] = [];
  for (const each of list) {
    const version = asObject(each);
    if (version === null || lookalike(Object.keys(version), roles) !== null) return unreadable(`messageVersions.${versions.length} is not as Brevo spells it`);
    versions.push(version);
  }
  return versions;
}

/**
 * A version without anybody in cc or bcc of its own has the call's. Brevo says that it ignores a `to` beside versions; whoever is in it
 * counts with the first one all the same, for it cannot be known that it always does.
 */
function readRecipients(body: JsonObject, version: JsonObject, index: number): readonly Addressee[] | Unread {
  const found: Addressee[] = [];
  for (const role of roles) {
    const where = version === body ? role : `messageVersions.${index}.${role}`;
    const own = people(version, role, where);
    if ('kind' in own) return own;
    const common = version === body ? [] : people(body, role);
    if ('kind' in common) return common;
    const inherits = role === 'to' ? index === 0 : own.length === 0;
    found.push(...own, ...(inherits ? common.filter(({ address }) => !own.some((each) => each.address === address)) : []));
  }
  return found.length === 0 ? unreadable(version === body ? 'no recipient' : `messageVersions.${index} has no recipient`) : found;
}

/** Accepted and dropped: only the exact header with the exact value says so for sure. https://developers.brevo.com/docs/using-sandbox-mode-to-send-an-email */
function isSandbox(headers: JsonObject): boolean {
  return field(headers, 'X-Sib-Sandbox') === 'drop' && Object.keys(headers).filter((name) => /sib[-_]sandbox/i.test(name)).length === 1;
}

function keysOf(body: JsonObject, headers: JsonObject): Email['keys'] {
  const batch = asString(field(body, 'batchId'));
  return [
    ...(asArray(field(body, 'tags')) ?? []).map((tag) => ({ name: 'tag', value: scalar(tag) })),
    ...Object.entries(headers).filter(([name]) => name.toLowerCase() === 'x-mailin-custom').map(([name, value]) => ({ name, value: scalar(value) })),
    ...(batch === null ? [] : [{ name: 'batchId', value: batch }]),
    ...fourthwallKeys(Object.entries(headers)),
  ];
}

/** `url` is a link that Brevo would fetch: the file then has a name and no bytes. */
function attachmentOf(value: JsonValue): Attachment {
  const attachment = asObject(value);
  return {
    filename: asString(field(attachment, 'name')) ?? asString(field(attachment, 'url')), contentType: 'application/octet-stream', contentId: null,
    content: Buffer.from(asString(field(attachment, 'content')) ?? '', 'base64'),
  };
}
