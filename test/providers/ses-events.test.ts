import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import type { CallbackDraft, Consequences, LaterEvent } from '../../src/model/provider.ts';
import { ses } from '../../src/providers/ses/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

// an invented key of account 123456789012, put together here
const key = ['ASIA', 'BZPUZDIK', 'AAAAAAAA'].join('');
const head = [`Host: email.eu-west-1.amazonaws.com`, `Authorization: AWS4-HMAC-SHA256 Credential=${key}/20261121/eu-west-1/ses/aws4_request, SignedHeaders=host, Signature=fake`];

function sendV2(to: readonly string[], more: Readonly<Record<string, unknown>> = {}): HttpRequest {
  const input = { FromEmailAddress: 'Shop <shop@example.test>', Destination: { ToAddresses: to }, Content: { Simple: { Subject: { Data: 'Order 42' }, Body: { Html: { Data: '<a href="https://shop.test/o/42">see</a>' } } } }, EmailTags: [{ Name: 'order', Value: '42' }], ...more };
  return parseHttpFile(Buffer.from(['POST /v2/email/outbound-emails HTTP/1.1', ...head, 'Content-Type: application/json', '', JSON.stringify(input)].join('\r\n')));
}

function bulkV1(...to: readonly string[]): HttpRequest {
  const fields = new URLSearchParams({ Action: 'SendBulkTemplatedEmail', Version: '2010-12-01', Source: 'shop@example.test', Template: 't', DefaultTemplateData: '{}' });
  for (const [at, each] of to.entries()) fields.set(`Destinations.member.${at + 1}.Destination.ToAddresses.member.1`, each);
  return parseHttpFile(Buffer.from(['POST / HTTP/1.1', ...head, 'Content-Type: application/x-www-form-urlencoded', '', fields.toString()].join('\r\n')));
}

interface Told { readonly eventType?: string; readonly notificationType?: string; readonly mail: { readonly messageId: string }; readonly [part: string]: unknown }

const told = ({ body }: CallbackDraft): Told => JSON.parse((JSON.parse(body) as { Message: string }).Message) as Told;
const nameOf = (draft: CallbackDraft): string => told(draft).eventType ?? told(draft).notificationType ?? '';

async function captured(request: HttpRequest) {
  const kept = memory();
  const decoded = ses.decode(request);
  const { reply, remember = [], callbacks = [] } = await ses.simulate(request, decoded, kept.context());
  kept.keep(remember);
  // as a capture keeps it: without the signature
  const call = { request: { ...request, headers: request.headers.filter(([name]) => name !== 'Authorization') }, decoded, reply };
  const after = (event: Partial<LaterEvent> & Pick<LaterEvent, 'name'>): Promise<Consequences> => ses.later({ recipient: null, detail: null, ...event }, call, kept.context({ call: 2, now: fixedNow + 60_000 }));
  return { kept, callbacks, reply, after };
}

describe('what SES tells by itself', () => {
  it('is a delivery a second later, as an SNS notification to the target ses', async () => {
    const { callbacks: [draft, ...others] } = await captured(sendV2(['ann@example.test']));
    expect(others).toEqual([]);
    const { messageId } = told(draft!).mail;
    expect(draft).toMatchObject({ target: 'ses', object: messageId, notBeforeMs: fixedNow + 1000, method: 'POST', contentType: 'text/plain; charset=UTF-8' });
    expect(Object.fromEntries(draft!.headers)).toMatchObject({ 'x-amz-sns-message-type': 'Notification', 'x-amz-sns-topic-arn': 'arn:aws:sns:eu-west-1:123456789012:ses' });
    expect(JSON.parse(draft!.body)).toMatchObject({ Type: 'Notification', TopicArn: 'arn:aws:sns:eu-west-1:123456789012:ses', SigningCertURL: expect.stringMatching(/^https:\/\/sns\.eu-west-1\.amazonaws\.com\//), Timestamp: '2026-11-21T09:00:01.250Z' });
    expect(told(draft!)).toEqual({
      notificationType: 'Delivery',
      mail: {
        timestamp: '2026-11-21T09:00:00.250Z', source: 'shop@example.test', sourceArn: 'arn:aws:ses:eu-west-1:123456789012:identity/example.test', sendingAccountId: '123456789012', messageId, destination: ['ann@example.test'], headersTruncated: false,
        headers: [{ name: 'From', value: 'shop@example.test' }, { name: 'To', value: 'ann@example.test' }, { name: 'Subject', value: 'Order 42' }],
        commonHeaders: { from: ['shop@example.test'], to: ['ann@example.test'], messageId, subject: 'Order 42' },
      },
      delivery: { timestamp: '2026-11-21T09:00:01.250Z', processingTimeMillis: 1000, recipients: ['ann@example.test'], smtpResponse: '250 2.0.0 OK', reportingMTA: 'dns; smtp-out.amazonses.com' },
    });
  });

  it('says plainly that it is not signed, for no other key is taken by a verifier', async () => {
    const { callbacks } = await captured(sendV2(['ann@example.test']));
    expect(Buffer.from((JSON.parse(callbacks[0]!.body) as { Signature: string }).Signature, 'base64').toString()).toContain('not signed');
    expect('sign' in ses).toBe(false);
  });

  it('is published with tags where a configuration set is named', async () => {
    const { callbacks } = await captured(sendV2(['ann@example.test'], { ConfigurationSetName: 'cfg' }));
    expect(callbacks.map(nameOf)).toEqual(['Send', 'Delivery']);
    expect(told(callbacks[0]!)).toMatchObject({ eventType: 'Send', mail: { tags: { 'ses:configuration-set': ['cfg'], 'ses:operation': ['SendEmail'], order: ['42'] } }, send: {} });
  });

  it.each([
    ['success@simulator.amazonses.com', ['Delivery']], ['ooto+a@simulator.amazonses.com', ['Delivery']], ['bounce+order-42@simulator.amazonses.com', ['Bounce']],
    ['complaint@simulator.amazonses.com', ['Delivery', 'Complaint']], ['suppressionlist@simulator.amazonses.com', ['Bounce']], ['bounce@example.test', ['Delivery']],
  ])('ends for %s as the mailbox simulator says', async (to, expected) => {
    expect((await captured(sendV2([to]))).callbacks.map(nameOf)).toEqual(expected);
  });

  it('parts those who got a mail from those who did not', async () => {
    const { callbacks } = await captured(sendV2(['ann@example.test', 'bounce@simulator.amazonses.com']));
    expect(callbacks.map(told)).toMatchObject([{ delivery: { recipients: ['ann@example.test'] } }, { bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: 'bounce@simulator.amazonses.com', status: '5.1.1' }] } }]);
  });
});

