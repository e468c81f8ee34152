import { describe, expect, it } from 'vitest';
import { isText, mediaType } from '../../../src/providers/wire/media-type.ts';

const of = (...values: readonly string[]): ReturnType<typeof mediaType> => mediaType(values.map((value) => ['Content-Type', value]));

describe('mediaType', () => {
  it.each([
    ['application/json', { type: 'application/json', parameters: {} }],
    [' Application/JSON ; Charset="UTF-8" ', { type: 'application/json', parameters: { charset: 'UTF-8' } }],
    ['multipart/form-data; boundary="a;b\\"c"', { type: 'multipart/form-data', parameters: { boundary: 'a;b"c' } }],
    ['a/b;', { type: 'a/b', parameters: {} }],
  ])('reads %s', (value, expected) => {
    expect(of(value)).toEqual(expected);
  });

  it.each(['', 'json', 'a/b c', 'a/b, c/d', 'a/b; charset', 'a/b; charset=', 'a/b; charset=x; charset=y', 'a/b; c="d', 'a /b', 'a/b; __proto__=c'])('does not read %s', (value) => {
    expect(of(value)).toBeNull();
  });

  it('reads neither of two headers', () => {
    expect(of('application/json', 'application/json')).toBeNull();
    expect(of()).toBeNull();
  });

  it('takes UTF-8 only', () => {
    expect(['application/json', 'application/json; charset=utf-8', 'application/json;charset=UTF8', 'application/json; charset=utf-7', 'text/plain'].map((value) => isText(of(value), 'application/json')))
      .toEqual([true, true, true, false, false]);
  });
});
