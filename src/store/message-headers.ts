import type { Header, Headers } from '../model/exchange.ts';

/**
 * The header block of a message (RFC 5322 section 2.2): order and case kept, folding undone, values as latin1 text.
 * For showing only; what a message means is decided from its provider's own reading. A line that is no field is left out.
 */
export function messageHeaders(message: Uint8Array): Headers {
  const bytes = Buffer.from(message.buffer, message.byteOffset, Math.min(message.byteLength, 256 * 1024));
  const text = bytes.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const headers: Header[] = [];
  for (const line of text.slice(0, end).split(/\r?\n/)) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last !== undefined) headers[headers.length - 1] = [last[0], `${last[1]} ${line.trim()}`];
      continue;
    }
    const field = /^([!-9;-~]+)[ \t]*:[ \t]*(.*)$/.exec(line);
    if (field !== null) headers.push([field[1]!, field[2]!.trimEnd()]);
  }
  return headers;
}
