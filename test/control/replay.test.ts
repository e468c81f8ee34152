import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { harness, policyText, record } from './harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
beforeEach(async () => { at = await harness(); });
afterEach(async () => { await at.close(); });

const draft = (rules: string, more = ''): string => `version: 1\nsafe: { emails: ["*@example.test"] }\n${more}default: reject\nrules:\n${rules}`;
const texts = '  - { id: texts, when: { channel: sms }, then: capture, because: x }\n';

describe('replay', () => {
  test('lists what would change under a draft, and counts what would not', async () => {
    const kept = await record(at.store, { decision: { rule: 'texts' } });
    const mail = await record(at.store, { channel: 'email', to: 'ann@customer.com', standing: 'real', text: 'Your statement' });
    const answer = await at.client.replay(draft(texts));
    expect(answer).toMatchObject({ looked: 2, more: false, unchanged: 1, untold: [] });
    expect(answer.policy.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(answer.changed).toEqual([{ capture: mail, at: expect.any(String), service: 'shop', provider: 'smtp', title: 'Your statement',
      from: { action: 'capture', rule: 'everything-understood' }, to: { action: 'reject', rule: 'default', reason: expect.any(String) } }]);
    expect(answer.changed.map(({ capture }) => capture)).not.toContain(kept);
    expect((await at.client.replay(draft(texts), { channel: 'sms' })).looked).toBe(1);
    expect(await at.client.replay(draft(texts), {}, 1)).toMatchObject({ looked: 1, more: true });
  });

  test('judges recipients anew: who is safe is the draft\'s to say', async () => {
    const id = await record(at.store, { channel: 'email', to: 'ann@customer.com', standing: 'real' });
    const under = (safe: string): string => `version: 1\nsafe: { emails: ["${safe}"] }\ndefault: reject\nrules:\n  - { id: known, when: { recipients: { every: safe } }, then: capture, because: x }\n`;
    expect((await at.client.replay(under('*@customer.com'))).changed).toMatchObject([{ capture: id, to: { action: 'capture', rule: 'known' } }]);
    expect((await at.client.replay(under('*@other.com'))).changed).toMatchObject([{ capture: id, to: { action: 'reject', rule: 'default' } }]);
  });

  test('decides HTTP calls by the host, port, method and path they had', async () => {
    const id = await record(at.store);
    const by = async (when: string): Promise<string> => (await at.client.replay(draft(`  - { id: hit, when: ${when}, then: capture, because: x }\n`))).changed[0]!.to.rule;
    expect(await by('{ host: api.twilio.com, port: 443, method: POST, path: "/2010-04-01/Accounts/*/Messages.json", provider: twilio }')).toBe('hit');
    for (const other of ['{ host: api.other.com }', '{ port: 444 }', '{ method: GET }', '{ path: "/2010-04-01/*" }', '{ provider: stripe }']) expect(await by(other), other).toBe('default');
    expect(id).toMatch(/^cap_/);
  });

  test('says of which captures the record does not tell', async () => {
    const breaker = await record(at.store, { decision: { action: 'reject', rule: 'gateway:breaker' } });
    const failed = await record(at.store, { decision: { action: 'reject', rule: 'gateway:simulation' } });
    const unread = await record(at.store, { enrichment: 'pending' });
    const findings = '  - { id: odd, when: { finding: null-name }, then: reject, because: x }\n';
    const { untold } = await at.client.replay(draft(findings + texts));
    expect(untold.map(({ capture }) => capture)).toEqual([unread, failed, breaker]);
    for (const { why } of untold) expect(why).toMatch(/breaker|after the rules|not read to the end/);
    expect((await at.client.replay(draft(texts))).untold.map(({ capture }) => capture)).toEqual([failed, breaker]);
  });

  test('knows what was found in the content, and forgets what hung on the old list of safe ones', async () => {
    const odd = (id: string) => [{ id, title: 'x', where: 'text', excerpt: 'x' }];
    const named = await record(at.store, { findings: odd('null-name') });
    const real = await record(at.store, { findings: odd('real-recipient'), channel: 'email', to: 'qa@example.test' });
    const rule = (id: string): string => draft(`  - { id: odd, when: { finding: ${id} }, then: reject, because: x }\n  - { id: everything-understood, when: { decoded: effects }, then: capture, because: x }\n`);
    expect((await at.client.replay(rule('null-name'))).changed).toMatchObject([{ capture: named, to: { action: 'reject', rule: 'odd' } }]);
    expect((await at.client.replay(rule('real-recipient'))).changed.map(({ capture }) => capture)).not.toContain(real);
  });

  test('a fault of the call itself stays what it was, whatever the policy', async () => {
    await record(at.store, { decision: { action: 'reject', rule: 'gateway:unreadable' }, decoded: { kind: 'unrecognized', why: 'two Host headers' } });
    expect(await at.client.replay(draft(texts))).toMatchObject({ unchanged: 1, changed: [], untold: [] });
  });

  test('a draft that does not load is 400 with its problems, a wrong filter too, and nothing is recorded', async () => {
    await record(at.store);
    const before = await at.store.lastSeq();
    await expect(at.client.replay('version: 1\ndefault: allow\nrules: []\n')).rejects.toMatchObject({ status: 400, field: 'policy' });
    await expect(at.client.replay(policyText, { chanel: 'sms' } as never)).rejects.toMatchObject({ status: 400 });
    await at.client.replay(policyText);
    expect(await at.store.lastSeq()).toBe(before);
  });
});
