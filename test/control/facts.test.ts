import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Refused } from '../../src/testing/client.ts';
import { forwardedTo, harness, record, whenWaiting } from './harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
beforeEach(async () => { at = await harness(); });
afterEach(async () => { await at.close(); });

const judged = async (question: Parameters<Harness['client']['assert']>[0]) => {
  const { verdict, reasons } = await at.client.assert({ settle: 0, ...question });
  return [verdict, reasons.map(({ expectation }) => expectation)] as const;
};

describe('a verdict over a real store', () => {
  test('captures alone pass, and the counts say what there was', async () => {
    await record(at.store);
    await record(at.store, { decision: { action: 'reject', rule: 'no' }, standing: 'real' });
    const answer = await at.client.assert({ settle: 0 });
    expect(answer.verdict).toBe('pass');
    expect(answer.reasons).toEqual([]);
    expect(answer.counts).toMatchObject({ captures: 2, captured: 1, rejected: 1, forwarded: 0, realRecipients: 1 });
    expect(answer.scope.expect).toBe('no-real-sends,no-unrecognized,min-captures=1');
    expect(answer.policyCurrent).toBe(true);
  });

  test('an empty store is inconclusive, unless zero captures were said', async () => {
    expect(await judged({})).toEqual(['inconclusive', ['min-captures=1']]);
    expect(await judged({ expect: 'no-real-sends,min-captures=0' })).toEqual(['pass', []]);
  });

  test('a real send fails and is named', async () => {
    await record(at.store);
    const id = await record(at.store, { decision: forwardedTo(), standing: 'real' });
    const { verdict, reasons } = await at.client.assert({ settle: 0 });
    expect(verdict).toBe('fail');
    expect(reasons).toMatchObject([{ kind: 'fail', expectation: 'no-real-sends', captures: [id] }]);
  });

  test.each<[string, Parameters<typeof record>[1], 'pass' | 'fail']>([
    ['to our own service', { decision: forwardedTo({ internal: true }), standing: 'real', liveness: 'live' }, 'pass'],
    ['all safe and test', { decision: forwardedTo(), standing: 'safe', liveness: 'test' }, 'pass'],
    ['safe, but of unknown liveness', { decision: forwardedTo(), standing: 'safe', liveness: 'unknown' }, 'fail'],
    ['safe by a relay, which carries no credential', { decision: forwardedTo({ via: 'smtp-relay' }), standing: 'safe', liveness: 'unknown', channel: 'email', to: 'a@example.test' }, 'pass'],
    ['reserved is not safe', { decision: forwardedTo(), standing: 'reserved' }, 'fail'],
    ['real, although it failed to connect', { decision: forwardedTo(), standing: 'real', outcome: 'failed' }, 'fail'],
    ['to a host nobody claims', { decision: forwardedTo(), decoded: { kind: 'unrecognized', why: 'nobody claims it' } }, 'fail'],
  ])('no-real-sends, a forward %s', async (_name, call, expected) => {
    await record(at.store, call);
    expect((await at.client.assert({ settle: 0, expect: 'no-real-sends' })).verdict).toBe(expected);
  });

  test('an unrecognized call fails, a read does not', async () => {
    await record(at.store, { decoded: { kind: 'read', operation: 'messages.list', liveness: 'test' } });
    expect(await judged({})).toEqual(['pass', []]);
    await record(at.store, { decoded: { kind: 'unrecognized', why: 'garbage' }, decision: { action: 'reject', rule: 'default' } });
    expect(await judged({})).toEqual(['fail', ['no-unrecognized']]);
  });
});

