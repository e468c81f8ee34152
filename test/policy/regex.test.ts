import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../src/policy/regex.ts';

describe('compileRegex', () => {
  it('matches the whole text only', () => {
    const compiled = compileRegex('/qa[0-9]+|dev/');
    if ('expected' in compiled) throw new Error(compiled.expected);
    expect(['qa1', 'dev'].map((text) => compiled.value.test(text))).toEqual([true, true]);
    expect(['xqa1', 'qa1x', 'devel', 'qa1\n'].map((text) => compiled.value.test(text))).toEqual([false, false, false, false]);
  });

  it.each(['/a+b*/', '/(?:a|b)c/', '/^\\+1[2-7][0-9]{2}55501[0-9]{2}$/', '/[(a+)+]x/', '/a\\+\\+\\+/', '/(abc){2}/', '/(a+)?/i', '/[^@]+@[^@]+\\.example\\.(?:test|com)/', '/[a-z]{1,20}-?[0-9]{1,20}(?:-[a-z]{2,10})?/', '/(?:a|b|c)(?:d|e)?f*/'])('takes %s', (text) => {
    expect(compileRegex(text)).toHaveProperty('value');
  });

  it.each([
    ['/(a+)+$/', 'repeats or branches'], ['/(a|a)*/', 'repeats or branches'], ['/(?:a|ab)+/', 'repeats or branches'], ['/((a+)b)*/', 'repeats or branches'],
    ['/(a{1,5}){9}/', 'repeats or branches'], ['/((a|b)c){3}/', 'repeats or branches'], ['/a*a*a*/', 'more than two unbounded'], ['/a{2,}b{2,}c+/', 'more than two unbounded'],
    ['/(?=a)b/', 'look-around'], ['/(?<!a)b/', 'look-around'], ['/(?<n>a)/', 'look-around'], ['/(a)\\1/', 'back-references'], ['/a{65}/', 'counts above 64'],
    ['/(?:a?){64}b/', 'repeats or branches'], ['/(?:a?){64}(?:a?){64}a{64}b/', 'repeats or branches'],
    [`/${'a?'.repeat(64)}b/`, 'ways to match'], [`/${'a{1,64}'.repeat(7)}b/`, 'ways to match'], [`/${'(?:a|a)'.repeat(25)}b/`, 'ways to match'], ['/(?:(?:a|b{1,64})?c{0,64})?d{0,64}e*f*/', 'ways to match'], ['/a*a*(?:a{64})/', 'ways to match'],
    ['/a\\b/', 'word boundaries'], ['/(/', 'a regular expression'], ['/a/g', 'between slashes'], ['a', 'between slashes'], ['//', 'between slashes'], [`/${'a'.repeat(201)}/`, 'at most 200'],
  ])('refuses %s', (text, expected) => {
    expect(compileRegex(text)).toMatchObject({ expected: expect.stringContaining(expected) });
  });
});

/** A pattern as a tree, so that a plain backtracking matcher can count what it compares. */
type Tree =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any'; readonly of: readonly Tree[] }
  | { readonly kind: 'all'; readonly of: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly of: Tree; readonly least: number; readonly most: number };

function sourceOf(tree: Tree): string {
  switch (tree.kind) {
    case 'text': return tree.text;
    case 'any': return `(?:${tree.of.map(sourceOf).join('|')})`;
    case 'all': return `(?:${tree.of.map(sourceOf).join('')})`;
    case 'repeat': return `${sourceOf(tree.of)}{${tree.least},${tree.most === Infinity ? '' : tree.most}}`;
  }
}

/** Comparisons until no way is left, given that the end never matches; Infinity beyond `most`. */
function comparisons(tree: Tree, subject: string, most: number): number {
  let count = 0;
  const walk = (at: Tree, from: number, then: (to: number) => void): void => {
    if (count > most) return;
    switch (at.kind) {
      case 'text': {
        count += 1;
        if (subject.startsWith(at.text, from)) then(from + at.text.length);
        return;
      }
      case 'any': return at.of.forEach((branch) => walk(branch, from, then));
      case 'all': return at.of.reduceRight<(to: number) => void>((next, item) => (to) => walk(item, to, next), then)(from);
      case 'repeat': {
        const again = (times: number, to: number): void => {
          if (times < at.most) walk(at.of, to, (next) => { if (next > to || times < at.least) again(times + 1, next); });
          if (times >= at.least) then(to);
        };
        return again(0, from);
      }
    }
  };
  walk(tree, 0, () => undefined);
  return count > most ? Infinity : count;
}

describe('the work of a pattern that is taken', () => {
  const text = fc.constantFrom('a', 'aa').map((value): Tree => ({ kind: 'text', text: value }));
  const bounds = fc.constantFrom<readonly [number, number]>([0, 1], [0, Infinity], [1, Infinity], [0, 3], [1, 64], [64, 64], [2, 2]);
  const tree = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.record({ kind: fc.constant('any' as const), of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ kind: fc.constant('all' as const), of: fc.array(tie('tree'), { minLength: 1, maxLength: 5 }) }),
      fc.tuple(fc.oneof(text, fc.record({ kind: fc.constant('all' as const), of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) })), bounds)
        .map(([of, [least, most]]): Tree => ({ kind: 'repeat', of: of.kind === 'text' ? { kind: 'all', of: [of] } : of, least, most })),
    ),
  })).tree;
  const subject = 'a'.repeat(250);
  const budget = 50_000_000;

  it('is bounded on a text that fails at its end', () => {
    let taken = 0;
    fc.assert(fc.property(fc.array(tree, { minLength: 1, maxLength: 8 }), (of) => {
      const whole: Tree = { kind: 'all', of };
      if ('expected' in compileRegex(`/${sourceOf(whole)}b/`)) return;
      taken += 1;
      expect(comparisons(whole, subject, budget), sourceOf(whole)).toBeLessThan(budget);
    }), { numRuns: 1_000, seed: 11 });
    expect(taken).toBeGreaterThan(100);
  });

  it('is not bounded for those that are refused: the measure itself tells', () => {
    const optional: Tree = { kind: 'repeat', of: { kind: 'text', text: 'a' }, least: 0, most: 1 };
    expect(comparisons({ kind: 'all', of: Array.from({ length: 64 }, () => optional) }, subject, 1_000_000)).toBe(Infinity);
  });
});
