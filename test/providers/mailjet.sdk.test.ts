import library from 'node-mailjet';
import type { Client } from 'node-mailjet';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mailjet } from '../../src/providers/mailjet/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** Its types do not know that the module is the class; the scheme is a static field, which they take for a constant. */
const Mailjet = library as unknown as typeof Client & { readonly Request: { protocol: string } };
const message = { From: { Email: 'shop@example.test', Name: 'Shop' }, To: [{ Email: 'ann@example.test' }], Subject: 'Order 42', TextPart: 'Thank you', CustomID: 'o-42' };

interface SentTo { readonly Email: string; readonly MessageID: string; readonly MessageUUID: string }

describe('node-mailjet', () => {
  let vendor: VendorServer;
  let client: Client;

  beforeAll(async () => {
    vendor = await serveVendor(mailjet, 'api.mailjet.com');
    Mailjet.Request.protocol = 'http://';
    client = new Mailjet({ apiKey: 'staging-key', apiSecret: 'staging-secret', config: { host: `127.0.0.1:${vendor.port}` } });
  });
  afterAll(async () => {
    Mailjet.Request.protocol = 'https://';
    await vendor.close();
  });
  afterEach(() => vendor.refuse(null));

  const send = async (body: object, version: 'v3' | 'v3.1' = 'v3.1'): Promise<unknown> => (await client.post('send', { version }).request(body as never)).body;
  const get = async (resource: string, query: object = {}): Promise<unknown> => (await client.get(resource, { version: 'v3' }).request({}, query as never)).body;

  it('resolves with an id per recipient, longer than a double holds, that finds the message', async () => {
    const before = vendor.callbacks.length;
    const body = await send({ Messages: [{ ...message, Cc: [{ Email: 'bob@example.test' }] }] }) as { readonly Messages: readonly { readonly Status: string; readonly To: readonly SentTo[]; readonly Cc: readonly SentTo[] }[] };
    const [sent] = body.Messages;
    expect(sent).toMatchObject({ Status: 'success', CustomID: 'o-42', To: [{ Email: 'ann@example.test' }], Cc: [{ Email: 'bob@example.test' }], Bcc: [] });
    const id = sent!.To[0]!.MessageID;
    // json-bigint gives a text for an integer beyond 2^53: it was written out bare
    expect(id).toMatch(/^1152921\d{12}$/);
    expect(await get(`message/${id}`)).toMatchObject({ Count: 1, Total: 1, Data: [{ ID: id, Status: 'queued', Subject: 'Order 42', UUID: sent!.To[0]!.MessageUUID }] });
    expect(await get('message', { CustomID: 'o-42' })).toMatchObject({ Count: 2 });
    vendor.pass(1000);
    expect(await get(`message/${id}`)).toMatchObject({ Data: [{ Status: 'sent' }] });
    expect(await get(`messagehistory/${id}`)).toMatchObject({ Data: [{ EventType: 'sent' }] });
    const drafts = vendor.callbacks.slice(before);
    expect(drafts.map(({ target, event }) => [target, event])).toEqual([['mailjet', 'sent'], ['mailjet', 'sent']]);
    expect(drafts[0]!.body).toContain(`"MessageID":${id},`);
    expect(JSON.parse(drafts[0]!.body)).toMatchObject({ event: 'sent', email: 'ann@example.test', CustomID: 'o-42', Message_GUID: sent!.To[0]!.MessageUUID });
  });

  it('answers v3 with everybody it was sent to', async () => {
    const body = await send({ FromEmail: 'shop@example.test', Subject: 'x', 'Text-part': 'x', Recipients: [{ Email: 'ann@example.test' }, { Email: 'bob@example.test' }] }, 'v3') as { readonly Sent: readonly SentTo[] };
    expect(body.Sent.map(({ Email }) => Email)).toEqual(['ann@example.test', 'bob@example.test']);
    expect(await get(`message/${body.Sent[1]!.MessageID}`)).toMatchObject({ Data: [{ ContactAlt: 'bob@example.test' }] });
  });

  it('keeps nothing and tells nothing of a mail in sandbox mode', async () => {
    const before = vendor.callbacks.length;
    const body = await send({ SandboxMode: true, Messages: [message] }) as { readonly Messages: readonly { readonly To: readonly SentTo[] }[] };
    expect(vendor.callbacks.length).toBe(before);
    await expect(get(`message/${body.Messages[0]!.To[0]!.MessageID}`)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('answers contacts, lists and settings', async () => {
    const created = (await client.post('contact', { version: 'v3' }).request({ Email: 'ann@example.test', Name: 'Ann' })).body;
    expect(created).toMatchObject({ Count: 1, Data: [{ Email: 'ann@example.test', Name: 'Ann' }] });
    expect(await get('contact/ann@example.test')).toMatchObject({ Data: [{ Name: 'Ann' }] });
    await expect(client.post('contact', { version: 'v3' }).request({ Email: 'ann@example.test' })).rejects.toMatchObject({ statusCode: 400 });
    expect((await client.post('contactslist', { version: 'v3' }).id(17).action('managecontact').request({ Email: 'ann@example.test', Action: 'addforce' })).body).toMatchObject({ Data: [{ ListID: 17 }] });
    expect(await get('sender')).toEqual({ Count: 0, Data: [], Total: 0 });
  });

  it('resolves a text message', async () => {
    const sms = Mailjet.smsConnect('staging-token', { config: { host: `127.0.0.1:${vendor.port}`, version: 'v4' } as never });
    expect((await sms.post('sms-send').request({ From: 'Acme', To: '+15005550006', Text: 'hi' } as never)).body).toMatchObject({ To: '+15005550006', SMSCount: 1, Status: { Name: 'sent' } });
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{ channel: 'sms', recipients: [{ address: '+15005550006', kind: 'phone' }] }] });
  });

  it.each(['v3', 'v3.1'] as const)('rejects with its own error, holding rule and reason, after exactly one attempt (%s)', async (version) => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const error: unknown = await send({ Messages: [message] }, version).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ statusCode: 403, message: expect.stringContaining('no-real-people: ann is a real person'), originalMessage: expect.stringContaining('no-real-people') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it.each([
    [{ ...message, To: [{ Email: 'ann' }] }, { ErrorCode: 'mj-0013', ErrorMessage: '"ann" is an invalid email address.', ErrorRelatedTo: ['To[0].Email'] }],
    [{ ...message, From: undefined }, { ErrorCode: 'mj-0003', ErrorMessage: 'Missing mandatory property.', ErrorRelatedTo: ['From'] }],
    [{ ...message, TextPart: undefined }, { ErrorCode: 'send-0003', ErrorMessage: 'At least "HTMLPart", "TextPart" or "TemplateID" must be provided.' }],
  ])("rejects %j in Mailjet's own words", async (wrong, fault) => {
    await expect(send({ Messages: [wrong] })).rejects.toMatchObject({ statusCode: 400, message: expect.stringContaining(fault.ErrorMessage), response: { data: { Messages: [{ Status: 'error', Errors: [fault] }] } } });
    await expect(send({ Messages: [message, wrong] })).rejects.toMatchObject({ response: { data: { Messages: [{ Status: 'success' }, { Status: 'error' }] } } });
  });
});
