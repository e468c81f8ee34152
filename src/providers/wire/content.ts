import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Bytes } from '../../model/bytes.ts';
import type { HttpRequest } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Limits } from '../../model/limits.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

export type ContentLimits = Pick<Limits, 'httpBodyDecoded' | 'compressionRatio'>;

/**
 * The body with its content coding undone exactly once (RFC 9110 §8.4): identity, gzip, deflate (zlib format), br.
 * A Content-Length that is still there must be true: half a form is a well-formed form to somebody else.
 * Two codings, an unknown one, bytes behind the end of the stream or a result beyond the bounds are unreadable:
 * what a vendor would make of them cannot be told.
 */
export function content(request: HttpRequest, limits: ContentLimits = defaultLimits): { readonly kind: 'bytes'; readonly bytes: Bytes } | Unread {
  const lengths = headerAll(request.headers, 'content-length');
  if (lengths.some((length) => length !== String(request.body.length))) return unreadable('content-length is not the length of the body');
  const sent = headerAll(request.headers, 'content-encoding');
  const coding = sent.length === 0 ? 'identity' : sent.join(',').trim().toLowerCase();
  if (coding === 'identity') {
    return request.body.length > limits.httpBodyDecoded ? tooLarge(limits) : { kind: 'bytes', bytes: request.body };
  }
  const decompress = decompressors[coding];
  if (decompress === undefined) return unreadable('content-encoding is not exactly one of identity, gzip, deflate, br');
  const bound = Math.min(limits.httpBodyDecoded, request.body.length * limits.compressionRatio);
  try {
    const { buffer, engine } = decompress(request.body, Math.max(bound, 1));
    if (engine.bytesWritten !== request.body.length) return unreadable(`${coding} body has bytes behind its end`);
    if (decompress === gunzip && !isOneMember(request.body, buffer.length)) return unreadable('gzip body has more than one member');
    return { kind: 'bytes', bytes: buffer };
  } catch (error) {
    // Nobody is let out here: every failure, the bounds included, is 'unreadable'.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(limits) : unreadable(`body is not valid ${coding}${code === '' ? '' : ` (${code})`}`);
  }
}

/** With `info: true` zlib gives the engine too, whose bytesWritten tells how much of the input it used. */
interface Inflated { readonly buffer: Bytes; readonly engine: { readonly bytesWritten: number } }
type Decompress = (body: Bytes, maxOutputLength: number) => Inflated;

const gunzip: Decompress = (body, maxOutputLength) => inflated(gunzipSync(body, { maxOutputLength, info: true }));
const decompressors: Readonly<Record<string, Decompress | undefined>> = Object.assign(Object.create(null), {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: ((body, maxOutputLength) => inflated(inflateSync(body, { maxOutputLength, info: true }))) satisfies Decompress,
  br: ((body, maxOutputLength) => inflated(brotliDecompressSync(body, { maxOutputLength, info: true }))) satisfies Decompress,
});

/** RFC 1952 §2.3.1: the last four bytes are the length of the last member. Readers differ on a second member. */
function isOneMember(gzip: Bytes, length: number): boolean {
  return new DataView(gzip.buffer, gzip.byteOffset, gzip.byteLength).getUint32(gzip.byteLength - 4, true) === length % 2 ** 32;
}

/** @types/node does not know that `info: true` changes the result. */
function inflated(result: unknown): Inflated {
  return result as Inflated;
}

function tooLarge(limits: ContentLimits): Unread {
  return unreadable(`body would decode to more than ${limits.httpBodyDecoded} bytes or ${limits.compressionRatio} times its size`);
}
