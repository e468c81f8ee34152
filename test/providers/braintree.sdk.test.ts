// @ts-expect-error the SDK comes without types
import braintreeSdk from 'braintree';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import type { HttpProvider } from '../../src/model/provider.ts';
import { braintree } from '../../src/providers/braintree/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** braintree 3.40.0 */
// oxlint-disable-next-line typescript/no-explicit-any
const sdk = braintreeSdk as any;
const keys = { merchantId: 'fakemerchant00000', publicKey: 'fakepublic0000000', privateKey: 'fakeprivate000000' };

/** GraphQL comes with an absolute target, which ingress takes apart before a provider sees it. */
const inOriginForm = (request: HttpRequest): HttpRequest => ({ ...request, path: request.path.replace(/^https?:\/\/[^/]+/, '') });
const served: HttpProvider = { ...braintree, decode: (request) => braintree.decode(inOriginForm(request)), simulate: (request, decoded, context) => braintree.simulate(inOriginForm(request), decoded, context) };

let vendor: VendorServer;
// oxlint-disable-next-line typescript/no-explicit-any
let gateway: any;
async function open(host: string): Promise<void> {
  vendor = await serveVendor(served, host);
  const environment = new sdk.Environment('127.0.0.1', vendor.port, '', false, '127.0.0.1', vendor.port);
  gateway = new sdk.BraintreeGateway({ environment, ...keys });
}
beforeEach(() => open('api.sandbox.braintreegateway.com'));
afterEach(() => vendor.close());

const nonce = { amount: '10.00', paymentMethodNonce: 'fake-valid-nonce' };
const codes = (result: { errors: { deepErrors(): { code: string }[] } }): readonly string[] => result.errors.deepErrors().map(({ code }) => code);

it('sells, submits, settles, refunds and finds again', async () => {
  const sale = await gateway.transaction.sale({ ...nonce, orderId: 'o-1', customer: { email: 'ann@example.test' }, customFields: { cart: 'c-1' } });
  expect(sale).toMatchObject({ success: true, transaction: { status: 'authorized', amount: '10.00', currencyIsoCode: 'USD', orderId: 'o-1', processorResponseCode: '1000', customer: { email: 'ann@example.test' }, customFields: { cart: 'c-1' }, creditCard: { maskedNumber: '401288******1881', expirationDate: '12/2030' } } });
  const { id } = sale.transaction;
  expect(id).toMatch(/^[a-z0-9]{8}$/);
  expect((await gateway.transaction.submitForSettlement(id, '9.00')).transaction).toMatchObject({ status: 'submitted_for_settlement', amount: '9.00' });
  const early = await gateway.transaction.refund(id);
  expect([early.success, early.message, codes(early)]).toEqual([false, 'Cannot refund transaction unless it is settled.', ['91506']]);
  await gateway.testing.settle(id);
  const refund = await gateway.transaction.refund(id, '4.00');
  expect(refund.transaction).toMatchObject({ type: 'credit', refundedTransactionId: id, amount: '4.00' });
  const found = await gateway.transaction.find(id);
  expect(found).toMatchObject({ status: 'settled', refundIds: [refund.transaction.id] });
  expect(found.statusHistory.map(({ status }: { status: string }) => status)).toEqual(['authorized', 'submitted_for_settlement', 'settled']);
  expect(vendor.calls[0]?.decoded).toMatchObject({ effects: [{ liveness: 'test', recipients: [{ address: 'ann@example.test' }], keys: [{ name: 'order_id', value: 'o-1' }, { name: 'cart', value: 'c-1' }] }] });
});

it('is declined in a result of its own, with the transaction that failed', async () => {
  const declined = await gateway.transaction.sale({ ...nonce, amount: '2001.00' });
  expect(declined).toMatchObject({ success: false, message: 'Insufficient Funds', transaction: { status: 'processor_declined', processorResponseCode: '2001' } });
  expect((await gateway.transaction.find(declined.transaction.id)).status).toBe('processor_declined');
  expect(await gateway.transaction.sale({ amount: '1.00', paymentMethodNonce: 'fake-gateway-rejected-fraud-nonce' })).toMatchObject({ success: false, transaction: { status: 'gateway_rejected', gatewayRejectionReason: 'fraud' } });
});