describe('what makes it inconclusive', () => {
  test('an outcome that stays open after settling; one that arrives in time does not', async () => {
    const id = await record(at.store, { decision: forwardedTo({ internal: true }), outcome: 'pending' });
    expect(await judged({})).toEqual(['inconclusive', ['outcome']]);
    const settling = whenWaiting(at.store);
    const waiting = at.client.assert({ settle: 20 });
    await settling;
    await at.store.outcome(id, 'forwarded', null);
    expect((await waiting).verdict).toBe('pass');
  });

  test('a crash inside the window, not one before it', async () => {
    await at.client.openRun({ name: 'before' });
    await record(at.store, { run: 'before' });
    await at.dieAndBeginAgain();
    await record(at.store, { run: 'before' });
    expect(await judged({ run: 'before' })).toEqual(['inconclusive', ['crash']]);
    expect(await judged({})).toEqual(['inconclusive', ['crash']]);
    await at.client.openRun({ name: 'after' });
    await record(at.store, { run: 'after' });
    expect(await judged({ run: 'after' })).toEqual(['pass', []]);
  });

  test('a crash after the run was closed is not the run\'s', async () => {
    await at.client.openRun({ name: 'done' });
    await record(at.store, { run: 'done' });
    await at.client.closeRun('done');
    await at.dieAndBeginAgain();
    expect(await judged({ run: 'done' })).toEqual(['pass', []]);
  });

  test('a call that the crash left open stays unknown', async () => {
    await record(at.store, { decision: forwardedTo({ internal: true }), outcome: 'pending' });
    await at.dieAndBeginAgain();
    const [verdict, causes] = await judged({});
    expect(verdict).toBe('inconclusive');
    expect(causes).toEqual(['outcome', 'crash']);
  });

  test('a run nobody ever opened', async () => {
    expect(await judged({ run: 'ci-1' })).toEqual(['inconclusive', ['unknown-run', 'min-captures=1']]);
    expect(await judged({ run: 'ci-1', expect: 'min-captures=0' })).toEqual(['inconclusive', ['unknown-run']]);
  });

  test('a store error, also one that was only written down after the run was closed', async () => {
    await at.client.openRun({ name: 'r' });
    await record(at.store, { run: 'r' });
    const since = new Date().toISOString();
    await at.client.closeRun('r');
    expect(await judged({ run: 'r' })).toEqual(['pass', []]);
    await at.store.append({ kind: 'store-error', capture: null, run: null, data: { faults: 1, since } });
    expect(await judged({ run: 'r' })).toEqual(['inconclusive', ['store-error']]);
  });

  test('a client that broke off TLS, unless it is known to be another run\'s', async () => {
    await at.client.openRun({ name: 'r' });
    await record(at.store, { run: 'r' });
    await at.store.append({ kind: 'tls-rejected', capture: null, run: 'other', data: { host: 'api.stripe.com', why: 'unknown ca' } });
    expect(await judged({ run: 'r' })).toEqual(['pass', []]);
    await at.store.append({ kind: 'tls-rejected', capture: null, run: null, data: { host: 'api.stripe.com', why: 'unknown ca', service: 'billing' } });
    expect(await judged({ run: 'r', service: 'shop' })).toEqual(['pass', []]);
    expect(await judged({ run: 'r' })).toEqual(['inconclusive', ['tls-rejected']]);
  });

  test('an unattributed call in the run\'s window that would have broken an expectation', async () => {
    await record(at.store, { decision: forwardedTo(), standing: 'real' });
    await at.client.openRun({ name: 'r' });
    await record(at.store, { run: 'r' });
    await record(at.store);
    expect(await judged({ run: 'r' })).toEqual(['pass', []]);
    await record(at.store, { decision: forwardedTo(), standing: 'real' });
    expect(await judged({ run: 'r' })).toEqual(['inconclusive', ['no-real-sends']]);
    expect(await judged({ run: 'r', service: 'billing', expect: 'no-real-sends,min-captures=0' })).toEqual(['pass', []]);
  });

  test('a call that this run and another one claim', async () => {
    await at.client.openRun({ name: 'a', claims: [{ recipient: '*+r7@*' }] });
    await at.client.openRun({ name: 'b', claims: [{ service: 'shop' }] });
    await at.client.openRun({ name: 'c', claims: [{ service: 'billing' }] });
    for (const run of ['a', 'b', 'c']) await record(at.store, { run });
    await record(at.store, { run: 'ambiguous', service: 'shop', channel: 'email', to: 'qa+r7@example.test' });
    expect(await judged({ run: 'a' })).toEqual(['inconclusive', ['ambiguous-run']]);
    expect(await judged({ run: 'b' })).toEqual(['inconclusive', ['ambiguous-run']]);
    expect(await judged({ run: 'c' })).toEqual(['pass', []]);
  });

  test('captures of the window that are gone, but not those of another run', async () => {
    await at.client.openRun({ name: 'a' });
    await at.client.openRun({ name: 'b' });
    const gone = await record(at.store, { run: 'a' });
    await record(at.store, { run: 'a' });
    await record(at.store, { run: 'b' });
    await at.client.closeRun('a');
    await at.client.closeRun('b');
    expect(await at.client.removeOne(gone)).toBe(1);
    expect(await judged({ run: 'a' })).toEqual(['inconclusive', ['eviction']]);
    expect(await judged({ run: 'b' })).toEqual(['pass', []]);
    expect(await judged({ since: new Date(Date.now() - 60_000).toISOString() })).toEqual(['inconclusive', ['eviction']]);
  });

  test('a store that was cleared before the work is judged from there on', async () => {
    await record(at.store, { decision: forwardedTo(), standing: 'real' });
    await at.client.remove({});
    expect(await judged({})).toEqual(['inconclusive', ['min-captures=1']]);
    await record(at.store);
    expect(await judged({})).toEqual(['pass', []]);
  });

  test('a deletion is not taken for a clearing because the clock was set back after it', async () => {
    const clock = vi.spyOn(Date, 'now');
    try {
      await record(at.store);
      const sent = await record(at.store, { decision: forwardedTo(), standing: 'real' });
      expect(await at.client.removeOne(sent)).toBe(1);
      expect(await judged({})).toEqual(['inconclusive', ['eviction']]);
      const now = Date.now();
      clock.mockImplementation(() => now - 3_600_000);
      await record(at.store);
      expect(await judged({})).toEqual(['inconclusive', ['eviction']]);
    } finally {
      clock.mockRestore();
    }
  });

  test('of several clearings the last one counts', async () => {
    for (let round = 0; round < 3; round += 1) {
      await record(at.store, { decision: forwardedTo(), standing: 'real' });
      await at.client.remove({});
    }
    await record(at.store);
    expect(await judged({})).toEqual(['pass', []]);
    expect(await at.client.removeOne(await record(at.store))).toBe(1);
    expect(await judged({})).toEqual(['inconclusive', ['eviction']]);
  });

  test('content that is not read yet, where the expectation or the filter looks into it', async () => {
    const id = await record(at.store, { enrichment: 'pending' });
    expect(await judged({})).toEqual(['pass', []]);
    expect((await judged({ expect: 'no-findings' }))[0]).toBe('inconclusive');
    expect(await judged({ q: 'nothing', expect: 'max-captures=0,min-captures=0' })).toEqual(['inconclusive', ['unread']]);
    const settling = whenWaiting(at.store);
    const looked = new Promise<void>((resolve) => {
      const { pendingEnrichment } = at.store;
      Object.assign(at.store, { pendingEnrichment: async (limit: number) => {
        const pending = await pendingEnrichment(limit);
        resolve();
        return pending;
      } });
    });
    const waiting = at.client.assert({ settle: 20, expect: 'no-findings' });
    await settling;
    await looked;
    await at.store.enrich(id, { state: 'done', subject: null, text: 'hi', html: null, attachments: [], codes: [], links: [], findings: [], keys: [] });
    expect((await waiting).verdict).toBe('pass');
  });
});

