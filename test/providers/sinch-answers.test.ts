import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallbackDraft } from '../../src/model/provider.ts';
import { sinch } from '../../src/providers/sinch/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** Sinch's library cannot be installed here, so that these are the calls it was seen to make, by fetch. */
const base = '/xms/v1/plan0';
const sms = { to: ['+14155550100', '+14155550101'], from: '+14155550102', body: 'Order A-1001 has shipped' };

type Json = Record<string, unknown>;

describe('sinch', () => {
  let vendor: VendorServer;
  const call = async (method: string, path: string, body?: object): Promise<{ status: number; body: Json }> => {
    const response = await fetch(`http://127.0.0.1:${vendor.port}${base}${path}`, { method, headers: { authorization: 'Bearer test', 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Json };
  };
  const told = (drafts: readonly CallbackDraft[]): readonly unknown[] => drafts.map(({ target, event, body }) => {
    const { type, recipient, status, statuses } = JSON.parse(body) as Json;
    return [target, event, type, recipient ?? statuses, ...(status === undefined ? [] : [status])];
  });

  beforeAll(async () => { vendor = await serveVendor(sinch, 'us.sms.api.sinch.com'); });
  beforeEach(() => vendor.refuse(null));
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('answers a batch with an id that finds it again, and a report that follows the clock', async () => {
    const { status, body } = await call('POST', '/batches', { ...sms, client_reference: 'order-1001' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/), to: ['14155550100', '14155550101'], from: '14155550102', canceled: false, type: 'mt_text', delivery_report: 'none', flash_message: false });
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{ keys: [{ name: 'client_reference', value: 'order-1001' }], recipients: [{ address: '+14155550100', kind: 'phone' }, { address: '+14155550101' }] }] });
    const id = String(body['id']);
    expect((await call('GET', `/batches/${id}`)).body).toEqual(body);
    expect((await call('GET', '/batches?client_reference=order-1001')).body).toMatchObject({ count: 1, page: 0, page_size: 1, batches: [{ id }] });
    const report = async (): Promise<unknown> => (await call('GET', `/batches/${id}/delivery_report?type=full`)).body['statuses'];
    const all = ['14155550100', '14155550101'];
    expect(await report()).toEqual([{ code: 400, status: 'Queued', count: 2, recipients: all }]);
    vendor.pass(1000);
    expect(await report()).toEqual([{ code: 401, status: 'Dispatched', count: 2, recipients: all }]);
    vendor.pass(1000);
    expect(await report()).toEqual([{ code: 0, status: 'Delivered', count: 2, recipients: all }]);
    expect((await call('GET', `/batches/${id}/delivery_report/14155550101`)).body).toMatchObject({ type: 'recipient_delivery_report_sms', batch_id: id, recipient: '14155550101', status: 'Delivered', code: 0 });
    expect((await call('GET', '/batches/01UNKNOWN')).status).toBe(404);
  });

  it.each([
    ['none', []], ['summary', [['Delivered', 1]]], ['full', [['Delivered', 1]]], ['per_recipient', [['Dispatched', 2], ['Delivered', 2]]], ['per_recipient_final', [['Delivered', 2]]],
  ])('tells of a batch with delivery_report %s no more than was asked', async (kind, expected) => {
    const before = vendor.callbacks.length;
    await call('POST', '/batches', { ...sms, delivery_report: kind, callback_url: 'https://app.example.test/dr' });
    const drafts = vendor.callbacks.slice(before);
    const counts = new Map<string, number>();
    for (const { event } of drafts) counts.set(event!, (counts.get(event!) ?? 0) + 1);
    expect([...counts]).toEqual(expected);
    expect(drafts.every(({ target }) => target === 'https://app.example.test/dr')).toBe(true);
    expect(drafts.map(({ notBeforeMs }) => notBeforeMs)).toEqual(drafts.map(({ notBeforeMs }) => notBeforeMs).toSorted((a, b) => a - b));
  });

  it('names everybody in a full report and nobody in a summary', async () => {
    const before = vendor.callbacks.length;
    await call('POST', '/batches', { ...sms, delivery_report: 'full' });
    await call('POST', '/batches', { ...sms, delivery_report: 'summary' });
    expect(told(vendor.callbacks.slice(before))).toEqual([
      ['sinch', 'Delivered', 'delivery_report_sms', [{ code: 0, status: 'Delivered', count: 2, recipients: ['14155550100', '14155550101'] }]],
      ['sinch', 'Delivered', 'delivery_report_sms', [{ code: 0, status: 'Delivered', count: 2 }]],
    ]);
  });

  it('counts the parts of a dry run in the alphabet each text needs, and sends nothing', async () => {
    const before = vendor.callbacks.length;
    const { body } = await call('POST', '/batches/dry_run?per_recipient=true', { ...sms, body: `${'a'.repeat(155)} \${name}`, parameters: { name: { '+14155550100': 'Żaneta', default: 'Ann' } }, delivery_report: 'full' });
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ kind: 'read', operation: 'batches.dry_run' });
    expect(body).toMatchObject({ number_of_recipients: 2, number_of_messages: 4, per_recipient: [{ recipient: '14155550100', number_of_parts: 3, encoding: 'UNICODE' }, { recipient: '14155550101', number_of_parts: 1, encoding: 'GSM', body: `${'a'.repeat(155)} Ann` }] });
    expect(vendor.callbacks.length).toBe(before);
  });

  it('changes, replaces and cancels a scheduled batch, and does not change one that has left', async () => {
    const before = vendor.callbacks.length;
    const { body } = await call('POST', '/batches', { ...sms, send_at: '2030-01-01T00:00:00Z', delivery_report: 'full' });
    expect(vendor.callbacks.length).toBe(before);
    const path = `/batches/${String(body['id'])}`;
    expect((await call('POST', path, { to_add: ['+14155550103'], to_remove: ['+14155550100'], body: 'other' })).body).toMatchObject({ to: ['14155550101', '14155550103'], body: 'other' });
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{ text: 'other', recipients: [{ address: '+14155550103' }, { kind: 'audience', address: `batch ${String(body['id'])}` }] }] });
    expect((await call('PUT', path, { ...sms, send_at: '2030-01-01T00:00:00Z' })).body).toMatchObject({ id: body['id'], to: ['14155550100', '14155550101'] });
    expect((await call('DELETE', path)).body).toMatchObject({ canceled: true });
    expect((await call('GET', `${path}/delivery_report`)).body['statuses']).toEqual([{ code: 407, status: 'Aborted', count: 2 }]);
    const sent = await call('POST', '/batches', sms);
    expect(await call('POST', `/batches/${String(sent.body['id'])}`, { body: 'too late' })).toMatchObject({ status: 403, body: { code: 'batch_already_dispatched' } });
  });

  it('keeps groups and their members', async () => {
    const { status, body } = await call('POST', '/groups', { name: 'customers', members: ['+14155550100', '14155550100', '14155550101'] });
    expect([status, body]).toMatchObject([201, { name: 'customers', size: 2 }]);
    const path = `/groups/${String(body['id'])}`;
    expect((await call('POST', path, { add: ['14155550102'], remove: ['14155550101'] })).body).toMatchObject({ name: 'customers', size: 2 });
    expect((await call('GET', `${path}/members`)).body).toEqual(['14155550100', '14155550102']);
    expect((await call('GET', '/groups')).body).toMatchObject({ count: 1, groups: [{ id: body['id'] }] });
    await call('POST', '/batches', { ...sms, to: [body['id']] });
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{ recipients: [{ kind: 'audience', address: `group ${String(body['id'])}` }] }] });
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
  });

  it.each([
    ['more than a thousand recipients', { ...sms, to: Array.from({ length: 1001 }, (_, index) => `+1415555${String(index).padStart(4, '0')}`) }],
    ['an empty text', { ...sms, body: '' }], ['too long a text', { ...sms, body: 'x'.repeat(2001) }],
  ])('refuses as Sinch does: %s', async (_what, body) => {
    expect(await call('POST', '/batches', body)).toMatchObject({ status: 400, body: { code: 'syntax_constraint_violation' } });
  });

  it("refuses with rule and reason in Sinch's own form", async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'a real number' });
    expect(await call('POST', '/batches', sms)).toMatchObject({ status: 403, body: { code: 'forbidden_number', text: expect.stringContaining('no-real-people: a real number') } });
  });
});

