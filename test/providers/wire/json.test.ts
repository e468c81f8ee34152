import { assert, constantFrom, json, pre, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asArray, asObject, asString, field, parseJson } from '../../../src/providers/wire/json.ts';

const read = (text: string | Buffer): ReturnType<typeof parseJson> => parseJson(typeof text === 'string' ? Buffer.from(text) : text);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('parseJson', () => {
  it('reads every value as JSON.parse does', () => {
    assert(property(json({ noUnicodeString: false }), constantFrom(undefined, 2), (text, space) => {
      pre(!text.includes('__proto__'));
      const value: unknown = JSON.parse(text);
      expect(read(JSON.stringify(value, null, space))).toEqual({ kind: 'json', value });
    }));
  });

  it('takes nothing that JSON.parse does not take', () => {
    assert(property(string({ unit: constantFrom(...'{}[]",:\\ux01e+-.tfn l\n\t') }), (text) => {
      expect(isJson(text) || read(text).kind === 'unreadable').toBe(true);
    }), { numRuns: 2000 });
  });

  it.each([
    ['two equal keys', '{"to":1,"to":2}', /twice/],
    ['two keys that are equal once unescaped', '{"to":1,"t\\u006f":2}', /twice/],
    ['two equal keys deep inside', '[{"a":{"b":1,"c":2,"b":3}}]', /twice/],
    ['__proto__', '{"__proto__":{"to":1}}', /__proto__/],
    ['escaped __proto__', '{"\\u005f_proto__":1}', /__proto__/],
    ['a byte order mark', '\uFEFF{}', /byte order mark/],
    ['something behind the value', '{}x', /follows/],
    ['a second value', '{}{}', /follows/],
    ['a comment', '{/**/}', /expected/],
    ['single quotes', "{'a':1}", /expected/],
    ['a trailing comma', '[1,]', /expected/],
    ['a leading zero', '01', /follows/],
    ['NaN', 'NaN', /expected/],
    ['a number beyond a double', '1e999', /too large/],
    ['a raw line end in a string', '"a\nb"', /control/],
    ['an unknown escape', '"\\x"', /escape/],
    ['a short escape', '"\\u00"', /escape/],
    ['a string that is not closed', '"abc', /not closed/],
    ['half a surrogate pair', '"\\ud83d"', /surrogate/],
    ['nothing', '', /ends/],
    ['depth beyond the bound', '['.repeat(65), /deeper/],
    ['very great depth', '[{"a":'.repeat(50_000), /deeper/],
  ])('does not read %s', (_what, text, why) => {
    expect(read(text)).toEqual({ kind: 'unreadable', why: expect.stringMatching(why) });
  });

  it('does not read what is not UTF-8', () => {
    expect(read(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toMatchObject({ kind: 'unreadable', why: expect.stringContaining('UTF-8') });
    expect(read(Buffer.from('"a"', 'utf16le'))).toMatchObject({ kind: 'unreadable' });
  });

  it('counts keys and elements', () => {
    const limits = { jsonDepth: 64, jsonKeys: 3 };
    expect(parseJson(Buffer.from('[1,2,3]'), limits).kind).toBe('json');
    expect(parseJson(Buffer.from('[1,2,3,4]'), limits).kind).toBe('unreadable');
    expect(parseJson(Buffer.from('{"a":1,"b":[1,2]}'), limits).kind).toBe('unreadable');
  });

  it('reads a string of megabytes', () => {
    const long = 'QUJD'.repeat(1_000_000);
    expect(read(`{"content":"${long}","escaped":"\\n${long}"}`)).toMatchObject({ kind: 'json', value: { content: long } });
  });
});

describe('the accessors', () => {
  it('give null for anything else, and never an inherited field', () => {
    expect([asObject([]), asObject(null), asObject('x'), asArray({}), asArray(undefined), asString(1)]).toEqual([null, null, null, null, null, null]);
    expect([field({ a: 1 }, 'a'), field({}, 'constructor'), field(null, 'a')]).toEqual([1, undefined, undefined]);
  });
});
