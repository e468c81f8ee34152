import { describe, expect, it } from 'vitest';
import { codesIn } from '../../src/findings/codes.ts';

describe('one-time codes', () => {
  it.each([
    ['Your code is 123456', ['123456']],
    ['Your verification code is: 4711', ['4711']],
    ['Your code:\n\n  123 456\n\nIt is valid for 10 minutes.', ['123456']],
    ['G-123456 is your Google verification code.', ['G-123456']],
    ['Use 987654 as your one-time passcode', ['987654']],
    ['123-456 is your login code', ['123456']],
    ['Ihr Bestätigungscode lautet 55443', ['55443']],
    ['Ihre TAN: 881122', ['881122']],
    ['PIN 0042', ['0042']],
    ['Votre code de sécurité est 246810', ['246810']],
    ['Tu código es 135790', ['135790']],
    ['Your access code is AB12CD', ['AB12CD']],
    ['Your Shop code is 2024. Do not share it.', ['2024']],
    ['Enter the code 111222 or the code 333444', ['111222', '333444']],
    ['Use promo code SAVE20 for 10% off', []],
    ['Ihr Gutscheincode: SOMMER24', []],
    ['ZIP code 12345', []],
    ['Order #123456 has shipped', []],
    ['Call +1 415 555 0100', []],
    ['error code 10423', []],
    ['Our code of conduct was last changed in 2024', []],
    ['You paid EUR 1234.56 with the pinned card 4242', []],
    ['', []],
  ])('of %j are %j', (text, expected) => {
    expect(codesIn(text)).toEqual(expected);
  });

  it('are looked for in linear time', () => {
    const started = performance.now();
    for (const text of ['code '.repeat(50_000), 'c'.repeat(200_000), '1'.repeat(200_000), 'code is '.repeat(30_000), '1234 is a '.repeat(30_000)]) codesIn(text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
