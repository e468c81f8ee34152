import type { Bytes } from '../../model/bytes.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Limits } from '../../model/limits.ts';
import { parseMediaType } from './media-type.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

export interface Part {
  readonly name: string;
  readonly filename: string | null;
  /** null when the part names none (text/plain by RFC 7578 §4.4) */
  readonly contentType: string | null;
  readonly bytes: Bytes;
}

/**
 * multipart/form-data (RFC 7578), strictly: CRLF line ends, nothing before the first and nothing but one CRLF behind
 * the last boundary, one form-data disposition with a name per part, no transfer encodings.
 */
export function parseMultipart(
  bytes: Bytes, contentType: string, limits: Pick<Limits, 'mimeParts' | 'mimeHeaderBytes'> = defaultLimits,
): { readonly kind: 'parts'; readonly parts: readonly Part[] } | Unread {
  const media = parseMediaType(contentType);
  const boundary = media?.type === 'multipart/form-data' ? media.parameters['boundary'] : undefined;
  // RFC 2046 §5.1.1: 1 to 70 characters of this set, not ending with a space
  if (boundary === undefined || !/^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/.test(boundary)) {
    return unreadable('content-type is not multipart/form-data with a valid boundary');
  }
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const parts: Part[] = [];
  if (!body.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2))) return unreadable('multipart body does not begin with its boundary');
  let at = delimiter.length - 2;
  for (;;) {
    const end = body.subarray(at, at + 2).toString('latin1');
    if (end === '--') {
      const rest = body.subarray(at + 2).toString('latin1');
      return rest === '' || rest === '\r\n' ? { kind: 'parts', parts } : unreadable('multipart body has bytes behind its last boundary');
    }
    if (end !== '\r\n') return unreadable('multipart boundary is not followed by a line end');
    const next = body.indexOf(delimiter, at);
    if (next < 0) return unreadable('multipart body has no closing boundary');
    if (parts.length >= limits.mimeParts) return unreadable(`multipart body has more than ${limits.mimeParts} parts`);
    const part = readPart(body.subarray(at + 2, next), limits);
    if (part === null) return unreadable(`multipart part ${parts.length + 1} has no readable header block`);
    parts.push(part);
    at = next + delimiter.length;
  }
}

function readPart(part: Buffer, limits: Pick<Limits, 'mimeHeaderBytes'>): Part | null {
  const blank = part.indexOf('\r\n\r\n');
  if (blank < 0 || blank > limits.mimeHeaderBytes) return null;
  const headers = new Map<string, string>();
  for (const line of part.subarray(0, blank).toString('utf8').split('\r\n')) {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (match === null || headers.has(match[1]!.toLowerCase())) return null;
    headers.set(match[1]!.toLowerCase(), match[2]!);
  }
  if (!/^(7bit|8bit|binary)?$/i.test(headers.get('content-transfer-encoding') ?? '')) return null;
  const disposition = readDisposition(headers.get('content-disposition') ?? '');
  return disposition === null ? null : { ...disposition, contentType: headers.get('content-type') ?? null, bytes: part.subarray(blank + 4) };
}

/** `form-data; name="a"; filename="b.pdf"`. Browsers write a quote inside as %22 and a line end as %0D%0A (WHATWG). */
function readDisposition(value: string): { readonly name: string; readonly filename: string | null } | null {
  if (!/^form-data[ \t]*;/i.test(value)) return null;
  const parsed = parseMediaType(value.replace(/^form-data/i, 'multipart/form-data'));
  const name = parsed?.parameters['name'];
  if (parsed === null || name === undefined || 'filename*' in parsed.parameters) return null;
  return { name: plain(name), filename: parsed.parameters['filename'] === undefined ? null : plain(parsed.parameters['filename']) };
}

function plain(text: string): string {
  return text.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}
