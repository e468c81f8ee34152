import { expect, it } from 'vitest';
import { decimalNumber } from '../../../src/providers/wire/decimal-number.ts';

it.each<[unknown, string | null]>([
  [12.5, '12.5'], [0, '0'], [-0, '0'], [-3.01, '-3.01'], [0.1, '0.1'], [100_000.01, '100000.01'], [0.000001, '0.000001'], [999_999_999_999.999, '999999999999.999'],
  [0.1 + 0.2, null], [1e21, null], [1e-7, null], [1_234_567_890_123_456, null], ['12.5', null], [null, null], [undefined, null], [true, null],
])('%s is %s', (value, expected) => {
  expect(decimalNumber(value as never)).toBe(expected);
});
