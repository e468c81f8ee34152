import { describe, expect, test } from 'vitest';
import { readExpectations } from '../../src/control/expectations.ts';
import type { Expectation } from '../../src/control/expectations.ts';
import { verdict } from '../../src/control/verdict.ts';
import type { Doubt, Facts, JudgedCapture } from '../../src/control/verdict.ts';

function capture(id: string, more: Partial<JudgedCapture> = {}): JudgedCapture {
  return {
    id, service: 'shop', action: 'capture', rule: 'everything', outcome: 'captured', enrichment: 'done', decoded: 'effects', liveness: 'test',
    standings: ['safe'], findings: [], sendsNothingReal: true, ...more,
  };
}
function facts(captures: readonly JudgedCapture[], more: Partial<Facts> = {}): Facts {
  return { captures, unattributed: [], doubts: [], ...more };
}
function expectations(text: string): readonly Expectation[] {
  const read = readExpectations(text);
  if ('problem' in read) throw new Error(read.problem);
  return read.expectations;
}

const good = capture('cap_good');
const realSend = capture('cap_bad', { action: 'forward', outcome: 'forwarded', sendsNothingReal: false });
const harmlessSend = capture('cap_ok', { action: 'forward', outcome: 'forwarded', sendsNothingReal: true });

describe('each expectation, broken and kept', () => {
  test.each<[string, readonly JudgedCapture[], 'pass' | 'fail' | 'inconclusive', readonly string[]]>([
    ['no-forwarded', [good], 'pass', []],
    ['no-forwarded', [good, harmlessSend], 'fail', ['cap_ok']],
    ['no-forwarded', [capture('cap_f', { action: 'forward', outcome: 'failed', sendsNothingReal: true })], 'fail', ['cap_f']],
    ['no-real-sends', [good, harmlessSend], 'pass', []],
    ['no-real-sends', [good, realSend], 'fail', ['cap_bad']],
    ['no-real-recipients', [capture('a', { standings: ['safe', 'reserved'] })], 'pass', []],
    ['no-real-recipients', [capture('a', { standings: ['safe', 'real'] })], 'fail', ['a']],
    ['no-real-recipients', [capture('a', { action: 'reject', outcome: 'rejected', standings: ['unknown'] })], 'fail', ['a']],
    ['no-real-recipients', [capture('a', { standings: ['invalid'] })], 'fail', ['a']],
    ['no-live-credentials', [capture('a', { liveness: 'unknown' })], 'pass', []],
    ['no-live-credentials', [capture('a', { liveness: 'live' })], 'fail', ['a']],
    ['no-live-credentials', [capture('a', { decoded: 'unrecognized', liveness: 'unknown', findings: ['live-credential'] })], 'fail', ['a']],
    ['no-live-credentials', [good, capture('a', { action: 'reject', decoded: 'unrecognized', liveness: 'unknown' })], 'inconclusive', ['a']],
    ['no-real-recipients', [good, capture('a', { action: 'reject', decoded: 'unrecognized', standings: [] })], 'inconclusive', ['a']],
    ['no-real-recipients', [capture('a', { action: 'forward', outcome: 'forwarded', decoded: 'unrecognized', standings: [], sendsNothingReal: false })], 'inconclusive', ['a']],
    ['no-live-credentials,no-real-recipients', [capture('own', { action: 'forward', outcome: 'forwarded', decoded: 'unrecognized', liveness: 'unknown', standings: [] })], 'pass', []],
    ['no-unrecognized', [capture('a', { decoded: 'read' })], 'pass', []],
    ['no-unrecognized', [capture('a', { decoded: 'unrecognized' })], 'fail', ['a']],
    ['no-findings', [good], 'pass', []],
    ['no-findings', [capture('a', { findings: ['null-name'] })], 'fail', ['a']],
    ['min-captures=2', [good, capture('b')], 'pass', []],
    ['min-captures=2', [good], 'inconclusive', []],
    ['min-captures=0', [], 'pass', []],
    ['max-captures=1', [good], 'pass', []],
    ['max-captures=1', [good, capture('b')], 'fail', ['b']],
    ['max-captures=0,min-captures=0', [], 'pass', []],
    ['seen=shop', [good], 'pass', []],
    ['seen=shop,billing', [good, capture('b', { service: 'billing' })], 'pass', []],
    ['seen=shop,billing', [good], 'fail', []],
  ])('%s over %j: %s', (text, captures, expected, offenders) => {
    const judged = verdict(facts(captures), expectations(text));
    expect(judged.verdict).toBe(expected);
    expect(judged.reasons.flatMap((reason) => reason.captures)).toEqual(offenders);
    expect(judged.reasons.length > 0 && judged.reasons.every(({ why }) => why !== '')).toBe(expected !== 'pass');
  });
});

