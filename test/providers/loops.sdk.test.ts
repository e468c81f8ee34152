import { LoopsClient } from 'loops';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loops } from '../../src/providers/loops/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

describe('loops', () => {
  const client = new LoopsClient('loops-key-of-a-test');
  let vendor: VendorServer;

  beforeAll(async () => {
    vendor = await serveVendor(loops, 'app.loops.so');
    client.apiRoot = `http://127.0.0.1:${vendor.port}/api/`;
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  const mail = { transactionalId: 'cm-order', email: 'ann@example.test', dataVariables: { order: '42' } };

  it('resolves on a captured mail, which is then sent and delivered', async () => {
    const before = vendor.callbacks.length;
    expect(await client.sendTransactionalEmail(mail)).toEqual({ success: true });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ operation: 'transactional.send', recipients: [{ address: 'ann@example.test', role: 'to' }], template: { id: 'cm-order', data: { order: '42' } } }] });
    const told = vendor.callbacks.slice(before).map(({ body }) => JSON.parse(body) as Record<string, { id?: string }>);
    expect(told).toMatchObject([
      { eventName: 'transactional.email.sent', transactionalId: 'cm-order', contactIdentity: { email: 'ann@example.test', userId: null } },
      { eventName: 'email.delivered', sourceType: 'transactional', transactionalId: 'cm-order' },
    ]);
    expect(told[0]?.['email']?.id).toBe(told[1]?.['email']?.id);
  });

  it('refuses an idempotency key for a day with an APIError of 409, without another mail', async () => {
    const headers = { 'Idempotency-Key': 'order-42' };
    await client.sendTransactionalEmail({ ...mail, headers });
    const told = vendor.callbacks.length;
    await expect(client.sendTransactionalEmail({ ...mail, headers })).rejects.toMatchObject({ name: 'APIError', statusCode: 409 });
    expect(vendor.callbacks.length).toBe(told);
    vendor.pass(24 * 3_600_000);
    expect(await client.sendTransactionalEmail({ ...mail, headers })).toEqual({ success: true });
  });

  it('finds a contact that was created, as it was updated, until it is deleted', async () => {
    const created = await client.createContact({ email: 'Cara@example.test', properties: { plan: 'pro', userId: 'u-1' }, mailingLists: { l1: true, l2: true } });
    expect(created).toMatchObject({ success: true, id: expect.stringMatching(/^cm[0-9a-f]{23}$/) });
    await expect(client.createContact({ email: 'cara@example.test' })).rejects.toMatchObject({ name: 'APIError', statusCode: 409 });
    expect(await client.updateContact({ userId: 'u-1', properties: { plan: 'free' }, mailingLists: { l2: false } })).toEqual(created);
    const found = [{ id: created.id, email: 'Cara@example.test', userId: 'u-1', plan: 'free', mailingLists: { l1: true }, subscribed: true, firstName: null }];
    expect(await client.findContact({ email: 'cara@example.test' })).toMatchObject(found);
    expect(await client.findContact({ userId: 'u-1' })).toMatchObject(found);
    expect(await client.deleteContact({ userId: 'u-1' })).toEqual({ success: true, message: 'Contact deleted.' });
    expect(await client.findContact({ userId: 'u-1' })).toEqual([]);
    await expect(client.deleteContact({ userId: 'u-1' })).rejects.toMatchObject({ statusCode: 404 });
  });

  it('says of an event that the workflows it starts may reach people', async () => {
    expect(await client.sendEvent({ email: 'ann@example.test', eventName: 'signup' })).toEqual({ success: true });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ recipients: [{ address: 'ann@example.test', kind: 'email' }, { address: 'workflows that event signup starts', kind: 'audience' }] }] });
  });

  it('lists what a new account has', async () => {
    expect(await client.testApiKey()).toEqual({ success: true, teamName: 'Staging' });
    expect(await client.listTransactionalEmails()).toMatchObject({ data: [], pagination: { totalResults: 0 } });
  });

  it('rejects with its own APIError, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const error: unknown = await client.sendTransactionalEmail(mail).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'APIError', statusCode: 403, message: expect.stringContaining('no-real-people: ann is a real person') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('signs so that a verifier of Standard Webhooks takes it, and refuses a secret of another form', async () => {
    await client.sendTransactionalEmail(mail);
    const { method, headers, contentType, body } = vendor.callbacks.at(-1)!;
    const secret = `whsec_${Buffer.from('a secret of this test').toString('base64')}`;
    const signed = loops.sign({ method, url: 'http://app.test/hook', headers, contentType, body }, secret, Date.now());
    expect(new Webhook(secret).verify(signed.body, Object.fromEntries(signed.headers))).toMatchObject({ eventName: 'email.delivered' });
    expect(() => new Webhook(secret).verify(`${body} `, Object.fromEntries(signed.headers))).toThrow(/No matching signature/);
    expect(() => loops.sign({ method, url: 'http://app.test/hook', headers, contentType, body }, 'shared', 0)).toThrow(/whsec_/);
  });
});