describe('what happens to a captured mail later', () => {
  it.each([
    ['Bounce', null, { notificationType: 'Bounce', bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [{ emailAddress: 'ann@example.test', diagnosticCode: 'smtp; 550 5.1.1 user unknown' }] } }],
    ['Bounce', '452 4.2.2 mailbox full', { bounce: { bounceType: 'Transient', bouncedRecipients: [{ status: '4.2.2', diagnosticCode: 'smtp; 452 4.2.2 mailbox full' }] } }],
    ['Bounce', 'OnAccountSuppressionList', { bounce: { bounceType: 'Permanent', bounceSubType: 'OnAccountSuppressionList' } }],
    ['Complaint', null, { notificationType: 'Complaint', complaint: { complaintFeedbackType: 'abuse', complainedRecipients: [{ emailAddress: 'ann@example.test' }] } }],
    ['Open', null, { eventType: 'Open', open: { timestamp: '2026-11-21T09:01:00.250Z' } }],
    ['Click', null, { eventType: 'Click', click: { link: 'https://shop.test/o/42' } }],
    ['DeliveryDelay', null, { eventType: 'DeliveryDelay', deliveryDelay: { delayedRecipients: [{ emailAddress: 'ann@example.test' }] } }],
    ['Subscription', 'news', { eventType: 'Subscription', subscription: { contactList: 'news', newTopicPreferences: { unsubscribeAll: true } } }],
    ['Reject', null, { eventType: 'Reject', reject: { reason: 'Bad content' } }],
  ])('is told as %s (%s), about the account that sent it', async (name, detail, expected) => {
    const { after } = await captured(sendV2(['ann@example.test']));
    const { callbacks = [] } = await after({ name, detail });
    expect(callbacks).toHaveLength(1);
    expect(told(callbacks[0]!)).toMatchObject({ ...expected, mail: { sendingAccountId: '123456789012', timestamp: '2026-11-21T09:00:00.250Z' } });
  });

  it('is kept for the insights', async () => {
    const { kept, after, callbacks } = await captured(sendV2(['ann@example.test', 'bob@example.test']));
    kept.keep((await after({ name: 'Bounce', recipient: 'bob@example.test' })).remember ?? []);
    const known = await kept.context().recall('message', told(callbacks[0]!).mail.messageId);
    expect(known?.value).toMatchObject({ insights: { Insights: [{ Events: [{ Type: 'DELIVERY' }] }, { Destination: 'bob@example.test', Events: [{ Type: 'DELIVERY' }, { Type: 'BOUNCE', Details: { Bounce: { BounceType: 'PERMANENT' } } }] }] } });
  });

  it('happens to the one mail of a bulk that has the recipient', async () => {
    const { after, callbacks: first } = await captured(bulkV1('ann@example.test', 'nobody', 'bob@example.test'));
    const { callbacks = [] } = await after({ name: 'Complaint', recipient: 'bob@example.test' });
    expect(callbacks.map(({ object }) => object)).toEqual([first[1]!.object]);
    expect((await after({ name: 'Delivery' })).callbacks).toHaveLength(2);
  });

  it.each([
    ['a mail that was refused', sendV2(['nobody']), 'Bounce', null], ['somebody else', sendV2(['ann@example.test']), 'Bounce', 'bob@example.test'],
  ])('is nothing for %s', async (_what, request, name, recipient) => {
    expect((await (await captured(request)).after({ name, recipient })).callbacks ?? []).toEqual([]);
  });
});
