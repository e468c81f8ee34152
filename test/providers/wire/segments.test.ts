import { describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../src/providers/wire/segments.ts';

describe('segmentsOf', () => {
  it.each([
    ['nothing', '', 'GSM-7', 1],
    ['160 basic characters', 'a'.repeat(160), 'GSM-7', 1],
    ['161 basic characters', 'a'.repeat(161), 'GSM-7', 2],
    ['306 basic characters', 'a'.repeat(306), 'GSM-7', 2],
    ['307 basic characters', 'a'.repeat(307), 'GSM-7', 3],
    ['80 euro signs, two septets each', '€'.repeat(80), 'GSM-7', 1],
    ['81 euro signs', '€'.repeat(81), 'GSM-7', 2],
    // 152 + 2 would cut the pair at septet 153, so it moves whole, and the rest no longer fits into two
    ['an extended character on the boundary', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
    ['German', 'Grüße aus Köln', 'GSM-7', 1],
    ['one curly quote', '’', 'UCS-2', 1],
    ['70 units', 'я'.repeat(70), 'UCS-2', 1],
    ['71 units', 'я'.repeat(71), 'UCS-2', 2],
    ['35 emoji, two units each', '😀'.repeat(35), 'UCS-2', 1],
    // 33 pairs fill 66 of 67 units
    ['67 emoji', '😀'.repeat(67), 'UCS-2', 3],
  ])('%s', (_what, text, encoding, count) => {
    expect(segmentsOf(text)).toEqual({ encoding, count });
  });

  it.each([
    ['a short text sent as UCS-2', 'a'.repeat(71), 'UCS-2', 2],
    ['Cyrillic replaced in GSM-7', 'я'.repeat(160), 'GSM-7', 1],
    ['euro signs in GSM-7 still cost two', '€'.repeat(81), 'GSM-7', 2],
  ] as const)('%s', (_what, text, encoding, count) => {
    expect(segmentsOf(text, encoding)).toEqual({ encoding, count });
  });
});
