import { describe, expect, it } from 'vitest';
import { parseAddressList } from '../../../src/model/address/address-list.ts';

const one = (address: string, name: string | null = null) => ({ address, name });

describe('parseAddressList', () => {
  it.each([
    ['a@x.test', [one('a@x.test')]],
    ['<a@x.test>', [one('a@x.test')]],
    ['  a@x.test  ', [one('a@x.test')]],
    ['a@x.test,b@x.test', [one('a@x.test'), one('b@x.test')]],
    ['Ann Lee <a@X.TEST>', [one('a@x.test', 'Ann Lee')]],
    ['Ann Q. Lee <a@x.test>', [one('a@x.test', 'Ann Q. Lee')]],
    ['"Lee, Ann" <a@x.test>', [one('a@x.test', 'Lee, Ann')]],
    ['"Ann \\"Q\\" Lee" <a@x.test>', [one('a@x.test', 'Ann "Q" Lee')]],
    ['"v@gmail.com" <a@x.test>', [one('a@x.test', 'v@gmail.com')]],
    ['"<v@gmail.com>, x" <a@x.test>', [one('a@x.test', '<v@gmail.com>, x')]],
    ['=?utf-8?q?J=C3=B6rg?= <a@x.test>', [one('a@x.test', '=?utf-8?q?J=C3=B6rg?=')]],
    ['Jörg Müller <a@x.test>', [one('a@x.test', 'Jörg Müller')]],
    ['"山田 太郎" <a@x.test>', [one('a@x.test', '山田 太郎')]],
    ['🎉 Party <a@x.test>', [one('a@x.test', '🎉 Party')]],
    ['a@x.test (Ann)', [one('a@x.test')]],
    ['(one (two)) Ann (three) <a@x.test> (four), b@x.test', [one('a@x.test', 'Ann'), one('b@x.test')]],
    ['Team: a@x.test, Bob <b@x.test>;', [one('a@x.test'), one('b@x.test', 'Bob')]],
    ['"The Team": a@x.test;, c@x.test', [one('a@x.test'), one('c@x.test')]],
    ['undisclosed-recipients:;', []],
    ['undisclosed-recipients: ;', []],
    ['a@x.test,\r\n b@x.test', [one('a@x.test'), one('b@x.test')]],
    ['Ann\r\n\tLee <a@x.test>', [one('a@x.test', 'Ann Lee')]],
  ])('reads %j', (text, addresses) => {
    expect(parseAddressList(text)).toEqual({ kind: 'list', addresses });
  });

  it.each([
    ['', 'empty address'], ['   ', 'empty address'], [',', 'empty address'], ['a@x.test,', 'empty address'], ['a@x.test,,b@x.test', 'empty address'], ['<>', 'empty address'],
    ['a@x.test b@x.test', 'text behind an address'], ['a@x.test\tb@x.test', 'text behind'], ['<a@x.test> b@x.test', 'text behind'], ['<a@x.test> <b@x.test>', 'text behind'],
    ['a@x.test;b@x.test', 'text behind'], ['a@x.test>', 'text behind'], ['a@x.test;', 'text behind'],
    ['v@gmail.com <a@x.test>', 'text behind'], ['"a@x.test" v@gmail.com', 'no <address> follows'], ['"v"@x.test', 'no <address> follows'], ['Ann a@x.test', 'an address that'],
    ['a@x.test\nb@x.test', 'control character'], ['a@x.test\r\nBcc: b@x.test', 'control character'], ['a@x.test\0', 'control character'], ['Ann\u0085 <a@x.test>', 'control character'],
    ['<a@x.test', 'a < that is not closed'], ['<@r.test:a@x.test>', 'an address that'], ['<<a@x.test>>', 'an address that'], ['< a@x.test >', 'an address that'],
    ['"Ann <a@x.test>', 'quoted string that is not closed'], ['"Ann\\', 'quoted string that is not closed'],
    ['a@x.test (note', 'comment that is not closed'], ['a@x.test (b@x.test)', 'address characters in a comment'], ['a@x.test (\\)) ', 'address characters in a comment'],
    ['((((((a))))))a@x.test', 'nested too deeply'], ['a@x.test)', 'text behind|an address that'],
    ['Team: a@x.test; (c)', 'comment behind a group'], ['Team: a@x.test', 'group that is not closed'], ['Team: Inner: a@x.test;;', 'an address that'], [': a@x.test;', 'group without a name'], ['Team: a@x.test,;', 'empty address|an address that'],
    ['Ann\u200b <a@x.test>', 'invisible'], ['Ann\u202e <a@x.test>', 'invisible'], ['Ann＜v@gmail.com＞ <a@x.test>', 'text behind|look-alike'], ['Ann＜b＞ <a@x.test>', 'look-alike'], ['"b＠gmail.com" <a@x.test>', 'look-alike'],
    ['a@exаmple.test', 'an address that'],
  ])('refuses %j', (text, why) => {
    expect(parseAddressList(text)).toMatchObject({ kind: 'invalid', why: expect.stringMatching(why) });
  });

  it('is bounded in what it reads, and quick to refuse the rest', () => {
    const started = performance.now();
    expect(parseAddressList('a@x.test,'.repeat(10_000).slice(0, -1))).toMatchObject({ kind: 'list' });
    expect(parseAddressList('a@x.test,'.repeat(10_001).slice(0, -1))).toMatchObject({ kind: 'invalid', why: 'has more than 10000 addresses' });
    for (const unit of ['"a <', '(', '<', '"', 'a ', 'a:', ';', '\\', 'a@', '\r\n ', 'ä', '(a)']) parseAddressList(unit.repeat(200_000));
    expect(parseAddressList('a'.repeat(3_000_000))).toMatchObject({ kind: 'invalid' });
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