test('callbacks that we sent are nobody’s calls: judged, counted and waited for only where they are asked for', async () => {
  const call = await record(at.store, { run: 'r1' });
  // as bad as could be, so that it would show
  const sent = { run: 'r1', callbackOf: call, standing: 'real', liveness: 'live', outcome: 'failed', decision: forwardedTo(), findings: [{ id: 'x', title: 'x', where: 'x', excerpt: '' }] } as const;
  await record(at.store, sent);
  await record(at.store, { ...sent, run: null, decoded: { kind: 'unrecognized', why: 'x' } });
  const all = 'no-forwarded,no-real-sends,no-real-recipients,no-live-credentials,no-unrecognized,no-findings,min-captures=1,max-captures=1';
  for (const run of [{ run: 'r1' }, {}]) expect(await judged({ ...run, expect: all })).toEqual(['pass', []]);
  expect((await at.client.assert({ expect: all, settle: 0 })).counts).toMatchObject({ captures: 1, forwarded: 0, unattributed: 0 });
  expect((await judged({ direction: 'callback', expect: 'no-forwarded' }))[0]).toBe('fail');
  expect((await at.client.assert({ direction: 'out,callback', settle: 0 })).counts).toMatchObject({ captures: 3 });
});

test('a question that cannot be read is refused by name', async () => {
  const refused = await at.client.assert({ expect: 'no-real-send' }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toMatchObject({ status: 400, field: 'expect' });
});
