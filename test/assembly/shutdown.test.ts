import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shutdown } from '../../src/assembly/shutdown.ts';

describe('shutdown', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });
  const logger = { error: () => undefined };
  const never = (): Promise<never> => new Promise(() => undefined);

  it('closes the newest first and what was opened first last', async () => {
    const closed: string[] = [];
    const close = (name: string) => async (): Promise<void> => { closed.push(name); };
    await shutdown([close('store'), close('ingress'), close('control')], { drain: 1_000, logger });
    expect(closed).toEqual(['control', 'ingress', 'store']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('closes the store although another part fails, and tells of the failure', async () => {
    const closed: string[] = [];
    const stopped = shutdown([
      async () => { closed.push('store'); }, async () => { closed.push('ingress'); }, () => Promise.reject(new Error('no page')),
    ], { drain: 1_000, logger });
    await expect(stopped).rejects.toThrow('no page');
    expect(closed).toEqual(['ingress', 'store']);
  });

  it('closes the store although another part never ends: after the drain it waits for nothing else', async () => {
    const closed: string[] = [];
    const stopped = shutdown([async () => { closed.push('store'); }, async () => { closed.push('ingress'); return never(); }, never], { drain: 1_000, logger });
    const told = stopped.catch((error: unknown) => error);
    expect(closed).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await told).toMatchObject({ message: expect.stringContaining('limits.drain') });
    expect(closed).toEqual(['ingress', 'store']);
  });
});
