import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { isHarmlessHeader } from '../wire/mail-fields.ts';
import { keysOf } from '../wire/mime-mail.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

export interface Message extends Pick<Email, 'recipients' | 'from' | 'subject' | 'text' | 'html' | 'attachments' | 'keys'> { readonly kind: 'message' }

const roles = { toRecipients: 'to', ccRecipients: 'cc', bccRecipients: 'bcc' } as const;
const addressing = Object.keys(roles);

/** The fields of a message that may name people without mailing them. */
const harmless = fieldPaths([
  '@odata.type', '@odata.context', '@odata.etag', 'id', 'subject', 'body/**', 'bodyPreview', 'uniqueBody/**', 'from/**', 'sender/**', 'replyTo/**',
  'attachments/**', 'internetMessageHeaders/**', 'internetMessageId', 'conversationId', 'conversationIndex', 'importance', 'categories/**', 'flag/**', 'inferenceClassification',
  'singleValueExtendedProperties/**', 'multiValueExtendedProperties/**', ...addressing.flatMap((name) => [`${name}/*/emailAddress/address`, `${name}/*/emailAddress/name`, `${name}/*/@odata.type`, `${name}/*/emailAddress/@odata.type`]),
]);

/** https://learn.microsoft.com/en-us/graph/api/resources/message */
export function readMessage(message: JsonObject): Message | Unread {
  if (lookalike(Object.keys(message), addressing) !== null) return unreadable('the message has a key that looks like toRecipients, ccRecipients or bccRecipients');
  const named: Addressee[] = [];
  for (const [name, role] of Object.entries(roles)) {
    const list = readRecipients(field(message, name), role);
    if (list === null) return unreadable(`${name} is not a list of { emailAddress: { address } }`);
    named.push(...list);
  }
  const headers = readHeaders(field(message, 'internetMessageHeaders'));
  if (headers === null) return unreadable('internetMessageHeaders holds something other than x- headers');
  const body = asObject(field(message, 'body'));
  const isHtml = asString(field(body, 'contentType'))?.toLowerCase() === 'html';
  const said = asString(field(body, 'content'));
  return {
    kind: 'message',
    recipients: [...named, ...strangers(unknownTexts(message, harmless), named)],
    from: addressOf(field(message, 'from')) ?? addressOf(field(message, 'sender')),
    subject: asString(field(message, 'subject')),
    text: isHtml ? null : said,
    html: isHtml ? said : null,
    attachments: (asArray(field(message, 'attachments')) ?? []).map(readAttachment),
    keys: [
      ...keysOf(headers),
      ...(asArray(field(message, 'categories')) ?? []).flatMap((value) => typeof value === 'string' ? [{ name: 'category', value }] : []),
    ],
  };
}

/** Null: not a list of recipients, or one of them is not as Graph spells it. */
export function readRecipients(value: JsonValue | undefined, role: string): readonly Addressee[] | null {
  if (value === undefined || value === null) return [];
  const list = asArray(value)?.map((entry): Addressee | null => {
    const address = addressOf(entry);
    const odd = lookalike(Object.keys(asObject(entry) ?? {}), ['emailAddress']) ?? lookalike(Object.keys(asObject(field(asObject(entry), 'emailAddress')) ?? {}), ['address']);
    return address === null || odd !== null ? null : { address, kind: 'email', role };
  });
  return list === undefined || list.includes(null) ? null : list.filter((each) => each !== null);
}

function addressOf(value: JsonValue | undefined): string | null {
  const address = trimmed(asString(field(asObject(field(asObject(value), 'emailAddress')), 'address')) ?? '');
  return address === '' ? null : address;
}

/** Graph takes x- headers only; another one might be a `Bcc`. */
function readHeaders(value: JsonValue | undefined): readonly (readonly [string, string])[] | null {
  if (value === undefined || value === null) return [];
  const headers = asArray(value)?.map((entry) => [asString(field(asObject(entry), 'name')) ?? '', asString(field(asObject(entry), 'value')) ?? ''] as const);
  return headers === undefined || !headers.every(([name, text]) => /^x-[!-9;-~]+$/i.test(name) && isHarmlessHeader(name, text)) ? null : headers;
}

/** A file has bytes; an attached message or a link is shown as the JSON it is. */
export function readAttachment(value: JsonValue): Attachment {
  const attachment = asObject(value);
  const bytes = asString(field(attachment, 'contentBytes'));
  return {
    filename: asString(field(attachment, 'name')),
    contentType: bytes === null ? 'application/json' : asString(field(attachment, 'contentType')) ?? 'application/octet-stream',
    contentId: asString(field(attachment, 'contentId')),
    content: bytes === null ? Buffer.from(JSON.stringify(value)) : Buffer.from(bytes, 'base64'),
  };
}
