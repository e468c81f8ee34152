import { describe, expect, it } from 'vitest';
import { agrees } from '../../src/policy/second-opinion.ts';

describe('the second opinion', () => {
  it('agrees where the other parser reads exactly this address', () => {
    expect(['qa@example.test', "o'brien+x=y@a.b.test", 'QA@example.test'].map(agrees)).toEqual([true, true, true]);
  });

  it.each(['Ann <qa@example.test>', 'qa@example.test (c)', 'qa@example.test, b@example.test', 'T: qa@example.test;', '<@r.test:qa@example.test>', ' qa@example.test', 'qa', ''])('does not agree about %j', (text) => {
    expect(agrees(text)).toBe(false);
  });
});
