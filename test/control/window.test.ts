import { describe, expect, test } from 'vitest';
import { holdsCrash, type Window } from '../../src/control/window.ts';
import type { Instance } from '../../src/model/store.ts';

const dead = (more: Partial<Instance>): Instance => ({ id: 'dead', startedAt: '2026-11-21T09:00:00.000Z', heartbeatAt: '2026-11-21T10:00:00.000Z', stoppedAt: null, startedSeq: 1, crashedSeq: 50, ...more });
const window = (fromSeq: number, toSeq: number | null): Window => ({ fromSeq, toSeq, since: null, until: null });

describe('an instance that died', () => {
  test.each([
    ['before the window', {}, window(51, null), false],
    ['inside the window', {}, window(10, 60), true],
    ['after the window', {}, window(10, 50), false],
    ['not at all', { crashedSeq: null }, window(10, null), false],
    ['perhaps inside the window, and found dead after it', { aliveSeq: 20 }, window(10, 30), true],
    ['after the window, since it lived at its end', { aliveSeq: 30 }, window(10, 30), false],
    ['before the window or inside it, and found dead in it', { aliveSeq: 5 }, window(10, 60), true],
    ['and was found dead before the window', { aliveSeq: 20 }, window(51, 60), false],
  ])('%s', (_, more, within, expected) => {
    expect(holdsCrash(within, dead(more), [])).toBe(expected);
  });
});
