import { describe, expect, it } from 'vitest';
import { decimalMoney, decimalText, ofMinor, sumOf } from '../../../src/providers/wire/decimal-money.ts';

const digits = (currency: string): number => currency === 'JPY' ? 0 : 2;
const eur = (text: string) => decimalMoney(text, 'EUR', digits);

describe('an amount in decimals', () => {
  it.each<[string, string, string]>([
    ['10.00', 'EUR', '1000'], ['10', 'eur', '1000'], ['0.1', 'EUR', '10'], ['0.10000', 'EUR', '10'], ['007.50', 'EUR', '750'], ['-1.05', 'EUR', '-105'], ['-0.00', 'EUR', '0'],
    ['1000', 'JPY', '1000'], ['1000.00', 'JPY', '1000'], ['999999999999999.99', 'EUR', '99999999999999999'],
  ])('%s %s is %s minor units', (text, currency, minor) => {
    expect(decimalMoney(text, currency, digits)).toEqual({ minor, exponent: digits(currency.toUpperCase()), currency: currency.toUpperCase() });
  });

  it.each<[string | null, string | null]>([
    [null, 'EUR'], ['1.00', null], ['', 'EUR'], ['1,00', 'EUR'], ['.5', 'EUR'], ['5.', 'EUR'], ['1e3', 'EUR'], [' 1', 'EUR'], ['1.001', 'EUR'], ['0.5', 'JPY'], ['1.00', 'EURO'], ['1'.repeat(16), 'EUR'], ['+1', 'EUR'],
  ])('%j of %j is none', (text, currency) => {
    expect(decimalMoney(text, currency, digits)).toBeNull();
  });

  it('is written back as it is, and added without losing anything', () => {
    expect(['10.00', '0.05', '-1.05'].map((text) => decimalText(eur(text)!))).toEqual(['10.00', '0.05', '-1.05']);
    expect(decimalText(ofMinor(7n, { currency: 'JPY', exponent: 0 }))).toBe('7');
    expect(decimalText(sumOf([eur('0.10'), eur('0.20')])!)).toBe('0.30');
  });

  it('has no sum with an unknown, in two currencies, or of nothing', () => {
    expect([sumOf([eur('1'), null]), sumOf([eur('1'), decimalMoney('1', 'USD', digits)]), sumOf([])]).toEqual([null, null, null]);
  });
});
