import pino from 'pino';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPreview } from '../../src/control/preview.ts';
import type { Preview } from '../../src/control/preview.ts';
import type { Store } from '../../src/model/store.ts';
import { openBrowser } from './browser.ts';
import { hostileMail } from './hostile-mail.ts';
import { buildPage, servePage } from './page-server.ts';
import type { PageServer } from './page-server.ts';
import { recordingServer } from './recording-server.ts';
import type { RecordingServer } from './recording-server.ts';
import { mailRecording, pixel } from './sample-captures.ts';

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

describe('the preview origin', () => {
  let preview: Preview;
  let now = Date.parse('2026-11-21T09:00:00Z');
  const store: Pick<Store, 'capture' | 'attachment'> = {
    capture: (id) => Promise.resolve(id === 'cap_A' ? {
      content: {
        subject: null, text: null, html: '<!DOCTYPE html><p>Hello<img src="cid:a%40b"><img src=cid:vector@x><img src="cid:none">',
        attachments: [
          { n: 0, filename: 'a.png', contentType: 'image/png; name=a.png', contentId: 'a@b', size: 1, sha256: '', href: '' },
          { n: 1, filename: 'v.svg', contentType: 'image/svg+xml', contentId: 'vector@x', size: 1, sha256: '', href: '' },
        ],
      }, decoded: { kind: 'effects', effects: [] },
    } as never : null),
    attachment: (_id, n) => Promise.resolve(n === 0
      ? { filename: 'a.png', contentType: 'image/png', content: Buffer.from(pixel, 'base64') }
      : { filename: 'v.svg', contentType: 'image/svg+xml', content: Buffer.from(svg) }),
  };
  beforeAll(async () => {
    preview = createPreview({ store, controlOrigin: () => ['http://127.0.0.1:8025', 'http://[::1]:8025'], key: new Uint8Array(32).fill(1), now: () => now, logger: pino({ level: 'silent' }) });
    await preview.listen('127.0.0.1', 0);
  });
  afterAll(() => preview.close());

  it('serves a mail at its signed address, in the strictest policy, without a cookie', async () => {
    const response = await fetch(preview.url('cap_A'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; img-src data: 'self'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors http://127.0.0.1:8025; sandbox");
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).toMatch(/^<!DOCTYPE html><base target="_blank"><p>Hello/);
  });

  it('refuses an address without a signature, with another one, for another capture, or that has run out', async () => {
    const url = new URL(preview.url('cap_A'));
    const status = async (change: (url: URL) => void): Promise<number> => {
      const changed = new URL(url);
      change(changed);
      return (await fetch(changed)).status;
    };
    expect(await status(() => { /* as given */ })).toBe(200);
    expect(await status((one) => { one.search = ''; })).toBe(403);
    expect(await status((one) => { one.searchParams.set('s', 'x'.repeat(43)); })).toBe(403);
    expect(await status((one) => { one.searchParams.set('e', '9999999999999'); })).toBe(403);
    expect(await status((one) => { one.pathname = '/html/cap_B'; })).toBe(403);
    expect(await status((one) => { one.pathname = '/part/cap_A/0'; })).toBe(403);
    now += 120_001;
    expect(await status(() => { /* too late */ })).toBe(403);
  });

  it('is shown in a frame only: a browser that opens the address by itself is refused', async () => {
    const open = async (destination: string): Promise<number> => (await fetch(preview.url('cap_A'), { headers: { 'sec-fetch-dest': destination } })).status;
    expect(await open('iframe')).toBe(200);
    expect(await open('document')).toBe(403);
    expect(await open('object')).toBe(403);
  });

  it('points inline pictures at signed addresses, but never an SVG', async () => {
    const html = await (await fetch(preview.url('cap_A'))).text();
    const part = /src="(\/part\/cap_A\/0\?[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const response = await fetch(preview.origin() + part);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(html).toContain('<img src=cid:vector@x>');
    expect(html).toContain('<img src="cid:none">');
  });

  it('does not serve an SVG even when its address is signed', async () => {
    const disguised = createPreview({
      store: {
        capture: async (id) => {
          const capture = await store.capture(id);
          return capture === null ? null : { ...capture, content: { ...capture.content!, attachments: [{ ...capture.content!.attachments[0]!, n: 1 }] } };
        },
        attachment: store.attachment,
      },
      controlOrigin: () => [], key: new Uint8Array(32).fill(1), now: () => now, logger: pino({ level: 'silent' }),
    });
    await disguised.listen('127.0.0.1', 0);
    const html = await (await fetch(disguised.url('cap_A'))).text();
    const part = /src="(\/part\/cap_A\/1\?[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const response = await fetch(disguised.origin() + part);
    await disguised.close();
    expect(response.status).toBe(404);
  });

  it('answers everything else with a plain 404 in a sandbox', async () => {
    const response = await fetch(`${preview.origin()}/api/captures`);
    expect([response.status, response.headers.get('content-security-policy')]).toEqual([404, "default-src 'none'; sandbox"]);
  });

  it('does not start with a key that could be guessed', () => {
    expect(() => createPreview({ store, controlOrigin: () => [], key: new Uint8Array(8), now: () => now, logger: pino({ level: 'silent' }) })).toThrow(/8 bytes; at least 16/);
  });
});

describe('a hostile mail in a real browser', () => {
  let directory: string;
  let server: PageServer;
  let outside: RecordingServer;
  let browser: Browser;
  beforeAll(async () => {
    directory = await buildPage();
    server = await servePage(directory, { empty: true });
    outside = await recordingServer();
    browser = await openBrowser();
    const { recording, enrichment } = mailRecording({
      id: 'cap_01JDHOSTILE000000000000000', subject: '<img src=x onerror=alert(1)>', html: hostileMail(`http://127.0.0.1:${outside.port}`),
      attachments: [
        { filename: 'logo.png', contentType: 'image/png', contentId: 'logo@northwind', content: Buffer.from(pixel, 'base64') },
        { filename: 'v.svg', contentType: 'image/svg+xml', contentId: 'vector@northwind', content: Buffer.from(svg) },
      ],
    });
    await server.store.record(recording);
    await server.store.enrich(recording.draft.id, enrichment);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await outside.close();
  });

  it('runs nothing, loads nothing, sends nothing, and moves nobody', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const dialogs: string[] = [];
    const requests: string[] = [];
    page.on('dialog', (dialog) => { dialogs.push(dialog.message()); void dialog.dismiss(); });
    context.on('request', (request) => { requests.push(request.url()); });
    await page.goto(`${server.origin}/captures/cap_01JDHOSTILE000000000000000`);
    const mail = page.frameLocator('iframe[title="The mail as rendered"]');
    await mail.getByRole('heading', { name: 'Still a mail' }).waitFor();
    for (const id of ['submit', 'script', 'download', 'blank', 'top', 'plain', 'self']) await mail.locator(`#${id}`).click({ noWaitAfter: true });
    // A picture of its own is shown: so the frame was alive, and what is missing was refused.
    // Then a round trip after everything: what was going to be sent has been.
    await page.evaluate(() => fetch('/healthz'));

    expect(outside.requests).toEqual([]);
    expect(outside.connections()).toBe(0);
    expect(dialogs).toEqual([]);
    expect(context.pages()).toHaveLength(1);
    expect(page.url()).toBe(`${server.origin}/captures/cap_01JDHOSTILE000000000000000`);
    expect(await page.title()).toBe('<img src=x onerror=alert(1)> · Fourthwall');
    expect(requests.filter((url) => !/^(?:data|cid):/.test(url) && !url.startsWith(server.origin) && !url.startsWith(server.previewOrigin) && !url.startsWith(`http://127.0.0.1:${outside.port}`))).toEqual([]);
    await context.close();
  });

  it('shows its own inline picture and not the SVG', async () => {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/captures/cap_01JDHOSTILE000000000000000`);
    const mail = page.frameLocator('iframe[title="The mail as rendered"]');
    await mail.getByRole('heading', { name: 'Still a mail' }).waitFor();
    await expect.poll(() => mail.locator('#cid').evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
    expect(await mail.locator('#svgcid').evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(0);
    await page.close();
  });
});
