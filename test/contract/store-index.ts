import { afterEach, describe, expect, test } from 'vitest';
import type { CaptureDraft, Outcome } from '../../src/model/capture.ts';
import type { CaptureFilter, CountedBy, Store } from '../../src/model/store.ts';
import { day, email, enrichment, http, recipient, recording, sms } from './store-drafts.ts';

/** A store on storage of its own; `lookedAt`: how many captures it may look at for a total. */
export interface IndexedStore { readonly store: Store; dispose(): Promise<void> }

/** One capture as an array would have it. */
interface Kept { readonly draft: CaptureDraft; readonly seq: number; outcome: Outcome; tags: readonly string[]; findings: readonly string[]; keys: readonly string[]; words: readonly string[] }

const manyNames = ['run', 'space', 'service', 'channel', 'provider', 'operation', 'action', 'outcome', 'liveness', 'standing', 'recipient', 'host', 'key', 'trace', 'finding', 'tag', 'direction'] as const;
const counted: readonly CountedBy[] = ['channel', 'provider', 'service', 'run', 'action', 'outcome', 'standing', 'finding'];

/** Lists, totals and counts must say what a look at every capture would say. */
export function indexContract(name: string, open: (options: { readonly lookedAt: number }) => Promise<IndexedStore>): void {
  describe(`${name} store: lists, totals and counts`, () => {
    let opened: IndexedStore | null = null;
    afterEach(async () => { await opened?.dispose(); });

    test.each([
      ['a store that may look at everything', 10_000, 22], ['a store that may look at few', 16, 44],
    ] as const)('are those of a plain array of captures, whatever is recorded, changed and deleted: %s', async (_what, lookedAt, seed) => {
      opened = await open({ lookedAt });
      const { store } = opened;
      await store.begin('one');
      const random = randomOf(seed);
      const all: Kept[] = [];
      for (let round = 0; round < 4; round += 1) {
        await Promise.all(Array.from({ length: 30 }, async () => {
          const { what, words } = someRecording(random, round);
          const { seq } = await store.record(what);
          all.push({ draft: what.draft, seq, outcome: what.draft.outcome, tags: [], findings: what.draft.findings.map(({ id }) => id), keys: keysOf(what.draft.keys), words });
        }));
        // Numbers grow beyond one block of times.
        await Promise.all(Array.from({ length: 600 }, () => store.append({ kind: 'tls-rejected', capture: null, run: null, data: {} })));
        await change(store, all, random);
        for (let nth = 0; nth < 20; nth += 1) await compare(store, all, someFilter(random, all), lookedAt, random);
      }
      await store.remove({});
      expect(await store.list({}, 10)).toEqual({ items: [], next: null, total: 0, totalExact: true, oldestKept: null });
      for (const by of counted) expect(await store.counts({}, by)).toEqual([]);
    });

    test('a total that is not known to the end says so, and is never more than there is; the page is right all the same', async () => {
      opened = await open({ lookedAt: 4 });
      const { store } = opened;
      await store.begin('one');
      const at = new Date(day).toISOString();
      for (let nth = 0; nth < 12; nth += 1) await store.record(recording({ at, findings: nth < 3 ? [{ id: 'odd', title: '', where: '', excerpt: '' }] : [] }));
      const said = async (filter: CaptureFilter, limit: number): Promise<unknown> => {
        const { items, total, totalExact } = await store.list(filter, limit);
        return [items.length, total, totalExact];
      };
      expect(await said({}, 2)).toEqual([2, 12, true]);
      expect(await said({ finding: ['odd'] }, 2)).toEqual([2, 3, true]);
      const [, atLeast, exact] = await said({ q: 'order' }, 2) as readonly [number, number, boolean];
      expect([atLeast >= 3 && atLeast < 12, exact]).toEqual([true, false]);
      expect(await said({ q: 'order' }, 20)).toEqual([12, 12, true]);
      expect(await said({ recipient: ['ann@shop.test'], since: at }, 2)).toEqual([2, 5, false]);
      expect(await said({ recipient: ['*@shop.test'], finding: ['odd'] }, 2)).toEqual([2, 3, true]);
      expect(await store.facetCounts({ q: 'order' }, ['channel', 'run'])).toEqual({ counts: { channel: [{ value: 'email', count: atLeast }], run: [] }, counted: atLeast });
      expect(await store.facetCounts({ finding: ['odd'] }, ['channel'])).toEqual({ counts: { channel: [{ value: 'email', count: 3 }] }, counted: null });
      expect(await store.counts({ q: 'order' }, 'channel')).toEqual([{ value: 'email', count: 12 }]);
    });

    test('a capture whose outcome changes meanwhile is in every list and every count', async () => {
      opened = await open({ lookedAt: 100 });
      const { store } = opened;
      await store.begin('one');
      const [own, other] = [recording({ run: 'r1' }), recording({ decision: { ...recording().draft.decision, action: 'reject' } })];
      for (const each of [own, other]) await store.record(each);
      const { id } = own.draft;
      let changing = true;
      const changes = (async () => {
        for (let nth = 0; nth < 200; nth += 1) await store.outcome(id, nth % 2 === 0 ? 'forwarded' : 'captured', null);
      })().finally(() => { changing = false; });
      const seen = new Set<string>();
      for (let nth = 0; changing; nth += 1) {
        const filter: CaptureFilter = nth % 2 === 0 ? { run: ['r1'] } : { action: ['capture'], after: 0 };
        const [{ items, total }, counts, sides] = await Promise.all([store.list(filter, 5), store.counts(filter, 'action'), store.facetCounts(filter, ['outcome'])]);
        seen.add(JSON.stringify([items.map((item) => item.id), total, counts, sides.counts['outcome']?.map(({ count }) => count)]));
      }
      await changes;
      expect([...seen]).toEqual([JSON.stringify([[id], 1, [{ value: 'capture', count: 1 }], [1]])]);
    });
  });
}

