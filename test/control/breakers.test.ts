import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { harness, record } from './harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
beforeEach(async () => { at = await harness(); });
afterEach(async () => { await at.close(); });

const trip = (more: { readonly space?: string; readonly service?: string; readonly run?: string } = {}): Promise<string> =>
  at.store.trip({ space: more.space ?? null, service: more.service ?? 'shop', capture: 'cap_x', run: more.run ?? null, recipients: 51, limit: 50, perMs: 60_000 });
const metrics = async (): Promise<string> => (await fetch(`${at.url}/metrics`)).text();
const doubts = async (question: Parameters<Harness['client']['assert']>[0]): Promise<readonly string[]> =>
  (await at.client.assert({ settle: 0, ...question })).reasons.map(({ kind, expectation }) => `${kind} ${expectation}`);

describe('the mailshot breakers', () => {
  test('are listed, tripped ones first, without anybody\'s address', async () => {
    await at.store.tally({ space: null, service: 'idle', members: ['h1', 'h2'], at: Date.parse('2026-11-21T09:00:00.000Z'), perMs: 60_000, most: 51 });
    const since = await trip({ space: 'team' });
    expect((await at.client.breakers()).items).toEqual([
      { space: 'team', service: 'shop', tripped: since, recipients: 0, lastSeen: null },
      { space: null, service: 'idle', tripped: null, recipients: 2, lastSeen: '2026-11-21T09:00:00.000Z' },
    ]);
    expect(await metrics()).toContain('fourthwall_breaker_tripped{space="team",service="shop"} 1');
  });

  test('are reset by name and space; one that is not tripped is 404', async () => {
    await trip();
    await trip({ space: 'team' });
    await at.client.resetBreaker('shop');
    expect((await at.client.breakers()).items.map(({ space }) => space)).toEqual(['team']);
    await expect(at.client.resetBreaker('shop')).rejects.toMatchObject({ status: 404, message: expect.stringContaining('shop is not tripped') as unknown });
    await at.client.resetBreaker('shop', 'team');
    expect(await metrics()).not.toContain('fourthwall_breaker_tripped{');
  });

  test('a trip inside the window of a verdict leaves it inconclusive, and names the breaker', async () => {
    await record(at.store);
    expect(await doubts({})).toEqual([]);
    await trip();
    const { verdict, reasons } = await at.client.assert({ settle: 0 });
    expect(verdict).toBe('inconclusive');
    expect(reasons).toMatchObject([{ kind: 'inconclusive', expectation: 'breaker', captures: ['cap_x'], why: expect.stringContaining('the mailshot breaker of shop tripped') as unknown }]);
    expect(await doubts({ service: 'billing', expect: 'no-forwarded,min-captures=0' })).toEqual([]);
  });

  test('a trip before the window counts where a forward inside was refused by it', async () => {
    await trip();
    await at.client.openRun({ name: 'later' });
    await record(at.store, { run: 'later' });
    expect(await doubts({ run: 'later' })).toEqual([]);
    const id = await record(at.store, { run: 'later', decision: { action: 'reject', rule: 'gateway:breaker' } });
    expect((await at.client.assert({ settle: 0, run: 'later' })).reasons).toMatchObject([{ expectation: 'breaker', captures: [id] }]);
  });

  test('a reset is no trip', async () => {
    await trip();
    const { seq } = (await at.store.events(0, 100)).at(-1)!;
    await record(at.store);
    await at.client.resetBreaker('shop');
    expect(await doubts({ after: seq })).toEqual([]);
  });
});
