import { generateKeyPairSync } from 'node:crypto';
import { AlgorithmTypes } from '@vonage/auth';
import { verifySignature } from '@vonage/jwt';
import { Messages, SMS as Text } from '@vonage/messages';
import { Vonage } from '@vonage/server-sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { vonage } from '../../src/providers/vonage/index.ts';
import { fixedNow } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const sms = { to: '447700900000', from: 'Shop', text: 'Order 42 has shipped' };
/** The SDK's types ask for all that its constructor leaves out. */
const text = (more: object = {}): Text => new Text({ ...sms, ...more } as never);
const refusal = { rule: 'no-real-people', reason: 'ann is a real person' };

describe('@vonage/server-sdk', () => {
  let vendor: VendorServer;
  let rest: VendorServer;
  let client: Vonage;
  let messages: Messages;

  beforeAll(async () => {
    [vendor, rest] = await Promise.all([serveVendor(vonage, 'api.nexmo.com'), serveVendor(vonage, 'rest.nexmo.com')]);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const hosts = { apiHost: `http://127.0.0.1:${vendor.port}`, restHost: `http://127.0.0.1:${rest.port}` };
    const credentials = { apiKey: 'staging', apiSecret: 'fake', applicationId: '00000000-0000-4000-8000-000000000000', privateKey };
    client = new Vonage(credentials, hosts);
    messages = new Messages(credentials, hosts);
  });
  afterAll(() => Promise.all([vendor.close(), rest.close()]));
  afterEach(() => { vendor.refuse(null); rest.refuse(null); });

  it('resolves on a captured SMS, one message for each segment, and tells of their delivery', async () => {
    const before = rest.callbacks.length;
    const sent = await client.sms.send({ ...sms, text: 'я'.repeat(71), type: 'unicode' as never, clientRef: 'order-42', callback: 'https://app.example.test/dlr' });
    expect(sent.messages).toHaveLength(2);
    expect(sent).toMatchObject({ messageCount: '2', messages: [{ to: '447700900000', status: '0' }, {}] });
    const receipts = rest.callbacks.slice(before);
    expect(receipts).toMatchObject([{ target: 'https://app.example.test/dlr', event: 'delivered', method: 'GET' }, {}]);
    expect(Object.fromEntries(new URLSearchParams(receipts[0]!.body))).toMatchObject({ msisdn: '447700900000', to: 'Shop', messageId: sent.messages[0]!['messageId'], status: 'delivered', 'err-code': '0', 'client-ref': 'order-42', 'api-key': 'staging', scts: '2611210900' });
  });

  it.each([
    ['no sender', { ...sms, from: '' }, '2'],
    ['no number', { ...sms, to: 'ann' }, '3'],
    ['a text of more parts than can be counted', { ...sms, text: 'a'.repeat(255 * 153 + 1) }, '12'],
  ])('throws MessageSendPartialFailure with the status of the vendor on %s', async (_what, message, status) => {
    const error: unknown = await client.sms.send(message).catch((thrown: unknown) => thrown);
    expect((error as Error).constructor.name).toBe('MessageSendPartialFailure');
    expect((error as { getFailedMessages(): unknown }).getFailedMessages()).toMatchObject([{ status }]);
  });

  it('throws MessageSendPartialFailure on a refused SMS, holding rule and reason, after exactly one attempt', async () => {
    rest.refuse(refusal);
    const before = rest.calls.length;
    const error: unknown = await client.sms.send(sms).catch((thrown: unknown) => thrown);
    expect((error as Error).constructor.name).toBe('MessageSendPartialFailure');
    expect((error as { getFailedMessages(): unknown }).getFailedMessages()).toMatchObject([{ status: '29', errorText: expect.stringContaining('no-real-people: ann is a real person') }]);
    expect(rest.calls.length - before).toBe(1);
  });

  it('resolves on a captured message and tells that it was submitted and delivered', async () => {
    const before = vendor.callbacks.length;
    const { messageUUID } = await messages.send(text({ clientRef: 'order-42', webhookUrl: 'https://app.example.test/status' }));
    expect(vendor.callbacks.slice(before).map(({ target, body }) => ({ target, ...JSON.parse(body) as object }))).toMatchObject([
      { target: 'https://app.example.test/status', message_uuid: messageUUID, status: 'submitted', client_ref: 'order-42', channel: 'sms', to: '447700900000' }, { status: 'delivered' },
    ]);
  });

  it.each([
    ['a message', () => messages.send(text())],
    ['a call', () => client.voice.createOutboundCall({ to: [{ type: 'phone', number: '447700900000' }], from: { type: 'phone', number: '447700900001' }, ncco: [{ action: 'talk', text: 'Hi' }] } as never)],
    ['a verification', () => client.verify2.newRequest({ brand: 'Shop', workflow: [{ channel: 'sms', to: '447700900000' }] } as never)],
  ])('throws VetchError on %s that is refused, holding rule and reason, after exactly one attempt', async (_what, send) => {
    vendor.refuse(refusal);
    const before = vendor.calls.length;
    const error = await send().then(() => null, (thrown: unknown) => thrown as Error & { response: Response });
    expect(error?.constructor.name).toBe('VetchError');
    expect(await error?.response.json()).toMatchObject({ title: 'Forbidden', detail: expect.stringContaining('no-real-people: ann is a real person') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('gives the status of a refused verification of version 1 back, as the vendor has it', async () => {
    vendor.refuse(refusal);
    expect(await client.verify.start({ number: '447700900000', brand: 'Shop' })).toMatchObject({ status: '29', errorText: expect.stringContaining('no-real-people: ann is a real person') });
  });

  it('answers a message to no number with the invalid parameters', async () => {
    const error = await messages.send(text({ to: 'x' })).then(() => null, (thrown: unknown) => thrown as { response: Response });
    expect(await error?.response.json()).toMatchObject({ type: 'https://developer.vonage.com/api-errors/messages#1150', invalid_parameters: [{ name: 'to' }] });
  });

  it('verifies by version 1 with the code that was captured, until it is used', async () => {
    const started = await client.verify.start({ number: '447700900000', brand: 'Shop' }) as { requestId: string };
    const decoded = vendor.calls.at(-1)!.decoded;
    const code = decoded.kind === 'effects' && decoded.effects[0]?.channel === 'verification' ? decoded.effects[0].code! : '';
    expect(await client.verify.check(started.requestId, 'wrong')).toMatchObject({ status: '16' });
    expect(await client.verify.search(started.requestId)).toMatchObject({ status: 'IN PROGRESS', number: '447700900000' });
    expect(await client.verify.check(started.requestId, code)).toMatchObject({ status: '0', requestId: started.requestId });
    expect(await client.verify.check(started.requestId, code)).toMatchObject({ status: '6' });
    const other = await client.verify.start({ number: '447700900000', brand: 'Shop' }) as { requestId: string };
    expect(await client.verify.cancel(other.requestId)).toMatchObject({ status: '0', command: 'cancel' });
  });

  it('verifies by version 2 with the code that was captured, and gives up after three wrong ones', async () => {
    const request = { brand: 'Shop', code: '4711', workflow: [{ channel: 'sms', to: '447700900000' }] } as never;
    const { requestId } = await client.verify2.newRequest(request);
    expect(await client.verify2.checkCode(requestId, '4711')).toBe('completed');
    expect(await client.verify2.cancel(requestId)).toBe(false);
    const second = (await client.verify2.newRequest(request)).requestId;
    const statuses = [];
    for (const code of ['1', '2', '3', '4711']) statuses.push(await client.verify2.checkCode(second, code).then(() => 200, (error: { response: Response }) => error.response.status));
    expect(statuses).toEqual([400, 400, 410, 404]);
  });

  it('reads a call back as it takes its course', async () => {
    const call = await client.voice.createOutboundCall({ to: [{ type: 'phone', number: '447700900000' }], from: { type: 'phone', number: '447700900001' }, answerUrl: ['https://app.example.test/answer'] } as never);
    expect(call).toMatchObject({ status: 'started', direction: 'outbound' });
    expect(vendor.callbacks.slice(-4).map(({ event, target }) => [event, target])).toEqual([['started', 'vonage'], ['ringing', 'vonage'], ['answered', 'vonage'], ['completed', 'vonage']]);
    expect((await client.voice.getCall(call.uuid)).status).toBe('started');
    vendor.pass(4000);
    expect((await client.voice.getCall(call.uuid)).status).toBe('completed');
    const second = await client.voice.createOutboundCall({ to: [{ type: 'phone', number: '447700900000' }], from: { type: 'phone', number: '447700900001' }, answerUrl: ['https://app.example.test/answer'] } as never);
    await client.voice.hangupCall(second.uuid);
    expect((await client.voice.getCall(second.uuid)).status).toBe('completed');
    const found: string[] = [];
    for await (const each of client.voice.getAllCalls({ pageSize: 1, status: 'completed' } as never)) found.push(each.uuid);
    expect(found).toEqual([call.uuid, second.uuid]);
  });

  it('reads balance and numbers', async () => {
    expect(await client.accounts.getBalance()).toMatchObject({ value: 100, autoReload: false });
    expect(await client.numberInsights.basicLookup('447700900000')).toMatchObject({ status: 0, country_code: 'GB', country_prefix: '44', international_format_number: '447700900000' });
  });

  it('signs a status with a token that @vonage/jwt verifies', () => {
    const draft = vendor.callbacks.find(({ contentType }) => contentType === 'application/json')!;
    const signed = vonage.sign({ ...draft, url: 'https://app.example.test/status' }, 'a signature secret', fixedNow);
    const token = signed.headers.find(([name]) => name === 'Authorization')![1].replace('Bearer ', '');
    expect(verifySignature(token, 'a signature secret')).toBe(true);
    expect(verifySignature(token, 'another secret')).toBe(false);
  });

  it.each([
    ['MD5HASH', AlgorithmTypes.md5hash, 'secret'], ['MD5HASH', AlgorithmTypes.md5hash, 'MD5HASH:secret'], ['MD5HMAC', AlgorithmTypes.md5hmac, 'MD5HMAC:secret'], ['SHA1HMAC', AlgorithmTypes.sha1hmac, 'SHA1HMAC:secret'],
    ['SHA256HMAC', AlgorithmTypes.sha256hmac, 'SHA256HMAC:secret'], ['SHA512HMAC', AlgorithmTypes.sha512hmac, 'SHA512HMAC:secret'],
  ])('signs a delivery receipt so that the SDK verifies it by %s', (_name, algorithm, secret) => {
    const draft = rest.callbacks[0]!;
    const inQuery = vonage.sign({ ...draft, body: '', url: `https://app.example.test/dlr?shop=a%26b&${draft.body}` }, secret, fixedNow);
    const inBody = vonage.sign({ ...draft, url: 'https://app.example.test/dlr' }, secret, fixedNow);
    for (const parameters of [new URL(inQuery.url).searchParams, new URLSearchParams(inBody.body)]) {
      const said = Object.fromEntries(parameters);
      expect(client.sms.verifySignature(said['sig']!, said, 'secret', algorithm)).toBe(true);
      expect(client.sms.verifySignature(said['sig']!, { ...said, status: 'failed' }, 'secret', algorithm)).toBe(false);
    }
  });
});
