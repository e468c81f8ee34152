import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../src/policy/regex.ts';

describe('compileRegex', () => {
  it('matches the whole text only', () => {
    const compiled = compileRegex('/qa[0-9]+|dev/');
    if ('expected' in compiled) throw new Error(compiled.expected);
    expect(['qa1', 'dev'].map((text) => compiled.value.test(text))).toEqual([true, true]);
    expect(['xqa1', 'qa1x', 'devel', 'qa1\n'].map((text) => compiled.value.test(text))).toEqual([false, false, false, false]);
  });

  it.each(['/a+b*/', '/(?:a|b)c/', '/^\\+1[2-7][0-9]{2}55501[0-9]{2}$/', '/[(a+)+]x/', '/a\\+\\+\\+/', '/(abc){2}/', '/(a+)?/i'])('takes %s', (text) => {
    expect(compileRegex(text)).toHaveProperty('value');
  });

  it.each([
    ['/(a+)+$/', 'repeats or branches'], ['/(a|a)*/', 'repeats or branches'], ['/(?:a|ab)+/', 'repeats or branches'], ['/((a+)b)*/', 'repeats or branches'],
    ['/(a{1,5}){9}/', 'repeats or branches'], ['/((a|b)c){3}/', 'repeats or branches'], ['/a*a*a*/', 'more than two unbounded'], ['/a{2,}b{2,}c+/', 'more than two unbounded'],
    ['/(?=a)b/', 'look-around'], ['/(?<!a)b/', 'look-around'], ['/(?<n>a)/', 'look-around'], ['/(a)\\1/', 'back-references'], ['/a{65}/', 'counts above 64'],
    ['/a\\b/', 'word boundaries'], ['/(/', 'a regular expression'], ['/a/g', 'between slashes'], ['a', 'between slashes'], ['//', 'between slashes'], [`/${'a'.repeat(201)}/`, 'at most 200'],
  ])('refuses %s', (text, expected) => {
    expect(compileRegex(text)).toMatchObject({ expected: expect.stringContaining(expected) });
  });
});
