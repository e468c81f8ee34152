import { createHmac } from 'node:crypto';
import { EmailParams, MailerSend, Recipient, Sender } from 'mailersend';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mailersend } from '../../src/providers/mailersend/index.ts';
import { memory } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const mail = (...to: readonly string[]): EmailParams => new EmailParams().setFrom(new Sender('shop@ourcompany.test', 'Shop')).setTo(to.map((email) => new Recipient(email))).setSubject('Order 42').setText('Thank you');
const messageId = /^[0-9a-f]{24}$/;

/** Every part of the SDK holds the address of its own, and there is no option for it. */
function pointed<Part extends object>(part: Part, baseUrl: string): Part {
  return Object.assign(part, { baseUrl });
}

describe('mailersend', () => {
  let vendor: VendorServer;
  let client: MailerSend;
  const at = (): string => `http://127.0.0.1:${vendor.port}/v1`;

  beforeAll(async () => {
    vendor = await serveVendor(mailersend, 'api.mailersend.com');
    client = new MailerSend({ apiKey: 'mlsn.test' });
    for (const part of [client.email, client.email.message, client.email.schedule, client.email.domain, client.email.identity, client.others]) pointed(part, at());
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves with 202 and a message id that finds the mail again, sent and then delivered', async () => {
    const { statusCode, headers, body } = await client.email.send(mail('ann@example.test').setCc([new Recipient('bob@example.test')]).setTags(['order']));
    expect([statusCode, body]).toEqual([202, '']);
    const id: string = (headers as Record<string, string>)['x-message-id']!;
    expect(id).toMatch(messageId);
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{
      subject: 'Order 42', text: 'Thank you', keys: [{ name: 'tag', value: 'order' }],
      recipients: [{ address: 'ann@example.test', role: 'to' }, { address: 'bob@example.test', role: 'cc' }],
    }] });
    expect((await client.email.message.single(id)).body).toMatchObject({ data: { id, emails: [{ subject: 'Order 42', status: 'sent', tags: ['order'] }, { status: 'sent' }] } });
    vendor.pass(2_000);
    expect((await client.email.message.single(id)).body).toMatchObject({ data: { emails: [{ status: 'delivered' }, { status: 'delivered' }] } });
    expect((await client.email.message.list({ limit: 10 })).body).toMatchObject({ data: [{ id }], meta: { total: 1, per_page: 10, current_page: 1 } });
  });

  it('tells of a bulk by its id, with what was wrong', async () => {
    const { statusCode, body } = await client.email.sendBulk([mail('ann@example.test'), mail('bob@example.test').setSubject('')]);
    expect(statusCode).toBe(202);
    expect(body).toEqual({ message: 'The bulk email is being processed.', bulk_email_id: expect.stringMatching(messageId) });
    const { decoded } = vendor.calls.at(-1)!;
    expect(decoded.kind === 'effects' && decoded.effects.map((effect) => effect.recipients.map(({ address }) => address))).toEqual([['ann@example.test'], ['bob@example.test']]);
    expect((await client.email.getBulkStatus((body as { bulk_email_id: string }).bulk_email_id)).body).toMatchObject({ data: {
      state: 'completed', total_recipients_count: 1, messages_id: [expect.stringMatching(messageId)], validation_errors_count: 1, validation_errors: { 'message.1.subject': ['The message.1.subject field is required.'] },
    } });
  });

  it('takes a scheduled message back, once', async () => {
    const before = vendor.callbacks.length;
    const { headers } = await client.email.send(mail('ann@example.test').setSendAt(1_893_456_000));
    const id: string = (headers as Record<string, string>)['x-message-id']!;
    expect(vendor.callbacks.length).toBe(before);
    expect((await client.email.schedule.single(id)).body).toMatchObject({ data: { message_id: id, status: 'scheduled', send_at: '2030-01-01T00:00:00.000000Z' } });
    expect((await client.email.schedule.delete(id)).statusCode).toBe(204);
    await expect(client.email.schedule.delete(id)).rejects.toMatchObject({ statusCode: 404 });
    const sent = await client.email.send(mail('ann@example.test'));
    await expect(client.email.schedule.delete((sent.headers as Record<string, string>)['x-message-id']!)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('reads an account that has nothing in it yet', async () => {
    expect((await client.email.domain.list()).body).toMatchObject({ data: [], meta: { total: 0 } });
    expect((await client.others.getApiQuota()).body).toMatchObject({ quota: expect.any(Number), remaining: expect.any(Number) });
  });

  it("throws MailerSend's own words on a mail without subject and content", async () => {
    await expect(client.email.send(new EmailParams().setFrom(new Sender('shop@ourcompany.test')).setTo([new Recipient('nobody')]))).rejects.toMatchObject({
      statusCode: 422, body: { message: 'The given data was invalid.', errors: { subject: [expect.any(String)], text: [expect.any(String)], 'to.0.email': ['The to.0.email must be a valid email address.'] } },
    });
  });

  it('throws what it throws for every error, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const thrown: unknown = await client.email.send(mail('ann@example.test')).catch((error: unknown) => error);
    // No Error: a plain object is all that the SDK ever throws for an answer.
    expect(thrown).toMatchObject({ statusCode: 403, body: { message: expect.stringContaining('no-real-people: ann is a real person') } });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('tells of every person of a message, signed as the documentation says', async () => {
    const before = vendor.callbacks.length;
    const { headers } = await client.email.send(mail('ann@example.test', 'bob@example.test'));
    const id: string = (headers as Record<string, string>)['x-message-id']!;
    const drafts = vendor.callbacks.slice(before);
    expect(drafts.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject(['ann@example.test', 'bob@example.test'].flatMap((email) => ['sent', 'delivered'].map((type) => ({
      type: `activity.${type}`, data: { object: 'activity', type, email: { subject: 'Order 42', message: { id }, recipient: { email } }, morph: null },
    }))));
    const delivery = { ...drafts[0]!, url: 'https://shop.test/hooks' };
    const { headers: signed } = mailersend.sign(delivery, 'the signing secret');
    expect(signed).toEqual([['Signature', createHmac('sha256', 'the signing secret').update(Buffer.from(delivery.body)).digest('hex')]]);
    expect(() => mailersend.sign(delivery, ' ')).toThrow(/right is the one/);
  });
});

describe('what happens later to a mail of MailerSend', () => {
  const message = (to: string): object => ({ from: { email: 'shop@ourcompany.test' }, to: [{ email: to }], bcc: [{ email: 'archive@ourcompany.test' }], subject: 'Order', html: '<a href="https://shop.test/orders/42">Order</a>' });
  const call = (path: string, body: unknown) => ({
    kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.mailersend.com', port: 443 }, path, query: null, version: '1.1',
    headers: [['Content-Type', 'application/json']], trailers: [], body: Buffer.from(JSON.stringify(body)),
  }) as const;

  it.each<[string, string | null, object | null, string]>([
    ['activity.delivered', null, null, 'delivered'],
    ['activity.deferred', null, null, 'sent'],
    ['activity.hard_bounced', '550 no such user', { object: 'recipient_bounce', reason: '550 no such user' }, 'hard_bounced'],
    ['activity.soft_bounced', null, { object: 'recipient_bounce', reason: expect.stringContaining('452') }, 'soft_bounced'],
    ['activity.opened', null, { object: 'open', ip: '192.0.2.1' }, 'delivered'],
    ['activity.clicked_unique', null, { object: 'click', url: 'https://shop.test/orders/42' }, 'delivered'],
    ['activity.unsubscribed', null, null, 'delivered'],
    ['activity.spam_complaint', null, null, 'delivered'],
  ])('%s', async (name, detail, morph, status) => {
    for (const [path, body] of [['/v1/email', message('ann@example.test')], ['/v1/bulk-email', [message('bob@example.test'), message('ann@example.test')]]] as const) {
      const kept = memory();
      const request = call(path, body);
      const decoded = mailersend.decode(request);
      const { reply, remember } = await mailersend.simulate(request, decoded, kept.context());
      kept.keep(remember!);
      const outcome = await mailersend.later({ name, recipient: 'ANN@example.test', detail }, { request, decoded, reply }, kept.context({ call: 2 }));
      expect(outcome.callbacks!.map((each) => JSON.parse(each.body) as { data: { morph: unknown } })).toMatchObject([{ type: name, data: { morph, email: { status, recipient: { email: 'ann@example.test' } } } }]);
      kept.keep(outcome.remember!);
      const everybody = await mailersend.later({ name, recipient: null, detail }, { request, decoded, reply }, kept.context({ call: 3 }));
      expect(everybody.callbacks).toHaveLength(path === '/v1/email' ? 2 : 4);
      expect(await mailersend.later({ name, recipient: 'eve@example.test', detail }, { request, decoded, reply }, kept.context({ call: 3 }))).toEqual({ remember: [], callbacks: [] });
    }
  });
});
