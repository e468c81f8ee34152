import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { accessibilityFaults, contrastFaults, sidewaysOverflow } from './page-checks.ts';
import { buildPage, servePage } from './page-server.ts';
import type { PageServer } from './page-server.ts';
import { mailRecording } from './sample-captures.ts';

const id = (number: number): string => `cap_01JD${String(number).padStart(22, '0')}`;
const order = id(4);
const wide = { viewport: { width: 1440, height: 900 } } satisfies BrowserContextOptions;

let directory: string;
let browser: Browser;
let server: PageServer;
let empty: PageServer;
let contexts: BrowserContext[] = [];
/** of every page of the running test */
let complaints: string[] = [];
let requested: string[] = [];

const open = async (path: string, options: BrowserContextOptions = wide, on: PageServer = server): Promise<Page> => {
  const context = await browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text()); });
  page.on('pageerror', (error) => { complaints.push(error.message); });
  context.on('request', (request) => { requested.push(request.url()); });
  await page.goto(on.origin + path);
  await page.locator('.live[data-state="live"]').waitFor();
  return page;
};
const rows = (page: Page) => page.getByRole('list', { name: 'Captures, newest first' }).getByRole('listitem');
const record = async (subject: string, number: number): Promise<void> => {
  const { recording, enrichment } = mailRecording({ id: `cap_01JDZ${String(number).padStart(21, '0')}`, subject, html: `<h1>${subject}</h1>` });
  await server.store.record(recording);
  await server.store.enrich(recording.draft.id, enrichment);
};

