import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { sns } from '../../src/providers/sns/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';
import type { Memory } from '../support/simulation-context.ts';

const topic = 'arn:aws:sns:eu-west-1:123456789012:orders';
const device = 'arn:aws:sns:eu-west-1:123456789012:endpoint/GCM/shop/00000000-0000-4000-8000-000000000000';

function post(fields: Readonly<Record<string, string>>, head: readonly string[] = []): HttpRequest {
  const body = new URLSearchParams({ Version: '2010-03-31', ...fields }).toString();
  return parseHttpFile(Buffer.from(['POST / HTTP/1.1', 'Host: sns.eu-west-1.amazonaws.com', 'Content-Type: application/x-www-form-urlencoded', 'Authorization: AWS4-HMAC-SHA256 Credential=AKIAFAKE/20261121/eu-west-1/sns/aws4_request, Signature=00', ...head, '', body].join('\r\n')));
}

async function answered(request: HttpRequest, kept: Memory): Promise<string> {
  const { reply, remember } = await sns.simulate(request, sns.decode(request), kept.context());
  kept.keep(remember ?? []);
  return Buffer.from(reply.body).toString();
}

describe('what SNS is asked', () => {
  it.each([
    ['an ARN of a queue', { Action: 'Publish', Message: 'x', TopicArn: 'arn:aws:sqs:eu-west-1:123456789012:q' }],
    ['an ARN with a path of its own', { Action: 'Publish', Message: 'x', TargetArn: `${device}/more` }],
    ['a device as a topic', { Action: 'Publish', Message: 'x', TopicArn: device }],
    ['no target', { Action: 'Publish', Message: 'x' }],
    ['a name spelt another way', { Action: 'Publish', Message: 'x', PhoneNumber: '+447700900123', phone_number: '+447700900124' }],
    ['a batch of nothing', { Action: 'PublishBatch', TopicArn: topic }],
    ['a protocol nobody knows', { Action: 'Subscribe', TopicArn: topic, Protocol: 'fax', Endpoint: '+447700900123' }],
    ['another version', { Action: 'ListTopics', Version: '2009-01-01' }],
    ['an operation of its own', { Action: 'CreatePlatformApplication', Name: 'shop', Platform: 'GCM' }],
  ])('is not recognised with %s', (_what, fields) => {
    expect(sns.decode(post(fields))).toMatchObject({ kind: 'unrecognized', why: expect.stringMatching(/^Amazon SNS/) });
  });

  it('is not recognised at another path', () => {
    expect(sns.decode({ ...post({ Action: 'ListTopics' }), path: '//' })).toMatchObject({ kind: 'unrecognized' });
  });

  it.each([
    ['its own text', { default: 'to all', sms: 'to phones' }, 'to phones'], ['the default', { default: 'to all', email: 'to mails' }, 'to all'], ['nothing of no message', { sms: 1 }, null],
  ])('of a structured message gives a number %s', (_what, message, text) => {
    expect(sns.decode(post({ Action: 'Publish', PhoneNumber: '+447700900123', MessageStructure: 'json', Message: JSON.stringify(message) }))).toMatchObject({ effects: [{ channel: 'sms', text }] });
  });

  it.each([
    ['legacy', { notification: { title: 'A', body: 'B' } }], ['v1', { fcmV1Message: { message: { notification: { title: 'A', body: 'B' } } } }],
  ])('shows the notification of Google, %s', (_what, payload) => {
    const message = JSON.stringify({ default: 'x', GCM: JSON.stringify(payload) });
    expect(sns.decode(post({ Action: 'Publish', TargetArn: device, MessageStructure: 'json', Message: message }))).toMatchObject({ effects: [{ title: 'A', text: 'B', data: payload }] });
  });

  it('belongs to the account of the topic where a link is followed without a credential', () => {
    const link = parseHttpFile(Buffer.from(`GET /?Action=ConfirmSubscription&TopicArn=${topic}&Token=ab HTTP/1.1\r\nHost: sns.eu-west-1.amazonaws.com\r\n\r\n`));
    expect(sns.account(link)).toBe('123456789012');
    expect(sns.account(post({ Action: 'ListTopics' }))).toBe('000000000000');
  });
});

describe('what happens to somebody later', () => {
  it.each([
    ['OptedOut', { Action: 'Publish', PhoneNumber: '+447700900123', Message: 'x' }, 'OptedOut'],
    ['EndpointDisabled', { Action: 'Publish', TargetArn: device, Message: 'x' }, 'EndpointDisabled'],
  ])('%s shows in the next answer', async (name, fields, code) => {
    const kept = memory();
    const request = post(fields);
    const decoded = sns.decode(request);
    const { reply } = await sns.simulate(request, decoded, kept.context());
    kept.keep((await sns.later({ name, recipient: null, detail: null }, { request, decoded, reply }, kept.context({ now: fixedNow + 1000 }))).remember ?? []);
    expect(await answered(request, kept)).toContain(`<Code>${code}</Code>`);
  });

  it('an opted-out number is told as such, until it opts in', async () => {
    const kept = memory();
    kept.keep([{ kind: 'opted-out', id: '+447700900123', expectVersion: 0, value: { at: 1 } }]);
    const check = post({ Action: 'CheckIfPhoneNumberIsOptedOut', phoneNumber: '+447700900123' });
    expect(await answered(check, kept)).toContain('<isOptedOut>true</isOptedOut>');
    await answered(post({ Action: 'OptInPhoneNumber', phoneNumber: '+447700900123' }), kept);
    expect(await answered(check, kept)).toContain('<isOptedOut>false</isOptedOut>');
  });

  it('nobody signs what only Amazon can: the signature says that it is none', async () => {
    const kept = memory();
    const request = post({ Action: 'Subscribe', TopicArn: topic, Protocol: 'http', Endpoint: 'http://shop.internal.test/sns' });
    const { callbacks: [draft] = [] } = await sns.simulate(request, sns.decode(request), kept.context());
    expect(Buffer.from((JSON.parse(draft!.body) as { Signature: string }).Signature, 'base64').toString()).toContain('not signed');
    expect('sign' in sns).toBe(false);
  });
});
