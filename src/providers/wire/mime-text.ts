import type { Bytes } from '../../model/bytes.ts';
import type { Headers } from '../../model/exchange.ts';

/** A part as it is to be written: our own headers, content in plain bytes. */
export type PartToWrite =
  | { readonly kind: 'leaf'; readonly headers: Headers; readonly type: string; readonly content: Bytes }
  | { readonly kind: 'multipart'; readonly headers: Headers; readonly subtype: string; readonly parts: readonly PartToWrite[] };

/**
 * Serialises a message: CRLF, ASCII only, no line longer than 998 (RFC 5322 2.1.1). Text is 7bit where it fits, all
 * else base64; boundaries are numbered and can stand in no content, for base64 has no '_' and 7bit content with one is base64 too.
 * @param headers of the whole message, each value already one line of printable ASCII: throws otherwise
 */
export function writeMessage(headers: Headers, root: PartToWrite): Buffer {
  let boundaries = 0;
  return Buffer.from([...headers.map(field), field(['MIME-Version', '1.0']), ...entity(root)].join('\r\n'), 'latin1');

  function entity(part: PartToWrite): string[] {
    if (part.kind === 'leaf') return leaf(part);
    const boundary = `_fourthwall_${boundaries++}_`;
    return [
      field(['Content-Type', `multipart/${part.subtype}; boundary="${boundary}"`]), ...part.headers.map(field), '',
      ...part.parts.flatMap((each) => [`--${boundary}`, ...entity(each)]), `--${boundary}--`, '',
    ];
  }
}

function leaf({ headers, type, content }: Extract<PartToWrite, { kind: 'leaf' }>): string[] {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  const plain = type.startsWith('text/') && isPlain(text);
  const lines = plain ? [text] : Buffer.from(text, 'latin1').toString('base64').match(/.{1,76}/g) ?? [];
  return [field(['Content-Type', type]), ...headers.map(field), field(['Content-Transfer-Encoding', plain ? '7bit' : 'base64']), '', ...lines];
}

/** Lines of printable ASCII with CRLF between them, none of which could be a boundary of ours or an mbox 'From '. */
function isPlain(text: string): boolean {
  return /^[\t\x20-\x7e\r\n]*$/.test(text) && !/\r(?!\n)|(?<!\r)\n/.test(text) && !text.includes('_fourthwall_') && text.split('\r\n').every((line) => line.length < 900) && !/^From /m.test(text);
}

/** Folded at blanks so that no line passes 78 characters where that can be helped. */
function field([name, value]: readonly [string, string]): string {
  // The one place where a line end could make a second header of a value: nothing passes.
  if (!/^[!-9;-~]+$/.test(name) || !/^[\t\x20-\x7e]*$/.test(value)) throw new Error(`header ${JSON.stringify(name)} would hold something other than one line of printable ASCII`);
  const lines: string[] = [];
  let line = `${name}:`;
  for (const word of value.split(' ').filter((each) => each !== '')) {
    if (line.length + 1 + word.length > 78 && line !== `${name}:`) {
      lines.push(line);
      line = '';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\r\n');
}

/** Unstructured header text as RFC 2047 has it: ASCII as it is, all else in encoded words of at most 75 characters. */
export function encodeWords(text: string): string {
  const line = text.replaceAll(/\p{Cc}+/gu, ' ').trim();
  if (/^[\x20-\x7e]*$/.test(line) && !line.includes('=?') && !/\S{900}/.test(line)) return line;
  const words: string[] = [];
  let piece = '';
  for (const letter of line) {
    if (Buffer.byteLength(piece + letter) > 42) {
      words.push(piece);
      piece = '';
    }
    piece += letter;
  }
  return [...words, piece].map((each) => `=?utf-8?B?${Buffer.from(each).toString('base64')}?=`).join(' ');
}
