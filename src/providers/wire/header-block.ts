import type { Bytes } from '../../model/bytes.ts';
import type { Headers } from '../../model/exchange.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Limits } from '../../model/limits.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

export interface HeaderBlock {
  readonly kind: 'headers';
  /** in order, unfolded, bytes as latin1 text: see `headerText` */
  readonly headers: Headers;
  /** where the body begins */
  readonly bodyOffset: number;
}

/**
 * The header block of a mail (RFC 5322 §2.2), up to the first empty line. Strict where readers differ: one sort of line
 * end throughout, no stray CR, no control character (Python's `splitlines` ends a line at a vertical tab), every line a field or a fold of one. A blank before the colon (obsolete, §4.5.3) is
 * taken, so that `Bcc : x` hides nobody.
 */
export function readHeaderBlock(message: Bytes, limits: Pick<Limits, 'mimeHeaderBytes'> = defaultLimits): HeaderBlock | Unread {
  const text = Buffer.from(message.buffer, message.byteOffset, Math.min(message.byteLength, limits.mimeHeaderBytes + 4)).toString('latin1');
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\r\n';
  const blank = text.startsWith(lineEnd) ? 0 : text.indexOf(lineEnd + lineEnd) + lineEnd.length;
  const found = blank >= lineEnd.length || text.startsWith(lineEnd);
  if (!found && message.byteLength > limits.mimeHeaderBytes) return unreadable(`the header block is longer than ${limits.mimeHeaderBytes} bytes`);
  const block = found ? text.slice(0, blank) : text;
  const lines = block.split(lineEnd);
  if (lines.at(-1) === '') lines.pop();
  const headers: [name: string, value: string][] = [];
  for (const line of lines) {
    if (/(?![\t\x80-\x9f])\p{Cc}|\xc2\x85|\xe2\x80[\xa8\xa9]/u.test(line)) return unreadable('the header block has a stray line end or control character');
    const last = headers.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last === undefined) return unreadable('the header block begins with a folded line');
      last[1] += line;
      continue;
    }
    const field = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line);
    if (field === null) return unreadable(`line ${headers.length + 1} of the header block is no header field`);
    headers.push([field[1]!, field[2]!]);
  }
  return {
    kind: 'headers',
    headers: headers.map(([name, value]) => [name, value.trim()]),
    bodyOffset: found ? blank + lineEnd.length : message.byteLength,
  };
}

/** A latin1 header value as text: UTF-8 where it is (RFC 6532), latin1 otherwise. */
export function headerText(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    // Not UTF-8: shown byte by byte. An address with such a letter is judged invalid either way.
    return value;
  }
}
