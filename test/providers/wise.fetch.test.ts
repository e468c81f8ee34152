import { createVerify, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { wise } from '../../src/providers/wise/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** There is no official library of Wise's: what an application writes itself, by fetch. */
let vendor: VendorServer;
beforeEach(async () => { vendor = await serveVendor(wise, 'api.wise-sandbox.com'); });
afterEach(() => vendor.close());

// JSON of any shape, looked at by tests only
// oxlint-disable-next-line typescript/no-explicit-any
async function call(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<{ readonly status: number; readonly body: any }> {
  const response = await fetch(`http://127.0.0.1:${vendor.port}${path}`, {
    method, headers: { authorization: 'Bearer 00000000-0000-4000-8000-000000000000', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

it('pays somebody: quote, recipient, transfer, funding, and reads it back', async () => {
  const [{ id: profile }] = (await call('GET', '/v2/profiles')).body;
  const quote = (await call('POST', `/v3/profiles/${profile}/quotes`, { sourceCurrency: 'GBP', targetCurrency: 'EUR', sourceAmount: 100 })).body;
  const account = (await call('POST', '/v1/accounts', { currency: 'EUR', type: 'iban', profile, accountHolderName: 'Ann Customer', details: { legalType: 'PRIVATE', IBAN: 'DE89370400440532013000' } })).body;
  const transfer = await call('POST', '/v1/transfers', { targetAccount: account.id, quoteUuid: quote.id, customerTransactionId: '54a6bc09-cef9-49a8-9041-f1f0c654cd88', details: { reference: 'order 1' } });
  expect([transfer.status, transfer.body.status, transfer.body.sourceValue]).toEqual([200, 'incoming_payment_waiting', 100]);
  expect(await call('POST', `/v3/profiles/${profile}/transfers/${transfer.body.id}/payments`, { type: 'BALANCE' })).toMatchObject({ status: 201, body: { type: 'BALANCE', status: 'COMPLETED', errorCode: null } });
  expect((await call('GET', `/v1/transfers/${transfer.body.id}`)).body).toMatchObject({ status: 'processing', targetAccount: account.id, quoteUuid: quote.id, details: { reference: 'order 1' } });
});

it('is told of a transfer by a webhook that its public key verifies', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const body = '{"event_type":"transfers#state-change"}';
  const signed = wise.sign({ method: 'POST', url: 'https://shop.example.test/wise', headers: [['X-Delivery-Id', 'd']], contentType: 'application/json', body }, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const signature = signed.headers.find(([name]) => name === 'X-Signature-SHA256')![1];
  // as Wise's own examples verify it
  const verified = (text: string): boolean => createVerify('RSA-SHA256').update(text).verify(publicKey, signature, 'base64');
  expect([verified(body), verified(`${body} `)]).toEqual([true, false]);
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(() => wise.sign({ method: 'POST', url: 'https://shop.example.test/wise', headers: [], contentType: 'application/json', body }, curve)).toThrow('an RSA private key in PEM');
});

it('gets the same token for the same login, so that what it made stays its own', async () => {
  const login = async (form: string) => {
    const response = await fetch(`http://127.0.0.1:${vendor.port}/oauth/token`, { method: 'POST', headers: { authorization: `Basic ${Buffer.from('client:fake').toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' }, body: form });
    return { status: response.status, body: await response.json() as Readonly<Record<string, unknown>> };
  };
  const first = await login('grant_type=authorization_code&code=abc');
  expect(first).toMatchObject({ status: 200, body: { token_type: 'bearer', expires_in: 43_199 } });
  expect((await login(`grant_type=refresh_token&refresh_token=${String(first.body['refresh_token'])}`)).body['access_token']).toBe(first.body['access_token']);
  expect((await login('grant_type=client_credentials')).body['refresh_token']).toBeUndefined();
  expect([(await login('grant_type=password')).status, (await login('grant_type=refresh_token')).status]).toEqual([400, 400]);
});

it('is refused with rule and reason', async () => {
  vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
  expect(await call('POST', '/v3/profiles/1/transfers/2/payments', { type: 'BALANCE' })).toMatchObject({ status: 403, body: { errors: [{ code: 'FORBIDDEN', message: expect.stringContaining('no-payments: staging never pays') }] } });
  expect(await call('POST', '/oauth/token', {})).toMatchObject({ status: 403, body: { error: 'access_denied', error_description: expect.stringContaining('no-payments: staging never pays') } });
});
