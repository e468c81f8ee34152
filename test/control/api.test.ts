import { Ajv2020 } from 'ajv/dist/2020.js';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forwardedTo, harness, policyText, record } from './harness.ts';
import type { Harness } from './harness.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>> }>>>>;
}

let at: Harness;
let api: Document;
beforeAll(async () => {
  at = await harness();
  api = await (await fetch(`${at.url}/api/openapi.json`)).json() as Document;
});
afterAll(async () => { await at.close(); });

const send = async (method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly json: unknown }> => {
  const response = await fetch(`${at.url}${path}`, { method, ...body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } });
  return { status: response.status, json: await response.json() };
};

/** Asks, and holds the answer against what the document says about it. */
async function documented(method: 'get' | 'post' | 'put' | 'patch' | 'delete', template: string, path = template, body?: unknown): Promise<unknown> {
  const { status, json } = await send(method.toUpperCase(), path, body);
  const schema = api.paths[template]?.[method]?.responses[String(status)]?.content?.['application/json']?.schema;
  expect([method, path, status, schema === undefined ? json : 'documented']).toEqual([method, path, status, 'documented']);
  const validate = new Ajv2020({ strict: false }).compile(schema!);
  expect([validate(json), validate.errors]).toEqual([true, null]);
  return json;
}