describe("sinch's recipients", () => {
  it.each([
    ['an empty one', { ...sms, to: ['+14155550100', ''] }], ['a number that is no text', { ...sms, to: ['+14155550100', 14155550101] }], ['none', { ...sms, to: [] }], ['one of a list within', { ...sms, to: [['+14155550100']] }],
  ])('are not guessed where there is %s', (_what, body) => {
    const request = parseHttpFile(Buffer.from(`POST ${base}/batches HTTP/1.1\nHost: eu.sms.api.sinch.com\nContent-Type: application/json\n\n${JSON.stringify(body)}`));
    expect(sinch.decode(request).kind).toBe('unrecognized');
  });
});

describe("sinch's token", () => {
  it('is given for a key, and nobody would take it but this', async () => {
    const request = parseHttpFile(Buffer.from('POST /oauth2/token HTTP/1.1\nHost: auth.sinch.com\nAuthorization: Basic a2V5OmZha2U=\nContent-Type: application/x-www-form-urlencoded\n\ngrant_type=client_credentials'));
    const { reply } = await sinch.simulate(request, sinch.decode(request), memory().context());
    expect(JSON.parse(Buffer.from(reply.body).toString())).toEqual({ access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/), expires_in: 3599, scope: '', token_type: 'bearer' });
    expect(sinch.account(request)).toBe('key');
  });

  it('does not tell one account from another: the plan or project in the path does', () => {
    expect(sinch.account(parseHttpFile(Buffer.from('GET /xms/v1/plan0/batches HTTP/1.1\nHost: zt.us.sms.api.sinch.com\nAuthorization: Bearer a\n\n')))).toBe('plan0');
  });
});

