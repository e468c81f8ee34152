import { expect } from 'vitest';
import type { CaptureFilter, CountedBy, Store } from '../../src/model/store.ts';
import { email, http, recipient, recording, sms } from './store-drafts.ts';

const filters: readonly CaptureFilter[] = [
  {}, { run: ['r1'] }, { run: ['r1', 'r2'], channel: ['sms'] }, { service: ['billing'] }, { channel: ['email'], outcome: ['captured'] }, { standing: ['real'] }, { finding: ['odd'] }, { tag: ['flaky'] },
  { recipient: ['ann@shop.test'] }, { recipient: ['*@x.test'], service: ['shop'] }, { recipient: ['*@x.test'] }, { recipient: ['*@q"\\.test'] }, { key: ['order:1'] }, { host: ['api.vendor.test'], run: ['r2'] }, { q: 'code' }, { q: '"your code"', channel: ['sms'] }, { q: 'code*', run: ['r2'] },
  { direction: ['callback'] }, { since: '2026-11-21T12:00:00Z' }, { until: '2026-11-21T12:00:00Z', service: ['shop'] }, { after: 5 }, { space: ['team'], action: ['capture'], liveness: ['test'] },
];
const fields: readonly CountedBy[] = ['channel', 'provider', 'service', 'run', 'action', 'outcome', 'standing', 'finding'];

/** Captures of many kinds, one of them changed and one deleted. */
export async function fillForUpgrade(store: Store): Promise<void> {
  for (let nth = 0; nth < 24; nth += 1) {
    const run = [null, 'r1', 'r2'][nth % 3]!;
    const origin = { space: nth % 4 === 0 ? 'team' : null, service: nth % 5 === 0 ? 'billing' : 'shop', run, trace: null, address: '::1', via: 'proxy' as const };
    const common = { run, origin, at: new Date(Date.parse('2026-11-21T10:00:00Z') + nth * 600_000).toISOString(), findings: nth % 6 === 0 ? [{ id: 'odd', title: 'NUL \0', where: '', excerpt: '' }] : [],
      direction: nth === 7 ? 'callback' as const : 'out' as const, keys: [{ name: 'order', value: String(nth % 3) }] };
    await store.record(nth % 2 === 0 ? recording({ ...common, decoded: { kind: 'effects', effects: [email({ recipients: [recipient('ann@shop.test'), recipient(`u${nth}@x.test`, { standing: 'real' })] })] } })
      : recording({ ...common, protocol: 'http', provider: 'twilio', channels: ['sms', 'voice'], request: http(), decoded: { kind: 'effects', effects: [sms()] } }));
  }
  const odd = ['two@signs@x.test', 'nul\0before@x.test', 'half\ud800@x.test', 'quote"back\\slash@q"\\.test', '@x.test', 'nobody@', ''];
  await store.record(recording({ decoded: { kind: 'effects', effects: [email({ recipients: odd.map((address) => recipient(address)) })] } }));
  for (const address of odd) await store.record(recording({ decoded: { kind: 'effects', effects: [email({ recipients: [recipient(address)] })] } }));
  const { items } = await store.list({}, 100);
  await store.patch(items[3]!.id, { tags: ['flaky', 'odd'] });
  await store.outcome(items[4]!.id, 'forwarded', null);
  await store.remove({ ids: [items[5]!.id] });
}

/** Everything a list, a total and a count say of it. */
export async function toldBy(store: Store): Promise<readonly unknown[]> {
  const told: unknown[] = [(await store.capture('latest'))?.id];
  for (const filter of filters) {
    const { items, next, total, totalExact } = await store.list(filter, 12);
    told.push([JSON.stringify(filter), items.map(({ id }) => id), next, total, totalExact, await Promise.all(fields.map((by) => store.counts(filter, by))), await store.facetCounts(filter, fields)]);
  }
  expect(told.length).toBeGreaterThan(20);
  return told;
}