describe('the OpenAPI document', () => {
  test('is 3.1 and lists every route of the contract', () => {
    expect(api.openapi).toBe('3.1.0');
    const routes = Object.entries(api.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)).sort();
    expect(routes).toEqual([
      'DELETE /api/captures', 'DELETE /api/captures/{id}', 'DELETE /api/session', 'DELETE /api/simulators/{provider}/objects',
      'GET /api/assert', 'GET /api/audit', 'GET /api/breakers', 'GET /api/captures', 'GET /api/captures/quiet', 'GET /api/captures/wait', 'GET /api/captures/{id}',
      'GET /api/captures/{id}/attachments/{n}', 'GET /api/captures/{id}/html', 'GET /api/captures/{id}/raw', 'GET /api/captures/{id}/text',
      'GET /api/connection', 'GET /api/counts', 'GET /api/erasures', 'GET /api/erasures/{id}', 'GET /api/events', 'GET /api/journeys/{key}', 'GET /api/me', 'GET /api/openapi.json', 'GET /api/persons/{id}',
      'GET /api/policies/{sha256}', 'GET /api/policy', 'GET /api/providers', 'GET /api/runs', 'GET /api/runs/{name}', 'GET /api/runs/{name}/report',
      'GET /api/simulators/{provider}/objects', 'GET /ca-bundle.pem', 'GET /ca.pem', 'GET /healthz', 'GET /metrics', 'GET /readyz',
      'PATCH /api/captures/{id}', 'POST /api/breakers/{service}/reset', 'POST /api/erasures', 'POST /api/policy/check', 'POST /api/policy/explain', 'POST /api/policy/replay', 'POST /api/runs', 'POST /api/runs/{name}/close', 'POST /api/session',
      'PUT /api/simulators/{provider}/objects',
    ]);
  });

  test('describes what is really answered', async () => {
    const run = await documented('post', '/api/runs', '/api/runs', { name: 'ci-1', claims: [{ recipient: '*+r7@*' }, { service: 'shop' }] });
    expect(run).toMatchObject({ name: 'ci-1', registered: true, claims: [{ kind: 'recipient', pattern: '*+r7@*' }, { kind: 'service', service: 'shop' }] });
    const id = await record(at.store, { run: 'ci-1', findings: [{ id: 'null-name', title: 'NULL as a name', where: 'text', excerpt: 'Dear NULL' }], keys: [{ name: 'order', value: '17' }] });
    const mail = await record(at.store, { run: 'ci-1', channel: 'email', to: 'a@example.test' });
    await record(at.store, { decision: forwardedTo({ internal: true }) });
    await at.store.putObjects([{ scope: { provider: 'twilio', account: '', run: '' }, kind: 'message', id: 'SM1', value: { sid: 'SM1' } }]);
    await at.store.enrich(mail, { state: 'done', subject: 's', text: 't', html: '<b>t</b>', attachments: [{ filename: null, contentType: 'image/png', contentId: 'x', content: Buffer.from('png') }], codes: ['123456'], links: ['https://x.test'], findings: [], keys: [] });
    await documented('get', '/api/captures');
    await documented('get', '/api/captures/{id}', `/api/captures/${id}`);
    await documented('get', '/api/captures/{id}', `/api/captures/${mail}`);
    await documented('patch', '/api/captures/{id}', `/api/captures/${id}`, { seen: true });
    await documented('get', '/api/captures/wait', '/api/captures/wait?timeout=0&count=99&run=ci-1&channel=email');
    await documented('get', '/api/captures/quiet', '/api/captures/quiet?for=0');
    await documented('get', '/api/counts', '/api/counts?by=channel,finding,run');
    await documented('get', '/api/journeys/{key}', '/api/journeys/17');
    await documented('get', '/api/persons/{id}', '/api/persons/per_1');
    await documented('get', '/api/assert', '/api/assert?run=ci-1&expect=no-findings&settle=0');
    await documented('get', '/api/runs');
    await documented('get', '/api/runs/{name}', '/api/runs/ci-1?service=shop');
    await documented('get', '/api/runs/{name}/report', '/api/runs/ci-1/report?expect=no-findings&settle=0');
    await documented('post', '/api/runs/{name}/close', '/api/runs/ci-1/close');
    await documented('get', '/api/connection');
    await documented('get', '/api/policy');
    await documented('post', '/api/policy/check', '/api/policy/check', { text: 'version: 2' });
    await documented('post', '/api/policy/explain', '/api/policy/explain', { call: { recipients: [{ address: 'a@example.test' }] } });
    await documented('get', '/api/providers');
    await documented('get', '/api/simulators/{provider}/objects', '/api/simulators/twilio/objects');
    await documented('put', '/api/simulators/{provider}/objects', '/api/simulators/twilio/objects', { objects: [{ kind: 'message', id: 'SM2', value: {} }] });
    await documented('delete', '/api/simulators/{provider}/objects', '/api/simulators/twilio/objects');
    await documented('post', '/api/erasures', '/api/erasures', { mode: 'preview', subjects: [{ kind: 'email', value: 'nobody@erased.test' }] });
    const proof = await documented('post', '/api/erasures', '/api/erasures', { mode: 'erase', subjects: [{ kind: 'email', value: 'nobody@erased.test' }] });
    await documented('get', '/api/erasures');
    await documented('get', '/api/erasures/{id}', `/api/erasures/${String((proof as { id?: unknown }).id)}`);
    await documented('delete', '/api/captures/{id}', `/api/captures/${id}`);
    await documented('delete', '/api/captures', '/api/captures?service=nobody');
    await documented('get', '/healthz');
    await documented('get', '/readyz');
  });
});

