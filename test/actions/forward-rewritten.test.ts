import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openOutside, type Outside } from '../support/outside.ts';
import { startHouse } from './house.ts';
import type { RunningHouse } from './house.ts';

const live = `${'sk_'}${'live_'}0123456789abcdefLIVE`;
const test = `${'sk_'}${'test_'}0123456789abcdefTEST`;

const policy = `version: 1
safe: { emails: ["*@example.test", "qa+*@ourcompany.test"], phones: ["+15005550006"] }
internal:
  - { hosts: ["*.internal.test"], cidrs: ["10.0.0.0/8"], ports: [443] }
default: reject
rules:
  - { id: to-our-stand-in, when: { host: files.stripe.com }, then: { forward: { rewrite: { host: stripe-mock.internal.test } } }, because: somebody believes nobody needs to read it }
  - { id: to-another-vendor-host, when: { host: connect.stripe.com }, then: { forward: { rewrite: { host: api.stripe.com, credential: "\${STRIPE_TEST_KEY}" } } }, because: one host is enough }
  - { id: stripe-live-to-test, when: { provider: stripe, liveness: live }, then: { forward: { rewrite: { credential: "\${STRIPE_TEST_KEY}", recipients: "qa+{hash}@ourcompany.test" } } }, because: a live key is never used }
  - { id: sendgrid, when: { provider: sendgrid }, then: { forward: { rewrite: { recipients: "qa+{hash}@ourcompany.test" } } }, because: somebody believes this is enough }
  - { id: no-refunds, when: { provider: stripe, operation: refunds.create, liveness: test }, then: reject, because: refunds are made by hand }
`;

let outside: Outside;
let house: RunningHouse;

beforeAll(async () => {
  outside = await openOutside();
  house = await startHouse({
    policy, env: { STRIPE_TEST_KEY: test },
    network: outside.network,
  });
});
afterAll(async () => {
  await house.stop();
  outside.close();
});
beforeEach(() => outside.forget());

async function send(host: string, path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`http://127.0.0.1:${house.port('http')}/~/${host}${path}`, {
    method: 'POST', body, headers: { 'content-type': body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded', ...headers },
  });
  return { status: response.status, text: await response.text() };
}
const withLiveKey = { authorization: `Bearer ${live}` };

describe('a call with a live Stripe key', () => {
  it('leaves with the test key only, once, and the record says so', async () => {
    const { status } = await send('api.stripe.com', '/v1/payment_intents', 'amount=100&currency=eur&receipt_email=ann%40gmail.com', { ...withLiveKey, cookie: 'who=ann@gmail.com', 'x-forwarded-for': 'ann@gmail.com' });
    const capture = await house.capture();
    expect(status).toBe(200);
    expect(outside.dialled).toEqual(['https://api.stripe.com:443']);
    expect(outside.sent()).toContain(`Bearer ${test}`);
    expect(outside.sent()).toContain(`X-Fourthwall-Capture: ${capture.id}`);
    expect(outside.sent()).not.toMatch(/LIVE|gmail/);
    expect(capture).toMatchObject({
      action: 'forward', outcome: 'forwarded', liveness: 'live', recipients: [{ address: 'ann@gmail.com', standing: 'real' }],
      decision: { plan: { sent: { to: { host: 'api.stripe.com', port: 443 }, liveness: 'test', recipients: [{ standing: 'safe' }] } } },
    });
    expect(JSON.stringify(capture)).not.toMatch(/0123456789abcdef(?:LIVE|TEST)/);
    const { body } = await house.api('/api/assert?expect=no-real-sends,min-captures=1&settle=0');
    expect(body['reasons']).not.toContainEqual(expect.objectContaining({ expectation: 'no-real-sends' }));
  });

  it.each([
    ['a live key stands in a second place', '/v1/payment_intents', `amount=100&currency=eur&description=${live}`, 'gateway:guard'],
    ['a person stands in its texts', '/v1/payment_intents', 'amount=100&currency=eur&description=for+ann%40gmail.com', 'gateway:rewrite'],
    ['only what became of it matches a reject rule', '/v1/refunds', 'payment_intent=pi_1', 'gateway:rewrite'],
    ['it cannot be read', '/v1/payment_intents', 'amount=100&amount=200', 'default'],
  ])('does not leave where %s', async (_why, path, body, rule) => {
    const { status } = await send('api.stripe.com', path, body, withLiveKey);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(outside.dialled).toEqual([]);
    expect(await house.capture()).toMatchObject({ action: 'reject', rule });
  });
});

