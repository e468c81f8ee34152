import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { HostedPages, ShownPage } from '../../src/model/hosted-page.ts';
import { openBrowser } from './browser.ts';
import { accessibilityFaults, contrastFaults, sidewaysOverflow } from './page-checks.ts';
import { harness, type Harness } from '../control/harness.ts';

/** The page in a real browser, without any script of ours or of the application's. */
const whole: ShownPage = {
  provider: 'klarna', title: 'Payment session 0b1899da-2b05-4f2b-9a37-6f1f6f4c1f3e', amount: { minor: '129900', exponent: 2, currency: 'EUR' }, payer: 'ada.lovelace.with.a.long.address@customers.example.test', status: null,
  lines: [{ text: '2 x A mug, which has a name that is rather long for a mug and does not end', amount: { minor: '2400', exponent: 2, currency: 'EUR' } }, { text: 'כוס', amount: { minor: '127500', exponent: 2, currency: 'EUR' } }],
  choices: ['pay', 'decline', 'pay-authenticated', 'fail-authentication', 'cancel'],
};
const token = 'eyJhIjoxfQ.abc_-9';
let shown: ShownPage;
let goTo: string | null;
const chosen: string[] = [];
const pay: HostedPages = {
  show: async (given) => (given === token ? shown : null),
  async choose(_token, choice) {
    chosen.push(choice);
    return { kind: 'chosen', goTo, says: 'The card was declined. Try another.', page: shown };
  },
};

let browser: Browser;
let at: Harness;
/** the application: its API, which leads on to its shop on another origin */
let shop: Server;
let context: BrowserContext;
let visit: Page;
const complaints: string[] = [];
const asked: { readonly url: string; readonly referer: string | null }[] = [];
const origin = (name: string): string => `http://${name}:${(shop.address() as AddressInfo).port}`;

