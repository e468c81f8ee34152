import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sparkpost } from '../../src/providers/sparkpost/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

interface Transmissions {
  send(transmission: object, options?: object): Promise<{ readonly results: { readonly id: string } }>;
  get(id: string): Promise<unknown>;
  list(options?: object): Promise<unknown>;
}
/** The library is CommonJS and has no types. */
const SparkPost = createRequire(import.meta.url)('sparkpost') as new (key: string, options: { readonly origin: string }) => {
  readonly transmissions: Transmissions;
  readonly suppressionList: { get(email: string): Promise<unknown>; list(): Promise<unknown> };
};

interface Batch { readonly msys: { readonly message_event?: Record<string, unknown> } }

describe('sparkpost', () => {
  let vendor: VendorServer;
  let client: InstanceType<typeof SparkPost>;

  beforeAll(async () => {
    vendor = await serveVendor(sparkpost, 'api.sparkpost.com');
    client = new SparkPost('sparkpost-key-of-a-test', { origin: `http://127.0.0.1:${vendor.port}` });
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  const content = { from: 'shop@ourcompany.test', subject: 'Order {{order}}', text: 'Thank you' };

  it('resolves with an id under which the transmission is read back', async () => {
    const { results } = await client.transmissions.send({ content, campaign_id: 'orders', recipients: [{ address: 'Ann <ann@example.test>', substitution_data: { order: 42 } }] }, { num_rcpt_errors: 3 });
    expect(results).toEqual({ total_rejected_recipients: 0, total_accepted_recipients: 1, id: expect.stringMatching(/^7[0-9]{16}$/) });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ subject: 'Order 42', recipients: [{ address: 'ann@example.test', role: 'to' }], keys: [{ name: 'campaign_id', value: 'orders' }] }] });
    expect(await client.transmissions.get(results.id)).toMatchObject({ results: { transmission: { id: results.id, state: 'Success', campaign_id: 'orders', num_rcpts: 1 } } });
    expect(await client.transmissions.list({ campaign_id: 'orders' })).toMatchObject({ results: [{ id: results.id }] });
    expect(await client.transmissions.list({ campaign_id: 'other' })).toEqual({ results: [] });
  });

  it('sees copies for what the SDK made of cc and bcc, and one mail for each recipient', async () => {
    await client.transmissions.send({ content, recipients: [{ address: 'ann@example.test' }, { address: { email: 'bob@example.test', name: 'Bob' } }], cc: [{ address: 'Carl <carl@example.test>' }], bcc: [{ address: 'dora@example.test' }] });
    const { decoded } = vendor.calls.at(-1)!;
    expect(decoded.kind === 'effects' && decoded.effects.map(({ recipients }) => recipients.map(({ role, address }) => `${role} ${address}`)))
      .toEqual([['to ann@example.test', 'cc carl@example.test', 'bcc dora@example.test'], ['to bob@example.test']]);
  });

  it('tells of injection and delivery in batches, one mail by one id, a scheduled one when it is due', async () => {
    const before = vendor.callbacks.length;
    const { results } = await client.transmissions.send({ content, options: { start_time: '2026-11-28T10:00:00+00:00' }, metadata: { a: 1 }, recipients: [{ address: 'Ann@example.test', tags: ['vip'], metadata: { b: 2 } }] });
    const events = vendor.callbacks.slice(before).map(({ body }) => (JSON.parse(body) as readonly Batch[])[0]!.msys.message_event!);
    expect(events).toMatchObject(['injection', 'delivery'].map((type, seconds) => ({
      type, transmission_id: results.id, rcpt_to: 'ann@example.test', raw_rcpt_to: 'Ann@example.test', rcpt_meta: { a: 1, b: 2 }, rcpt_tags: ['vip'], timestamp: String(Date.UTC(2026, 10, 28, 10) / 1000 + seconds),
    })));
    expect(events[0]!['message_id']).toBe(events[1]!['message_id']);
    expect(await client.transmissions.get(results.id)).toMatchObject({ results: { transmission: { state: 'submitted' } } });
  });

  it('counts an address that is none as rejected, and refuses a call that has no other', async () => {
    const before = vendor.callbacks.length;
    expect(await client.transmissions.send({ content, recipients: [{ address: 'ann@example.test' }, { address: 'nobody' }] })).toMatchObject({ results: { total_rejected_recipients: 1, total_accepted_recipients: 1 } });
    expect(vendor.callbacks.length - before).toBe(2);
    await expect(client.transmissions.send({ content, recipients: [{ address: 'nobody' }] })).rejects.toMatchObject({ name: 'SparkPostError', statusCode: 400, errors: [{ code: '5002' }] });
  });

  it.each([
    ['content', {}, 'content object or template_id required'],
    ['a subject', { from: 'shop@ourcompany.test', text: 'x' }, 'content.subject is required'],
    ['a text', { from: 'shop@ourcompany.test', subject: 'x' }, 'content.html or content.text is required'],
  ])('refuses a transmission without %s as SparkPost does', async (_what, bad, description) => {
    await expect(client.transmissions.send({ content: bad, recipients: [{ address: 'ann@example.test' }] })).rejects.toMatchObject({ statusCode: 422, errors: [{ message: 'required field is missing', description, code: '1400' }] });
  });

  it('finds nobody suppressed in a new account', async () => {
    expect(await client.suppressionList.list()).toMatchObject({ results: [] });
    await expect(client.suppressionList.get('ann@example.test')).rejects.toMatchObject({ name: 'SparkPostError', statusCode: 404 });
  });

  it('rejects with its own SparkPostError, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const error: unknown = await client.transmissions.send({ content, recipients: [{ address: 'ann@example.test' }] }).catch((thrown: unknown) => thrown);
    // its message is the status line's reason and nothing else; what the API says is in `errors`
    expect(error).toMatchObject({ name: 'SparkPostError', statusCode: 403, errors: [{ message: 'no-real-people: ann is a real person' }] });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('authorizes a batch by user and password, which is all that SparkPost does', () => {
    const delivery = { method: 'POST', url: 'http://app.test/hook', headers: [], contentType: 'application/json', body: '[]' };
    expect(sparkpost.sign(delivery, 'hook:pass word').headers).toEqual([['Authorization', `Basic ${Buffer.from('hook:pass word').toString('base64')}`]]);
    expect(() => sparkpost.sign(delivery, 'shared')).toThrow(/'user:password'/);
  });
});
