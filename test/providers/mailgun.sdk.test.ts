import { createHmac } from 'node:crypto';
import FormData from 'form-data';
import Mailgun from 'mailgun.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { mailgun } from '../../src/providers/mailgun/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** Documented and there, but not in the SDK's types. */
interface MoreMessages {
  retrieveStoredEmail(domain: string, key: string): Promise<unknown>;
  resendEmail(domain: string, key: string, to: readonly string[]): Promise<{ readonly id: string }>;
  getMessagesQueueStatus(domain: string): Promise<{ readonly regular: { readonly is_disabled: boolean } }>;
}
const domain = 'mg.example.com';
const mail = { from: 'Shop <shop@mg.example.com>', to: ['ann@example.test', 'Bob <bob@example.test>'], subject: 'Order 42', text: 'Thank you' };

describe('mailgun.js', () => {
  let vendor: VendorServer;
  let client: ReturnType<Mailgun['client']>;
  let messages: MoreMessages;

  beforeAll(async () => {
    vendor = await serveVendor(mailgun, 'api.mailgun.net');
    // It says on every call that its own events.get is old.
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    client = new Mailgun(FormData).client({ username: 'api', key: 'staging-key', url: `http://127.0.0.1:${vendor.port}` });
    messages = client.messages as unknown as MoreMessages;
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await vendor.close();
  });
  afterEach(() => vendor.refuse(null));

  it('resolves with an id, and drafts accepted and delivered for everybody', async () => {
    const before = vendor.callbacks.length;
    const sent = await client.messages.create(domain, { ...mail, 'o:tag': ['orders'], 'v:order_id': 'o-42', attachment: { data: 'hello', filename: 'a.txt' } });
    expect(sent).toMatchObject({ status: 200, message: 'Queued. Thank you.' });
    expect(sent.id).toMatch(/^<20261121090000\.[0-9a-f]{16}@mg\.example\.com>$/);
    const drafts = vendor.callbacks.slice(before).map(({ target, body }) => ({ target, ...(JSON.parse(body) as { 'event-data': Record<string, unknown> })['event-data'] }));
    expect(drafts.map(({ target, ...data }) => [target, (data as Record<string, unknown>)['event'], (data as Record<string, unknown>)['recipient']])).toEqual([
      ['mailgun', 'accepted', 'ann@example.test'], ['mailgun', 'accepted', 'bob@example.test'], ['mailgun', 'delivered', 'ann@example.test'], ['mailgun', 'delivered', 'bob@example.test'],
    ]);
    expect(drafts[2]).toMatchObject({ tags: ['orders'], 'user-variables': { order_id: 'o-42' }, message: { headers: { 'message-id': sent.id!.slice(1, -1), subject: 'Order 42' }, attachments: [{ filename: 'a.txt', size: 5 }] } });
  });

  it('lists what has happened by now, over page ends, and reads and resends the stored message', async () => {
    const sent = await client.messages.create(domain, { ...mail, subject: 'Events' });
    const query = { 'message-id': sent.id!.slice(1, -1) };
    expect((await client.events.get(domain, query)).items.map(({ event }) => event)).toEqual(['accepted', 'accepted']);
    vendor.pass(1000);
    const first = await client.events.get(domain, { ...query, limit: 3 });
    expect(first.items.map(({ event }) => event)).toEqual(['delivered', 'delivered', 'accepted']);
    const second = await client.events.get(domain, { page: first.pages.next!.page });
    expect(second.items.map(({ event }) => event)).toEqual(['accepted']);
    expect((await client.events.get(domain, { page: second.pages.next!.page })).items).toEqual([]);
    expect((await client.events.get(domain, { ...query, event: 'accepted', recipient: 'bob@example.test' })).items).toHaveLength(1);
    const key = first.items[0]!.storage.key;
    expect(await messages.retrieveStoredEmail(domain, key)).toMatchObject({ Subject: 'Events', recipients: 'ann@example.test, bob@example.test', 'body-plain': 'Thank you' });
    expect((await messages.resendEmail(domain, key, ['eve@example.test'])).id).not.toBe(sent.id);
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{ operation: 'messages.resend', recipients: [{ address: 'eve@example.test' }] }] });
  });

  it('takes a MIME message as text and as bytes', async () => {
    const message = 'From: shop@mg.example.com\r\nTo: ann@example.test\r\nSubject: Mime\r\n\r\nbody\r\n';
    for (const each of [message, Buffer.from(message)]) {
      expect((await client.messages.create(domain, { to: 'ann@example.test', message: each })).status).toBe(200);
      expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{ operation: 'messages.mime', subject: 'Mime', recipients: [{ address: 'ann@example.test', role: 'to' }] }] });
    }
  });

  it('answers what an application asks beside', async () => {
    expect(await client.domains.get(domain)).toMatchObject({ name: domain, state: 'active' });
    expect(await client.domains.list()).toEqual([]);
    expect(await client.validate.get('ann@example.test')).toMatchObject({ result: 'deliverable', risk: 'low' });
    expect(await client.validate.get('ann')).toMatchObject({ result: 'undeliverable' });
    expect((await client.domains.domainTemplates.list(domain)).items).toEqual([]);
    expect(await client.webhooks.list(domain, {})).toEqual({});
    expect((await messages.getMessagesQueueStatus(domain)).regular.is_disabled).toBe(false);
  });

  it('remembers suppressions until they are taken away', async () => {
    await client.suppressions.create(domain, 'bounces', { address: 'gone@example.test', code: 550, error: 'no such user' });
    expect(await client.suppressions.get(domain, 'bounces', 'gone@example.test')).toMatchObject({ address: 'gone@example.test', code: 550 });
    await client.suppressions.create(domain, 'unsubscribes', { address: 'quiet@example.test', tag: 'news' });
    expect((await client.suppressions.list(domain, 'unsubscribes')).items).toMatchObject([{ address: 'quiet@example.test', tags: ['news'] }]);
    expect((await client.suppressions.destroy(domain, 'bounces', 'gone@example.test')).message).toBe('Bounce has been removed');
    await expect(client.suppressions.get(domain, 'bounces', 'gone@example.test')).rejects.toMatchObject({ status: 404 });
  });

  it('rejects with its own error, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const error: unknown = await client.messages.create(domain, mail).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ type: 'MailgunAPIError', status: 403, message: expect.stringContaining('no-real-people: ann is a real person'), details: expect.stringContaining('no-real-people') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it.each([
    [{ ...mail, to: 'ann' }, "'to' parameter is not a valid address. please check documentation"],
    [{ to: mail.to, subject: 'x', text: 'x' }, 'from parameter is missing'],
    [{ from: mail.from, cc: 'ann@example.test', subject: 'x', text: 'x' }, 'to parameter is missing'],
    [{ from: mail.from, to: 'ann@example.test', subject: 'x', 'o:tag': 'x' }, "Need at least one of 'text' or 'html' parameters specified"],
  ])("rejects %j in Mailgun's own words", async (data, details) => {
    await expect(client.messages.create(domain, data as never)).rejects.toMatchObject({ status: 400, details });
  });

  it('signs a webhook as the documentation says, anew for each attempt', () => {
    const [draft] = vendor.callbacks;
    const { method, headers, contentType, body } = draft!;
    const [one, other] = [0, 600_000].map((later) => mailgun.sign({ method, headers, contentType, body, url: 'http://app.test/hooks' }, 'signing-key', 1_800_000_000_500 + later));
    const signed = JSON.parse(one!.body) as { signature: { timestamp: string; token: string; signature: string }; 'event-data': unknown };
    const { timestamp, token, signature } = signed.signature;
    expect([timestamp, token.length]).toEqual(['1800000000', 50]);
    expect(signature).toBe(createHmac('sha256', 'signing-key').update(`${timestamp}${token}`).digest('hex'));
    expect(signed['event-data']).toEqual((JSON.parse(body) as { 'event-data': unknown })['event-data']);
    expect((JSON.parse(other!.body) as typeof signed).signature.token).not.toBe(token);
    expect(() => mailgun.sign({ method, headers, contentType, body, url: 'http://app.test/hooks' }, 'two words', 0)).toThrow('signing key');
  });
});
