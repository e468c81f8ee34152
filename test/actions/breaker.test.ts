import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBreaker, realRecipients, type MailshotBreaker } from '../../src/actions/breaker.ts';
import { counted } from '../../src/actions/counted.ts';
import { distinctWindow } from '../../src/model/distinct-window.ts';
import type { Recipient } from '../../src/model/recipient.ts';
import type { Decoded } from '../../src/model/side-effect.ts';
import type { Store } from '../../src/model/store.ts';
import { decide } from '../../src/policy/decide.ts';
import { openIn, testKey } from '../store/sqlite/open.ts';
import { day, email, recipient, recording } from '../contract/store-drafts.ts';
import { mail, rules } from '../policy/world.ts';

let directory: string;
let store: Store;
let breaker: MailshotBreaker;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-breaker-'));
  store = await openIn(directory);
  await store.begin('one');
  breaker = await openBreaker({ store, key: testKey });
});
afterEach(async () => {
  await store.close('one');
  await rm(directory, { recursive: true, force: true });
});

const limit = { recipients: 3, perMs: 60_000 };
const to = (...addresses: readonly string[]): Decoded<Recipient> => ({ kind: 'effects', effects: [email({ recipients: addresses.map((address) => recipient(address, { standing: 'real' })) })] });
const count = (decoded: Decoded<Recipient>, at = day, service = 'shop', of = breaker) => of.count({ space: null, service, decoded, at, limit });

describe('counting', () => {
  it('counts different real recipients of a service, and says when there is one too many', async () => {
    expect(await count(to('a@x.com', 'b@x.com'))).toMatchObject({ distinct: 2, over: false, tripped: null });
    expect(await count(to('A@X.com'))).toMatchObject({ distinct: 2 });
    expect(await count(to('c@x.com'))).toMatchObject({ distinct: 3, over: false, tripped: null });
    expect(await count(to('z@x.com'), day, 'other')).toMatchObject({ distinct: 1 });
    expect(await count(to('d@x.com'), day + 10)).toMatchObject({ distinct: 4, over: true, tripped: '2026-11-21T10:00:00.010Z' });
    expect(await count(to('e@x.com'), day + 60_000)).toMatchObject({ distinct: 2, over: false, tripped: null });
  });

  it('asks nothing of the store for a call that names nobody real, or of a policy without a breaker', async () => {
    const idle = { ...store, breakers: async () => [], tally: () => { throw new Error('asked'); } };
    const one = await openBreaker({ store: idle, key: testKey });
    const safe: Decoded<Recipient> = { kind: 'effects', effects: [email({ recipients: [recipient('qa@example.test', { standing: 'safe' }), recipient('x@example.com', { standing: 'reserved' })] })] };
    expect(await one.confirm(await one.count({ space: null, service: 'shop', decoded: safe, at: day, limit }))).toMatchObject({ tally: null, distinct: 0, tripped: null });
    expect(await one.count({ space: null, service: 'shop', decoded: to('a@x.com'), at: day, limit: null })).toMatchObject({ tally: null });
  });

  it('counts unknown and invalid ones too: for what would leave they are real', () => {
    const all = (['real', 'unknown', 'invalid', 'safe', 'reserved'] as const).map((standing) => recipient(`${standing}@x.com`, { standing }));
    expect(realRecipients({ kind: 'effects', effects: [email({ recipients: all })] })).toEqual(['real@x.com', 'unknown@x.com', 'invalid@x.com']);
  });

  it('begins after a restart where the captures of before ended', async () => {
    const { tally } = await count(to('a@x.com', 'b@x.com', 'c@x.com'));
    await store.record(recording({ tally }));
    const again = await openBreaker({ store, key: testKey });
    expect(await count(to('d@x.com'), day + 1, 'shop', again)).toMatchObject({ distinct: 4, over: true });
  });

  it('counts together with other instances before anything leaves, and sees their trips and resets', async () => {
    const other = await openBreaker({ store, key: testKey });
    await breaker.confirm(await count(to('a@x.com', 'b@x.com')));
    const mine = await count(to('c@x.com', 'd@x.com'), day + 1, 'shop', other);
    expect(mine.over).toBe(true); // read from the store at the first call of the service
    await breaker.trip({ ...mine, distinct: 4 }, { space: null, service: 'shop', capture: 'cap_1', run: null, limit });
    expect(await other.confirm(await count(to('c@x.com'), day + 2, 'shop', other))).toMatchObject({ tripped: '2026-11-21T10:00:00.000Z' });
    await breaker.store.resetBreaker({ space: null, service: 'shop' });
    expect(await count(to('a@x.com'), day + 3)).toMatchObject({ distinct: 1, tripped: null });
    await other.refresh();
    expect((await other.count({ space: null, service: 'shop', decoded: to(), at: day, limit })).tripped).toBeNull();
  });
});

