import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { Configuration, PlaidApi, PlaidEnvironments } from 'plaid';
import type { ACHClass, CountryCode, Products, TransferNetwork, TransferType } from 'plaid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { plaid } from '../../src/providers/plaid/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** plaid 47.0.0 */
let vendor: VendorServer;
let client: PlaidApi;
beforeEach(async () => {
  vendor = await serveVendor(plaid, new URL(PlaidEnvironments['sandbox']!).host);
  client = new PlaidApi(new Configuration({ basePath: `http://127.0.0.1:${vendor.port}`, baseOptions: { headers: { 'PLAID-CLIENT-ID': 'x'.repeat(24), 'PLAID-SECRET': 'y'.repeat(30) } } }));
});
afterEach(() => vendor.close());

async function connected(): Promise<{ readonly access_token: string; readonly account_id: string }> {
  const { data: { public_token } } = await client.sandboxPublicTokenCreate({ institution_id: 'ins_109508', initial_products: ['transfer' as Products] });
  const { data: { access_token } } = await client.itemPublicTokenExchange({ public_token });
  const { data: { accounts } } = await client.accountsGet({ access_token });
  return { access_token, account_id: accounts[0]!.account_id };
}

const debit = { type: 'debit' as TransferType, network: 'ach' as TransferNetwork, amount: '12.34', ach_class: 'ppd' as ACHClass, user: { legal_name: 'Ann Customer', email_address: 'ann@customer.example' } };

it('connects a bank, reads its accounts, and debits one', async () => {
  const at = await connected();
  expect((await client.authGet({ access_token: at.access_token })).data.numbers.ach[0]).toMatchObject({ account_id: at.account_id, routing: '011401533' });
  expect((await client.identityGet({ access_token: at.access_token })).data.accounts[0]!.owners).toHaveLength(1);
  const { data: { authorization } } = await client.transferAuthorizationCreate({ ...at, ...debit });
  expect(authorization.decision).toBe('approved');
  const { data: { transfer } } = await client.transferCreate({ ...at, authorization_id: authorization.id, description: 'payment' });
  expect((await client.transferGet({ transfer_id: transfer.id })).data.transfer).toMatchObject({ id: transfer.id, status: 'pending', amount: '12.34', user: { legal_name: 'Ann Customer' } });
  await client.sandboxTransferSimulate({ transfer_id: transfer.id, event_type: 'posted', webhook: 'https://shop.example.test/plaid' });
  expect((await client.transferEventSync({ after_id: 0 })).data.transfer_events.map(({ event_id, event_type }) => [event_id, event_type])).toEqual([[1, 'pending'], [2, 'posted']]);
  expect(vendor.callbacks.map(({ target, body }) => [target, JSON.parse(body)])).toEqual([['https://shop.example.test/plaid', { webhook_type: 'TRANSFER', webhook_code: 'TRANSFER_EVENTS_UPDATE', environment: 'sandbox' }]]);
});

it('makes a European payment and reads it', async () => {
  const { data: { recipient_id } } = await client.paymentInitiationRecipientCreate({ name: 'Shop', iban: 'NL02ABNA0123456789' });
  const { data: { payment_id } } = await client.paymentInitiationPaymentCreate({ recipient_id, reference: 'order 1', amount: { currency: 'GBP' as never, value: 12.34 } });
  expect((await client.paymentInitiationPaymentGet({ payment_id })).data).toMatchObject({ payment_id, amount: { currency: 'GBP', value: 12.34 }, status: 'PAYMENT_STATUS_INPUT_NEEDED' });
});

it('verifies a webhook as Plaid says, with the key that the API answers', async () => {
  const { data: { link_token } } = await client.linkTokenCreate({ client_name: 'Shop', language: 'en', country_codes: ['US' as CountryCode], products: ['transfer' as Products], user: { client_user_id: '1' }, hosted_link: {} });
  expect((await client.linkTokenGet({ link_token })).data.link_sessions).toEqual([]);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = '{"webhook_type":"TRANSFER"}';
  const signed = plaid.sign({ method: 'POST', url: 'https://shop.example.test/plaid', headers: [], contentType: 'application/json', body }, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 1_700_000_000_999);
  const jwt = signed.headers.find(([name]) => name === 'Plaid-Verification')![1].split('.') as [string, string, string];
  const { kid, alg } = JSON.parse(Buffer.from(jwt[0], 'base64url').toString()) as { kid: string; alg: string };
  const { data: { key } } = await client.webhookVerificationKeyGet({ key_id: kid });
  const fine = (text: string): boolean => verify('sha256', Buffer.from(text), { key: createPublicKey({ key: key as unknown as JsonWebKey, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, Buffer.from(jwt[2], 'base64url'));
  expect([alg, key.alg, key.kid, key.expired_at]).toEqual(['ES256', 'ES256', kid, null]);
  expect([fine(`${jwt[0]}.${jwt[1]}`), fine(`${jwt[0]}.${jwt[1]}x`)]).toEqual([true, false]);
  expect(JSON.parse(Buffer.from(jwt[1], 'base64url').toString())).toEqual({ iat: 1_700_000_000, request_body_sha256: createHash('sha256').update(body).digest('hex') });
});

interface ErrorOfAxios { readonly isAxiosError: boolean; readonly response: { readonly status: number; readonly data: Readonly<Record<string, unknown>> } }
const failure = async (call: Promise<unknown>): Promise<ErrorOfAxios> => call.then(() => { throw new Error('the call was expected to fail'); }, (error: unknown) => error as ErrorOfAxios);

it('raises its own error for an unknown transfer and an unknown key', async () => {
  expect(await failure(client.transferGet({ transfer_id: 'nobody' }))).toMatchObject({ isAxiosError: true, response: { status: 404, data: { error_code: 'NOT_FOUND', error_type: 'INVALID_REQUEST' } } });
  expect((await failure(client.webhookVerificationKeyGet({ key_id: '6c5516e1-92dc-479e-a8ff-5a51992e0001' }))).response.status).toBe(400);
});

it('raises its own error with rule and reason on a refusal, after one attempt', async () => {
  vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
  const error = await failure(client.transferCreate({ access_token: 'access-sandbox-x', account_id: 'a', authorization_id: 'b', description: 'c' }));
  expect(error).toMatchObject({ isAxiosError: true, response: { status: 400, data: { error_type: 'INVALID_INPUT', error_message: expect.stringContaining('no-payments: staging never pays') } } });
  expect(vendor.calls).toHaveLength(1);
});
