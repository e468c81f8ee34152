import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Resend } from 'resend';
import { ProxyAgent, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createFailures } from '../../src/actions/failures.ts';
import { loadFailureRules } from '../../src/config/failure-rules.ts';
import { loadGatewayFile } from '../../src/config/gateway-file.ts';
import type { DecisionInput } from '../../src/policy/input.ts';
import { everyProvider } from '../../src/providers/index.ts';
import { startHouse, type RunningHouse } from './house.ts';

let house: RunningHouse;
afterEach(() => house.stop());

const secret = `whsec_${Buffer.from('a secret of 24 bytes....').toString('base64')}`;

async function start(failures: string, webhooks = ''): Promise<void> {
  const read = loadGatewayFile(`failures:\n${failures}\n${webhooks}`, { file: 'gateway.yaml', env: { WEBHOOK_SECRET: secret }, providers: everyProvider });
  if (read.kind === 'problems') throw new Error(JSON.stringify(read.problems));
  house = await startHouse({
    policy: 'version: 1\ndefault: reject\nrules: [{ id: all, when: { decoded: [effects, read] }, then: capture, because: staging sends nothing }]\n',
    failures: read.file.failures, webhooks: read.file.webhooks,
  });
}

const fromTwilio = 'api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages';
async function sms(to = '+15005550006', run = ''): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: Record<string, unknown> }> {
  const agent = new ProxyAgent({ uri: `http://shop${run === '' ? '' : `+${run}`}:token@127.0.0.1:${house.port('http')}`, proxyTunnel: false });
  try {
    const { statusCode, headers, body } = await request(`http://${fromTwilio}.json`, {
      dispatcher: agent, method: 'POST', headers: { authorization: `Basic ${Buffer.from('AC00000000000000000000000000000000:x').toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ To: to, From: '+15005550001', Body: 'hello' }).toString(),
    });
    return { status: statusCode, headers, body: await body.json() as Record<string, unknown> };
  } finally {
    await agent.close();
  }
}

describe('a failure rule', () => {
  it("answers with an error in the vendor's shape, keeps the call, and says in its trace why", async () => {
    await start('  - { id: down, when: { provider: twilio, recipients: { some: "+15005550006" } }, then: { error: 503 } }');
    expect(await sms()).toMatchObject({ status: 503, body: { message: expect.stringContaining('failure:down') } });
    expect(await house.capture()).toMatchObject({
      action: 'capture', outcome: 'captured', reply: { status: 503 }, decision: { rule: 'all', trace: expect.arrayContaining([{ rule: 'failure:down', matched: true, because: expect.stringContaining('answered with status 503') }]) },
    });
    expect((await sms('+15005550008')).status).toBe(201);
  });

  it('throttles with Retry-After', async () => {
    await start('  - { id: slow-down, when: { provider: twilio }, then: { throttle: 7 } }');
    expect(await sms()).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
  });

  it('ends the connection without an answer, and keeps that there was none', async () => {
    await start('  - { id: gone, when: { provider: twilio }, then: { drop: true } }');
    await expect(sms()).rejects.toThrow(/other side closed|socket|ECONNRESET/);
    expect(await house.capture()).toMatchObject({ outcome: 'captured', reply: null });
  });

  it('answers late', async () => {
    await start('  - { id: late, when: { provider: twilio }, then: { delay: 150 } }');
    const began = performance.now();
    expect((await sms()).status).toBe(201);
    expect(performance.now() - began).toBeGreaterThanOrEqual(149);
  });

  it.each([
    ['nth: 2', [201, 500, 201, 201]],
    ['every: 2', [201, 500, 201, 500]],
    ['rate: 0', [201, 201, 201, 201]],
    ['rate: 1', [500, 500, 500, 500]],
  ] as const)('with %s picks the same calls in each run', async (picking, expected) => {
    await start(`  - { id: some, when: { provider: twilio }, ${picking}, then: { error: 500 } }`);
    for (const run of ['a', 'b']) {
      const seen: number[] = [];
      for (const _ of expected) seen.push((await sms('+15005550006', run)).status);
      expect(seen).toEqual(expected);
    }
  });

  it('tells later of an event, with what the call itself has just made: the message is read back as what became of it', async () => {
    await start('  - { id: never-arrives, when: { provider: twilio }, then: { event: undelivered, after: 5000, detail: "30005" } }');
    const { status, body } = await sms();
    expect([status, body['status']]).toEqual([201, 'queued']);
    const objects = (await house.api('/api/simulators/twilio/objects')).body as { readonly items?: readonly { readonly value: unknown }[] };
    expect(JSON.stringify(objects)).toContain('30005');
  });

  it('lets a mail bounce: the webhook hears of it after it was delivered, signed so that the official library takes it', async () => {
    const heard: { readonly type: string; readonly data: { readonly to: readonly string[] } }[] = [];
    const { promise: bounced, resolve: bounce, reject } = Promise.withResolvers<void>();
    const app = createServer((incoming, outgoing) => {
      void hear().catch(reject);
      async function hear(): Promise<void> {
        const payload = await text(incoming);
        const { 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': signature } = incoming.headers as Record<string, string>;
        heard.push(new Resend('re_test').webhooks.verify({ payload, headers: { id: id!, timestamp: timestamp!, signature: signature! }, webhookSecret: secret }) as (typeof heard)[number]);
        outgoing.end();
        if (heard.at(-1)?.type === 'email.bounced') bounce();
      }
    });
    app.listen(0, '127.0.0.1');
    await once(app, 'listening');
    try {
      await start('  - { id: bob-bounces, when: { provider: resend, recipients: { some: bob@example.test } }, then: { event: email.bounced, after: 1 } }',
        `webhooks: { resend: { url: "http://127.0.0.1:${(app.address() as AddressInfo).port}/hook", secret: "\${WEBHOOK_SECRET}" } }`);
      const agent = new ProxyAgent({ uri: `http://shop:token@127.0.0.1:${house.port('http')}`, proxyTunnel: false });
      const { statusCode } = await request('http://api.resend.com/emails', {
        dispatcher: agent, method: 'POST', headers: { authorization: 'Bearer re_test', 'content-type': 'application/json' },
        body: JSON.stringify({ from: 'shop@example.test', to: 'bob@example.test', subject: 'Order 42', text: 'Thank you' }),
      });
      await agent.close();
      expect(statusCode).toBe(200);
      await bounced;
      expect(heard.find(({ type }) => type === 'email.bounced')?.data.to).toEqual(['bob@example.test']);
    } finally {
      app.close();
      app.closeAllConnections();
    }
  });

  it('drops and puts off mail', async () => {
    await start(`  - { id: greylisted, when: { provider: smtp, recipients: { some: "grey@example.test" } }, then: { throttle: 1 } }
  - { id: broken, when: { provider: smtp, recipients: { some: "broken@example.test" } }, then: { error: 500 } }
  - { id: gone, when: { provider: smtp, recipients: { some: "gone@example.test" } }, then: { drop: true } }`);
    const mail = (to: string): Promise<string> => house.mail({ from: 'shop@example.test', to: [to], raw: 'Subject: x\r\n\r\nhello\r\n' });
    expect(await mail('grey@example.test')).toMatch(/^421 4\.7\.0 /);
    expect(await mail('broken@example.test')).toMatch(/^451 4\.3\.0 /);
    expect(await mail('gone@example.test')).toMatch(/closed|reset/i);
    expect(await mail('ann@example.test')).toMatch(/^250 /);
  });
});