type Random = (below: number) => number;

function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random(from.length)]!;
}

const vocabulary = ['apple', 'bread', 'cherry', 'dough', 'egg', 'flour'];
const services = ['shop', 'billing', 'night job'];
const findingIds = ['odd', 'live-key'];

function someRecording(random: Random, round: number): { readonly what: ReturnType<typeof recording>; readonly words: readonly string[] } {
  const words = [pick(random, vocabulary), pick(random, vocabulary)];
  const run = pick(random, [null, 'r1', 'r2', 'ambiguous']);
  const origin = { space: pick(random, [null, 'team', 'qa']), service: pick(random, services), run, trace: pick(random, [null, 'a'.repeat(32), 'b'.repeat(32)]), address: '::1', via: 'proxy' as const };
  const recipients = [recipient(`u${random(6)}@shop.test`, { standing: pick(random, ['reserved', 'real', 'unknown']) }), recipient(`v${random(6)}@x.test`)];
  const findings = random(4) === 0 ? [{ id: pick(random, findingIds), title: '', where: '', excerpt: '' }] : [];
  // Times go back now and then, within blocks and over them.
  const common: Partial<CaptureDraft> = {
    at: new Date(day + (random(5) === 0 ? random(6) : round) * 3_600_000 + random(1_000)).toISOString(), origin, run, findings, keys: [{ name: 'order', value: String(random(8)) }],
    outcome: pick(random, ['captured', 'rejected', 'pending']), direction: random(6) === 0 ? 'callback' : 'out', enrichment: 'done',
    decision: { action: pick(random, ['capture', 'reject']), reply: null, rule: 'all', reason: '', trace: [], reported: [], policy: { sha256: 'f' }, fault: null },
  };
  const what = random(2) === 0
    ? recording({ ...common, decoded: { kind: 'effects', effects: [email({ subject: words.join(' '), recipients })] } })
    : recording({ ...common, protocol: 'http', provider: 'twilio', channels: ['sms', 'voice'], request: http({ authority: { host: pick(random, ['a.test', 'b.test']), port: 443 } }),
      decoded: { kind: 'effects', effects: [sms({ text: words.join(' '), recipients, operation: pick(random, ['messages.create', 'calls.create']) })] } });
  return { what, words };
}

async function change(store: Store, all: Kept[], random: Random): Promise<void> {
  for (const kept of all.filter(() => random(4) === 0)) {
    const { id } = kept.draft;
    switch (random(4)) {
      case 0:
        kept.outcome = pick(random, ['forwarded', 'failed', 'captured']);
        await store.outcome(id, kept.outcome, null);
        break;
      case 1:
        kept.tags = pick(random, [[], ['t1'], ['t1', 't2']]);
        await store.patch(id, { tags: kept.tags });
        break;
      case 2: {
        const finding = pick(random, findingIds);
        kept.findings = [...new Set([...kept.findings, finding])];
        kept.keys = [...new Set([...kept.keys, ...keysOf([{ name: 'code', value: '7' }])])];
        await store.enrich(id, enrichment({ findings: [{ id: finding, title: 'new', where: '', excerpt: '' }], keys: [{ name: 'code', value: '7' }] }));
        break;
      }
      default:
        expect(await store.remove({ ids: [id] })).toBe(1);
        all.splice(all.indexOf(kept), 1);
    }
  }
  const filter: CaptureFilter = { service: ['night job'], run: ['r2'], q: pick(random, vocabulary) };
  const going = all.filter((kept) => matches(kept, filter));
  expect(await store.remove(filter)).toBe(going.length);
  for (const kept of going) all.splice(all.indexOf(kept), 1);
}

