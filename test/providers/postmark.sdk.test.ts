import { Errors, Models, ServerClient } from 'postmark';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { postmark } from '../../src/providers/postmark/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const token = '00000000-0000-0000-0000-000000000000';
const mail = { From: 'shop@ourcompany.test', To: 'Ann Example <ann@example.test>', Subject: 'Order 42', TextBody: 'Thank you' };
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('postmark', () => {
  let vendor: VendorServer;
  const client = (as = token): ServerClient => new ServerClient(as, { useHttps: false, requestHost: `127.0.0.1:${vendor.port}` });
  const failure = (call: Promise<unknown>): Promise<unknown> => call.catch((thrown: unknown) => thrown);

  beforeAll(async () => { vendor = await serveVendor(postmark, 'api.postmarkapp.com'); });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves a captured mail, which can be read back with what happened to it', async () => {
    const sent = await client().sendEmail({ ...mail, Tag: 'order', Metadata: { order_id: 'o-42' }, MessageStream: 'outbound' });
    expect(sent).toMatchObject({ ErrorCode: 0, Message: 'OK', To: mail.To });
    expect(sent.MessageID).toMatch(uuid);
    expect(await client().getOutboundMessageDetails(sent.MessageID)).toMatchObject({
      MessageID: sent.MessageID, To: [{ Email: 'ann@example.test' }], Recipients: ['ann@example.test'], Subject: 'Order 42', TextBody: 'Thank you', Metadata: { order_id: 'o-42' }, MessageEvents: [],
    });
    vendor.pass(1000);
    expect((await client().getOutboundMessageDetails(sent.MessageID)).MessageEvents).toMatchObject([{ Recipient: 'ann@example.test', Type: 'Delivered' }]);
    const listed = await client().getOutboundMessages({ recipient: 'ANN@example.test', tag: 'order' });
    expect(listed.Messages.map(({ MessageID }) => MessageID)).toEqual([sent.MessageID]);
    expect(JSON.parse(vendor.callbacks.at(-1)!.body)).toMatchObject({ RecordType: 'Delivery', MessageID: sent.MessageID, Recipient: 'ann@example.test', Tag: 'order', Metadata: { order_id: 'o-42' } });
  });

  it('answers each message of a batch for itself', async () => {
    const results = await client().sendEmailBatch([mail, { ...mail, To: 'nobody' }, { ...mail, To: 'bob@example.test', Cc: 'carol@example.test' }]);
    expect(results.map(({ ErrorCode, Message }) => [ErrorCode, Message])).toEqual([[0, 'OK'], [300, "Invalid 'To' address: 'nobody'."], [0, 'OK']]);
    expect(results.map(({ MessageID }) => typeof MessageID)).toEqual(['string', 'undefined', 'string']);
  });

  it('takes templates, one and many', async () => {
    const templated = { From: mail.From, To: 'ann@example.test', TemplateAlias: 'welcome', TemplateModel: { name: 'Ann' } };
    expect((await client().sendEmailWithTemplate(templated)).ErrorCode).toBe(0);
    expect((await client().sendEmailBatchWithTemplates([templated, { ...templated, To: 'bob@example.test' }])).map(({ ErrorCode }) => ErrorCode)).toEqual([0, 0]);
  });

  it('tells how far a bulk call has come', async () => {
    const { Id, Status } = await client().sendBulkEmail(new Models.BulkEmailRequest(mail.From, [new Models.BulkEmailMessage('ann@example.test', { name: 'Ann' }), new Models.BulkEmailMessage('bob@example.test')], 'Dear {{name}}', undefined, 'hi'));
    expect([Id, Status]).toEqual([expect.stringMatching(uuid), 'Accepted']);
    vendor.pass(1000);
    expect(await client().getBulkEmailStatus(Id)).toMatchObject({ Id, Status: 'Completed', TotalMessages: 2, PercentageCompleted: 100, Subject: 'Dear {{name}}' });
  });

  it('mails a suppressed address no more until the suppression is deleted', async () => {
    const to = 'dora@example.test';
    await client().createSuppressions('outbound', { Suppressions: [{ EmailAddress: to }] });
    expect((await client().getSuppressions('outbound')).Suppressions).toMatchObject([{ EmailAddress: to, SuppressionReason: 'ManualSuppression' }]);
    const error = await failure(client().sendEmail({ ...mail, To: to }));
    expect(error).toBeInstanceOf(Errors.InactiveRecipientsError);
    expect(error).toMatchObject({ code: 406, statusCode: 422, recipients: [to] });
    expect((await client().sendEmail({ ...mail, Cc: to })).Message).toBe(`Message OK, but will not deliver to these inactive addresses: ${to}.`);
    expect((await client().sendEmail({ ...mail, To: to, MessageStream: 'broadcast' })).Message).toBe('OK');
    await client().deleteSuppressions('outbound', { Suppressions: [{ EmailAddress: to }] });
    expect((await client().sendEmail({ ...mail, To: to })).Message).toBe('OK');
  });

  it("bounces mail to Postmark's own test addresses, and sends again after the bounce is activated", async () => {
    const to = 'Hard_Bounce@bounce-testing.postmarkapp.com';
    await client().sendEmail({ ...mail, To: to });
    const { Bounces } = await client().getBounces({ emailFilter: 'hard_bounce' });
    expect(Bounces).toMatchObject([{ Type: 'HardBounce', TypeCode: 1, Email: to, Inactive: true }]);
    expect(await client().getDeliveryStatistics()).toMatchObject({ InactiveMails: 1, Bounces: [{ Name: 'All', Count: 1 }, { Type: 'HardBounce', Count: 1 }] });
    expect(await failure(client().sendEmail({ ...mail, To: to }))).toBeInstanceOf(Errors.InactiveRecipientsError);
    expect((await client().activateBounce(Bounces[0]!.ID)).Bounce.Inactive).toBe(false);
    expect((await client().sendEmail({ ...mail, To: to })).Message).toBe('OK');
  });

  it('only checks a mail sent with the test token', async () => {
    const before = vendor.callbacks.length;
    const sent = await client('POSTMARK_API_TEST').sendEmail(mail);
    expect(sent).toMatchObject({ ErrorCode: 0, Message: 'Test job accepted' });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ liveness: 'test' }] });
    expect(vendor.callbacks.length).toBe(before);
  });

  it('asks for what is there', async () => {
    expect(await client().getServer()).toMatchObject({ DeliveryType: 'Live' });
    expect(await client().getTemplates()).toEqual({ TotalCount: 0, Templates: [] });
    expect((await client().getMessageStreams()).MessageStreams.map(({ ID }) => ID)).toEqual(['outbound', 'broadcast', 'inbound']);
    expect(await client().getWebhooks()).toEqual({ Webhooks: [] });
    expect((await client().getOutboundOverview()).Sent).toBe(0);
    expect(await failure(client().getBounce(1))).toBeInstanceOf(Errors.PostmarkError);
  });

  it('rejects with its own ApiInputError, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const error = await failure(client().sendEmail(mail));
    expect(error).toBeInstanceOf(Errors.ApiInputError);
    expect(error).toMatchObject({ statusCode: 422, code: 405, message: expect.stringContaining('no-real-people: ann is a real person') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it("rejects with Postmark's own words on a mail without a body", async () => {
    const error = await failure(client().sendEmail({ From: mail.From, To: mail.To, Subject: 'x' }));
    expect(error).toBeInstanceOf(Errors.InvalidEmailRequestError);
    expect(error).toMatchObject({ code: 300, message: 'Provide either email TextBody or HtmlBody or both.' });
  });
});
