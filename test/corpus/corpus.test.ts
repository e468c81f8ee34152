import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClaims } from '../../src/providers/claims.ts';
import { httpProviders } from '../../src/providers/index.ts';
import type { Bench, BenchSettings } from './bench.ts';
import { openBench } from './bench.ts';
import type { Case } from './case.ts';
import { casesOf, isControl } from './case.ts';
import type { SmtpManner } from './conversation.ts';
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
interface Desk { readonly bench: Bench; readonly cursor: { seq: number } }
/** Gateways of each sort, and who waits for one: each plays one case at a time, so that what it shows belongs to that case. */
const free = new Map<Name, Desk[]>();
const waiting = new Map<Name, ((desk: Desk) => void)[]>();
const all: Bench[] = [];
const claims = createClaims(httpProviders);
const tally = { judged: 0, escapes: new Set<string>(), controls: 0, falseAlarms: 0, pending: new Map<string, number>() };
let memoryBefore = 0;

beforeAll(async () => {
  for (const [name, wanted] of Object.entries(settings)) {
    const desks = await Promise.all(Array.from({ length: name === 'plain' ? 3 : 1 }, async (): Promise<Desk> => ({ bench: await openBench(allowed, wanted), cursor: { seq: 0 } })));
    all.push(...desks.map(({ bench }) => bench));
    free.set(name as Name, desks);
    waiting.set(name as Name, []);
  }
  memoryBefore = process.memoryUsage().rss;
});
afterAll(async () => {
  await Promise.all(all.map((bench) => bench.stop()));
  const pending = [...tally.pending].map(([provider, count]) => `pending:${provider} ${count}`).join(', ');
  process.stdout.write(`corpus: contained ${tally.judged - tally.escapes.size} of ${tally.judged}, escapes ${tally.escapes.size + wire.seen.length}, false alarms ${tally.falseAlarms} of ${tally.controls} controls, left out ${Object.keys(leftOut).length}, ${pending || 'nothing pending'}\n`);
});

/** Runs the work with a gateway of this sort for itself. */
async function withDesk(name: Name, work: (desk: Desk) => Promise<void>): Promise<void> {
  const desk = free.get(name)!.pop() ?? await new Promise<Desk>((resolve) => { waiting.get(name)!.push(resolve); });
  try {
    await work(desk);
  } finally {
    const next = waiting.get(name)!.shift();
    if (next === undefined) free.get(name)!.push(desk);
    else next(desk);
  }
}

/** A session is played as a flood and as a polite client would; a drip, or a thousand commands, in one way only. */
function mannersOf({ channel, input, fault }: Case): readonly SmtpManner[] {
  return channel === 'smtp' && !input.includes('{{') && fault !== 'kill9-before-commit' ? ['at once', 'in step'] : ['at once'];
}

function benchFor(one: Case): Name {
  if (one.fault === 'store-down') return 'storeless';
  if (one.input.includes('{{slow:')) return 'hurried';
  return one.kind === 'scenario' && one.input.includes('sandbox.mock.test') ? 'sandbox' : 'plain';
}

describe.each(['adversarial.jsonl', 'own.jsonl'])('%s', (file) => {
  const cases = casesOf(file).filter(({ channel, id }) => (channel === 'http' || channel === 'smtp') && leftOut[id] === undefined);

  it.concurrent.each(cases.map((one) => [one.id, one.why, one] as const))('%s: %s', async (_id, _why, one) => {
    const pending = one.channel === 'http' ? pendingProvider(one.input, (host) => claims.claim(host, 443) !== null) : null;
    const instead = pending !== null ? 'deny' : notOffered[one.config ?? ''] ?? null;
    const judged = instead === null ? one : { ...one, expect: `${one.expect}|${instead}` };
    tally.judged += 1;
    if (isControl(judged)) tally.controls += 1;
    if (pending !== null) tally.pending.set(pending, (tally.pending.get(pending) ?? 0) + 1);
    // until it is judged contained it counts as an escape, also where the playing itself fails
    tally.escapes.add(one.id);
    await withDesk(benchFor(one), async ({ bench, cursor }) => {
      for (const manner of mannersOf(one)) {
        tally.escapes.add(one.id);
        const evidence = one.fault === 'kill9-before-commit' ? await evidenceOfKill(one, allowed) : await evidenceOf(one, bench, cursor, manner);
        const { faults, falseAlarm } = judge(judged, evidence);
        const alive = await fetch(`http://127.0.0.1:${bench.port('control')}/healthz`);
        if (falseAlarm !== null) tally.falseAlarms += 1;
        if (faults.length === 0) tally.escapes.delete(one.id);
        const found = [...faults, ...falseAlarm === null ? [] : [`false alarm: ${falseAlarm}`]].map((fault) => `${manner}: ${fault}`);
        expect(found, found.join('\n')).toEqual([]);
        expect(alive.status).toBe(200);
      }
    });
  });
});

it('no library of this process opened a connection or asked for a name on its own', () => expect(wire.seen).toEqual([]));

it('no case made the process hold a gibibyte more than before, with all the gateways and all the clients in it', () => {
  expect((process.memoryUsage().rss - memoryBefore) / 2 ** 20).toBeLessThan(1_024);
});