describe('a decline', () => {
  const effect = (movesMoney: boolean): Effect => ({ channel: 'payment', provider: 'acme', operation: 'pay', liveness: 'test', recipients: [], keys: [], amount: null, movesMoney, customer: null, method: null, object: null, description: null });
  type Effect = Extract<NonNullable<DecisionInput['decoded']>, { kind: 'effects' }>['effects'][number];
  const call = (effects: readonly Effect[] | null): DecisionInput => ({
    stage: 'whole', origin: { service: 'shop', space: null, run: null } as never, run: null, target: null, provider: { name: 'acme', channels: ['payment'] }, findings: [], facts: { tripped: null },
    decoded: effects === null ? { kind: 'read', operation: 'get', liveness: 'test' } : { kind: 'effects', effects },
  });
  // oxlint-disable-next-line unicorn/no-thenable -- the word in the file
  const { rules } = loadFailureRules([{ id: 'second', when: { decoded: ['effects', 'read'] }, nth: 2, then: { decline: true } }], { counters: '', providers: [] });
  const failures = (declines: boolean): ReturnType<typeof createFailures> => {
    let count = 0;
    return createFailures({ rules, ofRun: () => Promise.resolve([]), store: { count: () => Promise.resolve(++count) }, declines: () => declines });
  };

  it('is asked and counted for calls that take money, and for no others', async () => {
    const ask = failures(true);
    const told: unknown[] = [];
    for (const effects of [null, [effect(false)], [effect(true)], [effect(false)], [effect(false), effect(true)], [effect(true)]]) told.push((await ask(call(effects))).declined);
    expect(told).toEqual([null, null, null, null, { code: null }, null]);
  });

  it('is a 402 at a vendor that cannot decline, so that it does not take the money all the same', async () => {
    const ask = failures(false);
    await ask(call([effect(true)]));
    expect(await ask(call([effect(true)]))).toMatchObject({ declined: null, instead: { id: 'second', failing: { kind: 'error', status: 402 } } });
  });
});
