import { Stripe } from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fourthwallRun, printed } from '../clients/fourthwall-run.ts';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { stagingApp, type StagingApp } from '../support/staging-app.ts';

/** The real program and Stripe's own library: a session is made, declined and paid on our page, and told to the application, which checks the signature. */
const patience = 120_000;
const secret = `whsec_${'a1B2'.repeat(8)}`;
const script = new URL('apps/stripe-checkout.ts', import.meta.url).pathname;
let app: StagingApp;
let gateway: RunningGateway;
beforeAll(async () => {
  app = await stagingApp();
  await app.up();
  gateway = await startGateway({
    env: { STRIPE_WEBHOOK_SECRET: secret },
    policy: 'version: 1\ndefault: reject\nlimits: { burst: off }\nrules:\n  - { id: captured, when: { decoded: [effects, read] }, then: capture, because: staging pays nobody }\n',
    gateway: `webhooks:\n  stripe: { url: "${app.origin}/stripe", secret: "\${STRIPE_WEBHOOK_SECRET}" }\n`,
  });
}, patience);
afterAll(async () => {
  await discard(gateway);
  await app.down();
});

const shop = async <T>(...args: readonly string[]): Promise<T> => printed<T>(await fourthwallRun(gateway, ['node', script, ...args]));
const choose = (url: string, choice: string): Promise<Response> => fetch(url, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(url).origin }, body: `choice=${choice}` });

it('a payer whose card is declined stays, and one who pays comes back to the application, which hears of it signed', async () => {
  const { id, url } = await shop<{ readonly id: string; readonly url: string }>('create', app.origin);
  expect(url).toMatch(new RegExp(`^http://[^/]+:${gateway.ports['control']}/pay/`));
  const page = await (await fetch(url)).text();
  for (const said of ['EUR 42.00', '3 × Mug', 'ada@example.test']) expect(page).toContain(said);

  const declined = await choose(url, 'decline');
  expect([declined.status, await declined.text()]).toEqual([200, expect.stringContaining('Your card was declined.')]);
  expect(await shop('read', id)).toEqual({ status: 'open', payment: 'unpaid', intent: 'requires_payment_method' });
  const paid = await choose(url, 'pay-authenticated');
  expect([paid.status, paid.headers.get('location')]).toEqual([303, `${app.origin}/paid?session_id=${id}`]);
  expect(await shop('read', id)).toEqual({ status: 'complete', payment: 'paid', intent: 'succeeded' });
  expect((await choose(url, 'pay')).status).toBe(409);

  // with the product and the price that were said in passing
  const heard = await app.hears(9, '/stripe');
  const events = heard.map(({ body, headers }) => Stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), secret));
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['payment_intent.payment_failed', 'charge.failed', 'payment_intent.requires_action', 'charge.succeeded', 'payment_intent.succeeded', 'checkout.session.completed']));
  expect(events.find(({ type }) => type === 'checkout.session.completed')).toMatchObject({ livemode: false, data: { object: { id, client_reference_id: 'A-1001' } } });
}, patience);
