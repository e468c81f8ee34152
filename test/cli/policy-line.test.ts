import { expect, test } from 'vitest';
import { policyLine } from '../../src/cli/policy-line.ts';

const policy = `version: 1
default: reject   # nothing else
rules:
  - { id: one, when: { provider: stripe }, then: capture, because: id: two is another }
  - id: "two"
    then: reject
  - id: two-more
    then: reject
  - {then: reject, id: t.o}
`;

test.each<[string, number | null]>([
  ['one', 4], ['two', 5], ['two-more', 7], ['t.o', 9], ['too', null], ['default', 2], ['gateway:unreadable', null], ['.*', null],
])('%s stands at line %s', (rule, line) => {
  expect(policyLine(policy, rule)).toBe(line);
});
