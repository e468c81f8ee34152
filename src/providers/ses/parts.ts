import type { Bytes } from '../../model/bytes.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { mailboxes } from '../wire/address-field.ts';
import { fourthwallKeys, namesRecipient } from '../wire/mail-fields.ts';
import type { MimeMail } from '../wire/mime-mail.ts';
import { readMimeMail } from '../wire/mime-mail.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** A list whose shape was checked; absent and empty ones are the same. */
export function items(value: JsonValue | undefined): readonly JsonValue[] {
  return asArray(value) ?? [];
}

export function text(object: JsonObject | null, name: string): string | null {
  return asString(field(object, name));
}

export function inner(object: JsonObject | null, name: string): JsonObject | null {
  return asObject(field(object, name));
}

export function addressees(list: JsonValue | undefined, role: string): readonly Addressee[] {
  return items(list).flatMap((entry) => mailboxes(asString(entry) ?? '').map((address): Addressee => ({ address, kind: 'email', role })));
}

/** To, Cc and Bcc of a Destination. */
export function destined(destination: JsonObject | null): readonly Addressee[] {
  return (['to', 'cc', 'bcc'] as const).flatMap((role) => addressees(field(destination, { to: 'ToAddresses', cc: 'CcAddresses', bcc: 'BccAddresses' }[role]), role));
}

/** The bare address of a sender; what is no address stays as it was. */
export function senderOf(sender: string | null): string | null {
  return sender === null || sender === '' ? null : mailboxes(sender)[0] ?? null;
}

/** The caller's message tags; a later list wins by name. */
export function tagsOf(...lists: readonly (JsonValue | undefined)[]): Email['keys'] {
  const pairs = lists.flatMap((list) => items(list).map((each) => [text(asObject(each), 'Name') ?? '', text(asObject(each), 'Value') ?? ''] as const));
  return [...new Map(pairs)].map(([name, value]) => ({ name, value }));
}

/** Headers of a simple or templated mail. One that names a recipient is refused by SES; whether in every spelling cannot be known. */
export function headerKeys(list: JsonValue | undefined): Email['keys'] | Unread {
  const headers = items(list).map((each) => [text(asObject(each), 'Name') ?? '', text(asObject(each), 'Value') ?? ''] as const);
  const odd = headers.some(([name, value]) => namesRecipient(name) || !/^[!-9;-~]*$/.test(name) || /[\r\n\0]/.test(value));
  return odd ? unreadable('a header names recipients, or is more than one line') : fourthwallKeys(headers);
}

/** Strict base64: half of what is given would be another mail. */
export function base64(data: string | null): Bytes | null {
  const encoded = (data ?? '').replaceAll(/\r?\n/g, '');
  const padding = encoded.indexOf('=');
  const whole = encoded !== '' && encoded.length % 4 === 0 && (padding < 0 || /^={1,2}$/.test(encoded.slice(padding)));
  return whole && !/[^A-Za-z0-9+/=]/.test(encoded) ? Buffer.from(encoded, 'base64') : null;
}

export function attachmentsOf(list: JsonValue | undefined): readonly Attachment[] {
  return items(list).map((each) => {
    const attachment = asObject(each);
    return {
      filename: text(attachment, 'FileName'),
      contentType: text(attachment, 'ContentType') ?? 'application/octet-stream',
      contentId: text(attachment, 'ContentId'),
      content: Buffer.from(text(attachment, 'RawContent') ?? '', 'base64'),
    };
  });
}

/**
 * A mail handed over whole. Given destinations are all whom SES serves; without any it takes whoever the header names, which must
 * then be readable for sure.
 */
export function rawMail(data: string | null, destinations: readonly Addressee[]): MimeMail | Unread {
  const message = base64(data);
  if (message === null) return unreadable('the raw message is not one piece of base64');
  const mail = readMimeMail(message);
  if (mail.kind === 'unreadable') return destinations.length === 0 ? mail : { kind: 'mail', recipients: destinations, from: null, subject: null, text: null, html: null, attachments: [], keys: [] };
  return { ...mail, recipients: destinations.length > 0 ? destinations : mail.recipients, keys: mail.keys.flatMap(ownKeys) };
}

/** `X-SES-MESSAGE-TAGS: campaign=a, order=b` are tags; other X-SES- headers say nothing of the application's. */
function ownKeys(key: Email['keys'][number]): Email['keys'] {
  if (key.name === 'ses_message_tags') {
    return key.value.split(',').map((pair) => pair.trim().split('=', 2)).flatMap(([name = '', value = '']) => name === '' ? [] : [{ name, value }]);
  }
  return key.name.startsWith('ses_') ? [] : [key];
}
