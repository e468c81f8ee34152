import type { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import plivoSdk from 'plivo';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { plivo } from '../../src/providers/plivo/index.ts';
import { fixedNow } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

type Call = (...given: unknown[]) => Promise<Record<string, unknown>>;
type Sdk = Readonly<Record<'messages' | 'calls' | 'verify_session' | 'lookup' | 'accounts', Readonly<Record<string, Call>>>>;
const verifiers = plivoSdk as unknown as {
  readonly validateSignature: (uri: string, nonce: string, signature: string, token: string) => boolean;
  readonly validateV3Signature: (method: string, uri: string, nonce: string, token: string, signature: string, parameters?: object) => boolean;
};
const require = createRequire(import.meta.url);
const { default: axios } = createRequire(require.resolve('plivo'))('axios') as { readonly default: { readonly defaults: { readonly httpsAgent: Agent & { createConnection: unknown } } } };

describe('plivo', () => {
  const hosts = ['api.plivo.com', 'lookup.plivo.com'] as const;
  const client = new plivoSdk.Client('MA0000000000FAKE0000', 'fake') as unknown as Sdk;
  let vendors: readonly VendorServer[] = [];
  let vendor: VendorServer;
  const agent = axios.defaults.httpsAgent as unknown as { createConnection: (options: { readonly host: string }) => unknown };

  beforeAll(async () => {
    vendors = await Promise.all(hosts.map((host) => serveVendor(plivo, host)));
    vendor = vendors[0]!;
    // Hosts and https are fixed in the SDK: its requests are put on a plain connection to the servers.
    vi.spyOn(agent, 'createConnection').mockImplementation(({ host }) => connect(vendors[hosts.findIndex((one) => one === host)]!.port, '127.0.0.1'));
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    axios.defaults.httpsAgent.destroy();
    await Promise.all(vendors.map((each) => each.close()));
  });
  afterEach(() => { for (const each of vendors) each.refuse(null); });

  const text = { src: '+14155550100', dst: '+14155550101', text: 'Order 42 has shipped', url: 'https://app.example.test/dlr' };

  it('resolves on a captured message, tells of each of its states and reads it back as it makes its way', async () => {
    const before = vendor.callbacks.length;
    const sent = await client.messages['create']!({ ...text });
    const [uuid] = sent['messageUuid'] as readonly string[];
    expect(uuid).toMatch(/^[0-9a-f-]{36}$/);
    expect(vendor.callbacks.slice(before).map(({ target, method, event, body }) => [target, method, event, new URLSearchParams(body).get('MessageUUID')])).toEqual(['queued', 'sent', 'delivered'].map((state) => ['https://app.example.test/dlr', 'POST', state, uuid]));
    expect(await client.messages['get']!(uuid)).toMatchObject({ messageState: 'queued', toNumber: '14155550101', units: 1, messageUuid: uuid });
    vendor.pass(2000);
    expect(await client.messages['get']!(uuid)).toMatchObject({ messageState: 'delivered' });
    const listed = await client.messages['list']!({ limit: 1, message_state: 'delivered', message_time__gte: '2026-11-21 09:00:00' }) as unknown as readonly object[];
    expect([...listed]).toMatchObject([{ messageUuid: uuid }]);
    expect(await client.messages['list']!({ message_time__lt: '2026-11-21 09:00' })).toHaveLength(0);
  });

  it('makes one message for each number of a bulk and names those that are none', async () => {
    const sent = await client.messages['create']!({ ...text, dst: ['+14155550101', '+14155550102', 'ann'], text: 'я'.repeat(71) });
    expect(sent).toMatchObject({ messageUuid: [expect.any(String), expect.any(String)], invalid_number: ['ann'] });
    expect(await client.messages['get']!((sent['messageUuid'] as readonly string[])[1])).toMatchObject({ toNumber: '14155550102', units: 2 });
  });

  it('calls, hangs up and reads back', async () => {
    const before = vendor.callbacks.length;
    const call = await client.calls['create']!('14155550100', '14155550101', 'https://app.example.test/answer', { hangupUrl: 'https://app.example.test/hangup', ringUrl: 'https://app.example.test/ring', ringMethod: 'GET' });
    expect(call).toMatchObject({ message: 'call fired' });
    expect(vendor.callbacks.slice(before).map(({ target, method, body }) => [target, method, new URLSearchParams(body).get('CallStatus')])).toEqual([['https://app.example.test/ring', 'GET', 'ringing'], ['https://app.example.test/hangup', 'POST', 'completed']]);
    expect(await client.calls['get']!(call['requestUuid'])).toMatchObject({ callUuid: call['requestUuid'], endTime: null });
    await client.calls['hangup']!(call['requestUuid']);
    expect(await client.calls['get']!(call['requestUuid'])).toMatchObject({ hangupCauseName: 'Normal Hangup', callState: 'ANSWER' });
    expect(await client.calls['list']!()).toHaveLength(1);
  });

  it('verifies with the code that was captured, once', async () => {
    const { sessionUuid: id } = await client.verify_session['create']!({ recipient: '14155550101', brand_name: 'Shop' });
    const decoded = vendor.calls.at(-1)!.decoded;
    const otp = decoded.kind === 'effects' && decoded.effects[0]?.channel === 'verification' ? decoded.effects[0].code! : '';
    expect(await client.verify_session['get']!(id)).toMatchObject({ status: 'in-progress', recipient: '14155550101' });
    await expect(client.verify_session['validate']!({ id, otp: '1' })).rejects.toThrow('incorrect otp');
    expect(await client.verify_session['validate']!({ id, otp })).toMatchObject({ message: 'session validated successfully.' });
    await expect(client.verify_session['validate']!({ id, otp })).rejects.toMatchObject({ status: 404 });
    expect([...(await client.verify_session['list']!({}))['sessions'] as readonly object[]]).toMatchObject([{ status: 'verified' }]);
  });

  it('answers what applications ask beside', async () => {
    expect(await client.lookup['get']!('+14155550101')).toMatchObject({ phoneNumber: '+14155550101', country: { iso2: 'US' }, format: { e164: '+14155550101' } });
    expect(await client.accounts['get']!()).toMatchObject({ cashCredits: '100.00000', name: 'Staging' });
  });

  it.each([
    ['a message', () => client.messages['create']!({ ...text })],
    ['a call', () => client.calls['create']!('14155550100', '14155550101', 'https://app.example.test/answer')],
    ['a verification', () => client.verify_session['create']!({ recipient: '14155550101' })],
    // InvalidRequestError, which as the package is built comes out as a plain Error with its fields
  ])('rejects %s that is refused with an error of its own, holding rule and reason, after exactly one attempt', async (_what, send) => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const error = await send().then(() => null, (thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ status: 400, apiID: expect.any(String), message: expect.stringContaining('no-real-people: ann is a real person') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it("rejects with the vendor's own words where the number is none", async () => {
    await expect(client.messages['create']!({ ...text, dst: 'ann' })).rejects.toMatchObject({ status: 400, message: 'ann is not a valid phone number' });
  });

  const body = 'To=14155550101&From=14155550100&Status=delivered&Text=a%20b';
  it.each([
    ['POST', 'https://app.example.test/dlr', body], ['POST', 'https://app.example.test/dlr?shop=2&a=1', body], ['POST', 'https://app.example.test/dlr?shop=2', ''],
    ['POST', 'https://app.example.test:8443/hooks/dlr', body], ['GET', `https://app.example.test/dlr?z=1&${body}`, ''],
  ])('signs a %s to %s so that the SDK verifies both of its schemes', (method, url, said) => {
    const signed = plivo.sign({ method, url, headers: [], contentType: 'application/x-www-form-urlencoded', body: said }, 'fake', fixedNow);
    const header = (name: string): string => signed.headers.find(([each]) => each === name)![1];
    const third = (token: string, parameters: object): boolean => verifiers.validateV3Signature(method, url, header('X-Plivo-Signature-V3-Nonce'), token, header('X-Plivo-Signature-V3'), parameters);
    const parameters = Object.fromEntries(new URLSearchParams(said));
    expect(third('fake', parameters)).toBe(true);
    expect(third('fake', { ...parameters, Status: 'failed' })).toBe(false);
    expect(third('another', parameters)).toBe(false);
    expect(verifiers.validateSignature(url, header('X-Plivo-Signature-V2-Nonce'), header('X-Plivo-Signature-V2'), 'fake')).toBe(true);
    expect(verifiers.validateSignature(url, header('X-Plivo-Signature-V2-Nonce'), header('X-Plivo-Signature-V2'), 'another')).toBe(false);
    expect(header('X-Plivo-Signature-V3-Nonce')).toMatch(/^[0-9]{24}$/);
  });
});
