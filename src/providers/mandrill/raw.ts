import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email } from '../../model/side-effect.ts';
import { header } from '../../model/exchange.ts';
import { smtp } from '../smtp.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { leafText, readMimeTree, withCrlf } from '../wire/mime-tree.ts';
import type { MimePart } from '../wire/mime-tree.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { textOf } from './body.ts';
import { unknownFields } from './unknown-fields.ts';

/**
 * The mail of messages/send-raw: a MIME document, read as one that came by SMTP. Whom `to` names and whom its header names count
 * both: Mandrill takes the header's where there is no list, and what it does with the rest cannot be known.
 */
export function readRawMail(call: JsonObject, operation: string): { readonly kind: 'mails'; readonly mails: readonly Email[] } | Unread {
  const raw = textOf(call, 'raw_message');
  if (raw === null) return unreadable('no raw_message');
  const to = toOf(call);
  if ('kind' in to) return to;
  const message = Buffer.from(raw, 'utf8');
  const decoded = smtp.decode({ kind: 'mail', helo: null, tls: null, authUser: null, from: { address: textOf(call, 'from_email') ?? '', parameters: [] }, to: to.map((address) => ({ address, parameters: [] })), message });
  const mail = decoded.kind === 'effects' ? decoded.effects[0] : undefined;
  if (mail?.channel !== 'email') return unreadable('the MIME document cannot be read');
  const recipients = mail.recipients.map((each): Addressee => (each.role === 'envelope' ? { ...each, role: 'to' } : each));
  const all = [...recipients, ...strangers(unknownFields(call, 'raw'), recipients)];
  if (all.length === 0) return unreadable('neither `to` nor the header of the document names anybody');
  return { kind: 'mails', mails: [{ ...mail, ...contentOf(message), provider: 'mandrill', operation, from: textOf(call, 'from_email') ?? mail.from, recipients: all }] };
}

/** Texts; objects as messages/send has them are taken too. */
function toOf(call: JsonObject): readonly string[] | Unread {
  const value = field(call, 'to');
  if (value === undefined || value === null) return [];
  const addresses = (asArray(value) ?? [value]).map((each) => trimmed(asString(each) ?? textOf(asObject(each), 'email') ?? ''));
  return addresses.includes('') ? unreadable('`to` has an entry that is no address') : addresses;
}

/** Nothing of it decides who is reached: a document that cannot be read for sure has no texts to show. */
function contentOf(message: Uint8Array): Pick<Email, 'text' | 'html' | 'attachments'> {
  const tree = readMimeTree(withCrlf(message));
  const leaves = tree.kind === 'unreadable' ? [] : leavesOf(tree);
  const isFile = ({ headers }: Leaf): boolean => /^\s*attachment/i.test(header(headers, 'content-disposition') ?? '');
  const first = (type: string): Leaf | undefined => leaves.find((leaf) => leaf.media.type === type && !isFile(leaf));
  const [text, html] = [first('text/plain'), first('text/html')];
  return {
    text: text === undefined ? null : leafText(text), html: html === undefined ? null : leafText(html),
    attachments: leaves.filter((leaf) => leaf !== text && leaf !== html).map((leaf): Attachment => ({
      filename: /filename="?([^";]+)/i.exec(header(leaf.headers, 'content-disposition') ?? '')?.[1] ?? leaf.media.parameters['name'] ?? null,
      contentType: leaf.media.type, contentId: header(leaf.headers, 'content-id')?.replace(/^<(.*)>$/, '$1') ?? null, content: leaf.content,
    })),
  };
}

type Leaf = Extract<MimePart, { readonly kind: 'leaf' }>;

function leavesOf(part: MimePart): readonly Leaf[] {
  return part.kind === 'leaf' ? [part] : part.parts.flatMap(leavesOf);
}