it('says which field is wrong', async () => {
  const wrong = await gateway.transaction.sale({ ...nonce, paymentMethodNonce: 'nobody-knows-it' });
  expect(wrong.errors.for('transaction').on('paymentMethodNonce')).toMatchObject([{ code: '91565', attribute: 'payment_method_nonce', message: 'Unknown or expired payment_method_nonce.' }]);
  const card = await gateway.transaction.sale({ amount: '1.00', creditCard: { number: '4111111111111112', expirationDate: '12/2030' } });
  expect(card.errors.for('transaction').for('creditCard').on('number')).toMatchObject([{ code: '81715' }]);
});

it('keeps customers with their payment methods, charges them and searches', async () => {
  const { customer } = await gateway.customer.create({ firstName: 'Ann', email: 'ann@example.test', paymentMethodNonce: 'fake-valid-visa-nonce' });
  expect(customer.paymentMethods).toHaveLength(1);
  const second = await gateway.paymentMethod.create({ customerId: customer.id, paymentMethodNonce: 'fake-paypal-billing-agreement-nonce', options: { makeDefault: true } });
  expect(second).toMatchObject({ success: true, paymentMethod: { email: 'jane.doe@paypal.example.com', default: true } });
  expect(await gateway.paymentMethod.find(customer.creditCards[0].token)).toMatchObject({ customerId: customer.id, default: false, last4: '1881' });
  const made = await gateway.paymentMethodNonce.create(customer.creditCards[0].token);
  const paid = await gateway.transaction.sale({ amount: '5.00', paymentMethodNonce: made.paymentMethodNonce.nonce });
  expect(paid.transaction).toMatchObject({ creditCard: { token: customer.creditCards[0].token } });
  expect(codes(await gateway.transaction.sale({ amount: '5.00', paymentMethodNonce: made.paymentMethodNonce.nonce }))).toEqual(['91564']);
  const usual = await gateway.transaction.sale({ amount: '6.00', customerId: customer.id });
  expect(usual.transaction).toMatchObject({ paymentInstrumentType: 'paypal_account', customer: { id: customer.id, email: 'ann@example.test' } });
  const found = await gateway.customer.find(customer.id);
  expect(found.paymentMethods).toHaveLength(2);
  const results: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const stream = gateway.transaction.search((search: { customerId(): { is(id: string): void } }) => search.customerId().is(customer.id));
    stream.on('data', ({ id }: { id: string }) => results.push(id));
    stream.on('end', resolve);
    stream.on('error', reject);
  });
  expect(results).toEqual([usual.transaction.id]);
  await gateway.paymentMethod.delete(customer.creditCards[0].token);
  await gateway.customer.delete(customer.id);
  await expect(gateway.customer.find(customer.id)).rejects.toMatchObject({ type: 'notFoundError' });
});

it('gives a token for a browser', async () => {
  const { clientToken } = await gateway.clientToken.generate({});
  expect(JSON.parse(Buffer.from(clientToken, 'base64').toString())).toMatchObject({ version: 2, merchantId: keys.merchantId });
});

it('raises not found for what is not there', async () => {
  await expect(gateway.transaction.find('nobody')).rejects.toMatchObject({ type: 'notFoundError', message: 'Not Found' });
  await expect(gateway.transaction.void('nobody')).rejects.toMatchObject({ type: 'notFoundError' });
});

it('shows rule and reason of a refusal, after one attempt', async () => {
  vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
  const refused = await gateway.transaction.sale(nonce);
  expect(refused.success).toBe(false);
  expect(refused.message).toContain('no-payments: staging never pays');
  expect(vendor.calls).toHaveLength(1);
  await expect(gateway.transaction.find('abc')).rejects.toMatchObject({ type: 'authorizationError' });
  expect(vendor.calls).toHaveLength(2);
});

