import { describe, expect, it } from 'vitest';
import { msisdn } from '../../../src/providers/wire/msisdn.ts';

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
