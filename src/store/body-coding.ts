import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync, type ZstdOptions } from 'node:zlib';
import { inline } from './stored-capture.ts';

/** How a body lies in `bodies.data`. `sha256` and `size` beside it are always those of the body itself. */
export type Coding = 'raw' | 'zstd';

/** `head`: how much of `data` holds the beginning of the body (`inline` bytes) */
export interface Coded { readonly coding: Coding; readonly data: Uint8Array; readonly head: number }

/** A row of `bodies`. Where the store is sealed, `sha256` is a keyed hash instead, and `data` sealed (body-sealing.ts). */
export interface KeptBody {
  readonly sha256: Uint8Array;
  readonly size: number;
  readonly coding: Coding;
  readonly data: Uint8Array;
  /** its key in the bucket, where it lies there: `data` is its beginning, or all of it once it was fetched */
  readonly object?: string | null;
}

/** What `sha256` is made by. */
export type Digest = (bytes: Uint8Array) => Buffer;

/** Smaller ones are kept as they are: there is nothing to win. */
const least = 256;
/** Of a kept body, so many bytes hold its beginning (`inline` bytes): a frame of what cannot be compressed is a little longer than that. */
export const enoughForHead = inline + 1024;

// Without a checksum most damaged frames would still be read, as something else.
const making: ZstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } };

const compressAside = promisify<Uint8Array, ZstdOptions, Buffer>(zstdCompress);
const decompressAside = promisify<Uint8Array, ZstdOptions, Buffer>(zstdDecompress);

export function sha256Of(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** For a thread that may be held up. What was compressed already, whatever it calls itself, is told by the result. */
export function encode(bytes: Uint8Array): Coded {
  return bytes.length < least ? raw(bytes) : smaller(bytes, framesOf(bytes).map((part) => zstdCompressSync(part, making)));
}

/** The same; long ones in a thread of Node's pool. */
export async function encodeAside(bytes: Uint8Array): Promise<Coded> {
  return bytes.length <= inline ? encode(bytes) : smaller(bytes, await Promise.all(framesOf(bytes).map((part) => compressAside(part, making))));
}

/** The body. Throws where it is not, byte for byte, what was kept. */
export function decode(kept: KeptBody, digest: Digest = sha256Of): Uint8Array {
  return checked(kept, digest, kept.coding === 'raw' ? kept.data : whole(kept, () => zstdDecompressSync(kept.data, reading(kept))));
}

export async function decodeAside(kept: KeptBody, digest: Digest = sha256Of): Promise<Uint8Array> {
  return kept.coding === 'raw' || kept.size <= inline ? decode(kept, digest) : checked(kept, digest, await wholeAside(kept, () => decompressAside(kept.data, reading(kept))));
}

/** The first `inline` bytes of a body, from the first `enoughForHead` of what is kept of it. */
export function decodeHead(kept: KeptBody, digest: Digest = sha256Of): Uint8Array {
  if (kept.size <= inline) return decode(kept, digest);
  return headIn(kept, kept.coding === 'raw' ? kept.data : whole(kept, () => zstdDecompressSync(kept.data, readingHead(kept))));
}

export async function decodeHeadAside(kept: KeptBody, digest: Digest = sha256Of): Promise<Uint8Array> {
  if (kept.coding === 'raw' || kept.size <= inline) return decodeHead(kept, digest);
  return headIn(kept, await wholeAside(kept, () => decompressAside(kept.data, readingHead(kept))));
}

/** The beginning is a frame of its own, so that it can be read, and its checksum with it, without the rest. */
function framesOf(bytes: Uint8Array): readonly Uint8Array[] {
  return bytes.length <= inline ? [bytes] : [bytes.subarray(0, inline), bytes.subarray(inline)];
}

function smaller(bytes: Uint8Array, frames: readonly Uint8Array[]): Coded {
  const length = frames.reduce((sum, frame) => sum + frame.length, 0);
  return length < bytes.length ? { coding: 'zstd', data: Buffer.concat(frames), head: frames[0]!.length } : raw(bytes);
}

function raw(bytes: Uint8Array): Coded {
  return { coding: 'raw', data: bytes, head: Math.min(bytes.length, inline) };
}

/** Never more than what was kept, whatever the frames say. */
function reading({ size }: KeptBody): ZstdOptions {
  return { maxOutputLength: Math.max(size, 1) };
}

/** The second frame is cut off anywhere. */
function readingHead(kept: KeptBody): ZstdOptions {
  return { ...reading(kept), finishFlush: constants.ZSTD_e_flush };
}

function whole(kept: KeptBody, decompress: () => Uint8Array): Uint8Array {
  try {
    return decompress();
  } catch (error) {
    throw damaged(kept, error);
  }
}

async function wholeAside(kept: KeptBody, decompress: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await decompress();
  } catch (error) {
    throw damaged(kept, error);
  }
}

function checked(kept: KeptBody, digest: Digest, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== kept.size || !digest(bytes).equals(kept.sha256)) throw damaged(kept);
  // A view would travel between threads with all the memory it is a view of.
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

function headIn(kept: KeptBody, bytes: Uint8Array): Uint8Array {
  if (bytes.length < inline) throw damaged(kept);
  return bytes.subarray(0, inline);
}

/** No RangeError, as zlib's own may be: that would say that the question was wrong. */
export function damaged({ sha256, size, coding, object = null }: KeptBody, cause?: unknown): Error {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new Error(`a kept body is damaged (sha256 ${Buffer.from(sha256).toString('hex').slice(0, 12)}, ${size} bytes, ${coding}${object === null ? '' : `, in the bucket as ${object}`}${why}); restore a copy of the store, or delete the capture`, { cause });
}