const content = 'no-forwarded,no-real-sends,no-real-recipients,no-live-credentials,no-unrecognized,no-findings';
const clean: readonly JudgedCapture[] = [good, capture('cap_2')];
const doubts: readonly (readonly [string, Partial<Facts>])[] = [
  ['an outcome that is still pending', { captures: [...clean, capture('x', { outcome: 'pending' })] }],
  ['an outcome that nobody knows', { captures: [...clean, capture('x', { outcome: 'unknown' })] }],
  ['no capture at all', { captures: [] }],
  ['content that is not read yet', { captures: [...clean, capture('x', { enrichment: 'pending' })] }],
  ['content that could not be read', { captures: [...clean, capture('x', { enrichment: 'failed' })] }],
  ['content that was read in part', { captures: [...clean, capture('x', { enrichment: 'partial' })] }],
  ...(['crash', 'store-error', 'tls-rejected', 'unknown-run', 'ambiguous-run', 'eviction', 'too-many', 'unread'] as const)
    .map((cause) => [cause, { doubts: [{ cause, captures: [], why: 'it happened' } satisfies Doubt] }] as const),
  ['somebody else\'s forward in the window', { unattributed: [realSend] }],
  ['somebody else\'s real recipient in the window', { unattributed: [capture('x', { standings: ['real'] })] }],
  ['somebody else\'s live credential in the window', { unattributed: [capture('x', { liveness: 'live' })] }],
  ['somebody else\'s unrecognized call in the window', { unattributed: [capture('x', { decoded: 'unrecognized' })] }],
  ['somebody else\'s finding in the window', { unattributed: [capture('x', { findings: ['burst'] })] }],
];

describe('each cause of doubt', () => {
  test('without any, the same facts pass', () => {
    expect(verdict(facts(clean), expectations(content)).verdict).toBe('pass');
  });

  test.each(doubts)('%s: inconclusive', (_name, more) => {
    const judged = verdict(facts(clean, more), expectations(content));
    expect(judged.verdict).toBe('inconclusive');
    expect(judged.reasons.length).toBeGreaterThan(0);
    expect(judged.reasons.every(({ kind }) => kind === 'inconclusive')).toBe(true);
  });

  test('unattributed calls that would make too many captures: inconclusive', () => {
    expect(verdict(facts([good], { unattributed: [capture('x')] }), expectations('max-captures=1')).verdict).toBe('inconclusive');
    expect(verdict(facts([good], { unattributed: [capture('x')] }), expectations('max-captures=2')).verdict).toBe('pass');
  });

  test('unattributed calls that break nothing leave the verdict alone', () => {
    expect(verdict(facts(clean, { unattributed: [capture('x')] }), expectations(content)).verdict).toBe('pass');
  });

  test('no single expectation turns a doubt into a pass', () => {
    for (const text of [...content.split(','), 'min-captures=0', 'max-captures=9', 'seen=shop', 'min-captures=0,max-captures=9']) {
      for (const cause of ['crash', 'store-error', 'tls-rejected', 'unknown-run', 'ambiguous-run', 'eviction', 'too-many', 'unread']) {
        const judged = verdict(facts(clean, { doubts: [{ cause, captures: [], why: 'it happened' }] }), expectations(text));
        expect([text, cause, judged.verdict]).toEqual([text, cause, 'inconclusive']);
      }
      for (const outcome of ['pending', 'unknown'] as const) {
        const judged = verdict(facts([...clean, capture('x', { outcome })]), expectations(text));
        expect([text, outcome, judged.verdict]).toEqual([text, outcome, 'inconclusive']);
      }
    }
  });

  test('a failure beats a doubt, and both are told', () => {
    const judged = verdict(facts([realSend], { doubts: [{ cause: 'crash', captures: [], why: 'it happened' }] }), expectations('no-real-sends'));
    expect(judged.verdict).toBe('fail');
    expect(judged.reasons.map(({ kind, expectation }) => [kind, expectation])).toEqual([['fail', 'no-real-sends'], ['inconclusive', 'crash']]);
  });
});

describe('reading expectations', () => {
  test.each<[string, readonly Expectation[]]>([
    ['no-real-sends,no-unrecognized,min-captures=1', [{ kind: 'no-real-sends' }, { kind: 'no-unrecognized' }, { kind: 'min-captures', count: 1 }]],
    ['no-findings', [{ kind: 'no-findings' }, { kind: 'min-captures', count: 1 }]],
    ['seen=shop,billing,no-findings', [{ kind: 'seen', service: 'shop' }, { kind: 'seen', service: 'billing' }, { kind: 'no-findings' }, { kind: 'min-captures', count: 1 }]],
    ['max-captures=3,min-captures=0', [{ kind: 'max-captures', count: 3 }, { kind: 'min-captures', count: 0 }]],
  ])('%s', (text, expected) => {
    expect(readExpectations(text)).toEqual({ expectations: expected });
  });

  test.each(['', 'no-real-send', 'no-real-sends,,', 'min-captures', 'min-captures=-1', 'min-captures=1e9', 'no-findings=1', 'seen=', 'seen=Shop', 'billing', 'no-findings,billing'])(
    '%j is refused by name', (text) => {
      const read = readExpectations(text);
      expect('problem' in read && read.problem).toMatch(/unknown expectation|expected a whole number/);
    });
});
