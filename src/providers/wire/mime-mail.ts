import { parseAddressList } from '../../model/address/address-list.ts';
import type { Bytes } from '../../model/bytes.ts';
import type { Headers } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email } from '../../model/side-effect.ts';
import { addressHeaders, addressesIn, besides } from './address-field.ts';
import { decodeWords } from './encoded-word.ts';
import { headerText, readHeaderBlock } from './header-block.ts';
import { parseMediaType } from './media-type.ts';
import { leafText, readMimeTree, withCrlf } from './mime-tree.ts';
import type { MimePart } from './mime-tree.ts';
import type { Unread } from './unread.ts';

/** A mail handed over whole (RFC 5322), where its header alone decides who is reached. */
export interface MimeMail extends Pick<Email, 'from' | 'subject' | 'text' | 'html' | 'attachments' | 'keys'> {
  readonly kind: 'mail';
  readonly recipients: readonly Addressee[];
}

/**
 * The header is read strictly, as it was sent: one that could be read in two ways makes all of it unreadable. A body that
 * cannot be cut into parts for sure reaches nobody else, so the mail is still one, with nothing of it shown.
 */
export function readMimeMail(message: Bytes): MimeMail | Unread {
  const block = readHeaderBlock(message);
  if (block.kind === 'unreadable') return block;
  const tree = readMimeTree(withCrlf(message));
  const leaves = tree.kind === 'unreadable' ? [] : leavesOf(tree);
  const [text, html] = ['text/plain', 'text/html'].map((type) => leaves.find((leaf) => leaf.media.type === type && !isAttached(leaf)));
  const subject = header(block.headers, 'subject');
  return {
    kind: 'mail',
    recipients: recipientsOf(block.headers),
    from: senderOf(block.headers),
    subject: subject === null ? null : decodeWords(headerText(subject)),
    text: text === undefined ? null : leafText(text),
    html: html === undefined ? null : leafText(html),
    attachments: leaves.filter((leaf) => leaf !== text && leaf !== html).map(attachmentOf),
    keys: keysOf(block.headers),
  };
}

type Leaf = Extract<MimePart, { kind: 'leaf' }>;

function leavesOf(part: MimePart): readonly Leaf[] {
  return part.kind === 'leaf' ? [part] : part.parts.flatMap(leavesOf);
}

function isAttached({ headers }: Leaf): boolean {
  return /^attachment\b/i.test(header(headers, 'content-disposition') ?? '');
}

function attachmentOf({ headers, media, content }: Leaf): Attachment {
  const disposition = parseMediaType(`disposition/${header(headers, 'content-disposition') ?? 'inline'}`);
  const filename = extended(disposition?.parameters['filename*']) ?? disposition?.parameters['filename'] ?? media.parameters['name'] ?? null;
  return {
    filename: filename === null ? null : decodeWords(headerText(filename)),
    contentType: media.type,
    contentId: header(headers, 'content-id')?.replace(/^<(.*)>$/, '$1') ?? null,
    content,
  };
}

/** utf-8''Gr%C3%BC%C3%9Fe.pdf (RFC 5987) as header bytes; null for any other charset or a bad escape. */
function extended(value: string | undefined): string | null {
  const encoded = /^utf-8'[^']*'((?:[^%]|%[0-9A-Fa-f]{2})*)$/i.exec(value ?? '')?.[1];
  return encoded === undefined ? null : encoded.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** One addressee for each address, by its first header. What is no address list stays one as well, which nobody will judge to be safe. */
function recipientsOf(headers: Headers): readonly Addressee[] {
  const named = addressHeaders.flatMap((role) => headers
    .filter(([name, value]) => name.toLowerCase() === role && value !== '')
    .flatMap(([, value]) => addressesIn(headerText(value), role)));
  return besides([], named);
}

function senderOf(headers: Headers): string | null {
  const from = header(headers, 'from');
  const list = from === null ? null : parseAddressList(headerText(from));
  return list?.kind === 'list' ? list.addresses[0]?.address ?? null : null;
}

/** Headers every mailer writes, and those that may hold a secret. */
const notKeys = /^x-(?:.*(?:auth|key|passw|secret|signature|token).*|mailer|priority|msmail-priority|originating-.*|mimeole|spam-.*|report-abuse.*|confirm-reading-to)$/i;

/** `X-Order-Id: 42` is key order_id. */
export function keysOf(headers: Headers): Email['keys'] {
  return headers
    .filter(([name, value]) => /^x-[a-z0-9-]+$/i.test(name) && !notKeys.test(name) && value !== '' && value.length <= 200)
    .slice(0, 50)
    .map(([name, value]) => ({ name: name.slice(2).toLowerCase().replaceAll('-', '_'), value: decodeWords(headerText(value)) }));
}
