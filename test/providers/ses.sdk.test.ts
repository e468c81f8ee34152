import * as ses1 from '@aws-sdk/client-ses';
import * as ses2 from '@aws-sdk/client-sesv2';
import { createTransport } from 'nodemailer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ses } from '../../src/providers/ses/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const messageId = /^0102[0-9a-f]{12}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-[0-9]{6}$/;
const host = 'email.eu-west-1.amazonaws.com';
let vendor: VendorServer;
let v1: ses1.SESClient;
let v2: ses2.SESv2Client;

beforeAll(async () => {
  vendor = await serveVendor(ses, host);
  // with the SDK's own three attempts, so that one is the answer's doing
  const config = { region: 'eu-west-1', endpoint: `http://127.0.0.1:${vendor.port}`, credentials: { accessKeyId: 'AKIAFAKE', secretAccessKey: 'not-a-secret' } };
  v1 = new ses1.SESClient(config);
  v2 = new ses2.SESv2Client(config);
});
afterAll(() => vendor.close());
afterEach(() => vendor.refuse(null));

const body = { Text: { Data: 'Thank you' } };
const email1 = { Source: 'shop@ourcompany.test', Destination: { ToAddresses: ['ann@example.test'] }, Message: { Subject: { Data: 'Order 42' }, Body: body } };
const email2 = { FromEmailAddress: 'shop@ourcompany.test', Destination: { ToAddresses: ['ann@example.test'] }, Content: { Simple: { Subject: { Data: 'Order 42' }, Body: body } } };

async function attempts(call: () => Promise<unknown>): Promise<{ readonly error: unknown; readonly count: number }> {
  const before = vendor.calls.length;
  const error: unknown = await call().then(() => null, (thrown: unknown) => thrown);
  return { error, count: vendor.calls.length - before };
}

describe('@aws-sdk/client-ses', () => {
  it('resolves with a message id and a request id', async () => {
    const sent = await v1.send(new ses1.SendEmailCommand({ ...email1, Tags: [{ Name: 'order', Value: '42' }] }));
    expect(sent.MessageId).toMatch(messageId);
    expect(sent.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ subject: 'Order 42', text: 'Thank you', keys: [{ name: 'order', value: '42' }], recipients: [{ address: 'ann@example.test', role: 'to' }] }] });
  });

  it('takes a raw message and a bulk of templates, one mail a destination', async () => {
    const raw = Buffer.from('From: shop@ourcompany.test\r\nTo: ann@example.test\r\nBcc: bob@example.test\r\nSubject: Raw\r\n\r\nHi\r\n');
    expect((await v1.send(new ses1.SendRawEmailCommand({ RawMessage: { Data: raw } }))).MessageId).toMatch(messageId);
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ subject: 'Raw', text: 'Hi\r\n', recipients: [{ address: 'ann@example.test', role: 'to' }, { address: 'bob@example.test', role: 'bcc' }] }] });
    const bulk = await v1.send(new ses1.SendBulkTemplatedEmailCommand({
      Source: 'shop@ourcompany.test', Template: 'welcome', DefaultTemplateData: '{}', Destinations: ['ann@example.test', 'not an address'].map((to) => ({ Destination: { ToAddresses: [to] } })),
    }));
    expect(bulk.Status).toEqual([{ Status: 'Success', MessageId: expect.stringMatching(messageId) }, { Status: 'InvalidParameterValue', Error: "Missing final '@domain'" }]);
  });

  it('reads quota, sending and identities, and a template that it made', async () => {
    expect(await v1.send(new ses1.GetSendQuotaCommand({}))).toMatchObject({ Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 0 });
    expect(await v1.send(new ses1.GetAccountSendingEnabledCommand({}))).toMatchObject({ Enabled: true });
    expect((await v1.send(new ses1.ListIdentitiesCommand({}))).Identities).toEqual([]);
    expect((await v1.send(new ses1.GetIdentityVerificationAttributesCommand({ Identities: ['example.com'] }))).VerificationAttributes).toEqual({ 'example.com': { VerificationStatus: 'Success' } });
    await v1.send(new ses1.CreateTemplateCommand({ Template: { TemplateName: 'hello', SubjectPart: 'Hi {{name}} & co', HtmlPart: '<p>{{name}}</p>' } }));
    expect((await v1.send(new ses1.GetTemplateCommand({ TemplateName: 'hello' }))).Template).toEqual({ TemplateName: 'hello', SubjectPart: 'Hi {{name}} & co', HtmlPart: '<p>{{name}}</p>' });
    expect((await v1.send(new ses1.TestRenderTemplateCommand({ TemplateName: 'hello', TemplateData: '{"name":"Ann"}' }))).RenderedTemplate).toContain('Subject: Hi Ann & co');
    expect((await v1.send(new ses1.ListTemplatesCommand({}))).TemplatesMetadata).toEqual([{ Name: 'hello', CreatedTimestamp: expect.any(Date) }]);
    await expect(v1.send(new ses1.TestRenderTemplateCommand({ TemplateName: 'hello', TemplateData: '{}' }))).rejects.toBeInstanceOf(ses1.MissingRenderingAttributeException);
    await expect(v1.send(new ses1.GetTemplateCommand({ TemplateName: 'none' }))).rejects.toBeInstanceOf(ses1.TemplateDoesNotExistException);
    await expect(v1.send(new ses1.CreateTemplateCommand({ Template: { TemplateName: 'hello' } }))).rejects.toBeInstanceOf(ses1.AlreadyExistsException);
  });

  it('rejects with its own MessageRejected, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a <real> person' });
    const { error, count } = await attempts(() => v1.send(new ses1.SendEmailCommand(email1)));
    expect(error).toBeInstanceOf(ses1.MessageRejected);
    expect((error as Error).message).toContain('no-real-people: ann is a <real> person');
    expect(count).toBe(1);
  });

  it("says in SES's own words what is wrong with an address", async () => {
    const { error, count } = await attempts(() => v1.send(new ses1.SendEmailCommand({ ...email1, Destination: { ToAddresses: ['ann'] } })));
    expect(error).toMatchObject({ name: 'InvalidParameterValue', message: "Missing final '@domain'", $metadata: { httpStatusCode: 400 } });
    expect(count).toBe(1);
  });
});

