import sendgridMail from '@sendgrid/mail';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sendgrid } from '../../src/providers/sendgrid/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** `client` is documented and there, but not in the SDK's types. */
const { client } = sendgridMail as unknown as { readonly client: {
  setDefaultRequest(name: 'baseUrl', value: string): void;
  request(request: { readonly method: string; readonly url: string; readonly body?: unknown; readonly qs?: Readonly<Record<string, string>> }): Promise<readonly [{ readonly statusCode: number }, unknown]>;
} };
const mail = { from: 'shop@ourcompany.test', to: 'ann@example.test', subject: 'Order 42', text: 'Thank you' };

describe('@sendgrid/mail', () => {
  let vendor: VendorServer;

  beforeAll(async () => {
    vendor = await serveVendor(sendgrid, 'api.sendgrid.com');
    sendgridMail.setApiKey(['SG', 'a'.repeat(22), 'b'.repeat(43)].join('.'));
    client.setDefaultRequest('baseUrl', `http://127.0.0.1:${vendor.port}`);
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves with 202 and a message id on a captured mail', async () => {
    const before = vendor.calls.length;
    const [response] = await sendgridMail.send({ ...mail, cc: 'bob@example.test', customArgs: { order_id: 'o-42' } });
    expect(response.statusCode).toBe(202);
    expect(response.headers['x-message-id']).toMatch(/^[A-Za-z0-9]{22}$/);
    expect(vendor.calls.slice(before).map(({ decoded }) => decoded)).toMatchObject([{
      effects: [{ subject: 'Order 42', text: 'Thank you', recipients: [{ address: 'ann@example.test', role: 'to' }, { address: 'bob@example.test', role: 'cc' }], keys: [{ name: 'order_id', value: 'o-42' }] }],
    }]);
  });

  it('makes one mail per person of sendMultiple', async () => {
    const before = vendor.calls.length;
    await sendgridMail.sendMultiple({ ...mail, to: ['ann@example.test', 'bob@example.test'] });
    const decoded = vendor.calls[before]!.decoded;
    expect(decoded.kind === 'effects' && decoded.effects.map(({ recipients }) => recipients.map(({ address }) => address))).toEqual([['ann@example.test'], ['bob@example.test']]);
  });

  it('answers 200 in sandbox mode', async () => {
    const [response] = await sendgridMail.send({ ...mail, mailSettings: { sandboxMode: { enable: true } } });
    expect(response.statusCode).toBe(200);
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ liveness: 'test' }] });
  });

  it('rejects with its own ResponseError, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const error: unknown = await sendgridMail.send(mail).catch((thrown: unknown) => thrown);
    expect((error as Error).constructor.name).toBe('ResponseError');
    expect(error).toMatchObject({ code: 403, response: { body: { errors: [{ message: expect.stringContaining('no-real-people: ann is a real person') }] } } });
    expect(vendor.calls.length - before).toBe(1);
  });

  it("rejects with SendGrid's own words on a mail without content", async () => {
    const error: unknown = await client.request({ method: 'POST', url: '/v3/mail/send', body: { from: { email: 'a@b.test' }, subject: 'x', personalizations: [{ to: [{ email: 'ann@example.test' }] }] } }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 400, response: { body: { errors: [{ field: 'content', message: expect.stringContaining('Unless a valid template_id is provided') }] } } });
  });

  it('keeps what the client sets up, and reads back what was sent', async () => {
    const [, template] = await client.request({ method: 'POST', url: '/v3/templates', body: { name: 'welcome', generation: 'dynamic' } });
    const { id } = template as { readonly id: string };
    await client.request({ method: 'POST', url: `/v3/templates/${id}/versions`, body: { name: 'v1', subject: 'Hi {{name}}', html_content: '<b>{{name}}</b>' } });
    await sendgridMail.send({ from: mail.from, to: 'tim@example.test', templateId: id, dynamicTemplateData: { name: 'Tim' } });
    const [, activity] = await client.request({ method: 'GET', url: '/v3/messages', qs: { limit: '10', query: 'to_email="tim@example.test"' } });
    expect(activity).toMatchObject({ messages: [{ to_email: 'tim@example.test', subject: 'Hi Tim' }] });
    await client.request({ method: 'POST', url: '/v3/asm/suppressions/global', body: { recipient_emails: ['tim@example.test'] } });
    expect((await client.request({ method: 'DELETE', url: '/v3/asm/suppressions/global/tim@example.test' }))[0].statusCode).toBe(204);
    expect((await client.request({ method: 'DELETE', url: '/v3/suppression/bounces', body: { delete_all: true } }))[0].statusCode).toBe(204);
    expect((await client.request({ method: 'DELETE', url: `/v3/templates/${id}` }))[0].statusCode).toBe(204);
    expect((await client.request({ method: 'DELETE', url: '/v3/marketing/contacts', qs: { delete_all_contacts: 'true' } }))[0].statusCode).toBe(202);
    await expect(client.request({ method: 'GET', url: `/v3/templates/${id}` })).rejects.toMatchObject({ code: 404 });
  });
});
