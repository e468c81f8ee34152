import { parseEmailAddress } from '../../model/address/email-address.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { SendGridError } from './error.ts';
import type { MailSend } from './mail.ts';

const help = 'http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message.';
const most = 1000;

/**
 * What SendGrid itself answers 400 to, as far as it is simple and known, in its own words.
 * Source: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors
 */
export function mailFaults({ body, mails }: MailSend): readonly SendGridError[] {
  return [...limits(mails), ...recipients(mails), ...sender(body, mails), ...subject(body, mails), ...content(body), ...attachments(body)];
}

function fault(message: string, where: string, anchor: string): SendGridError {
  return { message, field: where, help: help + anchor };
}

function limits(mails: MailSend['mails']): readonly SendGridError[] {
  const total = mails.reduce((sum, mail) => sum + mail.recipients.length, 0);
  return [
    ...(mails.length > most ? [fault(`The personalization block is limited to 1000 personalizations per API request. You have provided ${mails.length} personalizations. Please consider splitting this into multiple requests and resending your request.`, 'personalizations', 'personalizations')] : []),
    ...(total > most ? [fault('There is a limit of 1000 total recipients (to + cc + bcc) per request.', 'personalizations', 'personalizations')] : []),
  ];
}

function recipients(mails: MailSend['mails']): readonly SendGridError[] {
  return mails.flatMap((mail, index) => {
    const where = `personalizations.${index}`;
    const seen = new Set<string>();
    const positions = new Map<string, number>();
    const faults: SendGridError[] = [];
    if (!mail.recipients.some(({ role }) => role === 'to')) faults.push(fault('The to array is required for all personalization objects, and must have at least one email object with a valid email address.', `${where}.to`, 'personalizations.to'));
    for (const { address, role } of mail.recipients) {
      const position = positions.get(role) ?? 0;
      positions.set(role, position + 1);
      if (parseEmailAddress(address).kind === 'invalid') faults.push(fault('Does not contain a valid address.', `${where}.${role}.${position}.email`, `personalizations.${role}`));
      if (seen.has(address.toLowerCase())) faults.push(fault(`Each email address in the personalization block should be unique between to, cc, and bcc. We found the first duplicate instance of [${address}] in the ${where}.${role} field.`, where, 'recipient-errors'));
      seen.add(address.toLowerCase());
    }
    return faults;
  });
}

function sender(body: JsonObject, mails: MailSend['mails']): readonly SendGridError[] {
  const from = asString(field(asObject(field(body, 'from')), 'email')) ?? '';
  if (from !== '') return parseEmailAddress(from.trim()).kind === 'invalid' ? [fault('The from email does not contain a valid address.', 'from.email', 'from')] : [];
  return mails.every((mail) => mail.from !== null) ? [] : [fault('The from object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter.  e.g. {"email" : "example@example.com"}  or {"email" : "example@example.com", "name" : "Example Recipient"}.', 'from.email', 'from')];
}

function subject(body: JsonObject, mails: MailSend['mails']): readonly SendGridError[] {
  const given = mails.every((mail) => mail.subject !== null && mail.subject !== '');
  return given || hasTemplate(body) ? [] : [fault('The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.', 'subject', 'subject')];
}

function content(body: JsonObject): readonly SendGridError[] {
  const parts = asArray(field(body, 'content')) ?? [];
  if (parts.length === 0) {
    return hasTemplate(body) ? [] : [fault('Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block. We typically suggest both text/plain and text/html blocks are included, but only one block is required.', 'content', 'content')];
  }
  return parts.flatMap((part, index) => (asString(field(asObject(part), 'value')) ?? '') === ''
    ? [fault('The content value must be a string at least one character in length.', `content.${index}.value`, 'content.value')] : []);
}

function attachments(body: JsonObject): readonly SendGridError[] {
  return (asArray(field(body, 'attachments')) ?? []).flatMap((each, index) => {
    const encoded = asString(field(asObject(each), 'content')) ?? '';
    return isBase64(encoded) ? [] : [fault('The attachment content must be base64 encoded.', `attachments.${index}.content`, 'attachments.content')];
  });
}

function hasTemplate(body: JsonObject): boolean {
  return (asString(field(body, 'template_id')) ?? '') !== '';
}

/** Line ends inside are common and taken by SendGrid. */
function isBase64(text: string): boolean {
  return text !== '' && !/[^A-Za-z0-9+/=\r\n]/.test(text);
}