describe('GraphQL', () => {
  beforeEach(async () => {
    await vendor.close();
    await open('payments.sandbox.braintree-api.com');
  });
  const charge = 'mutation Charge($input: ChargePaymentMethodInput!) { chargePaymentMethod(input: $input) { transaction { id legacyId status amount { value } snapshot: paymentMethodSnapshot { ... on CreditCardDetails { last4 } ... on PayPalTransactionDetails { payer { email } } } } clientMutationId } }';

  it('charges, and refunds and answers with what was asked for', async () => {
    const charged = await gateway.graphQLClient.query(charge, { input: { paymentMethodId: 'fake-valid-nonce', transaction: { amount: '10.50', orderId: 'o-1' }, clientMutationId: 'm-1' } });
    const { transaction, clientMutationId } = charged.data.chargePaymentMethod;
    expect([transaction, clientMutationId]).toEqual([{ id: expect.any(String), legacyId: expect.any(String), status: 'SUBMITTED_FOR_SETTLEMENT', amount: { value: '10.50' }, snapshot: { last4: '1881' } }, 'm-1']);
    const refunded = await gateway.graphQLClient.query('mutation ($input: ReverseTransactionInput!) { reverseTransaction(input: $input) { reversal { ... on Transaction { status } ... on Refund { id } } } }', { input: { transactionId: transaction.id } });
    expect(refunded.data.reverseTransaction.reversal).toEqual({ status: 'VOIDED' });
    expect(vendor.calls[0]?.decoded).toMatchObject({ effects: [{ operation: 'graphql.chargePaymentMethod', amount: { minor: '1050' } }] });
  });

  it('raises its own errors', async () => {
    await expect(gateway.graphQLClient.query('mutation ($input: X!) { captureTransaction(input: $input) { transaction { id } } }', { input: { transactionId: 'nobody' } })).rejects.toMatchObject({ type: 'notFoundError' });
    const wrong = await gateway.graphQLClient.query(charge, { input: { paymentMethodId: 'fake-consumed-nonce', transaction: { amount: '1.00' } } });
    expect(sdk.ValidationErrorCodes.Transaction.PaymentMethodNonceConsumed).toBe(wrong.errors[0].extensions.legacyCode);
    vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
    const before = vendor.calls.length;
    await expect(gateway.graphQLClient.query(charge, { input: {} })).rejects.toMatchObject({ message: expect.stringContaining('no-payments: staging never pays') });
    expect(vendor.calls).toHaveLength(before + 1);
  });
});

it('parses and verifies what is told of a disputed sale', async () => {
  await gateway.transaction.sale({ amount: '3.00', creditCard: { number: '4023898493988028', expirationDate: '12/2030' } });
  const [draft] = vendor.callbacks;
  const signed = braintree.sign({ method: draft!.method, url: 'https://shop.example.test/hook', headers: draft!.headers, contentType: draft!.contentType, body: draft!.body }, `${keys.publicKey}:${keys.privateKey}`);
  const form = new URLSearchParams(signed.body);
  const told = await gateway.webhookNotification.parse(form.get('bt_signature'), form.get('bt_payload'));
  expect(told).toMatchObject({ kind: 'dispute_opened', dispute: { status: 'open', amount: '3.00', kind: 'chargeback' } });
  expect((await gateway.dispute.find(told.dispute.id)).dispute).toMatchObject({ id: told.dispute.id, status: 'open' });
  expect((await gateway.dispute.accept(told.dispute.id)).dispute).toMatchObject({ status: 'accepted' });
  const forged = new URLSearchParams(braintree.sign({ method: 'POST', url: '', headers: [], contentType: '', body: draft!.body }, `${keys.publicKey}:another00000000`).body);
  await expect(gateway.webhookNotification.parse(forged.get('bt_signature'), forged.get('bt_payload'))).rejects.toMatchObject({ type: 'invalidSignatureError' });
});
