import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mandrill } from '../../src/providers/mandrill/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

type Send = (body: object) => Promise<unknown>;
/** The library has no types. */
interface Client {
  basePath: string;
  setDefaultOutputFormat(format: string): void;
  readonly users: { ping(): Promise<unknown>; ping2(): Promise<unknown>; info(): Promise<unknown> };
  readonly messages: { readonly send: Send; readonly sendTemplate: Send; readonly sendRaw: Send; readonly info: Send; readonly listScheduled: Send; readonly cancelScheduled: Send; readonly reschedule: Send };
  readonly rejects: { readonly list: Send; readonly add: Send; readonly delete: Send };
}
interface Result { readonly email: string; readonly status: string; readonly _id: string; readonly reject_reason: string | null }

const library = createRequire(import.meta.url)('@mailchimp/mailchimp_transactional') as (key: string) => Client;
const message = { from_email: 'shop@ourcompany.test', to: [{ email: 'ann@example.test' }], subject: 'Order 42', text: 'Thank you' };

describe('@mailchimp/mailchimp_transactional', () => {
  let vendor: VendorServer;
  let client: Client;
  const send = async (more: object = {}, call: object = {}): Promise<readonly Result[]> => await client.messages.send({ message: { ...message, ...more }, ...call }) as readonly Result[];

  beforeAll(async () => { vendor = await serveVendor(mandrill, 'mandrillapp.com'); });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));
  beforeAll(() => {
    client = library('md-sdk-test');
    client.basePath = `http://127.0.0.1:${vendor.port}/api/1.3`;
  });

  it('answers a ping', async () => {
    expect(await client.users.ping()).toBe('PONG!');
    expect(await client.users.ping2()).toEqual({ PING: 'PONG!' });
    expect(await client.users.info()).toMatchObject({ username: 'staging' });
  });

  it('resolves a captured mail with one answer for each recipient, which can be asked for again', async () => {
    const results = await send({ to: [...message.to, { email: 'bob@example.test', type: 'cc' }], metadata: { order_id: 'o-42' }, tags: ['order'] });
    expect(results).toMatchObject([{ email: 'ann@example.test', status: 'sent', reject_reason: null }, { email: 'bob@example.test', status: 'sent', reject_reason: null }]);
    expect(results[0]!._id).toMatch(/^[0-9a-f]{32}$/);
    expect(await client.messages.info({ id: results[1]!._id })).toMatchObject({ _id: results[1]!._id, email: 'bob@example.test', sender: message.from_email, subject: 'Order 42', state: 'sent', tags: ['order'], metadata: { order_id: 'o-42' } });
    expect(vendor.calls.at(-2)?.decoded).toMatchObject({ effects: [{ recipients: [{ role: 'to' }, { role: 'cc' }], keys: [{ name: 'order_id', value: 'o-42' }, { name: 'tag', value: 'order' }] }] });
  });

  it('answers each recipient for itself: on the denylist, no address, in the background', async () => {
    await client.rejects.add({ email: 'dora@example.test' });
    expect((await send({ to: [{ email: 'Dora@example.test' }, { email: 'nobody' }, ...message.to] })).map(({ status, reject_reason }) => [status, reject_reason])).toEqual([['rejected', 'custom'], ['invalid', null], ['sent', null]]);
    expect(await client.rejects.list({})).toMatchObject([{ email: 'dora@example.test', reason: 'custom' }]);
    expect(await client.rejects.delete({ email: 'dora@example.test' })).toMatchObject({ deleted: true });
    expect((await send({ to: [{ email: 'dora@example.test' }] }))[0]!.status).toBe('sent');
    expect((await send({}, { async: true }))[0]!.status).toBe('queued');
    expect((await send({ to: Array.from({ length: 11 }, (_, index) => ({ email: `user${index}@example.test` })) })).every(({ status }) => status === 'queued')).toBe(true);
  });

  it('keeps a scheduled mail until it is cancelled, and tells nothing of it', async () => {
    const before = vendor.callbacks.length;
    const [{ _id: id, status }] = await send({}, { send_at: '2030-01-01 10:00:00' }) as readonly [Result];
    expect(status).toBe('scheduled');
    expect(await client.messages.listScheduled({ to: 'ann@example.test' })).toMatchObject([{ _id: id, send_at: '2030-01-01 10:00:00' }]);
    expect(await client.messages.reschedule({ id, send_at: '2030-01-02 10:00:00' })).toMatchObject({ _id: id, send_at: '2030-01-02 10:00:00' });
    expect(await client.messages.cancelScheduled({ id })).toMatchObject({ _id: id });
    expect(await client.messages.listScheduled({})).toEqual([]);
    expect(vendor.callbacks.length).toBe(before);
  });

  it('takes a stored template and a MIME document', async () => {
    expect(await client.messages.sendTemplate({ template_name: 'order', template_content: [], message })).toMatchObject([{ email: 'ann@example.test', status: 'sent' }]);
    expect(await client.messages.sendRaw({ raw_message: 'From: shop@ourcompany.test\r\nTo: ann@example.test\r\nCc: bob@example.test\r\nSubject: s\r\n\r\nhi' })).toMatchObject([{ email: 'ann@example.test' }, { email: 'bob@example.test' }]);
  });

  it('answers a call that asks for JSON by its name', async () => {
    client.setDefaultOutputFormat('json');
    expect((await send())[0]!.status).toBe('sent');
    expect(vendor.calls.at(-1)?.request.path).toBe('/api/1.3/messages/send.json');
  });

  it('resolves with the AxiosError it makes of every error, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const answer: unknown = await client.messages.send({ message });
    expect(answer).toBeInstanceOf(Error);
    expect(answer).toMatchObject({ isAxiosError: true, response: { status: 400, data: { status: 'error', name: 'GeneralError', code: -99, message: expect.stringContaining('no-real-people: ann is a real person') } } });
    expect(vendor.calls.length - before).toBe(1);
  });

  it("resolves with Mandrill's own error on a message nobody knows", async () => {
    expect(await client.messages.info({ id: 'f'.repeat(32) })).toMatchObject({ isAxiosError: true, response: { data: { name: 'Unknown_Message' } } });
  });
});
