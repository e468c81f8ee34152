import { expect, test } from 'vitest';
import { nodeProblem } from '../../src/cli/node-version.ts';

test.each(['24.0.0', '24.21.0', '26.1.0'])('Node %s will do', (version) => {
  expect(nodeProblem(version)).toBeNull();
});

test.each(['8.0.0', '20.20.2', '23.11.0'])('Node %s is told what is needed', (version) => {
  expect(nodeProblem(version)).toMatch(/needs Node 24 or later; this is Node \d+/);
});
