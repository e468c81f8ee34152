import { BrevoClient, BrevoError } from '@getbrevo/brevo';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { brevo } from '../../src/providers/brevo/index.ts';
import { memory } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const mail = { sender: { email: 'shop@ourcompany.test', name: 'Shop' }, to: [{ email: 'ann@example.test', name: 'Ann' }], subject: 'Order 42', textContent: 'Thank you' };
const messageId = /^<\d{12}\.\d{11}@smtp-relay\.mailin\.fr>$/;

describe('@getbrevo/brevo', () => {
  let vendor: VendorServer;
  let client: BrevoClient;

  beforeAll(async () => {
    vendor = await serveVendor(brevo, 'api.brevo.com');
    client = new BrevoClient({ apiKey: 'xkeysib-test', baseUrl: `http://127.0.0.1:${vendor.port}/v3` });
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves with a message id that finds the mail again, with what happened to it', async () => {
    const sent = await client.transactionalEmails.sendTransacEmail({ ...mail, cc: [{ email: 'bob@example.test' }], tags: ['order'], headers: { 'X-Mailin-custom': 'o-42' } });
    expect(sent.messageId).toMatch(messageId);
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{
      subject: 'Order 42', text: 'Thank you', liveness: 'unknown', keys: [{ name: 'tag', value: 'order' }, { name: 'X-Mailin-custom', value: 'o-42' }],
      recipients: [{ address: 'ann@example.test', role: 'to' }, { address: 'bob@example.test', role: 'cc' }],
    }] });
    vendor.pass(2_000);
    const listed = await client.transactionalEmails.getTransacEmailsList({ messageId: sent.messageId! });
    expect(listed).toMatchObject({ count: 2, transactionalEmails: [{ email: 'ann@example.test', subject: 'Order 42', messageId: sent.messageId }, { email: 'bob@example.test' }] });
    const content = await client.transactionalEmails.getTransacEmailContent({ uuid: listed.transactionalEmails![0]!.uuid });
    expect(content).toMatchObject({ subject: 'Order 42', body: 'Thank you', attachmentCount: 0, events: [{ name: 'request' }, { name: 'delivered' }, { name: 'request' }, { name: 'delivered' }] });
    expect(await client.transactionalEmails.getEmailEventReport({ messageId: sent.messageId!, event: 'delivered', email: 'bob@example.test' })).toMatchObject({ events: [{ email: 'bob@example.test', event: 'delivered' }] });
  });

  it('gives every version of a message an id of its own', async () => {
    const { messageIds } = await client.transactionalEmails.sendTransacEmail({
      sender: mail.sender, subject: 'Hi', htmlContent: '<p>Hi</p>', bcc: [{ email: 'archive@ourcompany.test' }],
      messageVersions: [{ to: [{ email: 'ann@example.test' }], subject: 'Ann' }, { to: [{ email: 'bob@example.test' }], bcc: [{ email: 'other@ourcompany.test' }] }],
    });
    expect(messageIds!.map((id) => messageId.test(id))).toEqual([true, true]);
    const { decoded } = vendor.calls.at(-1)!;
    expect(decoded.kind === 'effects' && decoded.effects.map((effect) => effect.recipients.map(({ address }) => address))).toEqual([['ann@example.test', 'archive@ourcompany.test'], ['bob@example.test', 'other@ourcompany.test']]);
  });

  it('takes a mail in sandbox mode as it does a real one, and tells of no delivery', async () => {
    const before = vendor.callbacks.length;
    expect((await client.transactionalEmails.sendTransacEmail({ ...mail, headers: { 'X-Sib-Sandbox': 'drop' } })).messageId).toMatch(messageId);
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{ liveness: 'test' }] });
    expect(vendor.callbacks.length).toBe(before);
  });

  it('takes a scheduled mail back, once', async () => {
    const { messageId: id } = await client.transactionalEmails.sendTransacEmail({ ...mail, scheduledAt: '2026-12-24T10:00:00.000Z' });
    expect(await client.transactionalEmails.getScheduledEmailById({ identifier: id! })).toMatchObject({ status: 'queued', scheduledAt: '2026-12-24T10:00:00.000Z' });
    await client.transactionalEmails.deleteScheduledEmailById({ identifier: id! });
    await expect(client.transactionalEmails.deleteScheduledEmailById({ identifier: id! })).rejects.toMatchObject({ statusCode: 404 });
    const sent = await client.transactionalEmails.sendTransacEmail(mail);
    await expect(client.transactionalEmails.deleteScheduledEmailById({ identifier: sent.messageId! })).rejects.toMatchObject({ statusCode: 404 });
  });

  it('takes a scheduled batch back by its id', async () => {
    const batchId = '5c6cfa04-eed9-42c2-8b5c-6d470d978e9d';
    await client.transactionalEmails.sendTransacEmail({ ...mail, batchId, scheduledAt: '2026-12-24T10:00:00.000Z', messageVersions: [{ to: mail.to }, { to: [{ email: 'bob@example.test' }] }] });
    expect(await client.transactionalEmails.getScheduledEmailById({ identifier: batchId })).toMatchObject({ count: 2, batches: [{ status: 'queued' }, { status: 'queued' }] });
    await client.transactionalEmails.deleteScheduledEmailById({ identifier: batchId });
    await expect(client.transactionalEmails.getScheduledEmailById({ identifier: batchId })).rejects.toMatchObject({ statusCode: 404 });
  });

  it('keeps contacts, lists, campaigns and templates', async () => {
    const { id } = (await client.contacts.createContact({ email: 'ann@example.test', attributes: { FNAME: 'Ann' }, listIds: [1] }))!;
    expect(id).toBeGreaterThan(0);
    await expect(client.contacts.createContact({ email: 'ann@example.test' })).rejects.toMatchObject({ statusCode: 400, body: { code: 'duplicate_parameter' } });
    await client.contacts.updateContact({ identifier: 'ann@example.test', attributes: { LNAME: 'Lee' }, listIds: [2] });
    expect(await client.contacts.getContactInfo({ identifier: 'ann@example.test' })).toMatchObject({ id, email: 'ann@example.test', attributes: { FNAME: 'Ann', LNAME: 'Lee' }, listIds: [1, 2] });
    const list = await client.contacts.createList({ name: 'Customers', folderId: 1 });
    expect(await client.contacts.getLists()).toMatchObject({ count: 1, lists: [{ id: list.id, name: 'Customers' }] });
    const campaign = await client.emailCampaigns.createEmailCampaign({ name: 'News', subject: 'News', sender: { email: 'shop@ourcompany.test' }, htmlContent: '<p>Hello there</p>', recipients: { listIds: [list.id] } });
    await client.emailCampaigns.sendEmailCampaignNow({ campaignId: campaign.id! });
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{ recipients: [{ kind: 'audience', address: `campaign ${campaign.id}` }] }] });
    const template = await client.transactionalEmails.createSmtpTemplate({ templateName: 'welcome', subject: 'Hi', sender: { email: 'shop@ourcompany.test' }, htmlContent: '<p>Hello there</p>' });
    expect(await client.transactionalEmails.getSmtpTemplate({ templateId: template.id! })).toMatchObject({ name: 'welcome', subject: 'Hi' });
    expect(await client.account.getAccount()).toMatchObject({ email: 'staging@example.com', relay: { enabled: true } });
  });

  it.each<[string, object, string, string]>([
    ['without a sender', { to: mail.to, subject: 'x', textContent: 'x' }, 'missing_parameter', 'sender is missing'],
    ['without a subject', { sender: mail.sender, to: mail.to, textContent: 'x' }, 'missing_parameter', 'subject is missing'],
    ['to what is no address', { ...mail, cc: [{ email: 'nobody' }] }, 'invalid_parameter', 'email is not valid in cc'],
  ])('rejects a mail %s as Brevo does', async (_what, body, code, message) => {
    const error: unknown = await client.transactionalEmails.sendTransacEmail(body).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'BadRequestError', statusCode: 400, body: { code, message } });
  });

  it('rejects with its own error, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const error: unknown = await client.transactionalEmails.sendTransacEmail(mail).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BrevoError);
    expect(error).toMatchObject({ statusCode: 403, body: { code: 'permission_denied' }, message: expect.stringContaining('no-real-people: ann is a real person') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('tells of every person of a mail, with the token of the webhook', async () => {
    const before = vendor.callbacks.length;
    const { messageId: id } = await client.transactionalEmails.sendTransacEmail({ ...mail, tags: ['order'], cc: [{ email: 'bob@example.test' }] });
    const drafts = vendor.callbacks.slice(before);
    expect(drafts.map(({ target, body }) => ({ target, ...JSON.parse(body) as object }))).toMatchObject([
      { target: 'brevo', event: 'request', email: 'ann@example.test', 'message-id': id, subject: 'Order 42', tags: ['order'], tag: '["order"]', date: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) },
      { event: 'delivered', email: 'ann@example.test' }, { event: 'request', email: 'bob@example.test' }, { event: 'delivered', email: 'bob@example.test' },
    ]);
    const delivery = { ...drafts[0]!, url: 'https://shop.test/hooks' };
    expect(brevo.sign(delivery, 'the-token').headers).toEqual([['Authorization', 'Bearer the-token']]);
    expect(() => brevo.sign(delivery, 'a\r\nX-Other: b')).toThrow(/right is the token/);
  });
});