describe('the state of other instances', () => {
  it('that was read before a trip of this one does not undo it', async () => {
    const [read, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let held = false;
    const one = await openBreaker({ key: testKey, store: { ...store, async breakers(of) {
      const found = await store.breakers(of);
      if (held) {
        read.resolve();
        await go.promise;
      }
      return found;
    } } });
    held = true;
    const refreshing = one.refresh();
    await read.promise;
    await one.trip({ tally: null, distinct: 4, over: true, tripped: null }, { space: null, service: 'shop', capture: 'cap_1', run: null, limit });
    go.resolve();
    await refreshing;
    expect((await one.count({ space: null, service: 'shop', decoded: to(), at: day, limit })).tripped).toBe('2026-11-21T10:00:00.000Z');
  });
});

describe('deciding with the count', () => {
  const forward = rules(['{ id: out, when: { channel: email }, then: { forward: { via: relay, rewrite: { recipients: "qa+{hash}@ourcompany.test" } } }, because: testers read it }']);
  const capture = rules(['{ id: in, when: { channel: email }, then: capture, because: staging sends nothing }']);
  const origin = mail().origin;
  const through = async (policy: typeof forward, address: string, id = `cap_${address}`) => counted({ breaker }, { id, at: day, run: null, origin, decoded: to(address), limit }, ({ tripped }) => {
    const decision = decide(policy, { ...mail(recipient(address, { standing: 'real' })), facts: { tripped } });
    if (!('action' in decision)) throw new Error('undecided');
    return decision;
  });

  it('lets a forward out until there is one recipient too many; then the breaker trips and stays tripped for everybody', async () => {
    for (const name of ['a', 'b', 'c']) expect((await through(forward, `${name}@x.com`)).decision.action).toBe('forward');
    expect((await through(forward, 'd@x.com')).decision).toMatchObject({ action: 'reject', rule: 'gateway:breaker' });
    expect((await through(forward, 'a@x.com')).decision).toMatchObject({ action: 'reject', rule: 'gateway:breaker' });
    expect((await store.events(0, 100)).filter(({ kind }) => kind === 'tripped')).toMatchObject([{ capture: 'cap_d@x.com', data: { service: 'shop', recipients: 4, limit: 3 } }]);
    await breaker.store.resetBreaker({ space: null, service: 'shop' });
    expect((await through(forward, 'd@x.com')).decision.action).toBe('forward');
  });

  it('never trips on captures, whose decision stays as it was; they count for a forward that follows', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect((await through(capture, `${name}@x.com`)).decision).toMatchObject({ action: 'capture', rule: 'in' });
    expect((await store.breakers(null)).some(({ tripped }) => tripped !== null)).toBe(false);
    expect((await through(forward, 'f@x.com')).decision.rule).toBe('gateway:breaker');
  });

  it('of twenty forwards at once lets out no more than the limit', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => through(forward, `m${n}@x.com`)));
    expect(all.filter(({ decision }) => decision.action === 'forward')).toHaveLength(limit.recipients);
  });

  it('lets nothing out when the store cannot count', async () => {
    const down = await openBreaker({ store: { ...store, tally: () => Promise.reject(new Error('disk full')) }, key: testKey });
    await expect(counted({ breaker: down }, { id: 'cap_1', at: day, run: null, origin, decoded: to('a@x.com'), limit }, () => {
      const decision = decide(forward, mail(recipient('a@x.com', { standing: 'real' })));
      if (!('action' in decision)) throw new Error('undecided');
      return decision;
    })).rejects.toThrow('disk full');
  });
});

describe('a window of different members', () => {
  it('counts as one that forgets nothing too early, up to its bound', () => {
    const sight = fc.record({ member: fc.constantFrom(...'abcdefgh'), wait: fc.nat(40) });
    fc.assert(fc.property(fc.array(sight, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (sights, most) => {
      const window = distinctWindow({ perMs: 100, most });
      const last = new Map<string, number>();
      let at = 0;
      for (const { member, wait } of sights) {
        at += wait;
        last.set(member, at);
        const now = at;
        expect(window.see([member], at)).toBe(Math.min(most, [...last.values()].filter((time) => time > now - 100).length));
      }
    }));
  });
});
