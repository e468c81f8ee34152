import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAddressList } from '../../src/model/address/address-list.ts';
import { judge } from '../../src/policy/standing.ts';
import { policy } from './world.ts';

interface Case { readonly id: string; readonly channel: string; readonly input: string; readonly why: string; readonly expect: string; readonly recipients?: readonly string[] }

/** The policy of the corpus, as its README states it. */
const { safe } = policy(`version: 1
safe: { emails: ["*@example.test", "*@ourcompany.test"], phones: ["+15005550006", '/^\\+1[2-7][0-9]{2}55501[0-9]{2}$/'] }
default: reject
rules: []
`);

const cases = readFileSync(new URL('../fixtures/corpus/adversarial.jsonl', import.meta.url), 'utf8')
  .trim().split('\n').map((line) => JSON.parse(line) as Case);

/** `{{repeat:UNIT:N}}`: N stands after the last colon. */
function expanded(input: string): string {
  return input.replace(/\{\{repeat:([^]*):([0-9]+)\}\}/g, (_, unit: string, times: string) => unit.repeat(Number(times)));
}

function addressVerdict(text: string): { readonly verdict: string; readonly recipients: readonly string[] } {
  const list = parseAddressList(text);
  if (list.kind === 'invalid') return { verdict: 'invalid', recipients: [] };
  const recipients = list.addresses.map(({ address }) => judge(safe, { address, kind: 'email', role: 'to' }));
  const verdict = recipients.length === 0 ? 'empty' : recipients.every(({ standing }) => standing === 'safe') ? 'safe' : 'unsafe';
  return { verdict, recipients: recipients.map(({ address }) => address) };
}

describe('the adversarial corpus: addresses', () => {
  const all = cases.filter(({ channel }) => channel === 'address');

  it('is there', () => expect(all.length).toBe(91));

  it.each(all.map((one) => [one.id, one.why, one] as const))('%s: %s', (_id, _why, one) => {
    const started = performance.now();
    const { verdict, recipients } = addressVerdict(expanded(one.input));
    expect(performance.now() - started).toBeLessThan(200);
    expect(one.expect.split('|')).toContain(verdict);
    if (verdict !== 'invalid' && one.recipients !== undefined) expect(recipients).toEqual(one.recipients);
  });
});

describe('the adversarial corpus: numbers', () => {
  const all = cases.filter(({ channel }) => channel === 'phone');

  it('is there', () => expect(all.length).toBe(37));

  it.each(all.map((one) => [one.id, one.why, one] as const))('%s: %s', (_id, _why, one) => {
    const started = performance.now();
    const { standing } = judge(safe, { address: expanded(one.input), kind: 'phone', role: 'to' });
    expect(performance.now() - started).toBeLessThan(50);
    expect(one.expect.split('|')).toContain(standing === 'safe' || standing === 'invalid' ? standing : 'unsafe');
  });
});
