import {
  CarrierLookupCommand, ConflictException, CreateVerifiedDestinationNumberCommand, DeleteOptedOutNumberCommand, DescribeAccountAttributesCommand, DescribeOptedOutNumbersCommand,
  DescribePhoneNumbersCommand, DescribeVerifiedDestinationNumbersCommand, PinpointSMSVoiceV2Client, PutMessageFeedbackCommand, PutOptedOutNumberCommand, ResourceNotFoundException,
  SendDestinationNumberVerificationCodeCommand, SendMediaMessageCommand, SendTextMessageCommand, SendVoiceMessageCommand, ValidationException, VerifyDestinationNumberCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { awsSms } from '../../src/providers/aws-sms/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const text = { DestinationPhoneNumber: '+447700900123', OriginationIdentity: 'SHOP', MessageBody: 'Order 42' };
let vendor: VendorServer;
let client: PinpointSMSVoiceV2Client;

beforeAll(async () => {
  vendor = await serveVendor(awsSms, 'sms-voice.eu-west-1.amazonaws.com');
  // with the SDK's own three attempts, so that one is the answer's doing
  client = new PinpointSMSVoiceV2Client({ region: 'eu-west-1', endpoint: `http://127.0.0.1:${vendor.port}`, credentials: { accessKeyId: 'AKIAFAKE', secretAccessKey: 'not-a-secret' } });
});
afterAll(() => vendor.close());
afterEach(() => vendor.refuse(null));

async function attempts(call: () => Promise<unknown>): Promise<{ readonly error: unknown; readonly count: number }> {
  const before = vendor.calls.length;
  const error: unknown = await call().then(() => null, (thrown: unknown) => thrown);
  return { error, count: vendor.calls.length - before };
}

describe('@aws-sdk/client-pinpoint-sms-voice-v2', () => {
  it('sends text, media and voice, with an id that feedback is given on', async () => {
    const { MessageId, $metadata } = await client.send(new SendTextMessageCommand({ ...text, Context: { order: '42' } }));
    expect(MessageId).toMatch(uuid);
    expect($metadata.requestId).toMatch(uuid);
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ channel: 'sms', text: 'Order 42', from: 'SHOP', liveness: 'unknown', keys: [{ name: 'order', value: '42' }] }] });
    expect((await client.send(new PutMessageFeedbackCommand({ MessageId, MessageFeedbackStatus: 'RECEIVED' }))).MessageId).toBe(MessageId);
    expect((await client.send(new SendMediaMessageCommand({ ...text, MediaUrls: ['s3://shop/42.png'] }))).MessageId).toMatch(uuid);
    expect((await client.send(new SendVoiceMessageCommand({ ...text, VoiceId: 'AMY' }))).MessageId).toMatch(uuid);
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ channel: 'voice', script: 'Order 42' }] });
  });

  it('keeps the opt-out list, and refuses to write to whoever is on it', async () => {
    const put = await client.send(new PutOptedOutNumberCommand({ OptOutListName: 'Default', OptedOutNumber: '+447700900456' }));
    expect(put).toMatchObject({ OptOutListName: 'Default', OptedOutNumber: '+447700900456', EndUserOptedOut: false, OptedOutTimestamp: expect.any(Date) });
    expect((await client.send(new DescribeOptedOutNumbersCommand({ OptOutListName: 'Default' }))).OptedOutNumbers).toMatchObject([{ OptedOutNumber: '+447700900456' }]);
    const { error, count } = await attempts(() => client.send(new SendTextMessageCommand({ ...text, DestinationPhoneNumber: '+447700900456' })));
    expect(error).toBeInstanceOf(ConflictException);
    expect(error).toMatchObject({ Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' });
    expect(count).toBe(1);
    await client.send(new DeleteOptedOutNumberCommand({ OptOutListName: 'Default', OptedOutNumber: '+447700900456' }));
    expect((await attempts(() => client.send(new DescribeOptedOutNumbersCommand({ OptOutListName: 'Default', OptedOutNumbers: ['+447700900456'] })))).error).toBeInstanceOf(ResourceNotFoundException);
  });

  it('verifies a number with the code that the capture shows', async () => {
    const { VerifiedDestinationNumberId, Status } = await client.send(new CreateVerifiedDestinationNumberCommand({ DestinationPhoneNumber: '+447700900123' }));
    expect(Status).toBe('PENDING');
    expect((await attempts(() => client.send(new CreateVerifiedDestinationNumberCommand({ DestinationPhoneNumber: '+447700900123' })))).error).toBeInstanceOf(ConflictException);
    expect((await client.send(new SendDestinationNumberVerificationCodeCommand({ VerifiedDestinationNumberId, VerificationChannel: 'TEXT' }))).MessageId).toMatch(uuid);
    const decoded = vendor.calls.at(-1)?.decoded;
    const code = decoded?.kind === 'effects' && decoded.effects[0]?.channel === 'verification' ? decoded.effects[0].code ?? '' : '';
    expect((await attempts(() => client.send(new VerifyDestinationNumberCommand({ VerifiedDestinationNumberId, VerificationCode: 'nope' })))).error).toBeInstanceOf(ValidationException);
    expect(await client.send(new VerifyDestinationNumberCommand({ VerifiedDestinationNumberId, VerificationCode: code }))).toMatchObject({ Status: 'VERIFIED', DestinationPhoneNumber: '+447700900123' });
    expect((await client.send(new DescribeVerifiedDestinationNumbersCommand({}))).VerifiedDestinationNumbers).toMatchObject([{ VerifiedDestinationNumberId, Status: 'VERIFIED', CreatedTimestamp: expect.any(Date) }]);
  });

  it('reads the account', async () => {
    expect((await client.send(new DescribeAccountAttributesCommand({}))).AccountAttributes).toEqual([{ Name: 'ACCOUNT_TIER', Value: 'PRODUCTION' }]);
    expect((await client.send(new DescribePhoneNumbersCommand({}))).PhoneNumbers).toEqual([]);
    expect(await client.send(new CarrierLookupCommand({ PhoneNumber: '+44 7700 900123' }))).toMatchObject({ E164PhoneNumber: '+447700900123', PhoneNumberType: 'MOBILE' });
  });

  it('rejects with its own ConflictException, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a <real> person' });
    const { error, count } = await attempts(() => client.send(new SendTextMessageCommand(text)));
    expect(error).toBeInstanceOf(ConflictException);
    expect((error as Error).message).toContain('no-real-people: ann is a <real> person');
    expect(count).toBe(1);
  });

  it.each([
    ['a number that is none', { ...text, DestinationPhoneNumber: '12' }, 'INVALID_PARAMETER'], ['no body', { ...text, MessageBody: '' }, 'MISSING_PARAMETER'], ['too long a body', { ...text, MessageBody: 'x'.repeat(1601) }, 'MAXIMUM_SIZE_EXCEEDED'],
  ])('refuses %s with the reason of AWS', async (_what, input, reason) => {
    const { error, count } = await attempts(() => client.send(new SendTextMessageCommand(input)));
    expect(error).toBeInstanceOf(ValidationException);
    expect(error).toMatchObject({ Reason: reason });
    expect(count).toBe(1);
  });
});
