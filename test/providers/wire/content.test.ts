import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/model/exchange.ts';
import { content } from '../../../src/providers/wire/content.ts';

const text = Buffer.from('{"a":1}');

function request(body: Uint8Array, ...headers: readonly (readonly [string, string])[]): HttpRequest {
  return { kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'x.test', port: 443 }, path: '/', query: null, version: '1.1', headers, trailers: [], body };
}
const coded = (coding: string, body: Uint8Array): ReturnType<typeof content> => content(request(body, ['Content-Encoding', coding]));

describe('content', () => {
  it.each([
    ['identity', text], ['gzip', gzipSync(text)], ['x-gzip', gzipSync(text)], ['GZIP', gzipSync(text)], ['deflate', deflateSync(text)], ['br', brotliCompressSync(text)],
  ] as const)('undoes %s', (coding, body) => {
    expect(coded(coding, body)).toMatchObject({ kind: 'bytes' });
    const result = coded(coding, body);
    expect(result.kind === 'bytes' && Buffer.from(result.bytes).toString()).toBe('{"a":1}');
  });

  it.each([
    ['two codings', 'gzip, gzip', gzipSync(gzipSync(text)), /not exactly one/],
    ['identity beside another', 'identity, gzip', gzipSync(text), /not exactly one/],
    ['an unknown coding', 'zstd', text, /not exactly one/],
    ['an empty coding', '', text, /not exactly one/],
    ['a coding named like a property', 'constructor', text, /not exactly one/],
    ['text that is not gzip', 'gzip', text, /not valid gzip/],
    ['half a gzip', 'gzip', gzipSync(text).subarray(0, 15), /not valid gzip/],
    ['half a brotli', 'br', brotliCompressSync(text).subarray(0, 6), /not valid br/],
    ['raw deflate', 'deflate', deflateRawSync(text), /not valid deflate/],
    ['two gzip members', 'gzip', Buffer.concat([gzipSync(text), gzipSync(text)]), /more than one member/],
    ['bytes behind deflate', 'deflate', Buffer.concat([deflateSync(text), text]), /behind its end/],
    ['bytes behind brotli', 'br', Buffer.concat([brotliCompressSync(text), text]), /behind its end/],
    ['no bytes at all', 'gzip', new Uint8Array(0), /not valid gzip/],
  ] as const)('does not read %s', (_what, coding, body, why) => {
    expect(coded(coding, body)).toEqual({ kind: 'unreadable', why: expect.stringMatching(why) });
  });

  it('stops a bomb at the ratio, and a large body at the size', () => {
    expect(coded('gzip', gzipSync(Buffer.alloc(1_000_000)))).toMatchObject({ kind: 'unreadable', why: expect.stringContaining('100 times') });
    expect(content(request(Buffer.alloc(11)), { httpBodyDecoded: 10, compressionRatio: 100 })).toMatchObject({ kind: 'unreadable' });
    expect(content(request(Buffer.alloc(10)), { httpBodyDecoded: 10, compressionRatio: 100 })).toMatchObject({ kind: 'bytes' });
  });

  it('does not read a body that is not as long as it says', () => {
    expect(content(request(text, ['Content-Length', '8']))).toMatchObject({ kind: 'unreadable' });
    expect(content(request(text, ['Content-Length', '7']))).toMatchObject({ kind: 'bytes' });
  });
});
