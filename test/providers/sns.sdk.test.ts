import {
  CheckIfPhoneNumberIsOptedOutCommand, CreatePlatformEndpointCommand, CreateSMSSandboxPhoneNumberCommand, CreateTopicCommand, AuthorizationErrorException, ConfirmSubscriptionCommand,
  DeleteEndpointCommand, GetEndpointAttributesCommand, GetSMSAttributesCommand, GetSMSSandboxAccountStatusCommand, GetSubscriptionAttributesCommand, GetTopicAttributesCommand,
  InvalidParameterException, ListPhoneNumbersOptedOutCommand, ListSubscriptionsByTopicCommand, ListTopicsCommand, NotFoundException, PublishBatchCommand, PublishCommand,
  SetEndpointAttributesCommand, SetSMSAttributesCommand, SNSClient, SubscribeCommand, EndpointDisabledException, UnsubscribeCommand, VerificationException, VerifySMSSandboxPhoneNumberCommand,
} from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sns } from '../../src/providers/sns/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const topic = 'arn:aws:sns:eu-west-1:000000000000:orders';
const application = 'arn:aws:sns:eu-west-1:000000000000:app/GCM/shop';
let vendor: VendorServer;
let client: SNSClient;

beforeAll(async () => {
  vendor = await serveVendor(sns, 'sns.eu-west-1.amazonaws.com');
  // with the SDK's own three attempts, so that one is the answer's doing
  client = new SNSClient({ region: 'eu-west-1', endpoint: `http://127.0.0.1:${vendor.port}`, credentials: { accessKeyId: 'AKIAFAKE', secretAccessKey: 'not-a-secret' } });
});
afterAll(() => vendor.close());
afterEach(() => vendor.refuse(null));

async function attempts(call: () => Promise<unknown>): Promise<{ readonly error: unknown; readonly count: number }> {
  const before = vendor.calls.length;
  const error: unknown = await call().then(() => null, (thrown: unknown) => thrown);
  return { error, count: vendor.calls.length - before };
}

