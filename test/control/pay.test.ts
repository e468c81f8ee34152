import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HostedPages, PageAnswer, ShownPage } from '../../src/model/hosted-page.ts';
import { StoreUnavailable } from '../../src/model/store.ts';
import { harness, type Harness } from './harness.ts';

const token = 'eyJhIjoxfQ.abc_-9';
const page: ShownPage = {
  provider: 'paypal', title: 'Order 5O1', amount: { minor: '4200', exponent: 2, currency: 'EUR' }, payer: 'ada@example.test', lines: [{ text: '2 x Mug', amount: { minor: '4200', exponent: 2, currency: 'EUR' } }],
  choices: ['pay', 'decline', 'cancel'], status: null,
};
let shown: ShownPage;
let answer: PageAnswer | Error;
const chosen: string[] = [];
const pay: HostedPages = {
  show: async (given) => (given === token ? shown : null),
  async choose(given, choice) {
    if (given !== token) return { kind: 'unknown' };
    chosen.push(choice);
    if (answer instanceof Error) throw answer;
    return answer;
  },
};

let open: Harness;
let locked: Harness;
beforeAll(async () => {
  open = await harness({ pay, publicUrl: 'https://fourthwall.staging.example' });
  locked = await harness({ pay, auth: { kind: 'tokens', tokens: [{ token: 'a-token', role: 'admin', expires: null }] } });
});
beforeEach(() => {
  [shown, answer, chosen.length] = [page, { kind: 'chosen', goTo: 'https://shop.example.test/done?token=5O1', says: null, page }, 0];
});
afterAll(() => Promise.all([open.close(), locked.close()]));

const form = 'application/x-www-form-urlencoded';
const get = (path: string, base = open.url): Promise<Response> => fetch(`${base}${path}`, { redirect: 'manual' });
const post = (body: string, headers: Readonly<Record<string, string>> = {}, at = `/pay/${token}`, base = open.url): Promise<Response> =>
  fetch(`${base}${at}`, { method: 'POST', redirect: 'manual', headers: { 'content-type': form, ...headers }, body });

/** fetch cannot say another Host; node:http can. */
function send(method: string, headers: Readonly<Record<string, string>>, path = `/pay/${token}`): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(open.url);
    const sent = request({ hostname, port, path, method, headers: { 'content-type': form, ...headers } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { body += chunk; }).on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject);
    sent.end(method === 'POST' ? 'choice=pay' : undefined);
  });
}

