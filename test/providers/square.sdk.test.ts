import { SquareClient, SquareError, WebhooksHelper } from 'square';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { square } from '../../src/providers/square/index.ts';
import { fixedNow } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

describe('square', () => {
  let vendor: VendorServer;
  let client: SquareClient;
  const payment = (key: string, more: object = {}) => ({ sourceId: 'cnon:card-nonce-ok', idempotencyKey: key, amountMoney: { amount: 1000n, currency: 'USD' as const }, ...more });

  beforeAll(async () => {
    vendor = await serveVendor(square, 'connect.squareupsandbox.com');
    client = new SquareClient({ token: 'EAAA-test', baseUrl: `http://127.0.0.1:${vendor.port}` });
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('pays, reads back, completes, cancels, refunds and lists', async () => {
    const { payment: paid } = await client.payments.create(payment('a', { tipMoney: { amount: 5n, currency: 'USD' } }));
    expect([paid?.status, paid?.totalMoney]).toEqual(['COMPLETED', { amount: 1005n, currency: 'USD' }]);
    expect((await client.payments.get({ paymentId: paid!.id! })).payment).toEqual(paid);
    const { payment: held } = await client.payments.create(payment('b', { autocomplete: false }));
    expect((await client.payments.complete({ paymentId: held!.id! })).payment?.status).toBe('COMPLETED');
    const { payment: other } = await client.payments.create(payment('c', { autocomplete: false }));
    expect((await client.payments.cancel({ paymentId: other!.id! })).payment?.status).toBe('CANCELED');
    await client.payments.cancelByIdempotencyKey({ idempotencyKey: 'never' });
    const { refund } = await client.refunds.refundPayment({ idempotencyKey: 'r', paymentId: paid!.id!, amountMoney: { amount: 5n, currency: 'USD' } });
    expect((await client.refunds.get({ refundId: refund!.id })).refund?.status).toBe('PENDING');
    const seen: (string | undefined)[] = [];
    for await (const each of await client.payments.list({ limit: 2 })) seen.push(each.id);
    expect(seen).toEqual([other!.id, held!.id, paid!.id]);
    for await (const each of await client.refunds.list()) expect(each.id).toBe(refund!.id);
  });

  it('makes customers and orders, and finds its location', async () => {
    const { customer } = await client.customers.create({ emailAddress: 'ann@example.test', givenName: 'Ann' });
    expect((await client.customers.get({ customerId: customer!.id! })).customer?.emailAddress).toBe('ann@example.test');
    expect((await client.customers.update({ customerId: customer!.id!, note: 'x' })).customer?.version).toBe(1n);
    expect((await client.customers.search({ query: { filter: { emailAddress: { exact: 'ann@example.test' } } }, limit: 1n })).customers).toHaveLength(1);
    for await (const each of await client.customers.list()) expect(each.id).toBe(customer!.id);
    await client.customers.delete({ customerId: customer!.id! });
    const { locations } = await client.locations.list();
    const { order } = await client.orders.create({ order: { locationId: locations![0]!.id!, lineItems: [{ quantity: '2', name: 'Tea', basePriceMoney: { amount: 250n, currency: 'USD' } }] } });
    expect((await client.orders.get({ orderId: order!.id! })).order?.totalMoney).toEqual({ amount: 500n, currency: 'USD' });
  });

  it('makes a payment link, which is paid on its page', async () => {
    const { paymentLink } = await client.checkout.paymentLinks.create({ quickPay: { name: 'Mug', priceMoney: { amount: 1200n, currency: 'USD' }, locationId: 'L1' }, checkoutOptions: { redirectUrl: 'https://shop.example.test/' } });
    expect(await vendor.choose(paymentLink!.url!, 'pay')).toMatchObject({ goTo: `https://shop.example.test/?orderId=${paymentLink!.orderId}&transactionId=${paymentLink!.orderId}` });
    expect((await client.orders.get({ orderId: paymentLink!.orderId! })).order?.state).toBe('COMPLETED');
    expect((await client.checkout.paymentLinks.get({ id: paymentLink!.id! })).paymentLink).toEqual(paymentLink);
    expect((await client.checkout.paymentLinks.delete({ id: paymentLink!.id! })).id).toBe(paymentLink!.id);
  });

  it('rejects with SquareError on a declined card, which tells the code', async () => {
    const error: unknown = await client.payments.create(payment('d', { sourceId: 'cnon:card-nonce-declined' })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SquareError);
    expect(error).toMatchObject({ statusCode: 400, errors: [{ category: 'PAYMENT_METHOD_ERROR', code: 'GENERIC_DECLINE' }] });
  });

  it('rejects with SquareError, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-money', reason: 'this card is real' });
    const before = vendor.calls.length;
    const error: unknown = await client.payments.create(payment('e')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SquareError);
    expect(error).toMatchObject({ statusCode: 403, message: expect.stringContaining('no-real-money: this card is real') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('has its webhooks taken by WebhooksHelper, and no other', async () => {
    const draft = vendor.callbacks.find(({ event }) => event === 'payment.created')!;
    const notificationUrl = 'https://shop.internal.test/hooks/square?x=1';
    const sent = square.sign({ ...draft, url: notificationUrl }, 'signature-key');
    const signatureHeader = new Headers(sent.headers.map(([name, value]): [string, string] => [name, value])).get('x-square-hmacsha256-signature')!;
    const check = (requestBody: string, url: string, signatureKey: string) => WebhooksHelper.verifySignature({ requestBody, signatureHeader, signatureKey, notificationUrl: url });
    expect(await check(sent.body, notificationUrl, 'signature-key')).toBe(true);
    expect(await check(`${sent.body} `, notificationUrl, 'signature-key')).toBe(false);
    expect(await check(sent.body, `${notificationUrl}0`, 'signature-key')).toBe(false);
    expect(await check(sent.body, notificationUrl, 'another-key')).toBe(false);
    expect(JSON.parse(sent.body)).toMatchObject({ type: 'payment.created', created_at: new Date(fixedNow).toISOString(), data: { type: 'payment' } });
  });
});