describe('a host that is rewritten', () => {
  it('does not leave for one that nobody can read for', async () => {
    await send('files.stripe.com', '/v1/payment_intents', 'amount=100&currency=eur', { authorization: `Bearer ${test}` });
    expect(outside.dialled).toEqual([]);
    expect(await house.capture()).toMatchObject({ action: 'reject', rule: 'gateway:rewrite' });
  });

  it('is dialled under its own name and verified against it', async () => {
    await send('connect.stripe.com', '/v1/payment_intents', 'amount=100&currency=eur', withLiveKey);
    expect(outside.dialled).toEqual(['https://api.stripe.com:443']);
    expect(outside.sent()).toMatch(/^host: api\.stripe\.com\r$/im);
    expect(outside.sent()).not.toMatch(/connect\.stripe|LIVE/);
  });
});

describe('a provider whose calls do not tell that they are tests', () => {
  it('has nothing forwarded, whoever is reached', async () => {
    await send('api.sendgrid.com', '/v3/mail/send', JSON.stringify({ personalizations: [{ to: [{ email: 'ann@gmail.com' }] }], from: { email: 'a@b.c' }, subject: 's', content: [{ type: 'text/plain', value: 'x' }] }), { authorization: 'Bearer SG.x' });
    expect(outside.dialled).toEqual([]);
    expect(await house.capture()).toMatchObject({ action: 'reject', rule: 'gateway:guard' });
  });

  it('may send in its sandbox, to stand-ins only', async () => {
    await send('api.sendgrid.com', '/v3/mail/send', JSON.stringify({ personalizations: [{ to: [{ email: 'ann@gmail.com' }] }], from: { email: 'a@b.co' }, subject: 's', content: [{ type: 'text/plain', value: 'x' }], mail_settings: { sandbox_mode: { enable: true } } }), { authorization: 'Bearer SG.x' });
    expect(outside.dialled).toEqual(['https://api.sendgrid.com:443']);
    expect(outside.sent()).not.toContain('gmail');
  });
});

describe('whatever a Stripe call holds', () => {
  const person = fc.constantFrom('ann@gmail.com', 'bob@yahoo.co.uk', 'qa@example.test', 'ann%2540gmail.com', '"x"@gmail.com', live, 'plain words', '+14155552671');
  const name = fc.constantFrom('receipt_email', 'description', 'metadata[who]', 'shipping[phone]', 'payment_method_data[billing_details][email]', 'statement_descriptor', 'return_url', 'key', 'email');
  it('no byte that leaves names a person who is not safe, or a live key', async () => {
    let left = 0;
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(name, person), { maxLength: 4 }), fc.array(fc.tuple(fc.constantFrom('x-a', 'cookie', 'user-agent', 'stripe-account', 'idempotency-key', 'accept-language'), person), { maxLength: 2 }), async (fields, headers) => {
      outside.forget();
      await send('api.stripe.com', '/v1/payment_intents', new URLSearchParams([['amount', '100'], ['currency', 'eur'], ...fields.map(([field, value]) => [field, value] as [string, string])]).toString(), { ...Object.fromEntries(headers), ...withLiveKey });
      if (outside.sent() !== '') left += 1;
      const read = [outside.sent(), decodeURIComponent(outside.sent().replaceAll('+', ' ').replaceAll(/%(?![0-9a-f]{2})/gi, ''))].join('\n');
      expect(read.match(/[^\s"'=&?:;,<>]+(?:@|%40)[a-z0-9.-]+/gi)?.filter((address) => !/@(?:example|ourcompany)\.test$/.test(address.replace('%40', '@'))) ?? []).toEqual([]);
      expect(read).not.toMatch(/LIVE|4155552671/);
    }), { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 60) });
    expect(left).toBeGreaterThan(3);
  }, 300_000);
});
