import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { routeRules } from '../../src/control/access/route-rules.ts';
import type { Capture, CaptureSummary } from '../../src/model/capture.ts';
import { createClient, type Client } from '../../src/testing/client.ts';
import { readServerSentEvents } from '../../src/testing/server-sent-events.ts';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { noteOf, people, plantPeople, tagOf } from '../support/planted-people.ts';
import { stagingApp, type StagingApp } from '../support/staging-app.ts';
import { openBrowser } from '../web/browser.ts';
import { buildPage } from '../web/page-server.ts';

const secrets = { READER: 'token-of-the-reader', UNMASKER: 'token-of-the-unmasker', RELEASER: 'token-of-the-releaser', ADMIN: 'token-of-the-admin', CI: 'token-of-the-ci', ANN: 'ann and her password', UNA: 'una and her password' };
const config = (app: StagingApp): string => `
users:
  - { name: ann, password: "\${ANN}", role: reader }
  - { name: una, password: "\${UNA}", role: unmasker }
tokens:
${['reader', 'unmasker', 'releaser', 'admin', 'ci'].map((role) => `  - { name: ${role}, token: "\${${role.toUpperCase()}}", role: ${role} }`).join('\n')}
webhooks: { status: { url: "${app.origin}/status" } }
`;

let gateway: RunningGateway;
let app: StagingApp;
let captures: readonly CaptureSummary[];
const clientOf = (role: keyof typeof secrets): Client => createClient({ url: gateway.control, token: secrets[role] });
const ask = async (role: keyof typeof secrets, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${gateway.control}${path}`, { ...init, headers: { authorization: `Bearer ${secrets[role]}`, ...init.body === undefined ? {} : { 'content-type': 'application/json' } }, signal: AbortSignal.timeout(30_000) });

beforeAll(async () => {
  app = await stagingApp();
  await app.up();
  gateway = await startGateway({ gateway: config(app), env: secrets });
  const api = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await ask('ADMIN', path, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  await plantPeople({ http: gateway.ports['http']!, smtp: gateway.ports['smtp']!, webhook: `${app.origin}/status`, api });
  const unmasker = clientOf('UNMASKER');
  const sms = (await unmasker.list({ provider: 'twilio', channel: 'sms' })).items.at(-1)!;
  await clientOf('RELEASER').simulate(sms.id, { event: 'delivered' });
  await app.hears(1, '/status');
  await clientOf('RELEASER').patch(sms.id, { note: noteOf, tags: [tagOf] });
  // waits until every mail is read
  await unmasker.assert({ expect: 'no-findings,min-captures=0', settle: 20 });
  await unmasker.wait({ direction: 'callback', timeout: 20 });
  captures = (await unmasker.list({ limit: 500 })).items;
}, 60_000);
afterAll(async () => {
  await discard(gateway);
  await app.down();
});

/** Everything an address could be read from: as it stands, and with every escape and coding undone that a browser or a reader would undo. */
function readingsOf(text: string): string {
  const unescaped = (from: string): string => from.replace(/(?:%[0-9a-f]{2})+/gi, (hex) => Buffer.from(hex.replaceAll('%', ''), 'hex').toString())
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/=\r?\n/g, '').replace(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const twice = unescaped(unescaped(text));
  const packed = [...text.matchAll(/[A-Za-z0-9+/]{16,}/g)].flatMap(([token]) => [0, 1, 2, 3].map((from) => Buffer.from(token.slice(from), 'base64').toString('latin1')));
  return [text, unescaped(text), twice, ...packed].join('\n');
}
const toldIn = (text: string): readonly string[] => {
  const read = readingsOf(text);
  return people.filter(({ needle }) => needle.test(read)).map(({ place }) => place);
};

/** Every GET there is, for every capture, key, person and run: filled in from what the unmasker sees. */
async function everyGet(): Promise<readonly string[]> {
  const wholes: readonly Capture[] = await Promise.all(captures.map(({ id }) => clientOf('UNMASKER').capture(id)));
  const keys = [...new Set(captures.flatMap((capture) => capture.keys.map(({ name, value }) => `${name}:${value}`)))];
  const persons = [...new Set(captures.flatMap(({ person }) => (person === null ? [] : [person])))];
  const providers = [...new Set(captures.map(({ provider }) => provider))].filter((name) => name !== 'unknown');
  const ids = captures.map(({ id }) => id);
  const filled: Readonly<Record<string, readonly string[]>> = {
    'GET /api/captures': ['?limit=500', '?run=planted&limit=500', '?recipient=*@gmail.com&limit=500', '?q=hello'], 'GET /api/counts': ['?by=channel,provider,service,run,action,outcome,standing,finding', '?by=finding&run=planted'],
    'GET /api/captures/wait': ['?timeout=0&limit=500', '?timeout=0&count=999&limit=500', '?timeout=0&tag=none', '?timeout=0&run=planted&limit=500'], 'GET /api/captures/quiet': ['?for=0&after=0', '?for=0&after=0&run=planted'],
    'GET /api/assert': ['?settle=0&expect=no-real-recipients,no-findings', '?settle=0&run=planted'], 'GET /api/runs/:name/report': ['?settle=0&expect=no-real-recipients'],
    'GET /api/audit': ['?limit=500'],
  };
  const values: Readonly<Record<string, readonly string[]>> = { ':id': ids, ':key': keys, ':name': ['planted'], ':provider': providers, ':sha256': [wholes[0]!.decision.policy.sha256], ':n': ['0'] };
  return Object.keys(routeRules).filter((route) => route.startsWith('GET ') && route !== 'GET /api/events').flatMap((route) => {
    let paths = [route.slice(4)];
    for (const [name, each] of Object.entries(route === 'GET /api/persons/:id' ? { ':id': persons } : values)) paths = paths.flatMap((path) => (path.split('/').includes(name) ? each.map((value) => path.replace(name, encodeURIComponent(value))) : [path]));
    return paths.flatMap((path) => (filled[route] ?? ['']).map((query) => path + query));
  });
}

async function answers(role: keyof typeof secrets): Promise<readonly { readonly path: string; readonly status: number; readonly text: string }[]> {
  const found: { path: string; status: number; text: string }[] = [];
  for (const path of await everyGet()) {
    const response = await ask(role, path, { redirect: 'follow' });
    found.push({ path, status: response.status, text: Buffer.from(await response.arrayBuffer()).toString('latin1') });
    if (path.startsWith('/api/captures?')) found.push({ path: `${path} in UTF-8`, status: response.status, text: await (await ask(role, path)).text() });
  }
  return found;
}

async function feed(role: keyof typeof secrets): Promise<string> {
  const stop = new AbortController();
  const response = await fetch(`${gateway.control}/api/events?after=0`, { headers: { authorization: `Bearer ${secrets[role]}` }, signal: stop.signal });
  const seen: string[] = [];
  const last = Math.max(...captures.map(({ seq }) => seq));
  for await (const { data } of readServerSentEvents(response.body!)) {
    seen.push(data);
    if ((JSON.parse(data) as { seq: number }).seq >= last) break;
  }
  stop.abort();
  return seen.join('\n');
}

async function cli(role: keyof typeof secrets, argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  const code = await run(argv, { env: { FOURTHWALL_URL: gateway.control, FOURTHWALL_TOKEN: secrets[role] }, stdout: { write: (chunk) => out.push(Buffer.from(chunk)) }, stderr: { write: (chunk) => err.push(Buffer.from(chunk)) } });
  return { code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

describe('forty real people in the calls of an application', () => {
  it('are all there for the unmasker: what is looked for can be found', async () => {
    const all = (await answers('UNMASKER')).map(({ text }) => text).join('\n');
    expect(people).toHaveLength(40);
    expect(people.map(({ place }) => place).filter((place) => !toldIn(all).includes(place))).toEqual([]);
  });

  it.each(['READER', 'RELEASER', 'ADMIN', 'CI'] as const)('are nowhere for %s: no GET route tells of one, in any reading', async (role) => {
    const found = await answers(role);
    expect(found.filter(({ status }) => status >= 500)).toEqual([]);
    expect(found.map(({ path, text }) => [path, toldIn(text)]).filter(([, told]) => told!.length > 0)).toEqual([]);
    // and yet it is no empty view
    expect(found.find(({ path }) => path === '/api/captures?run=planted&limit=500 in UTF-8')!.text).toContain('•••@gmail.com');
  });

  it('are in no event of the feed', async () => {
    expect(toldIn(await feed('READER'))).toEqual([]);
  });

  it('are in no answer to a change, and no refusal', async () => {
    const [sms] = captures.filter(({ channel }) => channel === 'sms');
    const mail = captures.find(({ channel, protocol }) => channel === 'email' && protocol === 'smtp')!;
    for (const [path, method, body] of [
      [`/api/captures/${sms!.id}`, 'PATCH', { seen: true }], [`/api/captures/${sms!.id}/simulate`, 'POST', { event: 'nothing' }], [`/api/captures/${sms!.id}/simulate`, 'POST', { event: 'delivered', recipient: '+4912345678' }],
      [`/api/captures/${mail.id}/release`, 'POST', { to: ['qa@example.test'] }], [`/api/captures/${mail.id}/release`, 'POST', { to: ['qa@example.test'], via: 'nobody' }],
    ] as const) expect([path, toldIn(await (await ask('RELEASER', path, { method, body: JSON.stringify(body) })).text())]).toEqual([path, []]);
    expect(toldIn(await (await ask('ADMIN', '/api/runs', { method: 'POST', body: JSON.stringify({ name: 'planted', claims: [] }) })).text())).toEqual([]);
  });

  it('cannot be spelled out by asking', async () => {
    for (const query of ['recipient=plant0*', 'recipient=*1.doe@gmail.com', 'recipient=p*@gmail.com', 'q=plant*', 'q=hello%20pl*', 'recipient=%2B4915*']) {
      for (const route of ['/api/captures', '/api/captures/wait?timeout=0', '/api/captures/quiet?for=0', '/api/counts?by=channel', '/api/assert?settle=0']) {
        expect([query, route, (await ask('READER', `${route}${route.includes('?') ? '&' : '?'}${query}`)).status]).toEqual([query, route, 403]);
      }
    }
    expect((await ask('ADMIN', `/api/captures?recipient=plant0*`, { method: 'DELETE' })).status).toBe(403);
    for (const claim of ['p*@gmail.com', '*01.doe@gmail.com']) expect((await ask('CI', '/api/runs', { method: 'POST', body: JSON.stringify({ name: 'guess', claims: [{ recipient: claim }] }) })).status).toBe(403);
    const failures = (recipients: object): string => `{ "failures": [{ "id": "x", "when": { "recipients": ${JSON.stringify(recipients)} }, "then": { "error": 500 } }] }`;
    for (const some of ['/^p.*/', 'p*@gmail.com']) expect((await ask('CI', '/api/runs/planted/failures', { method: 'PUT', body: failures({ some }) })).status).toBe(403);
    expect((await ask('CI', '/api/runs/planted/failures', { method: 'PUT', body: failures({ some: 'real' }) })).status).toBe(200);
    expect((await ask('READER', '/api/captures?recipient=plant01.doe@gmail.com')).status).toBe(200);
    expect((await ask('READER', '/api/captures?recipient=*@gmail.com')).status).toBe(200);
    expect((await ask('UNMASKER', '/api/captures?recipient=plant0*')).status).toBe(200);
  });
});

describe('exports by the command line', () => {
  it('as JSON lines hold nobody for a reader, everybody in lists for the unmasker', async () => {
    const masked = await cli('READER', ['captures', 'export', '--format', 'jsonl']);
    expect(masked.code).toBe(0);
    expect(masked.out.trim().split('\n').length).toBeGreaterThanOrEqual(captures.length);
    expect(toldIn(masked.out)).toEqual([]);
    expect(toldIn((await cli('UNMASKER', ['captures', 'export', '--format', 'jsonl'])).out).length).toBeGreaterThan(30);
    for (const argv of [['captures', 'list'], ['captures', 'list', '--json'], ['captures', 'show', captures[0]!.id], ['assert', '--run', 'planted', '--expect', 'no-real-recipients']]) {
      const { out, err } = await cli('READER', argv);
      expect([argv, toldIn(out + err)]).toEqual([argv, []]);
    }
  });

  it.each(['eml', 'mbox', 'har'])('as %s are refused to a masked view, with the role that may', async (format) => {
    const { code, out, err } = await cli('READER', ['captures', 'export', '--format', format]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(new RegExp(`${format} holds messages and bodies as they came.*role reader.*jsonl.*role unmasker`));
    if (format !== 'eml') expect((await cli('UNMASKER', ['captures', 'export', '--format', format])).code).toBe(0);
  });
});

describe('the page', () => {
  let browser: Browser;
  let directory: string;
  beforeAll(async () => { [directory, browser] = await Promise.all([buildPage(), openBrowser()]); });
  afterAll(async () => { await browser.close(); });

  const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
  /** The page as built now, in front of the gateway as it runs. */
  const open = async (): Promise<BrowserContext> => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.route((url) => url.origin === gateway.control && !/^\/(?:api|readyz|ca[.-])/.test(url.pathname), async (route) => {
      const { pathname } = new URL(route.request().url());
      const file = extname(pathname) === '' ? 'index.html' : pathname;
      await route.fulfill({ body: await readFile(join(directory, file)), contentType: types[extname(file)] ?? 'application/octet-stream' });
    });
    return context;
  };
  const signedIn = async (context: BrowserContext, name: string, password: string): Promise<Awaited<ReturnType<BrowserContext['newPage']>>> => {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${gateway.control}/`);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.live[data-state="live"]').waitFor();
    return page;
  };
  /** What stands in every frame of every tab of every capture, and in the lists. */
  const walk = async (page: Awaited<ReturnType<BrowserContext['newPage']>>, of: readonly CaptureSummary[] = captures): Promise<string> => {
    const seen: string[] = [];
    const look = async (): Promise<void> => { for (const frame of page.frames()) seen.push(await frame.content()); };
    await page.getByRole('list', { name: 'Captures, newest first' }).getByRole('listitem').first().waitFor();
    await look();
    for (const { id } of of) {
      await page.evaluate(`history.pushState(null, '', '/captures/${id}'); dispatchEvent(new PopStateEvent('popstate'))`);
      await page.locator(`.pane[data-capture="${id}"] .pane-head`).waitFor();
      const tabs = page.locator('.pane [role="tab"]');
      for (let n = 0; n < await tabs.count(); n += 1) {
        await tabs.nth(n).click();
        const frame = page.locator('.mail-frame');
        if (await frame.count() > 0) await frame.contentFrame().locator('body').waitFor();
        await look();
      }
    }
    await page.getByRole('link', { name: 'Runs' }).click();
    await page.getByRole('link', { name: 'planted' }).click();
    await page.locator('.run-head').waitFor();
    await look();
    return seen.join('\n');
  };

  it('of a reader shows nobody in any tab of any capture, says so, and offers nothing a reader may not do', async () => {
    const context = await open();
    const page = await signedIn(context, 'ann', secrets.ANN);
    expect(await page.locator('.who-name').innerText()).toBe('ann');
    expect(await page.getByRole('note').innerText()).toContain('Real recipients are masked');
    const dom = await walk(page);
    expect(dom).toContain('•••@gmail.com');
    expect(toldIn(dom)).toEqual([]);
    await page.goto(`${gateway.control}/captures/${captures.find(({ protocol }) => protocol === 'smtp')!.id}`);
    await page.locator('.pane-head').waitFor();
    for (const name of ['Pin', 'Tags', 'Note', 'Delete', 'Download .eml']) expect([name, await page.getByRole('toolbar', { name: 'Actions' }).getByLabel(name, { exact: true }).count()]).toEqual([name, 0]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.locator('.pane').count()).toBe(0);
    await context.close();
  }, 120_000);

  it('of the unmasker shows them', async () => {
    const context = await open();
    const page = await signedIn(context, 'una', secrets.UNA);
    expect(await page.getByRole('note').count()).toBe(0);
    const told = toldIn(await walk(page, captures.filter(({ protocol }) => protocol === 'smtp')));
    expect(told.length).toBeGreaterThan(14);
    await context.close();
  }, 120_000);

  it('does not tell which of name and password was wrong', async () => {
    const context = await open();
    const page = await context.newPage();
    await page.goto(`${gateway.control}/`);
    await page.getByLabel('Name').fill('ann');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').innerText()).toBe('name or password is wrong');
    await context.close();
  });
});