function someFilter(random: Random, all: readonly Kept[]): CaptureFilter {
  const asked: Record<string, unknown> = {};
  for (let nth = random(4); nth >= 0; nth -= 1) {
    const name = pick(random, manyNames);
    const values = [...new Set(all.flatMap((kept) => valuesOf(kept)[name]))];
    asked[name] = [...new Set(Array.from({ length: 1 + random(2) }, () => (values.length === 0 || random(12) === 0 ? 'nobody' : pick(random, values))))];
  }
  if (random(8) === 0) asked['recipient'] = [pick(random, ['*@shop.test', 'u1*', 'u?@shop.test', '*'])];
  if (random(4) === 0) asked['q'] = pick(random, [...vocabulary, `"${vocabulary[0]} ${vocabulary[1]}"`, `${vocabulary[2]} ${vocabulary[3]}`, 'fl*', 'b*', '']);
  if (random(4) === 0) asked['since'] = new Date(day + random(6) * 3_600_000 + random(1_000)).toISOString();
  if (random(4) === 0) asked['until'] = new Date(day + random(6) * 3_600_000 + random(1_000)).toISOString();
  if (random(4) === 0) asked['after'] = random(3_000);
  if (random(5) === 0) for (const name of manyNames) delete asked[name];
  return asked as CaptureFilter;
}

async function compare(store: Store, all: readonly Kept[], filter: CaptureFilter, lookedAt: number, random: Random): Promise<void> {
  const expected = all.filter((kept) => matches(kept, filter)).toSorted((one, other) => other.seq - one.seq);
  const said = JSON.stringify(filter);
  const limit = 1 + random(7);
  const page = await store.list(filter, limit);
  expect(page.items.map(({ seq }) => seq), said).toEqual(expected.slice(0, limit).map(({ seq }) => seq));
  expect(page.next, said).toBe(expected.length > limit ? expected[limit - 1]!.seq : null);
  if (page.totalExact) expect(page.total, said).toBe(expected.length);
  else expect([lookedAt < all.length, page.total <= expected.length, page.total >= page.items.length], said).toEqual([true, true, true]);
  if (page.next !== null) {
    const second = await store.list({ ...filter, before: page.next }, limit);
    expect(second.items.map(({ seq }) => seq), said).toEqual(expected.slice(limit, 2 * limit).map(({ seq }) => seq));
    if (second.totalExact) expect(second.total, said).toBe(expected.length);
  }
  const one = pick(random, counted);
  expect(await store.counts(filter, one), `${one} ${said}`).toEqual(countBy(expected, one));
  const sides = await store.facetCounts(filter, counted);
  for (const by of counted) {
    const naive = countBy(expected, by);
    if (sides.counted === null) expect(sides.counts[by], `${by} ${said}`).toEqual(naive);
    else {
      expect(lookedAt, said).toBeLessThan(all.length);
      expect(sides.counts[by], `${by} ${said}`).toEqual(countBy(expected.slice(0, sides.counted), by));
    }
  }
}

function countBy(kept: readonly Kept[], by: CountedBy): readonly { readonly value: string; readonly count: number }[] {
  const sums = new Map<string, number>();
  for (const each of kept) for (const value of new Set(valuesOf(each)[by])) sums.set(value, (sums.get(value) ?? 0) + 1);
  return [...sums].map(([value, count]) => ({ value, count })).toSorted((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1));
}

function valuesOf({ draft, outcome, tags, findings, keys }: Kept): Readonly<Record<typeof manyNames[number], readonly string[]>> {
  const effects = draft.decoded.kind === 'effects' ? draft.decoded.effects : [];
  const { origin, run, channels, provider, decision, direction, request } = draft;
  const some = (value: string | null): readonly string[] => (value === null ? [] : [value]);
  return {
    run: some(run), space: some(origin.space), service: some(origin.service), channel: channels, provider: some(provider), operation: effects.map(({ operation }) => operation), action: [decision.action], outcome: [outcome],
    liveness: effects.map(({ liveness }) => liveness), standing: effects.flatMap(({ recipients }) => recipients.map(({ standing }) => standing)), recipient: effects.flatMap(({ recipients }) => recipients.map(({ address }) => address)),
    host: request.kind === 'http' ? [request.authority.host] : [], key: keys, trace: some(origin.trace), finding: findings, tag: tags, direction: [direction],
  };
}

function keysOf(keys: readonly { readonly name: string; readonly value: string }[]): readonly string[] {
  return keys.flatMap(({ name, value }) => [value, `${name}:${value}`]);
}

function matches(kept: Kept, filter: CaptureFilter): boolean {
  const values = valuesOf(kept);
  const { q = '', since, until, after } = filter;
  return manyNames.every((name) => filter[name] === undefined || filter[name].some((wanted) => values[name].some((value) => (wanted.includes('*') && name === 'recipient' ? like(value, wanted) : value === wanted))))
    && (since === undefined || kept.draft.at >= since) && (until === undefined || kept.draft.at <= until) && (after === undefined || kept.seq > after) && says(kept.words, q);
}

function like(value: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.?+]/g, '\\$&')).join('.*')}$`).test(value);
}

function says(words: readonly string[], q: string): boolean {
  if (q.startsWith('"')) return `"${words.join(' ')}"` === q;
  return q.split(' ').every((word) => words.some((each) => (word.endsWith('*') ? each.startsWith(word.slice(0, -1)) : word === '' || each === word)));
}