beforeAll(async () => {
  directory = await buildPage();
  [server, empty, browser] = await Promise.all([servePage(directory), servePage(directory, { empty: true }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await Promise.all([server.close(), empty.close()]);
});
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  const elsewhere = requested.filter((url) => ![server.origin, server.previewOrigin, empty.origin, empty.previewOrigin].some((origin) => url.startsWith(`${origin}/`)) && !url.startsWith('data:'));
  const heard = complaints;
  contexts = [];
  complaints = [];
  requested = [];
  // Holds for every test here: nothing goes to another host, and the console stays empty (a CSP violation is an error there).
  expect(elsewhere).toEqual([]);
  expect(heard).toEqual([]);
});

describe('the timeline', () => {
  it('shows every channel in one list, newest first, with a real recipient told apart by shape and word', async () => {
    const page = await open('/');
    await rows(page).first().waitFor();
    expect(await rows(page).locator('.row-title').allTextContents()).toEqual([
      'Hello {{first_name}}, we miss you', expect.stringContaining('analytics.tracker.test'), expect.stringContaining('Ihre Bestellung'), expect.stringContaining('Northwind: your order'),
      'Order A-1042 confirmed: thank you, Anna', expect.stringContaining('EUR 42.00'), expect.stringContaining('EUR 42.00'), 'Your weekly digest',
    ]);
    const row = rows(page).filter({ hasText: 'Order A-1042 confirmed' });
    expect(await row.getByRole('img', { name: 'real' }).count()).toBe(1);
    expect(await row.innerText()).toMatch(/anna\.schmidt@gmail\.com/);
    expect(await rows(page).filter({ hasText: 'tracker' }).locator('.badge').innerText()).toBe('rejected');
  });

  it('shows a new capture as it arrives', async () => {
    const page = await open('/');
    await rows(page).first().waitFor();
    await record('Just now', 1);
    await rows(page).filter({ hasText: 'Just now' }).waitFor();
    expect(await rows(page).locator('.row-title').first().innerText()).toBe('Just now');
    await page.locator('.filters').getByRole('link', { name: /Email/ }).filter({ hasText: '4' }).waitFor();
  });

  it('does not move rows under the pointer, and shows what came when asked', async () => {
    const page = await open('/');
    const first = rows(page).first();
    await first.waitFor();
    const before = await first.innerText();
    await first.hover();
    await record('While reading', 2);
    await page.getByRole('button', { name: /1 new/ }).waitFor();
    expect(await rows(page).first().innerText()).toBe(before);
    await page.keyboard.press('.');
    await rows(page).filter({ hasText: 'While reading' }).waitFor();
  });

  it('narrows by text and by filter, and the address keeps it', async () => {
    const page = await open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('confirmed');
    await page.waitForURL(/\?q=confirmed$/);
    await page.getByText('1 capture matches').waitFor();
    await page.getByRole('combobox').fill('');
    await page.getByRole('combobox').pressSequentially('chan');
    await page.getByRole('option', { name: 'channel:' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('sm');
    await page.getByRole('option', { name: 'channel:sms' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\?channel=sms$/);
    await page.getByText('2 captures match').waitFor();
    await page.reload();
    await page.getByText('2 captures match').waitFor();
    await page.getByRole('button', { name: 'Remove filter channel sms' }).click();
    await page.waitForURL(/\/$/);
    await page.locator('.filters').getByRole('link', { name: /rejected/ }).click();
    await page.waitForURL(/\?outcome=rejected$/);
    await page.goBack();
    await page.waitForURL(/\/$/);
  });

  it('says so when nothing matches', async () => {
    const page = await open('/?q=nonexistentword');
    await page.getByText('No capture matches.').waitFor();
  });

  it('is driven by the keyboard', async () => {
    const page = await open('/');
    await rows(page).first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    const chosen = await page.locator('.row[data-selected="true"] a').getAttribute('data-capture');
    expect(chosen).toBe(await rows(page).nth(1).locator('a').getAttribute('data-capture'));
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/captures/${chosen}`);
    await page.keyboard.press('j');
    await page.waitForURL(`**/captures/${await rows(page).nth(2).locator('a').getAttribute('data-capture')}`);
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/$/);
    // What was clicked keeps no hold on Enter.
    await rows(page).nth(0).click();
    await page.getByRole('tab', { name: 'Why' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/$/);
    await page.keyboard.press('j');
    await page.locator('.row:nth-child(2) a:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/captures/${chosen}`);
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/$/);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/');
  });
});

describe('a capture', () => {
  it('shows a mail rendered in a sandboxed frame from the other origin, with its inline picture', async () => {
    const page = await open('/');
    await rows(page).filter({ hasText: 'Order A-1042 confirmed' }).click();
    await page.waitForURL(`**/captures/${order}`);
    const frame = page.locator('iframe');
    expect(await frame.getAttribute('sandbox')).toBe('');
    const mail = page.frameLocator('iframe');
    await mail.getByRole('heading', { name: 'Thank you, Anna' }).waitFor();
    await expect.poll(() => mail.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
    expect(page.frames().map((one) => new URL(one.url()).origin)).toEqual([server.origin, server.previewOrigin]);
    await page.getByRole('button', { name: 'Phone' }).click();
    expect((await frame.boundingBox())?.width).toBe(375);
    // Opening it marked it seen.
    await page.locator(`.row[data-seen="true"] a[data-capture="${order}"]`).waitFor();
  });

  it('shows text, source, headers, codes, attachments and the message as it came', async () => {
    const page = await open(`/captures/${order}`);
    const tab = async (name: RegExp): Promise<string> => {
      await page.getByRole('tab', { name }).click();
      return page.getByRole('tabpanel').innerText();
    };
    expect(await tab(/^Text/)).toContain('your order A-1042 over EUR 42.00 is confirmed');
    expect(await tab(/^HTML/)).toContain('<h2>Thank you, Anna</h2>');
    expect(await tab(/^Headers/)).toMatch(/Message-ID\s+<\d+@northwind\.example>/);
    expect(await tab(/^Links/)).toContain('481920');
    expect(await tab(/^Attachments/)).toContain('invoice-A-1042.pdf');
    expect(await tab(/^Raw/)).toContain('RCPT TO:<anna.schmidt@gmail.com>');
  });

  it('says why: the rule, its reason, how every rule fared, and how each recipient was judged', async () => {
    const page = await open(`/captures/${order}`);
    await page.getByRole('tab', { name: /^Why/ }).click();
    const why = page.getByRole('tabpanel');
    expect(await why.getByRole('region', { name: 'Decision' }).innerText()).toMatch(/Captured by everything-we-understand\s+staging sends nothing/);
    expect(await why.getByRole('region', { name: 'Rules' }).getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/our-own-services no match\s+host is none of/), expect.stringMatching(/stripe-live-to-test no match/), expect.stringMatching(/everything-we-understand matched, decided\s+channel is one of/),
    ]);
    expect(await why.getByRole('row', { name: /anna\.schmidt/ }).innerText()).toMatch(/to\s+real\s+on no list/);
  });

  it('shows an SMS with its segments and what makes it cost double', async () => {
    const page = await open(`/captures/${id(6)}`);
    expect(await page.getByRole('tabpanel').innerText()).toMatch(/Segments\s+2\s+Encoding\s+UCS-2/);
  });

  it('shows a payment with the other calls on the same object', async () => {
    const page = await open(`/captures/${id(2)}`);
    await page.getByRole('region', { name: 'Calls on the same object' }).getByRole('link', { name: 'payment_intents.confirm' }).waitFor();
    expect(await page.getByRole('tabpanel').innerText()).toMatch(/EUR 42\.00\s+This call prepares[\s\S]*Idempotency key\s+order-A-1042/);
  });

  it('shows any call pretty and raw, and copies it as curl through the gateway', async () => {
    const page = await open(`/captures/${id(7)}`, { ...wide, permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('tab', { name: 'Request' }).click();
    expect(await page.getByRole('region', { name: 'request body' }).innerText()).toContain('"event": "purchase",\n');
    await page.getByRole('button', { name: 'Raw' }).click();
    expect(await page.getByRole('region', { name: 'request body' }).innerText()).toContain('{"event":"purchase","value":42');
    await page.getByRole('button', { name: /curl/ }).click();
    await page.getByText('Copied').first().waitFor();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    expect(command).toContain("--proxy 'http://127.0.0.1:18080'");
    expect(command).toContain(String.raw`--header 'x-note: it'\''s $(here)'`);
    await page.getByRole('tab', { name: 'Reply' }).click();
    expect(await page.getByRole('tabpanel').innerText()).toContain('403');
  });

  it('shows what the application was told, sends it again and makes something happen', async () => {
    const sms = (await server.store.list({ channel: ['sms'] }, 1)).items[0]!;
    const callback = { target: 'http://shop:3000/status', object: 'SM1', notBeforeMs: Date.now(), method: 'POST', headers: [], body: '', contentType: 'text/plain' };
    await server.store.addConsequences(sms.id, { remember: [], callbacks: [{ ...callback, event: 'sent', skipped: 'no webhook of gateway.yaml is at http://shop:3000' }] });
    const page = await open(`/captures/${sms.id}`);
    await page.getByRole('tab', { name: 'Callbacks' }).click();
    const list = page.getByRole('list', { name: 'Callbacks' });
    expect(await list.innerText()).toMatch(/not sent[\s\S]*sent[\s\S]*http:\/\/shop:3000\/status[\s\S]*no webhook of gateway\.yaml is at/);
    expect([...await accessibilityFaults(page), ...await contrastFaults(page)]).toEqual([]);
    await page.getByRole('button', { name: 'Send sent again' }).click();
    await page.getByText('It is sent again.').waitFor();
    await list.getByText('to be sent').waitFor();
    await page.getByLabel('Event').selectOption('failed');
    await page.getByLabel('Detail').fill('30005');
    await page.getByRole('button', { name: 'Make it happen' }).click();
    await page.getByText('failed happened.').waitFor();
    await list.getByText('failed 30005').waitFor();
  });

  it('is tagged, noted, pinned, and deleted only when confirmed', async () => {
    await record('To be deleted', 3);
    const page = await open(`/captures/cap_01JDZ${'3'.padStart(21, '0')}`);
    await page.getByRole('button', { name: 'Tags' }).click();
    await page.getByLabel('Tags, separated by commas').fill('bug, bug , checkout');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Tags: bug, checkout' }).waitFor();
    await page.getByRole('button', { name: 'Note' }).click();
    await page.getByLabel('A note for whoever looks next').fill('seen on Monday');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Note: written' }).waitFor();
    await page.getByRole('button', { name: 'Pin' }).click();
    await page.getByRole('button', { name: 'Pin', pressed: true }).waitFor();
    const stored = await server.store.capture(`cap_01JDZ${'3'.padStart(21, '0')}`);
    expect(stored).toMatchObject({ tags: ['bug', 'checkout'], note: 'seen on Monday', pinned: true });
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    expect(await server.store.capture(`cap_01JDZ${'3'.padStart(21, '0')}`)).not.toBeNull();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(/\/$/);
    expect(await server.store.capture(`cap_01JDZ${'3'.padStart(21, '0')}`)).toBeNull();
  });
});

describe('what may not be deleted', () => {
  it('stays, and the page says why', async () => {
    const held = 'cap_01JDH000000000000000000001';
    const { recording } = mailRecording({ id: held, subject: 'Held by its run', html: '<p>x</p>' });
    await server.store.openRun({ name: 'held', space: null, claims: [], registered: true });
    await server.store.record({ ...recording, draft: { ...recording.draft, run: 'held' } });
    const page = await open(`/captures/${held}`);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    expect(await page.getByRole('alert').innerText()).toMatch(/its run is still open/);
    expect(await server.store.capture(held)).not.toBeNull();
  });
});

describe('the other screens', () => {
  it('tells one order over all its channels on one time axis', async () => {
    const page = await open(`/captures/${order}`);
    await page.getByRole('link', { name: 'order A-1042', exact: true }).click();
    await page.getByRole('heading', { name: 'Journey order:A-1042' }).waitFor();
    const axis = page.getByRole('list', { name: 'In the order they happened' });
    await axis.getByRole('link').first().waitFor();
    const links = await axis.getByRole('link').allInnerTexts();
    expect(links.map((text) => text.split('\n')[0])).toEqual(expect.arrayContaining([expect.stringContaining('payment_intents.confirm'), expect.stringContaining('Order A-1042 confirmed')]));
    expect(links.findIndex((text) => text.includes('payment_intents.create'))).toBeLessThan(links.findIndex((text) => text.includes('Order A-1042 confirmed')));
  });

  it('tells one person over mail, SMS and payments', async () => {
    const page = await open(`/captures/${order}`);
    await page.getByRole('link', { name: 'this person' }).click();
    const axis = page.getByRole('list', { name: 'In the order they happened' });
    await axis.getByRole('img', { name: 'SMS' }).first().waitFor();
    expect(await axis.getByRole('img', { name: 'Payment' }).count()).toBe(2);
    expect(await axis.getByRole('img', { name: 'Email' }).count()).toBe(1);
  });

  it('lists runs with their verdict and opens one with its reasons', async () => {
    const page = await open('/runs');
    const row = page.getByRole('row', { name: /checkout-7/ });
    await row.locator('.verdict-badge').waitFor();
    await row.getByRole('link', { name: 'checkout-7' }).click();
    await page.waitForURL('**/runs/checkout-7');
    expect(await page.getByRole('region', { name: 'Verdict' }).innerText()).toMatch(/inconclusive[\s\S]*no-unrecognized/);
  });

  it('teaches how to connect while nothing was captured, with the real ports, and sees the first call', async () => {
    const page = await open('/', wide, empty);
    await page.getByRole('heading', { name: 'Nothing captured yet' }).waitFor();
    const panel = page.getByRole('tabpanel');
    await panel.getByText('--proxy http://my-service:x@127.0.0.1:18080').waitFor();
    await page.getByRole('tab', { name: 'SMTP' }).click();
    expect(await panel.innerText()).toContain('SMTP_PORT=11025');
    expect(await page.getByRole('link', { name: 'CA certificate' }).getAttribute('href')).toBe('/ca.pem');
    await page.goto(`${empty.origin}/connect`);
    await page.getByText('Waiting for the first call').waitFor();
    const { recording, enrichment } = mailRecording({ id: 'cap_01JDF000000000000000000001', subject: 'First', html: '<p>First</p>' });
    await empty.store.record(recording);
    await empty.store.enrich(recording.draft.id, enrichment);
    await page.getByText('First call seen').waitFor();
  });
});

describe('for everybody', () => {
  const screens = ['/', `/captures/${order}`, `/captures/${id(2)}`, `/captures/${id(6)}`, `/captures/${id(7)}`, '/journeys/order:A-1042', '/runs', '/runs/checkout-7', '/connect', '/?q=nonexistentword'] as const;
  /** Nothing is loading any more and the page has come to show what it is about. */
  const settled = async (page: Page): Promise<void> => {
    await expect.poll(() => page.locator('.notice[role="status"]', { hasText: 'Loading' }).count(), { timeout: 10_000 }).toBe(0);
    await page.locator('.row:visible, .axis-item, .verdict-badge, .first-call, .pane-head, .notice:has-text("No capture matches")').first().waitFor();
  };
  const everyView = async (page: Page, look: (what: string) => Promise<void>): Promise<void> => {
    for (const path of screens) {
      await page.goto(server.origin + path);
      await settled(page);
      await look(path);
      for (const tab of await page.locator('.pane').getByRole('tab').all()) {
        await tab.click();
        await look(`${path} ${await tab.innerText()}`);
      }
    }
  };

  it('has no sideways scroll at 360 px, on any screen', async () => {
    const page = await open('/', { viewport: { width: 360, height: 740 } });
    await everyView(page, async (what) => { expect(await sidewaysOverflow(page), what).toBe(0); });
  });

  it.each(['light', 'dark'] as const)('can be read and is labelled, on every screen, in %s', async (colorScheme) => {
    const page = await open('/', { ...wide, colorScheme });
    await everyView(page, async (what) => {
      expect(await accessibilityFaults(page), what).toEqual([]);
      expect(await contrastFaults(page), what).toEqual([]);
    });
  });

  it('reaches filters and a capture on a phone', async () => {
    const page = await open('/', { viewport: { width: 360, height: 740 } });
    await page.getByRole('button', { name: 'Filters', exact: true }).click();
    await page.locator('.filters').getByRole('link', { name: /Payment/ }).click();
    await page.waitForURL(/channel=payment/);
    // the rows of before stand there until the others have come
    await page.getByText(/^\d+ captures? match/).waitFor();
    await rows(page).first().click();
    await page.getByRole('tab', { name: 'Payment' }).waitFor();
    await page.getByRole('button', { name: 'Close the capture' }).click();
    await rows(page).first().waitFor();
  });

  it('keeps the chosen colours', async () => {
    const page = await open('/', { ...wide, colorScheme: 'light' });
    await page.getByRole('button', { name: 'Colours: system' }).click();
    await page.getByRole('button', { name: 'Colours: light' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Colours: dark' }).waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(16, 19, 21)');
  });
});

describe('a big store', () => {
  it('scrolls through thousands of captures with a handful of rows in the document', async () => {
    const many = 3000;
    for (let from = 0; from < many; from += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, index) => empty.store.record(
        mailRecording({ id: `cap_01JDM${String(from + index).padStart(21, '0')}`, subject: `Mail ${from + index}`, html: '<p>x</p>' }).recording)));
    }
    const page = await open('/', wide, empty);
    await rows(page).first().waitFor();
    await page.getByText(/3,00\d captures/).waitFor();
    const atTop = await rows(page).first().innerText();
    await page.getByTestId('timeline').evaluate((list) => { list.scrollTop = 5800; });
    // the rows follow a moment after the scroll
    await expect.poll(() => rows(page).first().innerText()).not.toBe(atTop);
    const inView = await rows(page).nth(10).innerText();
    await empty.store.record(mailRecording({ id: 'cap_01JDN000000000000000000001', subject: 'Arrived meanwhile', html: '<p>x</p>' }).recording);
    await page.getByRole('button', { name: /1 new/ }).waitFor();
    expect(await rows(page).nth(10).innerText()).toBe(inView);
    await page.getByRole('button', { name: /1 new/ }).click();
    await rows(page).filter({ hasText: 'Arrived meanwhile' }).waitFor();
    const bottom = async (): Promise<string> => {
      await page.getByTestId('timeline').evaluate((list) => { list.scrollTop = list.scrollHeight; });
      return (await page.getByTestId('timeline').innerText()).includes('shown') ? 'end' : 'more';
    };
    await expect.poll(bottom, { timeout: 20_000, interval: 50 }).toBe('end');
    expect(await rows(page).count()).toBeLessThan(60);
    expect(await rows(page).last().getAttribute('aria-setsize')).toMatch(/^300\d$/);
  });
});
