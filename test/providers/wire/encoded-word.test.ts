import { describe, expect, it } from 'vitest';
import { decodeWords } from '../../../src/providers/wire/encoded-word.ts';

describe('decodeWords', () => {
  it.each(['=?', '=?utf-8?Q?', '=?utf-8?Q?a?= ', '=?utf-8?Q?a?=\t'.repeat(3)])('takes no longer than its text on 256 KiB of %j', (piece) => {
    const begun = performance.now();
    decodeWords(piece.repeat(Math.ceil((256 * 1024) / piece.length)));
    // quadratic time would be minutes
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  // The first rows are RFC 2047 §8.
  it.each([
    ['(=?ISO-8859-1?Q?a?= b)', '(a b)'],
    ['(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)', '(ab)'],
    ['(=?ISO-8859-1?Q?a_b?=)', '(a b)'],
    ['(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)', '(a b)'],
    ['=?utf-8?B?R3LDvMOfZQ==?=', 'Grüße'],
    ['=?UTF-8?q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=', 'Grüße'],
    ['=?utf-8*de?Q?Hallo?=', 'Hallo'],
    ['[staging] =?utf-8?Q?Order?= 42', '[staging] Order 42'],
    ['=?x-unknown?Q?a?=', '=?x-unknown?Q?a?='],
    ['=?utf-8?Z?a?=', '=?utf-8?Z?a?='],
    ['1 =? 2 ?= 3', '1 =? 2 ?= 3'],
  ])('%s is %s', (text, decoded) => {
    expect(decodeWords(text)).toBe(decoded);
  });
});
