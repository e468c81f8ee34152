import type { Logger } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEvictor } from '../../src/assembly/evictor.ts';
import type { Retention } from '../../src/model/retention.ts';

const retention: Retention = { days: 7, captures: 10, bytes: 1_000, quotas: [] };

function storeOf(steps: number[]) {
  const listeners = new Set<() => void>();
  const state = { full: null as string | null, asked: 0, fails: false };
  return {
    state, listeners, wrote: () => { for (const listener of listeners) listener(); },
    store: {
      async evict(limit: number) {
        state.asked += 1;
        expect(limit).toBe(200);
        if (state.fails) throw new Error('the store is away');
        return steps.shift() ?? 0;
      },
      holding: async () => ({ captures: 20, bytes: 7, full: state.full }),
      heldBack: async () => ({ pinned: 5, runs: [{ name: 'ci', captures: 15 }], waiting: 1 }),
      subscribe(listener: () => void) {
        listeners.add(listener);
        return () => { listeners.delete(listener); };
      },
    },
  };
}

const quiet = () => ({ info: vi.fn<Logger['error']>(), error: vi.fn<Logger['error']>() });

describe('the evictor', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });
  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

  it('begins at the start, goes on until nothing is left, and looks again every 30 s', async () => {
    const { store, state } = storeOf([200, 200, 7]);
    const evictor = startEvictor({ store, retention, logger: quiet() });
    await settle();
    expect(state.asked).toBe(4);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(state.asked).toBe(4);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.asked).toBe(5);
    await evictor.close();
  });

  it('looks soon after something was written, once however much it was', async () => {
    const { store, state, wrote } = storeOf([]);
    const evictor = startEvictor({ store, retention, logger: quiet() });
    await settle();
    for (let n = 0; n < 50; n += 1) wrote();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(state.asked).toBe(2);
    await evictor.close();
  });

  it('says once what keeps the store full, and that there is room again', async () => {
    const { store, state } = storeOf([]);
    const logger = quiet();
    state.full = 'the store is full';
    const evictor = startEvictor({ store, retention, logger });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(logger.error.mock.calls).toEqual([[
      { captures: 20, bytes: 7, most: { captures: 20, bytes: 2_000 }, pinned: 5, runs: [{ name: 'ci', captures: 15 }], waiting: 1 }, expect.stringMatching(/full.*refused.*unpinned.*closed/),
    ]]);
    state.full = null;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(logger.info).toHaveBeenCalledOnce();
    await evictor.close();
  });

  it('tries again after a failure, and does nothing once closed', async () => {
    const { store, state, wrote, listeners } = storeOf([]);
    const logger = quiet();
    state.fails = true;
    const evictor = startEvictor({ store, retention, logger });
    await vi.advanceTimersByTimeAsync(30_000);
    expect([state.asked, logger.error.mock.calls.length]).toEqual([2, 2]);
    wrote();
    await evictor.close();
    expect([listeners.size, vi.getTimerCount()]).toEqual([0, 0]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.asked).toBe(2);
  });

  it('waits at its end for the step that is under way, and begins no other', async () => {
    const { store, state } = storeOf([]);
    let finish: (evicted: number) => void = () => undefined;
    const evictor = startEvictor({ store: { ...store, evict: () => { state.asked += 1; return new Promise((resolve) => { finish = resolve; }); } }, retention, logger: quiet() });
    let closed = false;
    const closing = evictor.close().then(() => { closed = true; });
    await settle();
    expect(closed).toBe(false);
    finish(200);
    await closing;
    expect(state.asked).toBe(1);
  });
});
