import { describe, expect, it } from 'vitest';
import { msisdn, strangersOf } from '../../../src/providers/wire/msisdn.ts';

describe('msisdn', () => {
  it.each([
    ['bare digits', '447700900000', '+447700900000'],
    ['blanks around them', ' 447700900000\t', '+447700900000'],
    ['a plus already there', '+447700900000', '+447700900000'],
    ['an international prefix', '00447700900000', '00447700900000'],
    ['a national number', '07700900000', '07700900000'],
    ['a short code', '85258', '85258'],
    ['too long a number', '4477009000001234', '4477009000001234'],
    ['two numbers', '447700900000,447700900001', '447700900000,447700900001'],
    ['a line end behind it', '447700900000\n', '447700900000\n'],
  ])('%s', (_what, text, number) => {
    expect(msisdn(text)).toBe(number);
  });
});

describe('strangersOf', () => {
  it('finds bare digits, numbers and addresses in fields that are not known', () => {
    const body = { to: '447700900000', copy: '447700900001', more: { numbers: [447700900002, '+447700900003'], mail: 'ann@example.test' }, ttl: 259200, note: 'order 447700900004', ref: '123456789' };
    expect(strangersOf(body, [/^to$/], []).map(({ address, role }) => [address, role])).toEqual([
      ['+447700900003', 'more/numbers/1'], ['ann@example.test', 'more/mail'], ['+447700900001', 'copy'], ['+447700900002', 'more/numbers/0'],
    ]);
  });

  it('names nobody twice', () => {
    expect(strangersOf({ copy: 447700900001 }, [], [{ address: '+447700900001', kind: 'phone', role: 'to' }])).toEqual([]);
  });
});