describe('runs', () => {
  test('the answer says how to point a service at the run', async () => {
    const run = await at.client.openRun({ name: 'ci-2', service: 'shop', space: 'blue' });
    expect(run).toMatchObject({ proxyUrl: 'http://blue%2Fshop+ci-2:token@127.0.0.1:8080', smtpUser: 'blue/shop+ci-2', closedAt: null });
    expect(run.env).toMatchObject({
      HTTPS_PROXY: run.proxyUrl, https_proxy: run.proxyUrl, NODE_EXTRA_CA_CERTS: '/data/ca.pem', SSL_CERT_FILE: '/data/ca-bundle.pem',
      SMTP_HOST: '127.0.0.1', SMTP_PORT: '1025', SMTP_USER: 'blue/shop+ci-2', FOURTHWALL_RUN: 'ci-2', FOURTHWALL_URL: at.url,
    });
    expect(decodeURIComponent(new URL(run.proxyUrl!).username)).toBe('blue/shop+ci-2');
  });

  test('opening twice keeps the window, a closed one is over', async () => {
    const first = await at.client.openRun({ name: 'twice' });
    expect((await at.client.openRun({ name: 'twice' })).openedSeq).toBe(first.openedSeq);
    const closed = await at.client.closeRun('twice');
    expect((await at.client.closeRun('twice')).closedSeq).toBe(closed.closedSeq);
    expect(await send('POST', '/api/runs', { name: 'twice' })).toMatchObject({ status: 409, json: { name: 'name' } });
  });

  test.each([['ambiguous'], ['a b'], ['-x'], ['x/y']])('%j cannot be the name of a run', async (name) => {
    expect(await send('POST', '/api/runs', { name })).toMatchObject({ status: 400, json: { name: 'name' } });
  });

  test('a claim has exactly one field', async () => {
    for (const claim of [{}, { service: 'a', key: 'b' }, { services: 'a' }, { trace: 'zz' }]) {
      expect((await send('POST', '/api/runs', { name: 'claims', claims: [claim] })).status).toBe(400);
    }
  });

  test('a run nobody knows is 404', async () => {
    for (const path of ['/api/runs/none', '/api/runs/none/report']) expect((await send('GET', path)).status).toBe(404);
    expect((await send('POST', '/api/runs/none/close')).status).toBe(404);
  });

  test('the report names the offenders', async () => {
    await at.client.openRun({ name: 'leaky' });
    const id = await record(at.store, { run: 'leaky', decision: forwardedTo(), standing: 'real' });
    const { json } = await send('GET', '/api/runs/leaky/report?settle=0');
    expect(json).toMatchObject({ verdict: { verdict: 'fail' }, offenders: [{ id, rule: 'let-out' }], counts: { action: [{ value: 'forward', count: 1 }] }, url: `${at.url}/runs/leaky` });
  });
});

describe('policy', () => {
  test('the one in force, and one of the past by its sha256', async () => {
    const now = await at.client.policy();
    expect(now).toMatchObject({ text: policyText, state: 'current', file: 'config/policy.yaml' });
    expect(await at.client.pastPolicy(now.sha256)).toEqual({ sha256: now.sha256, text: policyText });
    await expect(at.client.pastPolicy('0'.repeat(64))).rejects.toMatchObject({ status: 404 });
  });

  test('a draft is checked, with the place of what is wrong', async () => {
    expect(await at.client.checkPolicy(policyText)).toMatchObject({ valid: true, problems: [] });
    const checked = await at.client.checkPolicy('version: 1\ndefault: forward\nrules: []\n');
    expect(checked).toMatchObject({ valid: false, problems: [{ line: 2 }] });
    expect(checked.problems[0]?.message).toContain('forward');
  });

  test('explains a described call', async () => {
    expect(await at.client.explain({ recipients: [{ address: 'ann@privatbank.eu', kind: null }] }).catch((error: unknown) => error)).toMatchObject({ status: 400 });
    const described = { call: { recipients: [{ address: 'ann@privatbank.eu' }] } };
    expect((await send('POST', '/api/policy/explain', described)).json).toMatchObject({
      decision: { action: 'capture', rule: 'everything-understood' }, provider: 'smtp', recipients: [{ address: 'ann@privatbank.eu', standing: 'real' }],
    });
    const draft = policyText.replace('id: everything-understood', 'id: not-to-strangers').replace('then: capture, because: staging', 'then: reject, because: staging');
    expect((await send('POST', '/api/policy/explain', { ...described, policy: draft })).json).toMatchObject({ decision: { action: 'reject', rule: 'not-to-strangers' } });
    expect(await send('POST', '/api/policy/explain', { ...described, policy: 'version: 9' })).toMatchObject({ status: 400, json: { name: 'policy' } });
  });

  test('explains a raw call as its provider reads it, and one to nobody', async () => {
    const raw = { call: { url: 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body: 'To=%2B15005550006&From=%2B15005550006&Body=hi' } };
    expect((await send('POST', '/api/policy/explain', raw)).json).toMatchObject({ provider: 'twilio', decision: { action: 'capture', rule: 'everything-understood' }, recipients: [{ address: '+15005550006' }] });
    expect((await send('POST', '/api/policy/explain', { call: { url: 'https://evil.example/x' } })).json).toMatchObject({ provider: null, decision: { action: 'reject', rule: 'default' } });
    expect(await send('POST', '/api/policy/explain', { call: { url: 'https://user@evil.example/x' } })).toMatchObject({ status: 400, json: { name: 'url' } });
  });
});

