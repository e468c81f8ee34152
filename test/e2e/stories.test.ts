import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, type Client } from '../../src/testing/client.ts';
import { discard, proxyEnv, runApp, startGateway, type RunningGateway } from '../support/gateway.ts';

/** The three stories that every decision is held against, with real libraries against the real program. */
let gateway: RunningGateway | undefined;
afterEach(async () => {
  await discard(gateway);
  gateway = undefined;
});

async function start(policy: string, more: Parameters<typeof startGateway>[0] = {}): Promise<{ readonly running: RunningGateway; readonly client: Client }> {
  gateway = await startGateway({ policy, ...more });
  return { running: gateway, client: createClient({ url: gateway.control }) };
}

const customers = Array.from({ length: 8 }, (_, n) => `customer-${n}@wealthy-people.com`);

/** What any forward would have done: nothing here forwards, so nothing may have tried. */
const nothingLeft = async (client: Client): Promise<void> => {
  expect((await client.list({ action: 'forward' })).total).toBe(0);
  expect((await client.list({ outcome: ['forwarded', 'relayed', 'failed'] })).total).toBe(0);
};

/** An SMTP server that keeps who it was to deliver to. */
async function openMailbox(): Promise<{ readonly port: number; readonly given: readonly string[]; close(): Promise<void> }> {
  const given: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo({ address }, _session, done) { given.push(address); done(); },
    onData(stream, _session, done) { stream.on('end', () => done()).resume(); },
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { port: (server.server.address() as AddressInfo).port, given, close: () => new Promise((resolve) => { server.close(resolve); }) };
}

interface Mailed { readonly sent: readonly { readonly to: string; readonly response: string; readonly code?: number }[] }

