import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { freePort } from '../support/staging-app.ts';

/**
 * A small real application (apps/checkout-shop.ts) under `fourthwall run`: it sells, its payer pays on a page, it hears the webhook, it refunds. Nothing in
 * it, in Stripe's library or in what the payer does knows that there is no Stripe.
 */
const secret = `whsec_${'c'.repeat(32)}`;
let gateway: RunningGateway;
let shop: ChildProcess;
let self: string;

beforeAll(async () => {
  const port = await freePort();
  self = `http://127.0.0.1:${port}`;
  gateway = await startGateway({ env: { STRIPE_SECRET: secret }, gateway: `webhooks:\n  stripe: { url: "${self}/webhook", secret: "\${STRIPE_SECRET}" }\n` });
  shop = spawn(process.execPath, ['src/cli/fourthwall.ts', 'run', '--url', gateway.control, '--service', 'shop', '--run', 'checkout', '--', process.execPath, 'test/e2e/apps/checkout-shop.ts'], {
    env: { ...process.env, PORT: String(port), STRIPE_KEY: ['sk', 'test', '0123456789abcdef'].join('_'), STRIPE_WEBHOOK_SECRET: secret }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: shop.stdout! }).on('line', (line) => { if (line === 'ready') resolve(); });
    shop.once('exit', (code) => reject(new Error(`the shop ended with ${code}`)));
  });
}, 120_000);
afterAll(async () => {
  const ended = once(shop, 'exit');
  shop.kill('SIGTERM');
  await ended;
  await discard(gateway);
});

interface Order { readonly status: string; readonly total: number; readonly refunded: number }
const order = async (id: string): Promise<Order> => await (await fetch(`${self}/orders/${id}`)).json() as Order;
/** The order once it is so; the webhook comes when it comes. */
async function until(id: string, holds: (order: Order) => boolean): Promise<Order> {
  for (;;) {
    const now = await order(id);
    if (holds(now)) return now;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

/** Puts things into the basket and is sent to the page where one pays. */
async function buy(id: string, currency: string, items: readonly { readonly name: string; readonly price: number; readonly quantity: number }[]): Promise<string> {
  const sent = await fetch(`${self}/orders`, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id, currency, email: 'ada@example.test', items }) });
  expect(sent.status).toBe(303);
  return sent.headers.get('location')!;
}

/** What the form of the page sends; resolves with where the payer is sent. */
async function choose(page: string, choice: string): Promise<string> {
  const answer = await fetch(page, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(page).origin }, body: new URLSearchParams({ choice }).toString() });
  expect([answer.status, await answer.text()]).toEqual([303, expect.anything()]);
  return answer.headers.get('location')!;
}

it('sells, is paid, hears of it, and pays back in two parts, to the cent', async () => {
  const page = await buy('A-1001', 'eur', [{ name: 'Hat', price: 1999, quantity: 2 }, { name: 'Postage', price: 495, quantity: 1 }]);
  expect(page.startsWith(`${gateway.control}/pay/`)).toBe(true);
  const shown = await (await fetch(page)).text();
  for (const words of ['44.93', 'Hat', 'ada@example.test']) expect(shown).toContain(words);

  const thanks = await fetch(await choose(page, 'pay'));
  expect(await thanks.json()).toEqual({ paid: 'paid', intent: 'succeeded', total: 4493, currency: 'eur', card: expect.any(String), lines: [['Hat', 3998], ['Postage', 495]] });
  expect(await until('A-1001', ({ status }) => status === 'paid')).toMatchObject({ total: 4493 });

  const back = async (body: object): Promise<unknown> => await (await fetch(`${self}/orders/A-1001/refund`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json();
  expect(await back({ amount: 1999 })).toEqual({ status: 'succeeded', amount: 1999 });
  expect(await until('A-1001', ({ refunded }) => refunded > 0)).toMatchObject({ status: 'paid', refunded: 1999 });
  expect(await back({ amount: 2495 })).toEqual({ param: 'amount' });
  expect(await back({})).toEqual({ status: 'succeeded', amount: 2494 });
  expect(await until('A-1001', ({ status }) => status === 'refunded')).toMatchObject({ refunded: 4493 });
});

it('sells in a currency without decimals', async () => {
  const page = await buy('A-1002', 'jpy', [{ name: 'Hat', price: 3000, quantity: 1 }]);
  expect(await (await fetch(page)).text()).toMatch(/3[,.]?000/);
  expect(await (await fetch(await choose(page, 'pay'))).json()).toMatchObject({ paid: 'paid', total: 3000, currency: 'jpy' });
});

it('has a payer who goes back to the basket, and pays later after all', async () => {
  const page = await buy('A-1003', 'eur', [{ name: 'Hat', price: 1000, quantity: 1 }]);
  expect(await choose(page, 'cancel')).toBe(`${self}/orders/A-1003/cart`);
  expect((await order('A-1003')).status).toBe('new');
  await choose(page, 'pay');
  await until('A-1003', ({ status }) => status === 'paid');
});

it('leaves a record in which the order is found with its payment and its refunds, and of which a verdict passes', async () => {
  const { items } = await gateway.api<{ items: readonly { readonly operation: string; readonly action: string; readonly amount: { readonly minor: string } | null }[] }>('/api/captures?key=order_id:A-1001&run=checkout');
  expect(items.map(({ operation }) => operation)).toEqual(expect.arrayContaining([expect.stringMatching(/checkout.*sessions.*create/), expect.stringMatching(/refunds.*create/)]));
  expect(items.every(({ action }) => action === 'capture')).toBe(true);
  expect(await gateway.api('/api/assert?run=checkout&expect=no-real-sends,no-unrecognized,min-captures=5&settle=0')).toMatchObject({ verdict: 'pass' });
});
