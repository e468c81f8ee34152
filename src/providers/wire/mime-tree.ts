import type { Bytes } from '../../model/bytes.ts';
import type { Headers } from '../../model/exchange.ts';
import { header, headerAll } from '../../model/exchange.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Limits } from '../../model/limits.ts';
import { readHeaderBlock } from './header-block.ts';
import { parseMediaType } from './media-type.ts';
import type { MediaType } from './media-type.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** One entity of a MIME message (RFC 2045). `headers` are its own; a leaf's content has its transfer encoding undone. */
export type MimePart =
  | { readonly kind: 'leaf'; readonly headers: Headers; readonly media: MediaType; readonly content: Bytes }
  | { readonly kind: 'multipart'; readonly headers: Headers; readonly media: MediaType; readonly parts: readonly MimePart[] };

type MimeLimits = Pick<Limits, 'mimeDepth' | 'mimeParts' | 'mimeHeaderBytes'>;

/**
 * The whole message as a tree, or nothing: a part that two readers could cut differently makes all of it unreadable (a
 * boundary that is missing or not closed, two Content-Types, an unknown transfer encoding, broken base64). Preambles and
 * epilogues are dropped; nobody sees them. Expects CRLF line ends: see `withCrlf`.
 */
export function readMimeTree(message: Bytes, limits: MimeLimits = defaultLimits): MimePart | Unread {
  let left = limits.mimeParts;
  return read(Buffer.from(message.buffer, message.byteOffset, message.byteLength), 0);

  function read(entity: Buffer, depth: number): MimePart | Unread {
    left -= 1;
    if (left < 0) return unreadable(`the message has more than ${limits.mimeParts} parts`);
    if (depth > limits.mimeDepth) return unreadable(`the message is nested deeper than ${limits.mimeDepth}`);
    const block = readHeaderBlock(entity, limits);
    if (block.kind === 'unreadable') return block;
    const { headers, bodyOffset } = block;
    const once = ['content-type', 'content-transfer-encoding', 'content-disposition', 'content-id'].find((name) => headerAll(headers, name).length > 1);
    if (once !== undefined) return unreadable(`a part has two ${once} fields`);
    const media = parseMediaType(header(headers, 'content-type') ?? 'text/plain');
    if (media === null) return unreadable('a part has a Content-Type that is not well-formed');
    const body = entity.subarray(bodyOffset);
    const coding = (header(headers, 'content-transfer-encoding') ?? '7bit').toLowerCase();
    if (!media.type.startsWith('multipart/')) {
      const content = decoded(body, coding);
      return content === null ? unreadable(`a part is not in valid ${coding.slice(0, 40)}`) : { kind: 'leaf', headers, media, content };
    }
    // RFC 2045 6.4: nothing but the identity for a multipart
    if (!/^(?:7bit|8bit|binary)$/.test(coding)) return unreadable('a multipart has a transfer encoding of its own');
    const pieces = cut(body, media.parameters['boundary']);
    if (pieces === null) return unreadable('a multipart is not cut by its boundary from begin to end');
    const parts: MimePart[] = [];
    for (const piece of pieces) {
      const part = read(piece, depth + 1);
      if (part.kind === 'unreadable') return part;
      parts.push(part);
    }
    return { kind: 'multipart', headers, media, parts };
  }
}

/** What stands between the boundary lines (RFC 2046 5.1.1); null without a closing one. */
function cut(body: Buffer, boundary: string | undefined): readonly Buffer[] | null {
  if (boundary === undefined || !/^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/.test(boundary)) return null;
  const text = body.toString('latin1');
  const escaped = boundary.replaceAll(/[()+./?]/g, String.raw`\$&`);
  const line = new RegExp(`(?:^|\\r\\n)--${escaped}(--)?[ \\t]*(?=\\r\\n|$)`, 'g');
  const pieces: Buffer[] = [];
  let from: number | null = null;
  for (const found of text.matchAll(line)) {
    if (from !== null) pieces.push(body.subarray(from, Math.max(from, found.index)));
    if (found[1] !== undefined) return pieces.length === 0 ? null : pieces;
    from = found.index + found[0].length + 2;
  }
  return null;
}

function decoded(body: Buffer, coding: string): Bytes | null {
  switch (coding) {
    case '7bit': case '8bit': case 'binary': return body;
    case 'base64': {
      const text = body.toString('latin1').replaceAll(/[ \t\r\n]/g, '');
      // not one pattern over all of it: attachments are megabytes, on which a repeated group would exhaust the pattern's stack
      const end = text.indexOf('=');
      const padded = end < 0 || /^={1,2}$/.test(text.slice(end));
      return padded && text.length % 4 === 0 && !/[^A-Za-z0-9+/=]/.test(text) ? Buffer.from(text, 'base64') : null;
    }
    case 'quoted-printable': {
      const text = body.toString('latin1').replaceAll(/[ \t]+(?=\r\n|$)/g, '').replaceAll('=\r\n', '').replace(/=$/, '');
      if (/=(?![0-9A-Fa-f]{2})/.test(text)) return null;
      return Buffer.from(text.replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1');
    }
    default: return null;
  }
}

/** One sort of line end: a lone CR or LF becomes CRLF, as every relay would make of it (RFC 5321 2.3.8). */
export function withCrlf(message: Bytes): Buffer {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1');
  return Buffer.from(text.replaceAll(/\r\n|\r|\n/g, '\r\n'), 'latin1');
}

/** The text of a leaf in its charset; null where it is not text, or not in a charset that reads back for sure. */
export function leafText({ media, content }: Extract<MimePart, { kind: 'leaf' }>): string | null {
  const charset = media.parameters['charset']?.toLowerCase() ?? 'us-ascii';
  try {
    // UTF-7 and its like say ASCII characters in other bytes; TextDecoder does not know them and throws
    return new TextDecoder(charset === 'us-ascii' ? 'utf-8' : charset, { fatal: true }).decode(content);
  } catch {
    // Unknown charset or bytes outside it. Null: whoever asked must refuse.
    return null;
  }
}
