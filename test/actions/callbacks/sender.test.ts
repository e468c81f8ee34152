import { describe, expect, it } from 'vitest';
import { startSender, type Sender } from '../../../src/actions/callbacks/sender.ts';
import type { CallbackResult, OutboxCallback } from '../../../src/model/callback.ts';
import type { Store } from '../../../src/model/store.ts';

/** When the sender asks, for how many, and what it does with what it is given. */
interface Desk {
  readonly asked: number[];
  readonly sent: string[];
  readonly settled: CallbackResult[];
  readonly errors: unknown[];
  /** what the next questions are answered; then nothing is due */
  readonly answers: (() => Awaited<ReturnType<Store['leaseCallbacks']>>)[];
  sender(more?: { readonly send?: (callback: OutboxCallback) => Promise<void>; readonly watch?: boolean; readonly lease?: () => Promise<void> }): Sender;
}

function desk(): Desk {
  const made: Omit<Desk, 'sender'> = { asked: [], sent: [], settled: [], errors: [], answers: [] };
  return {
    ...made,
    sender: ({ send = () => Promise.resolve(), watch = false, lease = () => Promise.resolve() } = {}) => startSender({
      instance: 'one', watch, now: Date.now, logger: { error: (error: unknown) => { made.errors.push(error); } },
      send: (callback) => { made.sent.push(callback.id); return send(callback); },
      store: {
        async leaseCallbacks({ limit }) {
          made.asked.push(limit);
          await lease();
          return made.answers.shift()?.() ?? { leased: [], next: null };
        },
        async settleCallback(result) { made.settled.push(result); return true; },
      },
    }),
  };
}

const callback = (id: string): OutboxCallback => ({
  id, capture: 'cap_1', provider: 'twilio', target: 'shop', object: id, cut: false, state: 'leased', attempt: 1, notBeforeMs: 0, method: 'POST', headers: [], body: '', contentType: 'text/plain',
});
const given = (...ids: readonly string[]) => () => ({ leased: ids.map(callback), next: null });
const turns = (ms = 20): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

describe('the sender', () => {
  it('asks once at its start, and then not again until something is due', async () => {
    const { sender, asked } = desk();
    const running = sender();
    await turns(60);
    expect(asked).toEqual([16]);
    running.due(Date.now());
    await turns();
    expect(asked).toEqual([16, 16]);
    await running.close();
  });

  it('wakes when the next one is due, and no sooner', async () => {
    const { sender, asked, answers } = desk();
    answers.push(() => ({ leased: [], next: new Date(Date.now() + 80).toISOString() }));
    const running = sender();
    await turns(40);
    expect(asked).toHaveLength(1);
    await turns(80);
    expect(asked).toHaveLength(2);
    await running.close();
  });

  it('wakes for the earliest of many', async () => {
    const { sender, asked } = desk();
    const running = sender();
    await turns();
    for (const after of [5_000, 30, 9_000]) running.due(Date.now() + after);
    await turns(60);
    expect(asked).toHaveLength(2);
    await running.close();
  });

  it('never has more under way than its width, and asks again as soon as one has ended', async () => {
    const { sender, asked, sent, answers } = desk();
    const ends: (() => void)[] = [];
    answers.push(given(...Array.from({ length: 16 }, (_, n) => `cbk_${n}`)), given('cbk_16'));
    const running = sender({ send: () => new Promise((resolve) => { ends.push(resolve); }) });
    await turns();
    running.due(Date.now());
    await turns();
    expect([asked, sent.length]).toEqual([[16], 16]);
    ends.shift()!();
    await turns();
    expect([asked, sent.length]).toEqual([[16, 1], 17]);
    for (const end of ends) end();
    await running.close();
  });

  it('does not make a loop of a store whose clock is behind', async () => {
    const { sender, asked, answers } = desk();
    for (let n = 0; n < 1_000; n++) answers.push(() => ({ leased: [], next: new Date(0).toISOString() }));
    const running = sender();
    await turns(60);
    expect(asked.length).toBeLessThan(20);
    await running.close();
  });

  it('asks again after the store has failed, and goes on after an attempt that could not be recorded', async () => {
    const { sender, asked, errors, answers } = desk();
    answers.push(() => { throw new Error('down'); }, given('cbk_1'));
    const running = sender({ send: () => Promise.reject(new Error('not recorded')) });
    await turns(1_100);
    expect(asked.length).toBeGreaterThan(2);
    expect(errors).toHaveLength(2);
    await running.close();
  });

  it('finishes what is under way when it is closed, gives back what it was given too late, and takes nothing more', async () => {
    const { sender, asked, sent, settled, answers } = desk();
    let end = (): void => undefined;
    let lease = (): void => undefined;
    answers.push(given('cbk_1'), given('cbk_2'));
    const running = sender({
      send: () => new Promise((resolve) => { end = resolve; }),
      lease: () => (asked.length === 2 ? new Promise((resolve) => { lease = resolve; }) : Promise.resolve()),
    });
    await turns();
    running.due(Date.now());
    await turns();
    let closed = false;
    const closing = running.close().then(() => { closed = true; });
    lease();
    await turns();
    expect([sent, closed]).toEqual([['cbk_1'], false]);
    expect(settled).toMatchObject([{ id: 'cbk_2', state: 'pending', attempt: 1 }]);
    end();
    await closing;
    running.due(Date.now());
    await turns();
    expect(asked).toHaveLength(2);
  });
});
