import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPath } from '../../src/ingress/smtp-path.ts';

const rcpt = (text: string | Buffer, smtpUtf8 = false) => readPath('RCPT TO', Buffer.from(text), { smtpUtf8, size: 1_000 });
const from = (text: string) => readPath('MAIL FROM', Buffer.from(text), { smtpUtf8: false, size: 1_000 });
const address = (read: ReturnType<typeof rcpt>) => (read.kind === 'path' ? read.path.address : `${read.code} ${read.enhanced} ${read.why}`);

describe('a MAIL or RCPT line', () => {
  it.each([
    ['RCPT TO:<ann@example.test>', 'ann@example.test'],
    ['rcpt to: <Ann.B+c@Example.TEST>', 'Ann.B+c@Example.TEST'],
    ['RCPT TO:<ann@xn--mnchen-3ya.test>', 'ann@xn--mnchen-3ya.test'],
    ['RCPT TO:<@a.test,@b.test:victim@customer.test>', 'victim@customer.test'],
    ['RCPT TO:<victim%customer.test@example.test>', 'victim%customer.test@example.test'],
    ['RCPT TO:<"victim@customer.test x"@example.test>', '"victim@customer.test x"@example.test'],
    [String.raw`RCPT TO:<"a\">b"@example.test>`, String.raw`"a\">b"@example.test`],
    ['RCPT TO:<Postmaster>', 'Postmaster'],
    ['RCPT TO:<a@[127.0.0.1]>', 'a@[127.0.0.1]'],
    ['RCPT TO:<a@[IPv6:::1]>', 'a@[IPv6:::1]'],
    ['RCPT TO:<root@localhost>', 'root@localhost'],
    ['RCPT TO:<a@b.test> NOTIFY=NEVER X-OTHER', 'a@b.test'],
  ])('%s names %s', (line, expected) => {
    expect(address(rcpt(line))).toBe(expected);
  });

  it.each([
    'RCPT TO:<>', 'RCPT TO:', 'RCPT TO:ann@example.test', 'RCPT <ann@example.test>', 'RCPT TO <ann@example.test>', 'RCPT TO:<ann@example.test',
    'RCPT TO:<<ann@example.test>>', 'RCPT TO:<ann>', 'RCPT TO:<@example.test>', 'RCPT TO:<ann@>', 'RCPT TO:<a..b@example.test>', 'RCPT TO:<.a@example.test>',
    'RCPT TO:<a b@example.test>', 'RCPT TO:<a@b@example.test>', 'RCPT TO:<a@example..test>', 'RCPT TO:<a@-example.test>', 'RCPT TO:<a@example.test.>',
    'RCPT TO:<a@[300.0.0.1]>', 'RCPT TO:<a@[::1]>', `RCPT TO:<${'a'.repeat(250)}@example.test>`, 'MAIL FROM:<ann@example.test>',
    'RCPT TO:<qa@example.test>,<victim@customer.test>', 'RCPT TO:<qa@example.test> <victim@customer.test>', 'RCPT TO:<qa@example.test>NOTIFY=NEVER',
    'RCPT TO:<qa@example.test%0d%0aRCPT TO:<victim@customer.test>>', 'RCPT TO:<qa@example.test> A=1 a=2', 'RCPT TO:<qa@example.test> ORCPT', 'RCPT TO:<qa@example.test> X=a=b',
    'RCPT TO:<qa@example.test\x00>', 'RCPT TO:<qa\t@example.test>', 'RCPT TO:<qa@example.test> X=\x01', 'RCPT TO:<qa@example.test> X=\u0085', 'RCPT TO:<a,b@example.test>',
  ])('is refused with 501: %j', (line) => {
    expect(rcpt(line, true)).toMatchObject({ kind: 'refused', code: 501 });
  });

  it('is refused when it is not UTF-8', () => {
    expect(rcpt(Buffer.from('RCPT TO:<ann\xff@example.test>', 'latin1'), true)).toMatchObject({ kind: 'refused', code: 501, why: expect.stringContaining('UTF-8') });
  });

  it.each(['\u202e', '\u200b', '\u2066', '\ufeff', '\u00ad', '\ufffd'])('is refused with an invisible character in it: %j', (character) => {
    expect(rcpt(`RCPT TO:<qa@example.test${character}>`, true)).toMatchObject({ kind: 'refused', code: 501, why: expect.stringContaining('invisible') });
  });

  it('may be 8-bit only where SMTPUTF8 was said (RFC 6531)', () => {
    expect(rcpt('RCPT TO:<qa@ex\u0430mple.test>')).toMatchObject({ kind: 'refused', code: 553, enhanced: '5.6.7' });
    expect(address(rcpt('RCPT TO:<jürgen@münchen.test>', true))).toBe('jürgen@münchen.test');
    expect(from('MAIL FROM:<jürgen@shop.test>')).toMatchObject({ kind: 'refused', code: 553 });
    expect(address(from('MAIL FROM:<jürgen@shop.test> SMTPUTF8'))).toBe('jürgen@shop.test');
  });

  it('of MAIL may be empty and carries parameters as sent', () => {
    expect(from('MAIL FROM:<> size=1000 Body=8BITMIME SMTPUTF8 ENVID=a+2Bb')).toEqual({
      kind: 'path', path: { address: '', parameters: [['size', '1000'], ['Body', '8BITMIME'], ['SMTPUTF8', ''], ['ENVID', 'a+2Bb']] },
    });
  });

  it.each([
    ['SIZE=1001', 552, '5.3.4'], ['SIZE=x', 501, '5.5.4'], ['SIZE=', 501, '5.5.4'], ['SIZE', 501, '5.5.4'], ['BODY=BINARYMIME', 501, '5.5.4'], ['SMTPUTF8=1', 501, '5.5.4'], ['=1', 501, '5.5.4'],
  ])('of MAIL is refused with %s', (parameter, code, enhanced) => {
    expect(from(`MAIL FROM:<a@b.test> ${parameter}`)).toMatchObject({ kind: 'refused', code, enhanced });
  });

  it('never throws, and never reads two addresses out of one line', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (noise) => {
      const read = rcpt(`RCPT TO:<qa@example.test>${noise}`, true);
      expect(read.kind === 'path' ? read.path.address : 'qa@example.test').toBe('qa@example.test');
    }));
    fc.assert(fc.property(fc.uint8Array(), (noise) => void rcpt(Buffer.from(noise), true)));
  });
});