beforeAll(async () => {
  [browser, at] = await Promise.all([openBrowser(), harness({ pay })]);
  shop = createServer((request, response) => {
    asked.push({ url: `http://${request.headers.host}${request.url}`, referer: request.headers.referer ?? null });
    if (request.url?.startsWith('/api/return') === true) { response.writeHead(302, { location: `${origin('localhost')}/thanks` }).end(); return; }
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Shop</title><h1>Thank you</h1>');
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
}, 60_000);
afterAll(async () => {
  await Promise.all([browser.close(), at.close()]);
  shop.close();
});
beforeEach(async () => {
  [shown, goTo, chosen.length, complaints.length, asked.length] = [whole, `${origin('127.0.0.1')}/api/return?token=1`, 0, 0, 0];
  await open();
});
afterEach(() => context.close());

async function open(options: BrowserContextOptions = {}): Promise<void> {
  context = await browser.newContext({ viewport: { width: 900, height: 900 }, ...options });
  visit = await context.newPage();
  visit.on('console', (message) => { complaints.push(message.text()); });
  visit.on('pageerror', (error) => { complaints.push(error.message); });
}

const goThere = (): Promise<unknown> => visit.goto(`${at.url}/pay/${token}`);

test('Pay leads to the application, wherever that leads on to, and tells it no address of ours', async () => {
  await goThere();
  await visit.getByRole('button', { name: 'Pay' }).click();
  await visit.waitForURL(`${origin('localhost')}/thanks`);
  expect(await visit.getByRole('heading').textContent()).toBe('Thank you');
  expect(chosen).toEqual(['pay']);
  expect(asked.filter(({ url }) => !url.endsWith('/favicon.ico')).map(({ url, referer }) => [url.replace(/^http:\/\/[^/]+/, ''), referer])).toEqual([['/api/return?token=1', null], ['/thanks', null]]);
  expect(complaints).toEqual([]);
});

test.each([['Complete', 'pay-authenticated'], ['Fail', 'fail-authentication']])('3-D Secure asks in a step of its own: %s', async (button, choice) => {
  await goThere();
  await visit.getByRole('link', { name: '3-D Secure' }).click();
  expect(await visit.getByRole('button').allTextContents()).toEqual(['Complete', 'Fail']);
  await visit.getByRole('button', { name: button }).click();
  await visit.waitForURL(`${origin('localhost')}/thanks`);
  expect(chosen).toEqual([choice]);
});

test('3-D Secure leads back', async () => {
  await goThere();
  await visit.getByRole('link', { name: '3-D Secure' }).click();
  await visit.getByRole('link', { name: 'Back' }).click();
  expect(await visit.getByRole('button').allTextContents()).toEqual(['Pay', 'Decline', 'Cancel']);
});

test('a payer who stays is told so where a screen reader hears it', async () => {
  goTo = null;
  await goThere();
  await visit.getByRole('button', { name: 'Decline' }).click();
  expect(await visit.getByRole('status').textContent()).toBe('The card was declined. Try another.');
  expect(visit.url()).toBe(`${at.url}/pay/${token}`);
});

test('is used by the keyboard alone: every choice is reached in order, with the focus seen', async () => {
  await goThere();
  const reached: string[] = [];
  for (let presses = 0; presses < 4; presses++) {
    await visit.keyboard.press('Tab');
    reached.push(await visit.evaluate<string>("document.activeElement.textContent + ' ' + getComputedStyle(document.activeElement).outlineStyle"));
  }
  expect(reached).toEqual(['Pay solid', 'Decline solid', '3-D Secure solid', 'Cancel solid']);
  await visit.keyboard.press('Enter');
  await visit.waitForURL(`${origin('localhost')}/thanks`);
  expect(chosen).toEqual(['cancel']);
});

test('works with scripts switched off', async () => {
  await context.close();
  await open({ javaScriptEnabled: false });
  await goThere();
  await visit.getByRole('button', { name: 'Pay' }).click();
  await visit.waitForURL(`${origin('localhost')}/thanks`);
});

test.each(['light', 'dark'] as const)('can be read in %s, on a phone as well, by eye and by screen reader', async (colorScheme) => {
  await context.close();
  await open({ colorScheme, viewport: { width: 320, height: 800 } });
  for (const [name, path, page] of [['open', '', whole], ['bank', '?step=3ds', whole], ['over', '', { ...whole, choices: [], status: 'This session was paid.' }]] as const) {
    shown = page;
    await visit.goto(`${at.url}/pay/${token}${path}`);
    expect([name, await accessibilityFaults(visit), await contrastFaults(visit), await sidewaysOverflow(visit)]).toEqual([name, [], [], 0]);
  }
  await visit.goto(`${at.url}/pay/nothing`);
  expect([await accessibilityFaults(visit), await contrastFaults(visit)]).toEqual([[], []]);
  const screenshots = process.env['PAY_SCREENSHOTS'];
  if (screenshots !== undefined) {
    shown = whole;
    await visit.setViewportSize({ width: 760, height: 820 });
    await goThere();
    await visit.screenshot({ path: `${screenshots}/pay-${colorScheme}.png` });
    await visit.goto(`${at.url}/pay/${token}?step=3ds`);
    await visit.screenshot({ path: `${screenshots}/pay-3ds-${colorScheme}.png` });
  }
});

test('another site can neither frame it nor post its form', async () => {
  shop.removeAllListeners('request');
  shop.on('request', (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><form method="post" action="${at.url}/pay/${token}"><button name="choice" value="pay">Win</button></form><iframe src="${at.url}/pay/${token}"></iframe>`);
  });
  await visit.goto(origin('localhost'));
  await expect.poll(() => complaints.join(' ')).toMatch(/frame-ancestors|X-Frame-Options/);
  const answered = visit.waitForResponse(`${at.url}/pay/${token}`);
  await visit.getByRole('button', { name: 'Win' }).click();
  expect((await answered).status()).toBe(403);
  expect(chosen).toEqual([]);
});