describe('the page', () => {
  test('says what is to be paid, by whom, for what, where we are, and what can be done', async () => {
    const response = await get(`/pay/${token}`);
    const html = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const said of ['Nothing is charged: this is staging.', '<bdi>paypal</bdi>', 'Order 5O1', 'EUR 42.00', 'ada@example.test', '2 x Mug']) expect(html).toContain(said);
    expect([...html.matchAll(/name="choice" value="([a-z-]+)"/g)].map(([, value]) => value)).toEqual(['pay', 'decline', 'cancel']);
    expect(html).not.toMatch(/<script|<img|<link|javascript:|https?:\/\//);
  });

  test('has no script, is kept nowhere, framed nowhere, indexed nowhere and told to no other site', async () => {
    const { headers } = await get(`/pay/${token}`);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; form-action http: https:; base-uri 'none'; frame-ancestors 'none'$/);
    expect(['cache-control', 'referrer-policy', 'x-frame-options', 'x-content-type-options', 'x-robots-tag', 'set-cookie'].map((name) => headers.get(name))).toEqual(['no-store', 'same-origin', 'DENY', 'nosniff', 'noindex, nofollow', null]);
  });

  test('writes what the application said as text, never as markup', async () => {
    const evil = `"><script>alert(1)</script><a href='javascript:1'>&amp;\ud800`;
    shown = { ...page, provider: evil, title: evil, payer: evil, status: evil, lines: [{ text: evil, amount: { minor: '1', exponent: 0, currency: evil } }] };
    const html = await (await get(`/pay/${token}`)).text();
    expect(html).not.toMatch(/<script|<a |href='/);
    expect(html).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;a href=&#39;javascript:1&#39;&gt;&amp;amp;\ufffd');
  });

  test('3-D Secure is a step of its own, also without a script, and the only one where nothing else is offered', async () => {
    shown = { ...page, choices: ['pay', 'pay-authenticated', 'fail-authentication', 'cancel'] };
    const values = async (path: string): Promise<readonly string[]> => [...(await (await get(path)).text()).matchAll(/value="([a-z-]+)"|href="([^"]+)"/g)].map(([, value, href]) => value ?? href!);
    expect(await values(`/pay/${token}`)).toEqual(['pay', `${token}?step=3ds`, 'cancel']);
    expect(await values(`/pay/${token}?step=3ds`)).toEqual(['pay-authenticated', 'fail-authentication', token]);
    shown = { ...page, choices: ['pay-authenticated', 'fail-authentication'] };
    expect(await values(`/pay/${token}`)).toEqual(['pay-authenticated', 'fail-authentication']);
    shown = { ...page, choices: ['pay'] };
    expect(await values(`/pay/${token}?step=3ds`)).toEqual(['pay']);
  });

  test('says how it stands when nothing is left to choose', async () => {
    shown = { ...page, amount: null, payer: null, lines: [], choices: [], status: 'This order is completed.', back: 'https://shop.example.test/done?a=1&b="' };
    const html = await (await get(`/pay/${token}`)).text();
    expect(html).toContain('This order is completed.');
    expect(html).not.toMatch(/<form|<dl|<table/);
    expect(html).toContain('<a class="button" href="https://shop.example.test/done?a=1&amp;b=&quot;">Back to the application</a>');
    shown = { ...page, back: 'https://shop.example.test/done' };
    expect(await (await get(`/pay/${token}`)).text()).not.toContain('Back to the application');
  });

  test.each([`/pay/${token}x`, '/pay/x', `/pay/${token}%22`, `/pay/${'a'.repeat(1_900)}`])('%s is 404 as a page for people', async (path) => {
    const response = await get(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain('No such payment page');
    expect((await post('choice=pay', {}, path)).status).toBe(404);
  });

  test('HEAD is GET without its body; every other method is 405 and says which are right', async () => {
    const head = await fetch(`${open.url}/pay/${token}`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/html; charset=utf-8', '']);
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const response = await fetch(`${open.url}/pay/${token}`, { method, ...(method === 'OPTIONS' ? {} : { body: 'choice=pay', headers: { 'content-type': 'text/plain' } }) });
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD, POST']);
    }
    expect(chosen).toEqual([]);
  });
});

describe('a choice', () => {
  test('sends the payer to the address of the application', async () => {
    const response = await post('choice=pay');
    expect([response.status, response.headers.get('location')]).toEqual([303, 'https://shop.example.test/done?token=5O1']);
    expect(chosen).toEqual(['pay']);
  });

  test('shows the page again with what was said where the payer stays', async () => {
    answer = { kind: 'chosen', goTo: null, says: 'The card was declined. <Try> another.', page };
    const response = await post('choice=decline');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<p class="said" role="status"><bdi>The card was declined. &lt;Try&gt; another.</bdi></p>');
  });

  test('that is not possible any more is 409, and the page says why', async () => {
    answer = { kind: 'refused', why: 'It cannot be paid any more.', page: { ...page, choices: [] } };
    const response = await post('choice=pay');
    expect(response.status).toBe(409);
    expect(await response.text()).toContain('It cannot be paid any more.');
  });

  test.each(['', 'choice=pay&choice=cancel', 'choice=pay&a=b', 'other=pay', 'pay'])('%j is no form of ours', async (body) => {
    expect((await post(body)).status).toBe(400);
    expect(chosen).toEqual([]);
  });

  test('takes forms only, and short ones', async () => {
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) expect([type, (await post('choice=pay', { 'content-type': type })).status]).toEqual([type, 415]);
    expect((await post(`choice=${'x'.repeat(2_000)}`)).status).toBe(413);
    expect(chosen).toEqual([]);
  });

  test('is not made while the store takes no writes', async () => {
    answer = new StoreUnavailable('full');
    expect((await post('choice=pay')).status).toBe(503);
  });
});

describe('who may', () => {
  test('needs no token of the control plane: the address is the key, and opens nothing else', async () => {
    expect((await get(`/pay/${token}`, locked.url)).status).toBe(200);
    expect((await post('choice=pay', {}, `/pay/${token}`, locked.url)).status).toBe(303);
    expect((await get('/pay/other', locked.url)).status).toBe(404);
    for (const path of ['/', '/pay', '/pay/', `/pay/${token}/more`, '/pay/../api/captures', '/pay/%2e%2e/api/captures', '/pay%2Fx', '/api/captures', '//pay/x']) expect([path, (await get(path, locked.url)).status]).toEqual([path, 401]);
  });

  test.each<Readonly<Record<string, string>>>([{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: 'not a url' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'none' }, { origin: 'http://localhost:1', host: 'localhost:2' }])(
    'a form of another site is refused: %j', async (headers) => {
      expect((await send('POST', headers)).status).toBe(403);
      expect(chosen).toEqual([]);
    });

  test.each<Readonly<Record<string, string>>>([{ host: 'localhost:2', origin: 'http://localhost:2', 'sec-fetch-site': 'same-origin' }, { host: 'fourthwall.staging.example', origin: 'https://fourthwall.staging.example' }, { host: 'localhost:2', origin: 'https://fourthwall.staging.example' }, {}])(
    'its own form is taken: %j', async (headers) => {
      expect((await send('POST', headers)).status).toBe(303);
    });

  test('a name that is not ours is answered nothing', async () => {
    for (const method of ['GET', 'POST']) expect((await send(method, { host: 'evil.example' })).status).toBe(421);
    expect(chosen).toEqual([]);
  });

  test('other changes still need our header from a browser', async () => {
    for (const path of ['/pay', '/pay/', '/pay/x/y', '/api/runs/x/close?/pay/x', '/api/runs/pay/close']) expect([path, (await send('POST', { origin: open.url, host: new URL(open.url).host }, path)).status]).toEqual([path, 403]);
  });
});
