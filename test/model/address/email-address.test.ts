import { describe, expect, it } from 'vitest';
import { parseEmailAddress } from '../../../src/model/address/email-address.ts';

describe('parseEmailAddress', () => {
  it('takes the address apart, with the domain in lower case and the local part as it stood', () => {
    expect(parseEmailAddress('Qa.Team+x@EXAMPLE.Test')).toEqual({ kind: 'address', address: 'Qa.Team+x@example.test', local: 'Qa.Team+x', domain: 'example.test' });
  });

  it.each(["o'brien@x.test", 'a&b@x.test', 'bounces+victim=gmail.com@x.test', 'prvs=0123456789=qa@x.test', 'a_b-c~d@x.test', `${'a'.repeat(64)}@x.test`, 'root@localhost', 'a@xn--exmple-4nf.test', 'a@xn--strae-oqa.de', 'a@ab--cd.test'])('takes %s', (text) => {
    expect(parseEmailAddress(text)).toMatchObject({ kind: 'address', address: text });
  });

  it.each([
    ['', 'no @'], ['qa', 'no @'], ['@x.test', 'no local part'], ['qa@', 'no domain'], ['a@b@x.test', 'more than one @'],
    ['.a@x.test', 'read differently'], ['a.@x.test', 'read differently'], ['a..b@x.test', 'read differently'], ['"a"@x.test', 'read differently'], ['a b@x.test', 'read differently'],
    ['a(c)@x.test', 'read differently'], ['a%gmail.com@x.test', 'read differently'], ['gmail.com!a@x.test', 'read differently'], ['|sh@x.test', 'read differently'], ['/etc/x@x.test', 'read differently'],
    ['аdmin@x.test', 'read differently'], ['qa＠gmail.com@x.test', 'read differently'],
    ['=?utf-8?q?a?=b@x.test', 'encoded word'], ['IMCEASMTP-a+40b@x.test', 'Exchange'], ['imceaex-a@x.test', 'Exchange'], ['SRS0=HHH=TT=gmail.com=a@x.test', 'SRS'], ['srs1+x@x.test', 'SRS'],
    [`${'a'.repeat(65)}@x.test`, 'longer than 64'], [`a@${'b'.repeat(64)}.test`, 'longer than 63'], [`a@${'b.'.repeat(130)}test`, 'longer than 254'],
    ['a@x.test.', 'domain that is not'], ['a@.test', 'domain that is not'], ['a@-x.test', 'domain that is not'], ['a@x_y.test', 'domain that is not'], ['a@[8.8.8.8]', 'domain that is not'],
    ['a@exаmple.test', 'domain that is not'], ['a@x.teſt', 'domain that is not'], ['a@x.test\u202e', 'domain that is not'], ['a@x.test\n', 'domain that is not'], ['a@x.test ', 'domain that is not'],
    ['a@xn--example.test', 'no valid internationalised'], ['a@xn--.test', 'domain that is not'], ['a@xn--a.test', 'no valid internationalised'], ['a@x.xn--test', 'no valid internationalised'],
    ['a@2130706433', 'number as its domain'], ['a@1.2.3.4', 'number as its domain'], ['a@x.0x7f', 'number as its domain'],
  ])('refuses %j', (text, why) => {
    expect(parseEmailAddress(text)).toMatchObject({ kind: 'invalid', why: expect.stringContaining(why) });
  });
});