describe('simulators', () => {
  test('a value of hundreds of levels is refused, and nothing of it is stored', async () => {
    const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;
    const put = (levels: number): ReturnType<typeof send> => send('PUT', '/api/simulators/twilio/objects', { objects: [{ kind: 'message', id: `deep ${levels}`, value: nested(levels) }] });
    expect(await put(500)).toMatchObject({ status: 400, json: { name: 'body', detail: 'body: is nested deeper than 64' } });
    expect((await put(30)).status).toBe(200);
    expect((await send('GET', '/api/simulators/twilio/objects?kind=message&id=deep 500')).json).toEqual({ items: [] });
  });

  test('objects are seeded, read and forgotten', async () => {
    await send('DELETE', '/api/simulators/twilio/objects');
    expect((await send('PUT', '/api/simulators/twilio/objects', { objects: [{ kind: 'message', id: 'SM9', value: { status: 'sent' }, run: 'ci-9' }] })).json).toEqual({ stored: 1 });
    expect((await send('GET', '/api/simulators/twilio/objects?id=SM9')).json).toMatchObject({ items: [{ kind: 'message', id: 'SM9', value: { status: 'sent' }, scope: { provider: 'twilio', account: '', run: 'ci-9' } }] });
    expect((await send('DELETE', '/api/simulators/twilio/objects')).json).toEqual({ deleted: 1 });
    expect((await at.client.objects('twilio')).items).toEqual([]);
    expect((await send('GET', '/api/simulators/strype/objects')).status).toBe(404);
  });
});

describe('what machines ask', () => {
  test('certificates', async () => {
    expect(await at.client.ca()).toContain('ours');
    const bundle = await (await fetch(`${at.url}/ca-bundle.pem`)).text();
    expect(bundle.match(/BEGIN CERTIFICATE/g)).toHaveLength(rootCertificates.length + 1);
    expect(bundle.trimEnd().endsWith('ours\n-----END CERTIFICATE-----')).toBe(true);
  });

  test('readiness turns to 503 with the store', async () => {
    const { json } = await send('GET', '/readyz');
    expect(json).toMatchObject({ ready: true, policy: 'current', store: 'ok', listeners: { http: 8080, tls: null, reverse: [] } });
    const down = await harness({ ready: async () => ({ ready: false, policy: 'stale', store: 'unavailable', bucket: 'none', listeners: { http: null, tls: null, smtp: null, smtps: null, control: null, preview: null, dns: null, reverse: [] } }) });
    const response = await fetch(`${down.url}/readyz`);
    expect([response.status, await response.json()]).toMatchObject([503, { ready: false, policy: 'stale', store: 'unavailable' }]);
    expect((await fetch(`${down.url}/healthz`)).status).toBe(200);
    await down.close();
  });

  test('metrics name nobody and parse line by line', async () => {
    const text = await (await fetch(`${at.url}/metrics`)).text();
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(samples.filter((line) => !/^[a-z_]+(\{[a-z]+="[^"\n]*"\})? \d+$/.test(line))).toEqual([]);
    expect(samples).toContain('fourthwall_store_healthy 1');
    expect(samples).toContain('fourthwall_policy_current 1');
    expect(samples.some((line) => line.startsWith('fourthwall_captures_by_action{action="forward"}'))).toBe(true);
    expect(text).not.toContain('@');
  });
});