describe('what happens later to a mail of Brevo', () => {
  const call = {
    kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.brevo.com', port: 443 }, path: '/v3/smtp/email', query: null, version: '1.1',
    headers: [['Content-Type', 'application/json']], trailers: [],
    body: Buffer.from(JSON.stringify({ ...mail, templateId: 12, htmlContent: '<a href="https://shop.test/orders/42">Order</a>', bcc: [{ email: 'bob@example.test' }] })),
  } as const;

  it.each<[string, string | null, object]>([
    ['delivered', null, { template_id: 12 }],
    ['opened', null, {}],
    ['unique_opened', null, {}],
    ['spam', null, {}],
    ['unsubscribed', null, {}],
    ['invalid_email', null, {}],
    ['hard_bounce', '550 5.1.1 no such user', { reason: '550 5.1.1 no such user' }],
    ['soft_bounce', null, { reason: expect.stringContaining('452') }],
    ['deferred', null, { reason: expect.stringContaining('450') }],
    ['blocked', null, { reason: expect.stringContaining('blacklist') }],
    ['click', null, { link: 'https://shop.test/orders/42' }],
  ])('%s', async (name, detail, expected) => {
    const kept = memory();
    const decoded = brevo.decode(call);
    const { reply, remember } = await brevo.simulate(call, decoded, kept.context());
    kept.keep(remember!);
    const outcome = await brevo.later({ name, recipient: 'Bob@Example.test', detail }, { request: call, decoded, reply }, kept.context({ call: 2 }));
    expect(outcome.callbacks!.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([{ event: name, email: 'bob@example.test', ...expected }]);
    kept.keep(outcome.remember!);
    expect((await brevo.later({ name, recipient: null, detail }, { request: call, decoded, reply }, kept.context({ call: 3 }))).callbacks).toHaveLength(2);
    expect(await brevo.later({ name, recipient: 'eve@example.test', detail }, { request: call, decoded, reply }, kept.context({ call: 3 }))).toEqual({ remember: [], callbacks: [] });
  });

  it('takes the delivery back from the report of a mail that bounced', async () => {
    const kept = memory();
    const decoded = brevo.decode(call);
    const { reply, remember } = await brevo.simulate(call, decoded, kept.context());
    kept.keep(remember!);
    kept.keep((await brevo.later({ name: 'hard_bounce', recipient: 'ann@example.test', detail: null }, { request: call, decoded, reply }, kept.context({ call: 2 }))).remember!);
    const ask = { ...call, method: 'GET', path: '/v3/smtp/statistics/events', headers: [], body: new Uint8Array() } as const;
    const context = kept.context({ call: 3, now: kept.context().now + 60_000 });
    const report = JSON.parse(Buffer.from((await brevo.simulate(ask, brevo.decode(ask), context)).reply.body).toString()) as { events: { email: string; event: string }[] };
    expect(report.events.filter(({ email }) => email === 'ann@example.test').map(({ event }) => event)).toEqual(['requests', 'hardBounces']);
  });
});