describe("sinch's reports", () => {
  const request = parseHttpFile(Buffer.from(`POST ${base}/batches HTTP/1.1\nHost: eu.sms.api.sinch.com\nContent-Type: application/json\n\n${JSON.stringify({ ...sms, delivery_report: 'per_recipient' })}`));

  it('tell what became of one recipient, with the code that was asked for, and a later read shows it', async () => {
    const kept = memory();
    const decoded = sinch.decode(request);
    const { reply, remember } = await sinch.simulate(request, decoded, kept.context());
    kept.keep(remember!);
    const happen = async (name: string, recipient: string | null, detail: string | null = null): Promise<readonly Json[]> => {
      const consequences = await sinch.later({ name, recipient, detail }, { request, decoded, reply }, kept.context({ call: 2 }));
      kept.keep(consequences.remember ?? []);
      return (consequences.callbacks ?? []).map(({ body }) => JSON.parse(body) as Json);
    };
    expect(await happen('Rejected', '+14155550101', '412')).toMatchObject([{ recipient: '14155550101', status: 'Rejected', code: 412 }]);
    expect(await happen('Failed', '+14155550199')).toEqual([]);
    expect(await happen('Delivered', null)).toMatchObject([{ recipient: '14155550100', code: 0 }, { recipient: '14155550101', code: 0 }]);
    await happen('Expired', '+14155550100');
    const id = (JSON.parse(Buffer.from(reply.body).toString()) as Json)['id'];
    const read = { ...request, method: 'GET', path: `${base}/batches/${String(id)}/delivery_report`, headers: [], body: new Uint8Array() };
    const { reply: later } = await sinch.simulate(read, sinch.decode(read), kept.context({ now: Date.UTC(2026, 10, 22) }));
    expect(JSON.parse(Buffer.from(later.body).toString())).toMatchObject({ statuses: [{ status: 'Expired', code: 406, count: 1 }, { status: 'Delivered', count: 1 }] });
  });

  it('are signed over body, nonce and time', () => {
    const { headers } = sinch.sign({ method: 'POST', url: 'https://a.test/', headers: [], contentType: 'application/json', body: '{"a":"ü"}' }, 'a-secret', 1_700_000_000_500);
    const of = Object.fromEntries(headers);
    expect(of).toMatchObject({ 'x-sinch-webhook-signature-timestamp': '1700000000', 'x-sinch-webhook-signature-algorithm': 'HmacSHA256' });
    expect(of['x-sinch-webhook-signature']).toBe(createHmac('sha256', 'a-secret').update(`{"a":"ü"}.${of['x-sinch-webhook-signature-nonce']}.1700000000`).digest('base64'));
  });
});