describe('@aws-sdk/client-sns', () => {
  it('publishes to a number, a device and a topic', async () => {
    const sent = await client.send(new PublishCommand({ PhoneNumber: '+447700900123', Message: 'Order 42', MessageAttributes: { order: { DataType: 'Number', StringValue: '42' } } }));
    expect(sent.MessageId).toMatch(uuid);
    expect(sent.$metadata.requestId).toMatch(uuid);
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ channel: 'sms', text: 'Order 42', keys: [{ name: 'order', value: '42' }] }] });
    expect((await client.send(new PublishCommand({ TopicArn: topic, Message: 'Order 42' }))).MessageId).toMatch(uuid);
    const fifo = await client.send(new PublishCommand({ TopicArn: `${topic}.fifo`, Message: 'Order 42', MessageGroupId: 'g' }));
    expect(fifo.SequenceNumber).toMatch(/^\d{20}$/);
  });

  it('publishes a batch, one entry apart from the other', async () => {
    const sent = await client.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: [{ Id: 'a', Message: 'one' }, { Id: 'b', Message: '{}', MessageStructure: 'json' }] }));
    expect(sent.Successful).toEqual([{ Id: 'a', MessageId: expect.stringMatching(uuid) }]);
    expect(sent.Failed).toEqual([{ Id: 'b', Code: 'InvalidParameter', Message: expect.stringContaining('No default entry'), SenderFault: true }]);
  });

  it('makes, reads, disables and deletes a device, the same one for the same token', async () => {
    const { EndpointArn } = await client.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn: application, Token: 'device-1' }));
    expect(EndpointArn).toMatch(/^arn:aws:sns:eu-west-1:000000000000:endpoint\/GCM\/shop\/[0-9a-f-]{36}$/);
    expect((await client.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn: application, Token: 'device-1' }))).EndpointArn).toBe(EndpointArn);
    const { error } = await attempts(() => client.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn: application, Token: 'device-1', CustomUserData: 'ann' })));
    expect(error).toBeInstanceOf(InvalidParameterException);
    // as AWS's own examples read the ARN from it
    expect(/Endpoint (arn:aws:sns\S+) already exists with the same Token/.exec((error as Error).message)?.[1]).toBe(EndpointArn);
    expect((await client.send(new GetEndpointAttributesCommand({ EndpointArn }))).Attributes).toEqual({ Enabled: 'true', Token: 'device-1' });
    await client.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Enabled: 'false' } }));
    const disabled = await attempts(() => client.send(new PublishCommand({ TargetArn: EndpointArn, Message: 'hi' })));
    expect(disabled.error).toBeInstanceOf(EndpointDisabledException);
    expect(disabled.count).toBe(1);
    await client.send(new DeleteEndpointCommand({ EndpointArn }));
    expect((await attempts(() => client.send(new GetEndpointAttributesCommand({ EndpointArn })))).error).toBeInstanceOf(NotFoundException);
  });

  it('subscribes a web server, which confirms and is notified', async () => {
    const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'returns' }));
    const { SubscriptionArn } = await client.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: 'https://shop.internal.test/sns' }));
    expect(SubscriptionArn).toBe('pending confirmation');
    const asked = JSON.parse(vendor.callbacks.at(-1)!.body) as { readonly Type: string; readonly Token: string; readonly SubscribeURL: string };
    expect(vendor.callbacks.at(-1)).toMatchObject({ target: 'https://shop.internal.test/sns', event: 'SubscriptionConfirmation' });
    expect(asked).toMatchObject({ Type: 'SubscriptionConfirmation', TopicArn, SubscribeURL: expect.stringContaining(`Token=${asked.Token}`) });
    await client.send(new PublishCommand({ TopicArn, Message: 'not yet' }));
    expect(vendor.callbacks.at(-1)).toMatchObject({ event: 'SubscriptionConfirmation' });
    const confirmed = await client.send(new ConfirmSubscriptionCommand({ TopicArn, Token: asked.Token }));
    expect((await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: confirmed.SubscriptionArn }))).Attributes).toMatchObject({ PendingConfirmation: 'false', Protocol: 'https' });
    const sent = await client.send(new PublishCommand({ TopicArn, Subject: 'Return', Message: 'Order 42', MessageAttributes: { order: { DataType: 'String', StringValue: '42' } } }));
    expect(JSON.parse(vendor.callbacks.at(-1)!.body)).toMatchObject({ Type: 'Notification', MessageId: sent.MessageId, TopicArn, Subject: 'Return', Message: 'Order 42', MessageAttributes: { order: { Type: 'String', Value: '42' } } });
    expect((await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions).toMatchObject([{ SubscriptionArn: confirmed.SubscriptionArn, Endpoint: 'https://shop.internal.test/sns' }]);
    expect((await client.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes).toMatchObject({ SubscriptionsConfirmed: '1' });
    expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
    await client.send(new UnsubscribeCommand({ SubscriptionArn: confirmed.SubscriptionArn }));
    expect((await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions).toEqual([]);
  });

  it('reads and sets what concerns numbers', async () => {
    expect((await client.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber: '+447700900123' }))).isOptedOut).toBe(false);
    expect((await client.send(new ListPhoneNumbersOptedOutCommand({}))).phoneNumbers).toEqual([]);
    await client.send(new SetSMSAttributesCommand({ attributes: { DefaultSMSType: 'Transactional' } }));
    expect((await client.send(new GetSMSAttributesCommand({ attributes: ['DefaultSMSType'] }))).attributes).toEqual({ DefaultSMSType: 'Transactional' });
    expect((await client.send(new GetSMSSandboxAccountStatusCommand({}))).IsInSandbox).toBe(false);
  });

  it('verifies a number with the password that the capture shows', async () => {
    await client.send(new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber: '+447700900123' }));
    const decoded = vendor.calls.at(-1)?.decoded;
    const code = decoded?.kind === 'effects' && decoded.effects[0]?.channel === 'verification' ? decoded.effects[0].code : null;
    expect((await attempts(() => client.send(new VerifySMSSandboxPhoneNumberCommand({ PhoneNumber: '+447700900123', OneTimePassword: 'nope' })))).error).toBeInstanceOf(VerificationException);
    await client.send(new VerifySMSSandboxPhoneNumberCommand({ PhoneNumber: '+447700900123', OneTimePassword: code ?? '' }));
  });

  it('rejects with its own AuthorizationErrorException, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a <real> person' });
    const { error, count } = await attempts(() => client.send(new PublishCommand({ PhoneNumber: '+14155550100', Message: 'hi' })));
    expect(error).toBeInstanceOf(AuthorizationErrorException);
    expect((error as Error).message).toContain('no-real-people: ann is a <real> person');
    expect(count).toBe(1);
  });

  it.each([
    ['a number that is none', { PhoneNumber: '12', Message: 'hi' }, 'Invalid parameter: PhoneNumber Reason: 12 is not valid to publish to'],
    ['an empty message', { PhoneNumber: '+447700900123', Message: '' }, 'Invalid parameter: Empty message'],
    ['no group for a FIFO topic', { TopicArn: `${topic}.fifo`, Message: 'hi' }, 'Invalid parameter: The MessageGroupId parameter is required for FIFO topics'],
  ])("says in SNS's own words what is wrong with %s", async (_what, input, message) => {
    const { error, count } = await attempts(() => client.send(new PublishCommand(input)));
    expect(error).toBeInstanceOf(InvalidParameterException);
    expect((error as Error).message).toBe(message);
    expect(count).toBe(1);
  });
});
