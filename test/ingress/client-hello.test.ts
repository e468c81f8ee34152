import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClientHello } from '../../src/ingress/client-hello.ts';

const u16 = (n: number) => Buffer.from([n >> 8, n & 0xff]);
const sized = (part: Buffer) => Buffer.concat([u16(part.length), part]);
const extension = (type: number, data: Buffer) => Buffer.concat([u16(type), sized(data)]);
const nameExtension = (name: string) => extension(0, sized(Buffer.concat([Buffer.from([0]), sized(Buffer.from(name))])));

function hello(extensions: Buffer | null): Buffer {
  const body = Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32, 7), Buffer.from([0]), sized(Buffer.from([0x13, 1])), Buffer.from([1, 0]), ...(extensions === null ? [] : [sized(extensions)])]);
  const message = Buffer.concat([Buffer.from([1, 0]), u16(body.length), body]);
  return Buffer.concat([Buffer.from([0x16, 3, 1]), sized(message)]);
}

describe('a ClientHello', () => {
  it.each([
    ['with a name', hello(Buffer.concat([extension(10, Buffer.alloc(4)), nameExtension('api.stripe.com'), extension(43, Buffer.alloc(3))])), 'api.stripe.com'],
    ['with other extensions', hello(extension(10, Buffer.alloc(4))), null],
    ['with no extensions', hello(Buffer.alloc(0)), null],
    ['of old', hello(null), null],
  ])('%s tells it', (_, bytes, serverName) => {
    expect(parseClientHello(bytes)).toEqual({ kind: 'hello', serverName });
  });

  it('is incomplete at every cut', () => {
    const whole = hello(nameExtension('api.stripe.com'));
    for (let at = 0; at < whole.length; at++) expect(parseClientHello(whole.subarray(0, at))).toEqual({ kind: 'incomplete' });
  });

  it.each([
    ['two names', hello(Buffer.concat([nameExtension('a.test'), nameExtension('b.test')])), 'two server_name'],
    ['an empty name', hello(nameExtension('')), 'not one host name'],
    ['two names in one list', hello(extension(0, sized(Buffer.concat([Buffer.from([0]), sized(Buffer.from('a')), Buffer.from([0]), sized(Buffer.from('b'))])))), 'not one host name'],
    ['an extension past the end', hello(Buffer.concat([u16(0), u16(500)])), 'longer than the hello'],
    ['bytes after the extensions', Buffer.concat([hello(null).subarray(0, 3), sized(Buffer.concat([Buffer.from([1, 0, 0, 44]), hello(null).subarray(9), Buffer.from([0, 0, 9])]))]), 'do not end'],
    ['another message', Buffer.from([0x16, 3, 1, 0, 4, 2, 0, 0, 0]), 'no ClientHello'],
    ['a length of 16 MiB', Buffer.from([0x16, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff]), 'longer than 16 KiB'],
    ['an empty record', Buffer.from([0x16, 3, 1, 0, 0]), 'impossible length'],
    ['application data between', Buffer.concat([hello(nameExtension('a.test')).subarray(0, 3), u16(2), Buffer.from([1, 0]), Buffer.from([0x17, 3, 3, 0, 1, 0])]), 'no handshake record'],
  ])('with %s is refused', (_, bytes, why) => {
    const parsed = parseClientHello(bytes);
    expect(parsed.kind === 'invalid' ? parsed.why : parsed).toContain(why);
  });

  it('of any bytes is read without a fault', () => {
    const base = hello(nameExtension('api.stripe.com'));
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { maxLength: 6 }), fc.uint8Array({ maxLength: 40 }), (changes, tail) => {
      const bytes = Buffer.concat([base, tail]);
      for (const [at, value] of changes) bytes[at] = value;
      expect(['hello', 'incomplete', 'invalid']).toContain(parseClientHello(bytes).kind);
    }));
  });
});
