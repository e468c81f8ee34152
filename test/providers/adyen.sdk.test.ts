import { request as dial } from 'node:http';
import type { ClientRequest } from 'node:http';
import { CheckoutAPI, Client, hmacValidator as HmacValidator } from '@adyen/api-library';
import type { Types } from '@adyen/api-library';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adyen } from '../../src/providers/adyen/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

interface Options { headers?: Record<string, string>; method?: string; params?: Record<string, string>; idempotencyKey?: string }

describe('@adyen/api-library', () => {
  let vendor: VendorServer;
  let checkout: CheckoutAPI;
  const amount = { currency: 'EUR', value: 1000 };
  const payment = (more: object = {}): Types.checkout.PaymentRequest => ({ amount, merchantAccount: 'Shop', reference: 'o-42', returnUrl: 'https://shop.example.test/', paymentMethod: { type: 'scheme', encryptedCardNumber: 'test_4111111111111111' }, ...more } as Types.checkout.PaymentRequest);

  beforeAll(async () => {
    vendor = await serveVendor(adyen, 'checkout-test.adyen.com');
    const client = new Client({ apiKey: 'adyen-test-api-key', environment: 'TEST' as never });
    // the SDK dials https only: its requests, made as it makes them, but to the loopback
    Object.assign(client.httpClient, {
      createRequest: (endpoint: string, { headers = {}, method = 'POST', params, idempotencyKey }: Options): ClientRequest => dial({
        host: '127.0.0.1', port: vendor.port, method, path: `${new URL(endpoint).pathname}${params === undefined ? '' : `?${new URLSearchParams(params)}`}`,
        headers: { ...headers, ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }) },
      }),
    });
    checkout = new CheckoutAPI(client);
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('pays, modifies and opens sessions', async () => {
    const paid = await checkout.PaymentsApi.payments(payment(), { idempotencyKey: 'k-1' });
    expect([paid.resultCode, paid.merchantReference]).toEqual(['Authorised', 'o-42']);
    expect((await checkout.PaymentsApi.payments(payment(), { idempotencyKey: 'k-1' })).pspReference).toBe(paid.pspReference);
    const psp = paid.pspReference!;
    expect((await checkout.ModificationsApi.captureAuthorisedPayment(psp, { amount, merchantAccount: 'Shop' })).status).toBe('received');
    expect((await checkout.ModificationsApi.refundCapturedPayment(psp, { amount, merchantAccount: 'Shop' })).paymentPspReference).toBe(psp);
    expect((await checkout.ModificationsApi.cancelAuthorisedPaymentByPspReference(psp, { merchantAccount: 'Shop' })).status).toBe('received');
    expect((await checkout.ModificationsApi.refundOrCancelPayment(psp, { merchantAccount: 'Shop' })).status).toBe('received');
    const session = await checkout.PaymentsApi.sessions({ amount, merchantAccount: 'Shop', reference: 's', returnUrl: 'https://shop.example.test/' });
    expect((await checkout.PaymentsApi.getResultOfPaymentSession(session.id, 'result')).status).toBe('active');
    expect((await checkout.PaymentsApi.paymentMethods({ merchantAccount: 'Shop' })).paymentMethods?.map(({ type }) => type)).toContain('scheme');
    const away = await checkout.PaymentsApi.payments(payment({ paymentMethod: { type: 'ideal' } }));
    const back = (await vendor.choose((away.action as { readonly url: string }).url, 'pay')).goTo!;
    expect((await checkout.PaymentsApi.paymentsDetails({ details: { redirectResult: new URL(back).searchParams.get('redirectResult')! } })).resultCode).toBe('Authorised');
    const link = await checkout.PaymentLinksApi.paymentLinks({ amount, merchantAccount: 'Shop', reference: 'l-1' });
    expect((await vendor.choose(link.url, 'pay')).goTo).toBeNull();
    expect((await checkout.PaymentLinksApi.getPaymentLink(link.id)).status).toBe('completed');
  });

  it('resolves on a refused card, which tells the reason', async () => {
    expect(await checkout.PaymentsApi.payments(payment({ paymentMethod: { type: 'scheme', holderName: 'DECLINED' } }))).toMatchObject({ resultCode: 'Refused', refusalReasonCode: '2' });
  });

  it('rejects with HttpClientException and the error code on a call that is wrong', async () => {
    const error: unknown = await checkout.PaymentsApi.payments(payment({ reference: '' })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'HttpClientException', statusCode: 422, errorCode: '130' });
  });

  it('rejects with HttpClientException, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-money', reason: 'this card is real' });
    const before = vendor.calls.length;
    const error: unknown = await checkout.PaymentsApi.payments(payment()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'HttpClientException', statusCode: 403, message: expect.stringContaining('no-real-money: this card is real') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('has its notifications taken by hmacValidator, and no other', () => {
    const key = '5A'.repeat(32);
    const validator = new HmacValidator();
    for (const event of ['AUTHORISATION', 'CAPTURE', 'REFUND', 'CANCELLATION']) {
      const draft = vendor.callbacks.find((each) => each.event === event)!;
      const signed = JSON.parse(adyen.sign({ ...draft, url: 'https://shop.internal.test/hooks' }, key).body);
      const item = signed.notificationItems[0].NotificationRequestItem;
      expect(validator.validateHMAC(item, key)).toBe(true);
      expect(validator.validateHMAC({ ...item, success: item.success === 'true' ? 'false' : 'true' }, key)).toBe(false);
      expect(validator.validateHMAC({ ...item, amount: { ...item.amount, value: 1 } }, key)).toBe(false);
      expect(validator.validateHMAC(item, key.replaceAll('5', '6'))).toBe(false);
    }
  });
});