describe('the mailshot: a launch mailing with NULL names goes to the addresses of live data', () => {
  it('is captured to the last letter, reaches nobody, and shows the missing name, the real customers and the burst', async () => {
    const { running, client } = await start(`version: 1
default: reject
limits: { burst: { recipients: 5, per: 60s, then: reject } }
rules:
  - { id: staging-mail, when: { channel: email }, then: capture, because: staging sends nothing }
`);
    const { sent } = await runApp<Mailed>('shop.ts', { STORY: 'mailshot', SMTP_PORT: String(running.ports['smtp']), CUSTOMERS: customers.join(',') });
    expect(sent.map(({ response }) => response.slice(0, 18))).toEqual(customers.map(() => '250 2.0.0 captured'));
    const { items } = await client.wait({ count: 8, finding: 'null-name', timeout: 20 });
    expect(items.map(({ recipients }) => recipients.map(({ address, standing }) => [address, standing])).flat().toSorted()).toEqual(customers.map((address) => [address, 'real']));
    const findings = new Map(items.map((item) => [item.recipients[0]!.address, item.findings.map(({ id }) => id)]));
    for (const [n, address] of customers.entries()) {
      expect(findings.get(address)).toEqual(expect.arrayContaining(['real-recipient', 'null-name']));
      expect(findings.get(address)!.includes('burst'), address).toBe(n >= 5);
    }
    expect(items.find(({ findings: of }) => of.some(({ id }) => id === 'null-name'))!.findings.find(({ id }) => id === 'null-name')).toMatchObject({ where: 'text', excerpt: 'Dear null,' });
    await nothingLeft(client);
    expect((await client.breakers()).items).toMatchObject([{ service: 'newsletter', tripped: null, recipients: 6 }]);
    // what was asked by default holds, and what a bank should ask does not
    expect((await client.assert({ service: 'newsletter' })).verdict).toBe('pass');
    const asked = await client.assert({ service: 'newsletter', expect: 'no-real-recipients,no-findings' });
    expect([asked.verdict, asked.reasons.map(({ expectation }) => expectation)]).toEqual(['fail', ['no-real-recipients', 'no-findings']]);
  }, 60_000);

  it('under a rule that forwards, the breaker trips, says so everywhere, and stays tripped over a restart until it is reset', async () => {
    const policy = `version: 1
safe: { emails: ["qa+*@testers.example"] }
default: reject
limits: { burst: { recipients: 3, per: 1h, then: reject } }
rules:
  - { id: testers-read-it, when: { channel: email }, then: { forward: { via: testers, rewrite: { recipients: "qa+{hash}@testers.example" } } }, because: testers read real mail }
`;
    const mailbox = await openMailbox();
    const relay = `relays:\n  testers: { host: 127.0.0.1, port: ${mailbox.port}, tls: none }\n`;
    const { running, client } = await start(policy, { gateway: relay });
    const app = (to: readonly string[], of: RunningGateway): Promise<Mailed> => runApp<Mailed>('shop.ts', { STORY: 'mailshot', SMTP_PORT: String(of.ports['smtp']), CUSTOMERS: to.join(',') });
    const { sent } = await app(customers, running);
    const refused = sent.filter(({ response }) => response.includes('gateway:breaker'));
    expect(refused.map(({ to }) => to)).toEqual(customers.slice(3));
    for (const { code, response } of refused) {
      expect(code).toBe(550);
      expect(response).toMatch(/gateway:breaker: rule testers-read-it would forward this, but the mailshot breaker of service newsletter is tripped since 20/);
    }
    const stopped = await client.list({ service: 'newsletter', action: 'reject', limit: 50 });
    const ofBreaker = stopped.items.filter(({ rule }) => rule === 'gateway:breaker');
    expect(ofBreaker).toHaveLength(5);
    expect(ofBreaker.every(({ findings }) => findings.some(({ id }) => id === 'burst'))).toBe(true);
    // whoever the relay was given is a tester
    expect(mailbox.given.filter((address) => !/^qa\+[0-9a-f]+@testers\.example$/.test(address))).toEqual([]);
    expect(mailbox.given).toHaveLength(3);

    const since = (await client.breakers()).items.find(({ service }) => service === 'newsletter')!.tripped;
    expect(since).toMatch(/^20\d\d-/);
    expect(await (await fetch(`${running.control}/metrics`)).text()).toContain('fourthwall_breaker_tripped{space="",service="newsletter"} 1');
    const { seq } = (await client.list({ limit: 1 })).items[0]!;
    const trips: unknown[] = [];
    for await (const event of client.events({ after: 0 })) {
      if (event.kind === 'tripped') trips.push(event.data);
      if (event.seq >= seq) break;
    }
    expect(trips).toEqual([{ state: 'tripped', space: null, service: 'newsletter', recipients: 4, limit: 3, perMs: 3_600_000 }]);
    const judged = await client.assert({ service: 'newsletter', expect: 'no-real-recipients' });
    expect(judged.verdict).toBe('fail');
    const { reasons } = await client.assert({ service: 'newsletter', expect: 'max-captures=1000' });
    expect(reasons).toContainEqual(expect.objectContaining({ kind: 'inconclusive', expectation: 'breaker', why: expect.stringContaining('the mailshot breaker of newsletter tripped') }));

    expect(await running.stop()).toBe(0);
    gateway = await startGateway({ policy, gateway: relay, directory: running.directory });
    const again = createClient({ url: gateway.control });
    expect((await again.breakers()).items).toMatchObject([{ service: 'newsletter', tripped: since }]);
    expect((await app(['one-more@wealthy-people.com'], gateway)).sent[0]!.response).toContain('gateway:breaker');
    await again.resetBreaker('newsletter');
    expect((await again.breakers()).items).toEqual([]);
    expect((await app(['one-more@wealthy-people.com'], gateway)).sent[0]!.response).not.toContain('gateway:breaker');
    await expect(again.resetBreaker('newsletter')).rejects.toThrow(/not tripped/);
    await mailbox.close();
  }, 90_000);

  it('under a rule that asks for findings, the letter without a name is refused before anything else is decided', async () => {
    const { running, client } = await start(`version: 1
default: reject
rules:
  - { id: no-nameless-letters, when: { finding: [null-name, empty-salutation] }, then: reject, because: somebody forgot the name }
  - { id: staging-mail, when: { channel: email }, then: capture, because: staging sends nothing }
`);
    const { sent } = await runApp<Mailed>('shop.ts', { STORY: 'mailshot', SMTP_PORT: String(running.ports['smtp']), CUSTOMERS: customers[0]! });
    expect(sent[0]).toMatchObject({ code: 550, response: expect.stringContaining('no-nameless-letters: somebody forgot the name') });
    expect((await client.list()).items[0]).toMatchObject({ action: 'reject', rule: 'no-nameless-letters' });
  }, 60_000);
});

