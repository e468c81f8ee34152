import { describe, expect, it } from 'vitest';
import { segmentation } from '../../src/web/capture/sms-segments.ts';

// 3GPP TS 23.038 (alphabets) and TS 23.040 section 9.2.3.24 (concatenation): 160/153 septets, 70/67 UCS-2 units.
describe('how an SMS is cut', () => {
  it.each([
    ['', 'GSM-7', 0, 0],
    ['a'.repeat(160), 'GSM-7', 160, 1],
    ['a'.repeat(161), 'GSM-7', 161, 2],
    ['a'.repeat(306), 'GSM-7', 306, 2],
    ['a'.repeat(307), 'GSM-7', 307, 3],
    ['€'.repeat(80), 'GSM-7', 160, 1],
    ['€'.repeat(81), 'GSM-7', 162, 2],
    ['ж'.repeat(70), 'UCS-2', 70, 1],
    ['ж'.repeat(71), 'UCS-2', 71, 2],
    ['ж'.repeat(134), 'UCS-2', 134, 2],
    ['ж'.repeat(135), 'UCS-2', 135, 3],
    ['😀'.repeat(35), 'UCS-2', 70, 1],
    ['äöüßÄÖÜñÅ@£\n', 'GSM-7', 12, 1],
  ] as const)('%j', (text, encoding, units, segments) => {
    expect(segmentation(text)).toMatchObject({ encoding, units, segments });
  });

  it('never cuts a two-septet character in two', () => {
    // 152 + € (2) does not fit into 153: the € opens the second segment, which then holds 2 + 151 + the rest.
    expect(segmentation(`${'a'.repeat(152)}€${'a'.repeat(151)}`).segments).toBe(2);
    expect(segmentation(`${'a'.repeat(152)}€${'a'.repeat(152)}`).segments).toBe(3);
  });

  it('never cuts a surrogate pair in two', () => {
    expect(segmentation(`${'ж'.repeat(66)}😀${'ж'.repeat(65)}`).segments).toBe(2);
    expect(segmentation(`${'ж'.repeat(66)}😀${'ж'.repeat(66)}`).segments).toBe(3);
  });

  it('names the characters that make it cost double', () => {
    expect(segmentation('Thank you – see you “soon”').forcing).toEqual(['–', '“', '”']);
    expect(segmentation('plain').forcing).toEqual([]);
  });
});
