import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fourthwallRun, printed } from '../clients/fourthwall-run.ts';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { stagingApp, type StagingApp } from '../support/staging-app.ts';
import { openBrowser } from '../web/browser.ts';

/** The real program, a vendor's own library, a real browser: an order is made, paid on our page, told to the application, and captured. */
/** each call of the shop is a process of its own */
const patience = 120_000;
const webhookId = '1JE4291016473214C';
const script = new URL('apps/paypal-checkout.ts', import.meta.url).pathname;
let app: StagingApp;
let gateway: RunningGateway;
let browser: Browser;
beforeAll(async () => {
  app = await stagingApp();
  await app.up();
  app.answer(({ method }) => method === 'GET' ? { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Shop</title>' } : { status: 204 });
  [gateway, browser] = await Promise.all([startGateway({
    env: { PAYPAL_WEBHOOK_ID: webhookId },
    policy: 'version: 1\ndefault: reject\nlimits: { burst: off }\nrules:\n  - { id: captured, when: { decoded: [effects, read] }, then: capture, because: staging pays nobody }\n',
    gateway: `webhooks:\n  paypal: { url: "${app.origin}/paypal", secret: "\${PAYPAL_WEBHOOK_ID}" }\n`,
  }), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await discard(gateway);
  await app.down();
});

const shop = async <T>(...args: readonly string[]): Promise<T> => printed<T>(await fourthwallRun(gateway, ['node', script, ...args]));
const order = (): Promise<{ readonly id: string; readonly approve: string }> => shop('create', app.origin);
async function payer<T>(at: string, does: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(at);
    return await does(page);
  } finally {
    await context.close();
  }
}

it('a payer who pays comes back to the application, which hears of it signed and takes the money', async () => {
  const { id, approve } = await order();
  expect(approve).toMatch(new RegExp(`^http://[^/]+:${gateway.ports['control']}/pay/`));
  expect((await shop<{ issue: string }>('capture', id)).issue).toBe('ORDER_NOT_APPROVED');
  const back = await payer(approve, async (page) => {
    for (const said of ['EUR 42.00', '3 x Mug', 'ada@example.test', 'Nothing is charged']) expect(await page.getByText(said).first().isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Pay' }).click();
    await page.waitForURL(`${app.origin}/paid*`);
    return page.url();
  });
  expect(new URL(back).searchParams.get('token')).toBe(id);
  expect(new URL(back).searchParams.get('PayerID')).toMatch(/^[A-Z0-9]{13}$/);
  const [heard] = await app.hears(1, '/paypal');
  expect(JSON.parse(heard!.body)).toMatchObject({ event_type: 'CHECKOUT.ORDER.APPROVED', resource: { id } });
  expect(heard!.headers['paypal-transmission-sig']).toMatch(/^[A-Za-z0-9+/=]{100,}$/);
  expect((await shop<{ status: string }>('capture', id)).status).toBe('COMPLETED');

  const { items } = await gateway.api<{ items: { id: string; operation: string }[] }>('/api/captures?provider=paypal');
  const made = items.find(({ operation }) => operation === 'orders.create')!;
  await expect.poll(async () => (await gateway.api<{ callbacks: { event: string; state: string }[] }>(`/api/captures/${made.id}`)).callbacks.map(({ event, state }) => [event, state])).toEqual([['CHECKOUT.ORDER.APPROVED', 'delivered']]);
}, patience);

it('a payer whose bank declines comes back too, the capture fails in PayPal\'s words, and the page takes another choice', async () => {
  const { id, approve } = await order();
  await payer(approve, async (page) => {
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.waitForURL(`${app.origin}/paid*`);
  });
  expect((await shop<{ issue: string }>('capture', id)).issue).toBe('INSTRUMENT_DECLINED');
  await payer(approve, async (page) => {
    await page.getByRole('button', { name: 'Pay' }).click();
    await page.waitForURL(`${app.origin}/paid*`);
    await page.goto(approve);
    expect(await page.getByRole('button').count()).toBe(0);
  });
  expect((await shop<{ status: string }>('capture', id)).status).toBe('COMPLETED');
}, patience);

it('an order outlives its capture: with every capture deleted it is still paid, and still told', async () => {
  const { id, approve } = await order();
  await gateway.api('/api/captures', { method: 'DELETE' });
  const before = app.heard.filter(({ url }) => url.endsWith('/paypal')).length;
  await payer(approve, async (page) => {
    await page.getByRole('button', { name: 'Pay' }).click();
    await page.waitForURL(`${app.origin}/paid*`);
  });
  const heard = await app.hears(before + 1, '/paypal');
  expect(JSON.parse(heard.at(-1)!.body)).toMatchObject({ event_type: 'CHECKOUT.ORDER.APPROVED', resource: { id } });
  expect((await shop<{ status: string }>('capture', id)).status).toBe('COMPLETED');
}, patience);

it('nothing of it went anywhere but to the application', async () => {
  expect((await gateway.api<{ items: unknown[] }>('/api/captures?outcome=forwarded&direction=out')).items).toEqual([]);
  expect(gateway.log()).not.toMatch(/"level":50/);
});