describe('the statement: a joke line of a test program stands on a customer\'s statement', () => {
  it('is seen by a person before anybody outside sees it: found, readable, and nothing was sent', async () => {
    const { running, client } = await start(`version: 1
default: reject
rules:
  - { id: staging-mail, when: { channel: email }, then: capture, because: staging sends nothing }
`);
    const { status, capture } = await runApp<{ status: number; capture: string }>('shop.ts', { STORY: 'statement', ...proxyEnv(running, 'statements') });
    expect(status).toBe(202);
    const { items } = await client.wait({ finding: 'rude-salutation', timeout: 20 });
    expect(items[0]).toMatchObject({ id: capture, service: 'statements', action: 'capture', outcome: 'captured', title: 'Your statement of November' });
    const whole = await client.capture(capture);
    expect(whole.findings).toContainEqual({ id: 'rude-salutation', title: 'The salutation insults the reader', where: 'text', excerpt: 'Dear stingy old bastard,' });
    expect(whole.recipients).toMatchObject([{ address: 'ann.miller@bank-customer.com', standing: 'real' }]);
    expect(await client.text(capture)).toContain('Dear stingy old bastard');
    expect((await client.list({ q: 'stingy' })).items.map(({ id }) => id)).toEqual([capture]);
    await nothingLeft(client);
    expect((await client.assert({ service: 'statements', expect: 'no-findings' })).verdict).toBe('fail');
  }, 60_000);
});

describe('the checkout: staging pays with a live key', () => {
  it('is refused in the words of the library\'s own error, with rule and reason, after one attempt; the verdict fails', async () => {
    const { running, client } = await start(`version: 1
default: reject
rules:
  - { id: live-keys, when: { liveness: live }, then: reject, because: a live key is never used }
  - { id: payments, when: { channel: payment }, then: capture, because: the simulation answers }
`);
    const env = (key: string): Record<string, string> => ({ STORY: 'checkout', STRIPE_KEY: key, ...proxyEnv(running, 'checkout') });
    const refused = await runApp<{ type: string; message: string; status: number }>('shop.ts', { ...env(['sk', 'live', 'a'.repeat(24)].join('_')), NODE_USE_ENV_PROXY: '1' });
    expect(refused).toMatchObject({ type: 'StripePermissionError', status: 403, message: expect.stringMatching(/live-keys.*a live key is never used/) });
    const { items } = await client.list({ service: 'checkout' });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ action: 'reject', rule: 'live-keys', liveness: 'live', outcome: 'rejected', amount: { text: 'EUR 42.00' } });
    expect(items[0]!.findings.map(({ id }) => id)).toContain('live-credential');
    const { decision } = await client.capture(items[0]!.id);
    expect(decision).toMatchObject({ rule: 'live-keys', reason: 'a live key is never used', policy: { sha256: (await client.policy()).sha256 } });
    expect(await client.assert({ service: 'checkout', expect: 'no-live-credentials' })).toMatchObject({
      verdict: 'fail', reasons: [{ expectation: 'no-live-credentials', captures: [items[0]!.id] }] });
    await nothingLeft(client);
    // the same checkout with a test key carries on as at Stripe
    const paid = await runApp<{ resolved?: string }>('shop.ts', { ...env(['sk', 'test', 'b'.repeat(24)].join('_')), NODE_USE_ENV_PROXY: '1' });
    expect(paid.resolved).toMatch(/^pi_/);
  }, 60_000);
});