describe('@aws-sdk/client-sesv2', () => {
  it('resolves with a message id, whose insights follow the clock', async () => {
    const { MessageId } = await v2.send(new ses2.SendEmailCommand({ ...email2, EmailTags: [{ Name: 'order', Value: '42' }] }));
    expect(MessageId).toMatch(messageId);
    const read = (): Promise<ses2.GetMessageInsightsCommandOutput> => v2.send(new ses2.GetMessageInsightsCommand({ MessageId }));
    expect((await read()).Insights).toEqual([{ Destination: 'ann@example.test', Events: [] }]);
    vendor.pass(1000);
    expect(await read()).toMatchObject({ MessageId, Subject: 'Order 42', EmailTags: [{ Name: 'order', Value: '42' }], Insights: [{ Events: [{ Type: 'DELIVERY', Timestamp: expect.any(Date) }] }] });
    await expect(v2.send(new ses2.GetMessageInsightsCommand({ MessageId: 'none' }))).rejects.toBeInstanceOf(ses2.NotFoundException);
  });

  it('sends in bulk, each with its own data', async () => {
    const sent = await v2.send(new ses2.SendBulkEmailCommand({
      FromEmailAddress: 'shop@ourcompany.test', DefaultContent: { Template: { TemplateContent: { Subject: 'Hi {{name}}', Text: 'Code {{code}}' }, TemplateData: '{"name":"friend","code":1}' } },
      BulkEmailEntries: [
        { Destination: { ToAddresses: ['ann@example.test'] }, ReplacementEmailContent: { ReplacementTemplate: { ReplacementTemplateData: '{"name":"Ann"}' } } },
        { Destination: { ToAddresses: ['nobody'] } },
      ],
    }));
    expect(sent.BulkEmailEntryResults).toEqual([{ Status: 'SUCCESS', MessageId: expect.stringMatching(messageId) }, { Status: 'INVALID_PARAMETER', Error: "Missing final '@domain'" }]);
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ subject: 'Hi Ann', text: 'Code 1', recipients: [{ address: 'ann@example.test' }] }, { subject: 'Hi friend', recipients: [{ address: 'nobody' }] }] });
  });

  it('reads account and identities, and keeps a suppression list that mails bounce from', async () => {
    expect(await v2.send(new ses2.GetAccountCommand({}))).toMatchObject({ ProductionAccessEnabled: true, SendingEnabled: true, SendQuota: { MaxSendRate: 14 } });
    expect(await v2.send(new ses2.GetEmailIdentityCommand({ EmailIdentity: 'shop+a@ourcompany.test' }))).toMatchObject({ IdentityType: 'EMAIL_ADDRESS', VerifiedForSendingStatus: true });
    expect((await v2.send(new ses2.ListEmailIdentitiesCommand({}))).EmailIdentities).toEqual([]);
    await v2.send(new ses2.PutSuppressedDestinationCommand({ EmailAddress: 'Gone+a@example.test', Reason: 'BOUNCE' }));
    expect((await v2.send(new ses2.GetSuppressedDestinationCommand({ EmailAddress: 'gone+a@example.test' }))).SuppressedDestination).toEqual({ EmailAddress: 'Gone+a@example.test', Reason: 'BOUNCE', LastUpdateTime: expect.any(Date) });
    expect((await v2.send(new ses2.ListSuppressedDestinationsCommand({}))).SuppressedDestinationSummaries).toHaveLength(1);
    await v2.send(new ses2.SendEmailCommand({ ...email2, Destination: { ToAddresses: ['gone+a@example.test'] } }));
    const { Message } = JSON.parse(vendor.callbacks.at(-1)!.body) as { Message: string };
    expect(JSON.parse(Message)).toMatchObject({ notificationType: 'Bounce', bounce: { bounceSubType: 'OnAccountSuppressionList', bouncedRecipients: [{ emailAddress: 'gone+a@example.test' }] } });
    await v2.send(new ses2.DeleteSuppressedDestinationCommand({ EmailAddress: 'gone+a@example.test' }));
    await expect(v2.send(new ses2.GetSuppressedDestinationCommand({ EmailAddress: 'gone+a@example.test' }))).rejects.toBeInstanceOf(ses2.NotFoundException);
  });

  it('makes, changes, renders and deletes a template', async () => {
    await v2.send(new ses2.CreateEmailTemplateCommand({ TemplateName: 'v2-hello', TemplateContent: { Subject: 'Hi {{name}}', Text: 'a' } }));
    await v2.send(new ses2.UpdateEmailTemplateCommand({ TemplateName: 'v2-hello', TemplateContent: { Subject: 'Dear {{name}}', Text: 'b' } }));
    expect((await v2.send(new ses2.GetEmailTemplateCommand({ TemplateName: 'v2-hello' }))).TemplateContent).toMatchObject({ Subject: 'Dear {{name}}', Text: 'b' });
    expect((await v2.send(new ses2.TestRenderEmailTemplateCommand({ TemplateName: 'v2-hello', TemplateData: '{"name":"Ann"}' }))).RenderedTemplate).toContain('Dear Ann');
    await v2.send(new ses2.DeleteEmailTemplateCommand({ TemplateName: 'v2-hello' }));
    await expect(v2.send(new ses2.GetEmailTemplateCommand({ TemplateName: 'v2-hello' }))).rejects.toBeInstanceOf(ses2.NotFoundException);
  });

  it('rejects with its own MessageRejected, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const { error, count } = await attempts(() => v2.send(new ses2.SendEmailCommand(email2)));
    expect(error).toBeInstanceOf(ses2.MessageRejected);
    expect((error as Error).message).toContain('no-real-people: ann is a real person');
    expect(count).toBe(1);
  });

  it("says in SES's own words what is wrong with an address", async () => {
    const { error } = await attempts(() => v2.send(new ses2.SendEmailCommand({ ...email2, Destination: { ToAddresses: ['ann'] } })));
    expect(error).toBeInstanceOf(ses2.BadRequestException);
    expect(error).toMatchObject({ message: "Missing final '@domain'" });
  });
});

describe("nodemailer's SES transport", () => {
  it('hands over a whole mail, read with its attachment', async () => {
    const transport = createTransport({ SES: { sesClient: v2, SendEmailCommand: ses2.SendEmailCommand } });
    const info = await transport.sendMail({
      from: 'Shop <shop@ourcompany.test>', to: 'ann@example.test', bcc: 'bob@example.test', subject: 'Größe', text: 'Thank you', html: '<p>Thank you</p>', attachments: [{ filename: 'Größe.txt', content: 'hi' }],
    });
    expect(info.messageId).toMatch(/^<0102[0-9a-f-]+-000000@eu-west-1\.amazonses\.com>$/);
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({
      effects: [{
        from: 'shop@ourcompany.test', subject: 'Größe', text: 'Thank you', html: '<p>Thank you</p>', attachments: [{ filename: 'Größe.txt', contentType: 'text/plain' }],
        recipients: [{ address: 'ann@example.test', role: 'envelope' }, { address: 'bob@example.test', role: 'envelope' }],
      }],
    });
  });
});
