import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import type { CallbackDraft, LaterEvent } from '../../src/model/provider.ts';
import { awsSms } from '../../src/providers/aws-sms/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

const text = { DestinationPhoneNumber: '+447700900123', OriginationIdentity: '+447700900999', MessageBody: 'Grüße aus Köln', Context: { order: '42' } };

function call(operation: string, body: unknown, head: readonly string[] = []): HttpRequest {
  return parseHttpFile(Buffer.from(['POST / HTTP/1.1', 'Host: sms-voice.eu-west-1.amazonaws.com', `X-Amz-Target: PinpointSMSVoiceV2.${operation}`, 'Content-Type: application/x-amz-json-1.0', ...head, '', JSON.stringify(body)].join('\r\n')));
}

const told = ({ body }: CallbackDraft): Readonly<Record<string, unknown>> => JSON.parse((JSON.parse(body) as { Message: string }).Message) as Readonly<Record<string, unknown>>;

async function captured(request: HttpRequest) {
  const kept = memory();
  const decoded = awsSms.decode(request);
  const { reply, remember = [], callbacks = [] } = await awsSms.simulate(request, decoded, kept.context());
  kept.keep(remember);
  const after = (event: Pick<LaterEvent, 'name'> & Partial<LaterEvent>) => awsSms.later({ recipient: null, detail: null, ...event }, { request, decoded, reply }, kept.context({ call: 2, now: fixedNow + 60_000 }));
  return { kept, callbacks, after };
}

describe('what is told of a message', () => {
  it('is its whole way, where it names a configuration set', async () => {
    const { callbacks } = await captured(call('SendTextMessage', { ...text, ConfigurationSetName: 'events' }));
    expect(callbacks.map(({ target, event, notBeforeMs }) => [target, event, notBeforeMs - fixedNow])).toEqual([['aws-sms', 'TEXT_QUEUED', 0], ['aws-sms', 'TEXT_SENT', 1000], ['aws-sms', 'TEXT_DELIVERED', 2000]]);
    expect(callbacks.map((each) => told(each)['isFinal'])).toEqual([false, false, true]);
    expect(told(callbacks[2]!)).toMatchObject({
      eventType: 'TEXT_DELIVERED', eventVersion: '1.0', destinationPhoneNumber: '+447700900123', originationPhoneNumber: '+447700900999', messageStatus: 'DELIVERED', messageEncoding: 'GSM', totalMessageParts: 1, context: { order: '42' },
    });
  });

  it.each([['no configuration set', {}], ['a dry run', { ConfigurationSetName: 'events', DryRun: true }]])('is nothing with %s', async (_what, more) => {
    expect((await captured(call('SendTextMessage', { ...text, ...more }))).callbacks).toEqual([]);
  });

  it.each([
    ['SendTextMessage', 'TEXT_CARRIER_BLOCKED', true], ['SendVoiceMessage', 'VOICE_NO_ANSWER', true], ['SendMediaMessage', 'MEDIA_DELIVERED', true], ['SendTextMessage', 'VOICE_BUSY', false], ['SendVoiceMessage', 'TEXT_DELIVERED', false],
  ])('of %s can be %s: %s', async (operation, name, possible) => {
    const { callbacks = [] } = await (await captured(call(operation, text))).after({ name, detail: 'because' });
    expect(callbacks.map(told)).toMatchObject(possible ? [{ eventType: name, messageStatusDescription: 'because' }] : []);
  });

  it('ends with an opt-out, after which the next message is refused', async () => {
    const { kept, after } = await captured(call('SendTextMessage', text));
    kept.keep((await after({ name: 'OptedOut' })).remember ?? []);
    const { reply } = await awsSms.simulate(call('SendTextMessage', text), awsSms.decode(call('SendTextMessage', text)), kept.context({ call: 3 }));
    expect(Buffer.from(reply.body).toString()).toContain('DESTINATION_PHONE_NUMBER_OPTED_OUT');
  });
});

describe('a call that names its recipient by an id', () => {
  it('is to whoever is remembered for it, else to an audience', async () => {
    const kept = memory();
    const create = call('CreateVerifiedDestinationNumber', { DestinationPhoneNumber: '+447700900123' });
    const { reply, remember } = await awsSms.simulate(create, awsSms.decode(create), kept.context());
    kept.keep(remember ?? []);
    const { VerifiedDestinationNumberId: id } = JSON.parse(Buffer.from(reply.body).toString()) as { VerifiedDestinationNumberId: string };
    const send = call('SendDestinationNumberVerificationCode', { VerifiedDestinationNumberId: id, VerificationChannel: 'VOICE', Also: '+447700900456' });
    expect(awsSms.decode(send)).toMatchObject({ effects: [{ by: 'call', recipients: [{ address: id, kind: 'audience' }, { address: '+447700900456' }] }] });
    expect(await awsSms.recalled(send, awsSms.decode(send), kept.context())).toMatchObject({ effects: [{ by: 'call', recipients: [{ address: '+447700900123', kind: 'phone' }, { address: '+447700900456' }] }] });
    expect(await awsSms.recalled(send, awsSms.decode(send), memory().context())).toEqual(awsSms.decode(send));
  });
});

describe('a call that is not certain', () => {
  it.each([
    ['a dry run that is a word', { ...text, DryRun: 'true' }, 'unknown'], ['a dry run', { ...text, DryRun: true }, 'test'], ['none', { ...text, DryRun: false }, 'unknown'],
  ])('has a liveness only for %s', (_what, body, liveness) => {
    expect(awsSms.decode(call('SendTextMessage', body))).toMatchObject({ effects: [{ liveness }] });
  });

  it.each([
    ['no number', call('SendTextMessage', { MessageBody: 'x' })], ['a list of numbers', call('SendTextMessage', { ...text, DestinationPhoneNumber: ['+447700900123'] })],
    ['another spelling', call('SendTextMessage', { ...text, destinationPhoneNumber: '+447700900456' })], ['two targets', call('SendTextMessage', text, ['X-Amz-Target: PinpointSMSVoiceV2.DescribePools'])],
    ['an operation that sets something up', call('CreatePool', {})], ['another service', { ...call('SendTextMessage', text), headers: [['X-Amz-Target', 'Other.SendTextMessage'], ['Content-Type', 'application/x-amz-json-1.0']] } as HttpRequest],
  ])('is not recognised with %s', (_what, request) => {
    expect(awsSms.decode(request)).toMatchObject({ kind: 'unrecognized' });
  });
});
