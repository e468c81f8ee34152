import { Agent } from 'node:https';
import { connect } from 'node:net';
// @ts-expect-error the deprecated SDKs come without types
import checkout from '@paypal/checkout-server-sdk';
// @ts-expect-error
import payouts from '@paypal/payouts-sdk';
import { CheckoutPaymentIntent, Client, CustomError, Environment, OrdersController, PaymentsController } from '@paypal/paypal-server-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paypal } from '../../src/providers/paypal/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const why = { rule: 'no-payments', reason: 'staging never pays' };
const unit = { amount: { currencyCode: 'EUR', value: '10.00' } };
let vendor: VendorServer;
beforeEach(async () => { vendor = await serveVendor(paypal, 'api-m.sandbox.paypal.com'); });
afterEach(() => vendor.close());

const failure = async (call: Promise<unknown>): Promise<unknown> => call.then(() => { throw new Error('the call was expected to fail'); }, (error: unknown) => error);

describe('@paypal/paypal-server-sdk', () => {
  const client = (): Client => {
    // The SDK speaks https to fixed hosts alone: its requests are put on a plain connection to the server.
    const httpsAgent = Object.assign(new Agent(), { createConnection: () => connect(vendor.port, '127.0.0.1') });
    return new Client({ clientCredentialsAuthCredentials: { oAuthClientId: 'A'.repeat(80), oAuthClientSecret: 'E'.repeat(80) }, environment: Environment.Sandbox, httpClientOptions: { httpsAgent } });
  };

  it('makes an order with a card, refunds it and reads all of it back', async () => {
    const [orders, payments] = [new OrdersController(client()), new PaymentsController(client())];
    const { result, statusCode } = await orders.createOrder({ paypalRequestId: 'r-1', body: { intent: CheckoutPaymentIntent.Capture, purchaseUnits: [unit], paymentSource: { card: { number: '4111111111111111', expiry: '2030-01' } } } });
    expect([statusCode, result.status]).toEqual([201, 'COMPLETED']);
    const capture = result.purchaseUnits![0]!.payments!.captures![0]!;
    expect((await payments.getCapturedPayment({ captureId: capture.id! })).result).toMatchObject({ status: 'COMPLETED', amount: { currencyCode: 'EUR', value: '10.00' }, sellerReceivableBreakdown: { netAmount: { value: '9.16' } } });
    const refund = (await payments.refundCapturedPayment({ captureId: capture.id!, body: { amount: { currencyCode: 'EUR', value: '2.50' } } })).result;
    expect((await payments.getRefund({ refundId: refund.id! })).result.status).toBe('COMPLETED');
    expect((await orders.getOrder({ id: result.id! })).result.purchaseUnits![0]!.payments!.captures![0]!.status).toBe('PARTIALLY_REFUNDED');
  });

  it('authorizes, captures and releases', async () => {
    const [orders, payments] = [new OrdersController(client()), new PaymentsController(client())];
    const held = async (): Promise<string> => (await orders.createOrder({ body: { intent: CheckoutPaymentIntent.Authorize, purchaseUnits: [unit], paymentSource: { card: { vaultId: 'v-1' } } } })).result.purchaseUnits![0]!.payments!.authorizations![0]!.id!;
    const [one, other] = [await held(), await held()];
    expect((await payments.captureAuthorizedPayment({ authorizationId: one, body: { finalCapture: true } })).result.status).toBe('COMPLETED');
    expect((await payments.getAuthorizedPayment({ authorizationId: one })).result.status).toBe('CAPTURED');
    expect((await payments.voidPayment({ authorizationId: other })).statusCode).toBe(204);
  });

  it('patches an order, which its payer has not approved', async () => {
    const orders = new OrdersController(client());
    const { id } = (await orders.createOrder({ prefer: 'return=representation', body: { intent: CheckoutPaymentIntent.Capture, purchaseUnits: [unit] } })).result;
    expect((await orders.patchOrder({ id: id!, body: [{ op: 'replace' as never, path: "/purchase_units/@reference_id=='default'/custom_id", value: 'A-1001' }] })).statusCode).toBe(204);
    expect((await orders.getOrder({ id: id! })).result.purchaseUnits![0]!.customId).toBe('A-1001');
    expect(await failure(orders.captureOrder({ id: id! }))).toMatchObject({ statusCode: 422, result: { name: 'UNPROCESSABLE_ENTITY', details: [{ issue: 'ORDER_NOT_APPROVED' }] } });
  });

  it('raises CustomError with rule and reason on a refusal, after one attempt', async () => {
    const sdk = client();
    await new OrdersController(sdk).createOrder({ body: { intent: CheckoutPaymentIntent.Capture, purchaseUnits: [unit] } });
    vendor.refuse(why);
    const before = vendor.calls.length;
    const error = await failure(new OrdersController(sdk).captureOrder({ id: 'X' }));
    expect(error).toBeInstanceOf(CustomError);
    expect(error).toMatchObject({ statusCode: 403, body: expect.stringMatching(/no-payments: staging never pays/), result: { name: 'NOT_AUTHORIZED', message: expect.stringContaining('no-payments: staging never pays') } });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('raises an error with rule and reason where already the token is refused', async () => {
    vendor.refuse(why);
    const error = await failure(new OrdersController(client()).captureOrder({ id: 'X' }));
    expect(error).toMatchObject({ statusCode: 403, body: expect.stringContaining('no-payments: staging never pays') });
    expect(vendor.calls).toHaveLength(1);
  });
});

describe('the older SDKs', () => {
  const environment = <E>(Made: new (id: string, secret: string, base: string, web: string) => E): E => new Made('id', String(vendor.port), `http://127.0.0.1:${vendor.port}`, 'https://www.sandbox.paypal.com');

  it('make, read and are refused an order', async () => {
    const client = new checkout.core.PayPalHttpClient(environment(checkout.core.PayPalEnvironment));
    const request = new checkout.orders.OrdersCreateRequest();
    request.prefer('return=representation');
    request.requestBody({ intent: 'CAPTURE', purchase_units: [{ amount: { currency_code: 'EUR', value: '10.00' } }] });
    const { result } = await client.execute(request) as { result: { id: string; intent: string } };
    expect(result.intent).toBe('CAPTURE');
    expect(await client.execute(new checkout.orders.OrdersGetRequest(result.id))).toMatchObject({ result: { id: result.id, status: 'CREATED' } });
    vendor.refuse(why);
    const before = vendor.calls.length;
    expect(await failure(client.execute(new checkout.orders.OrdersCaptureRequest(result.id)))).toMatchObject({ statusCode: 403, message: expect.stringContaining('no-payments: staging never pays') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('pay out and read the batch back', async () => {
    const client = new payouts.core.PayPalHttpClient(environment(payouts.core.PayPalEnvironment));
    const request = new payouts.payouts.PayoutsPostRequest();
    request.requestBody({ sender_batch_header: { sender_batch_id: 'A-1001' }, items: [{ recipient_type: 'EMAIL', receiver: 'ann@example.test', amount: { currency: 'EUR', value: '10.00' } }] });
    const { result } = await client.execute(request) as { result: { batch_header: { payout_batch_id: string } } };
    vendor.pass(5_000);
    expect(await client.execute(new payouts.payouts.PayoutsGetRequest(result.batch_header.payout_batch_id))).toMatchObject({ result: { batch_header: { batch_status: 'SUCCESS' }, items: [{ transaction_status: 'SUCCESS' }] } });
    expect(await failure(client.execute(request))).toMatchObject({ statusCode: 400, message: expect.stringContaining('already exists') });
    vendor.refuse(why);
    expect(await failure(client.execute(request))).toMatchObject({ statusCode: 403, message: expect.stringContaining('no-payments: staging never pays') });
  });
});
