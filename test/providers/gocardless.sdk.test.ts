import { connect } from 'node:net';
import { Agent } from 'node:https';
import { Environments, GoCardlessClient } from 'gocardless-nodejs';
import { IdempotentCreationConflictError, InvalidStateError, PermissionsError, ValidationFailedError } from 'gocardless-nodejs/errors';
import { parse, parseWithMeta } from 'gocardless-nodejs/webhooks';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gocardless } from '../../src/providers/gocardless/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** gocardless-nodejs 10.1.2 */
let vendor: VendorServer;
const clientOf = (options: ConstructorParameters<typeof GoCardlessClient>[2] = {}): GoCardlessClient => new GoCardlessClient('sandbox_FAKE', Environments.Sandbox, { proxy: { https: new Agent({ keepAlive: false }) }, ...options } as typeof options);
let client: GoCardlessClient;
beforeEach(async () => {
  vendor = await serveVendor(gocardless, 'api-sandbox.gocardless.com');
  // The SDK knows https alone: its requests are put on a plain connection to the server.
  vi.spyOn(Agent.prototype as unknown as { createConnection: () => unknown }, 'createConnection').mockImplementation(() => connect(vendor.port, '127.0.0.1'));
  client = clientOf();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await vendor.close();
});

async function mandate(): Promise<string> {
  const customer = await client.customers.create({ email: 'ann@example.test', given_name: 'Ann', family_name: 'Example' });
  const account = await client.customerBankAccounts.create({ account_number: '55779911', branch_code: '200000', account_holder_name: 'Ann Example', country_code: 'GB', links: { customer: customer.id! } });
  return (await client.mandates.create({ scheme: 'bacs', links: { customer_bank_account: account.id! } })).id!;
}
const payment = (link: string, key?: string) => client.payments.create({ amount: 1000, currency: 'GBP', links: { mandate: link }, metadata: { order: '1' } }, key);
const failure = async (call: Promise<unknown>): Promise<unknown> => call.then(() => { throw new Error('the call was expected to fail'); }, (error: unknown) => error);

it('sets up a mandate, takes a payment, reads, changes, lists and cancels it', async () => {
  const link = await mandate();
  const made = await payment(link);
  expect(made.status).toBe('pending_submission');
  expect(await client.payments.find(made.id!)).toMatchObject({ id: made.id, links: { mandate: link } });
  expect((await client.payments.update(made.id!, { metadata: { order: '2' } })).metadata).toEqual({ order: '2' });
  const other = await payment(link);
  expect((await client.payments.list({ limit: 1 })).meta.cursors.after).toBe(other.id);
  const seen: unknown[] = [];
  for await (const { id } of client.payments.all({ limit: 1 })) seen.push(id);
  expect(seen).toEqual([other.id, made.id]);
  expect((await client.payments.cancel(made.id!, {})).status).toBe('cancelled');
  expect((await client.mandates.cancel(link, {})).status).toBe('cancelled');
  expect((await client.payments.find(other.id!)).status).toBe('cancelled');
});

it('pays out, refunds and reads the payout', async () => {
  const made = await payment(await mandate());
  await client.scenarioSimulators.run('payment_paid_out', { links: { resource: made.id! } });
  expect((await client.payouts.list()).payouts).toMatchObject([{ amount: 1000, status: 'paid' }]);
  const refund = await client.refunds.create({ amount: 400, total_amount_confirmation: 400, links: { payment: made.id! } });
  expect((await client.refunds.find(refund.id!)).status).toBe('created');
  expect((await client.payments.find(made.id!)).amount_refunded).toBe(400);
  expect((await client.creditors.list({})).creditors).toHaveLength(1);
  expect((await client.events.list({ payment: made.id! })).events.length).toBeGreaterThan(1);
});

it('asks by a billing request and names our page, and starts a redirect flow', async () => {
  const request = await client.billingRequests.create({ mandate_request: { scheme: 'bacs' }, payment_request: { amount: 500, currency: 'GBP', description: 'First' } });
  const flow = await client.billingRequestFlows.create({ redirect_uri: 'https://shop.example.test/', links: { billing_request: request.id } });
  expect(flow.authorisation_url).toBe(`http://127.0.0.1:8025/pay/billing_request_flow/${flow.id}`);
  await client.scenarioSimulators.run('billing_request_fulfilled', { links: { resource: request.id } });
  expect((await client.billingRequests.find(request.id)).status).toBe('fulfilled');
  const redirect = await client.redirectFlows.create({ session_token: 'S', success_redirect_url: 'https://shop.example.test/' });
  expect((await client.redirectFlows.find(redirect.id!)).redirect_url).toContain('/pay/redirect_flow/');
  expect(await failure(client.redirectFlows.complete(redirect.id!, { session_token: 'S' }))).toBeInstanceOf(InvalidStateError);
});

it('finds what was made by an idempotency key that comes again, or raises the conflict', async () => {
  const link = await mandate();
  const first = await payment(link, 'key');
  const calls = vendor.calls.length;
  expect((await payment(link, 'key')).id).toBe(first.id);
  expect(vendor.calls.slice(calls).map(({ request }) => `${request.method} ${request.path}`)).toEqual(['POST /payments', `GET /payments/${first.id!}`]);
  client = clientOf({ raiseOnIdempotencyConflict: true });
  expect(await failure(payment(link, 'key'))).toBeInstanceOf(IdempotentCreationConflictError);
});

it('verifies and takes apart a webhook of several events', async () => {
  const request = await client.billingRequests.create({ mandate_request: { scheme: 'bacs' } });
  await client.scenarioSimulators.run('billing_request_fulfilled', { links: { resource: request.id } });
  const { method, headers, body, contentType } = vendor.callbacks.at(-1)!;
  const signed = gocardless.sign({ method, headers, body, contentType, url: 'https://shop.example.test/' }, 'a webhook secret');
  const signature = new Map(signed.headers).get('Webhook-Signature')!;
  expect(parse(signed.body, 'a webhook secret', signature).map(({ resource_type, action }: { resource_type?: string; action?: string }) => `${resource_type}.${action}`)).toEqual([
    'billing_requests.collect_customer_details', 'billing_requests.collect_bank_account', 'billing_requests.payer_details_confirmed', 'billing_requests.fulfilled', 'mandates.created',
  ]);
  expect(parseWithMeta(signed.body, 'a webhook secret', signature).webhookId).toMatch(/^WB/);
  expect(() => parse(`${signed.body} `, 'a webhook secret', signature)).toThrow();
  expect(() => parse(signed.body, 'another', signature)).toThrow();
});

it('raises its own errors for what GoCardless would refuse', async () => {
  expect(await failure(client.payments.find('PM0NOBODY'))).toMatchObject({ message: 'Resource not found', code: 404, errorType: 'invalid_api_usage' });
  expect(await failure(client.payments.create({ amount: 0, currency: 'GBP', links: { mandate: 'MD1' } }))).toBeInstanceOf(ValidationFailedError);
});

it('raises its own error with rule and reason on a refusal, after one attempt', async () => {
  vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
  for (const call of [() => payment('MD1'), () => client.payments.find('PM1')]) {
    const calls = vendor.calls.length;
    const error = await failure(call());
    expect(error).toBeInstanceOf(PermissionsError);
    expect((error as Error).message).toContain('no-payments: staging never pays');
    expect(vendor.calls).toHaveLength(calls + 1);
  }
});
