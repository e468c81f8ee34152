import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/store/redaction.ts';
import type { Bytes } from '../../src/model/bytes.ts';
import type { CaptureDraft } from '../../src/model/capture.ts';
import type { Headers } from '../../src/model/exchange.ts';
import { draft, email } from '../contract/store-drafts.ts';

const MiB = 1024 * 1024;
const key = new Uint8Array(32).fill(1);
const secret = `sk_${'test'}_abcdefgh`;

function posted(body: Bytes, headers: Headers = []): CaptureDraft {
  return draft({ request: { kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'x.test', port: 443 }, path: '/', query: null, version: '1.1', headers, trailers: [], body } });
}
function bodyOf({ request }: CaptureDraft): Buffer {
  return Buffer.from(request.kind === 'http' ? request.body : []);
}
/** Alone on a machine each takes well under a second; the quadratic ways took from 4 s to minutes. */
const inTime = 5_000;

describe('bodies of the full size that are made to cost', () => {
  it.each<[string, string]>([
    ['half a million short words of base64 letters', `${'A'.repeat(20)} `],
    ['heads of private keys', `-----BEGIN PRIVATE ${'KEY'}-----${'a'.repeat(16)}`],
    ['escapes', '%41'],
    ['one base64 text', 'A'],
    ['quotes', '"'],
  ])('%s are read in time', (_, part) => {
    const began = performance.now();
    redact(posted(Buffer.alloc(10 * MiB, part)), key);
    expect(performance.now() - began).toBeLessThan(inTime);
  });

  it('more secrets than can be listed cost the body: none of it is kept, and that is noted once', () => {
    const body = Buffer.from(`${secret} `.repeat(200_000));
    for (const sent of [posted(body), posted(gzipSync(Buffer.concat([randomBytes(100_000), body])), [['Content-Encoding', 'gzip']])]) {
      const kept = redact(sent, key);
      expect(bodyOf(kept).includes(secret)).toBe(false);
      expect(kept.redactions).toHaveLength(1);
      expect(kept.redactions[0]?.where).toMatch(/^request\.body.*\(not kept: more secrets than can be cut one by one\)$/);
    }
  });

  it('a secret in the last of many runs of base64 is cut out of it alone, at its own place', () => {
    const coded = Buffer.from(`hello ${secret} bye, and more`).toString('base64');
    const filler = `${'A'.repeat(24)} `.repeat(1_000);
    for (const shift of ['', 'x', 'xy', 'xyz']) {
      const out = bodyOf(redact(posted(Buffer.from(`${filler}${shift}${coded} tail`)), key)).toString();
      expect(out.startsWith(filler)).toBe(true);
      expect(out.endsWith(' tail')).toBe(true);
      const read = Buffer.from(out.slice(filler.length + shift.length, -5), 'base64').toString();
      expect(read).toMatch(/^hello [^]*and more$/);
      expect(read).not.toContain('abcdef');
    }
  });
});

describe('what effects share', () => {
  it('is read once and stays shared: bytes, files and texts', () => {
    const attachments = [{ filename: 'a', contentType: 'a/b', contentId: null, content: Buffer.from(`x ${secret}`) }];
    const html = `${'a '.repeat(100_000)}${secret}`;
    const began = performance.now();
    const kept = redact(draft({ decoded: { kind: 'effects', effects: Array.from({ length: 1_000 }, () => email({ html, attachments })) } }), key);
    expect(performance.now() - began).toBeLessThan(inTime);
    const effects = kept.decoded.kind === 'effects' ? kept.decoded.effects : [];
    const [first, last] = [effects[0], effects[999]];
    if (first?.channel !== 'email' || last?.channel !== 'email') throw new Error('no mails');
    expect(first.attachments[0]).toBe(last.attachments[0]);
    expect(Buffer.from(last.attachments[0]!.content).toString()).toBe('x sk_test_********');
    expect(last.html).toBe(`${'a '.repeat(100_000)}sk_test_********`);
  });
});
