import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClaims } from '../../src/providers/claims.ts';
import { httpProviders } from '../../src/providers/index.ts';
import type { Bench, BenchSettings } from './bench.ts';
import { openBench } from './bench.ts';
import type { Case } from './case.ts';
import { casesOf, isControl } from './case.ts';
import { judge } from './judge.ts';
import { evidenceOfKill } from './kill.ts';
import { leftOut, notOffered } from './left-out.ts';
import { pendingProvider } from './pending.ts';
import { evidenceOf } from './play.ts';
import { tapWire } from './wiretap.ts';

/** The gateways the cases run against: one house each, on real sockets. */
const settings = {
  plain: {},
  /** time limits small enough to wait for */
  hurried: { limits: { headersTimeout: 400, requestTimeout: 800, smtpIdle: 400, smtpSession: 800 } },
  sandbox: { sandbox: true },
  storeless: { storeDown: true },
} as const satisfies Readonly<Record<string, BenchSettings>>;
type Name = keyof typeof settings;

const allowed = new Set<number>();
const wire = tapWire(allowed);
const benches = new Map<Name, { readonly bench: Bench; readonly cursor: { seq: number } }>();
const claims = createClaims(httpProviders);
const tally = { judged: 0, contained: 0, controls: 0, falseAlarms: 0, pending: new Map<string, number>() };
let memoryBefore = 0;

beforeAll(async () => {
  for (const [name, wanted] of Object.entries(settings)) benches.set(name as Name, { bench: await openBench(allowed, wanted), cursor: { seq: 0 } });
  memoryBefore = process.memoryUsage().rss;
});
afterAll(async () => {
  for (const { bench } of benches.values()) await bench.stop();
  const pending = [...tally.pending].map(([provider, count]) => `pending:${provider} ${count}`).join(', ');
  process.stdout.write(`corpus: contained ${tally.contained} of ${tally.judged}, escapes ${tally.judged - tally.contained}, false alarms ${tally.falseAlarms} of ${tally.controls} controls, left out ${Object.keys(leftOut).length}, ${pending || 'nothing pending'}\n`);
});

function benchFor(one: Case): Name {
  if (one.fault === 'store-down') return 'storeless';
  if (one.input.includes('{{slow:')) return 'hurried';
  return one.kind === 'scenario' && one.input.includes('sandbox.mock.test') ? 'sandbox' : 'plain';
}

describe.each(['adversarial.jsonl', 'own.jsonl'])('%s', (file) => {
  const cases = casesOf(file).filter(({ channel, id }) => (channel === 'http' || channel === 'smtp') && leftOut[id] === undefined);

  it.each(cases.map((one) => [one.id, one.why, one] as const))('%s: %s', async (_id, _why, one) => {
    const { bench, cursor } = benches.get(benchFor(one))!;
    const pending = one.channel === 'http' ? pendingProvider(one.input, (host) => claims.claim(host, 443) !== null) : null;
    const instead = pending !== null ? 'deny' : notOffered[one.config ?? ''] ?? null;
    const seenBefore = wire.seen.length;
    tally.judged += 1;
    if (isControl(one) && pending === null) tally.controls += 1;
    for (const manner of one.channel === 'smtp' && !one.input.includes('{{slow:') ? ['at once', 'in step'] as const : ['at once'] as const) {
      const evidence = one.fault === 'kill9-before-commit' ? await evidenceOfKill(one, allowed) : await evidenceOf(one, bench, cursor, manner);
      const { faults, falseAlarm } = judge(instead === null ? one : { ...one, expect: `${one.expect}|${instead}` }, evidence);
      const alive = await fetch(`http://127.0.0.1:${bench.port('control')}/healthz`);
      if (falseAlarm !== null) tally.falseAlarms += 1;
      const found = [...faults, ...falseAlarm === null ? [] : [`false alarm: ${falseAlarm}`], ...wire.seen.slice(seenBefore)].map((fault) => `${manner}: ${fault}`);
      expect(found, found.join('\n')).toEqual([]);
      expect(alive.status).toBe(200);
    }
    tally.contained += 1;
    if (pending !== null) tally.pending.set(pending, (tally.pending.get(pending) ?? 0) + 1);
  });
});

it('no case made the process hold much more than it held before', () => {
  expect((process.memoryUsage().rss - memoryBefore) / 2 ** 20).toBeLessThan(512);
});
