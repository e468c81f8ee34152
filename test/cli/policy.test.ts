import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { offlinePolicy } from '../../src/assembly/offline-policy.ts';
import { run } from '../../src/cli/run.ts';
import type { Io } from '../../src/cli/io.ts';
import { suggestedRules, surveyedHosts } from '../../src/cli/suggest-rules.ts';
import { harness, policyText, record } from '../control/harness.ts';
import type { Harness } from '../control/harness.ts';

let at: Harness;
let directory: string;
beforeAll(async () => {
  at = await harness();
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-policy-'));
});
afterAll(async () => {
  await at.close();
  await rm(directory, { recursive: true, force: true });
});

async function fourthwall(argv: readonly string[], env: Io['env'] = { FOURTHWALL_URL: at.url }): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(['policy', ...argv], { env, openPolicy: offlinePolicy, stdout: { write: (chunk) => out.push(String(chunk)) }, stderr: { write: (chunk) => err.push(String(chunk)) } });
  return { code, out: out.join(''), err: err.join('') };
}
/** Where nobody listens: what works with it needs no gateway. */
const alone: Io['env'] = { FOURTHWALL_URL: 'http://127.0.0.1:9' };

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

describe('policy init', () => {
  test.each(['mail-only', 'capture-all', 'test-mode', 'strict'])('%s writes a policy that loads, and says what it does not yet protect', async (profile) => {
    const dir = join(directory, profile, 'config');
    const { code, out } = await fourthwall(['init', '--profile', profile, '--dir', dir], alone);
    expect(code).toBe(0);
    expect(out).toContain('does not yet protect');
    expect(await readFile(join(dir, 'policy.yaml'), 'utf8')).toMatch(/^# Profile .*[^]*# What this rung does not yet protect:\n# - /m);
    expect(await fourthwall(['check', join(dir, 'policy.yaml')], alone)).toMatchObject({ code: 0, out: expect.stringContaining('is valid') as unknown });
  });

  test('never overwrites what is there', async () => {
    const mine = await file('policy.yaml', '# mine\n');
    expect(await fourthwall(['init', '--profile', 'strict', '--dir', directory], alone)).toMatchObject({ code: 2, err: expect.stringContaining('is there already and is left as it is') as unknown });
    expect(await readFile(mine, 'utf8')).toBe('# mine\n');
    expect((await fourthwall(['init', '--profile', 'lax'], alone)).code).toBe(2);
  });

  const liveStripe = { url: 'https://api.stripe.com/v1/charges', headers: { Authorization: `Bearer ${['sk', 'live', 'a'.repeat(24)].join('_')}`, 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'amount=100&currency=eur&source=tok_visa' };
  const testStripe = { ...liveStripe, headers: { ...liveStripe.headers, Authorization: `Bearer ${['sk', 'test', 'a'.repeat(24)].join('_')}` } };
  const unknown = { url: 'https://api.github.com/' };
  const customer = { to: 'ann@customer.com' };
  test.each<[string, readonly (readonly [object, string])[]]>([
    ['mail-only', [[customer, 'capture'], [testStripe, 'reject'], [liveStripe, 'reject'], [unknown, 'reject'], [{ channel: 'sms', provider: 'twilio', to: '+15005550006' }, 'reject']]],
    ['capture-all', [[customer, 'capture'], [testStripe, 'capture'], [liveStripe, 'capture'], [unknown, 'reject']]],
    ['test-mode', [[customer, 'capture'], [testStripe, 'forward'], [liveStripe, 'reject'], [unknown, 'reject']]],
    ['strict', [[customer, 'reject'], [{ to: 'qa@example.test' }, 'capture'], [testStripe, 'capture'], [liveStripe, 'reject'], [unknown, 'reject']]],
  ])('%s decides as its header says', async (profile, calls) => {
    const table = await file('profile.yaml', JSON.stringify(calls.map(([call, action]) => ({ call, expect: { action } }))));
    const tested = await fourthwall(['test', table, '--policy', `config/profiles/${profile}.yaml`], alone);
    expect(tested).toMatchObject({ code: 0, out: `${calls.length} of ${calls.length} decisions as expected\n` });
  });
});

describe('policy test', () => {
  const table = `- name: a colleague
  call: { to: a@example.test }
  expect: { action: capture, rule: mail-to-ourselves }
- name: a host of nobody
  call: { url: "https://evil.example/x", method: GET }
  expect: { action: reject, rule: default }
`;
  test('passes without a gateway, and under the policy in force of one', async () => {
    const [rows, policy] = [await file('table.yaml', table), await file('draft.yaml', policyText)];
    expect(await fourthwall(['test', rows, '--policy', policy], alone)).toMatchObject({ code: 0, out: '2 of 2 decisions as expected\n' });
    expect(await fourthwall(['test', rows])).toMatchObject({ code: 0, out: '2 of 2 decisions as expected\n' });
    expect((await fourthwall(['test', rows], alone)).code).toBe(2);
  });

  test('fails with what was decided instead and how every rule fared', async () => {
    const rows = await file('wrong.yaml', table.replace('rule: mail-to-ourselves', 'rule: other'));
    const { code, out } = await fourthwall(['test', rows, '--policy', await file('draft.yaml', policyText)], alone);
    expect(code).toBe(1);
    expect(out).toContain('FAIL  a colleague: expected capture by other, found');
    expect(out).toContain('capture by mail-to-ourselves: colleagues look at it here');
    expect(out).toMatch(/everything-understood matches: every|everything-understood matches/);
    expect(out).toContain('1 of 2 decisions as expected');
  });

  test('can say what was found in the content', async () => {
    const policy = await file('findings.yaml', 'version: 1\ndefault: reject\nrules:\n  - { id: rude, when: { finding: rude-salutation }, then: reject, because: x }\n  - { id: all, when: { decoded: effects }, then: capture, because: x }\n');
    const rows = await file('found.yaml', '- { call: { to: a@example.test, findings: rude-salutation }, expect: { action: reject, rule: rude } }\n- { call: { to: a@example.test }, expect: { action: capture, rule: all } }\n');
    expect((await fourthwall(['test', rows, '--policy', policy], alone)).code).toBe(0);
  });

  test.each([
    ['- { call: { chanel: sms }, expect: { action: capture } }', /row 1: call: found "chanel", expected url, /],
    ['- { call: {}, expect: { action: allow } }', /expect\.action: expected capture, forward or reject, found "allow"/],
    ['- { call: {}, expects: {} }', /row 1: found "expects"/],
    ['- { call: { body: 12 }, expect: { action: capture } }', /call\.body: expected text, found 12 \(put quotes round it\)/],
    ['[]', /expected a list/], ['a: [', /table/],
  ])('refuses the table %s', async (text, message) => {
    const { code, err } = await fourthwall(['test', await file('table', text), '--policy', await file('draft.yaml', policyText)], alone);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test('a variable that is not set here is a problem, unless stand-ins are asked for', async () => {
    const policy = await file('secret.yaml', 'version: 1\ndefault: reject\nrules:\n  - { id: swap, when: { provider: stripe }, then: { forward: { rewrite: { credential: "${STRIPE_TEST_KEY}" } } }, because: x }\n');
    expect(await fourthwall(['check', policy], alone)).toMatchObject({ code: 1, out: expect.stringContaining('STRIPE_TEST_KEY to be set') as unknown });
    expect((await fourthwall(['check', policy, '--placeholders'], alone)).code).toBe(0);
    const rows = await file('rows.yaml', '- { call: { provider: smtp, to: a@example.test }, expect: { action: reject, rule: default } }\n');
    expect(await fourthwall(['test', rows, '--policy', policy], alone)).toMatchObject({ code: 2, err: expect.stringContaining('does not load') as unknown });
    expect((await fourthwall(['test', rows, '--policy', policy, '--placeholders'], alone)).code).toBe(0);
  });
});

describe('policy explain', () => {
  test('prints every rule with its sentence and how it fared', async () => {
    const { out } = await fourthwall(['explain', '--to', 'ann@customer.com']);
    expect(out).toContain('capture by everything-understood');
    expect(out).toContain('ann@customer.com is real');
    expect(out).toMatch(/^ {3}mail-to-ourselves does not match: some effect's channel is email and every recipient is safe \(not so: every recipient is safe\)$/m);
    expect(out).toMatch(/^-> everything-understood matches: some effect's channel is email, sms or payment$/m);
  });
});

describe('policy replay', () => {
  test('lists what would change, in lines or as JSON', async () => {
    const id = await record(at.store, { run: 'replayed', text: 'one\u001b[31m' });
    const draft = await file('none.yaml', 'version: 1\ndefault: reject\nrules: []\n');
    const { code, out } = await fourthwall(['replay', '--draft', draft, '--run', 'replayed']);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^${id}  capture by everything-understood -> reject by default  shop  twilio  `));
    expect(out).toContain('1 captures looked at: 1 would change, 0 would not, 0 cannot be told');
    expect(out).not.toContain('\u001b');
    expect(JSON.parse((await fourthwall(['replay', '--draft', draft, '--run', 'replayed', '--json'])).out)).toMatchObject({ changed: [{ capture: id }] });
    expect((await fourthwall(['replay', '--draft', join(directory, 'missing.yaml')])).code).toBe(2);
  });
});

describe('policy suggest', () => {
  test('turns refusals of unknown hosts and a survey into rules that load and still refuse', async () => {
    const refused = { decision: { action: 'reject', rule: 'default' } as const, decoded: { kind: 'unrecognized', why: 'nobody claims it' } as const };
    const { draft } = await import('../control/harness.ts');
    for (const service of ['shop', 'billing', 'shop']) {
      const made = draft({ ...refused, service, at: '2026-11-20T10:00:00.000Z' });
      await at.store.record({ draft: { ...made, provider: 'unknown', channels: [], request: { ...made.request, authority: { host: 'api.github.com', port: 443 } } as never }, remember: [], callbacks: [] });
    }
    const survey = await file('survey.txt', '# seen at the firewall\napi.github.com 4 worker\ncdn.vendor.com\n');
    const { code, out } = await fourthwall(['suggest', '--survey', survey]);
    expect(code).toBe(0);
    expect(out).toContain('because: "asked for 7 times by billing, shop, worker on 2026-11-20, and nobody has said yet that it may be reached"');
    expect(out).toContain('when: { host: "cdn.vendor.com" }');
    expect(out).not.toContain('TODO');
    const policy = offlinePolicy(`version: 1\ndefault: reject\n${out}`, 'suggested', {});
    expect(policy.problems).toEqual([]);
    const rows = await file('suggested-rows.yaml', '- { call: { url: "https://api.github.com/" }, expect: { action: reject, rule: host-api.github.com } }\n');
    expect((await fourthwall(['test', rows, '--policy', await file('suggested.yaml', `version: 1\ndefault: reject\n${out}`)], alone)).code).toBe(0);
    expect((await fourthwall(['suggest', '--offline', '--survey', survey], alone)).out).toContain('asked for 4 times by worker, and');
  });

  test('reads what fourthwall survey printed, each host once, without those of known providers', () => {
    const row = (what: string, name: string, count: number, provider: string | null = null): string =>
      JSON.stringify({ what, name, type: 'A', from: '10.4.0.7', provider, count, first: '2026-11-19T08:00:00.000Z', last: '2026-11-20T08:00:00.000Z' });
    const lines = [row('asked', 'api.github.com', 1), row('asked', 'api.stripe.com', 1, 'stripe'), row('total', 'api.github.com', 9), row('total', 'api.stripe.com', 3, 'stripe')];
    expect(surveyedHosts(lines.join('\n'))).toEqual({ hosts: [
      { host: 'api.github.com', calls: 9, services: ['10.4.0.7'], first: '2026-11-19T08:00:00.000Z', last: '2026-11-20T08:00:00.000Z' }] });
    expect(surveyedHosts(lines.slice(0, 1).join('\n'))).toMatchObject({ hosts: [{ host: 'api.github.com', calls: 1 }] });
    expect(surveyedHosts('{"what":"total"}')).toEqual({ problem: expect.stringContaining('line 1') as unknown });
    expect(surveyedHosts('{broken')).toEqual({ problem: expect.stringContaining('line 1') as unknown });
  });

  test('says so when there is nothing, and where a survey cannot be read', () => {
    expect(suggestedRules([])).toContain('nothing to suggest');
    expect(surveyedHosts('good.host\nbad host!\n')).toEqual({ problem: expect.stringContaining('line 2') as unknown });
    expect(surveyedHosts('http://x/\n')).toEqual({ problem: expect.stringContaining('line 1') as unknown });
  });
});
