// @ts-expect-error the SDK comes without types
import anet from 'authorizenet';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { authorizenet } from '../../src/providers/authorizenet/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** authorizenet 1.0.10 */
// oxlint-disable-next-line typescript/no-explicit-any
const { APIContracts: contracts, APIControllers: controllers } = anet as any;
let vendor: VendorServer;
beforeEach(async () => { vendor = await serveVendor(authorizenet, 'apitest.authorize.net'); });
afterEach(() => vendor.close());

/** Fills the SDK's own request class and runs its controller. */
// oxlint-disable-next-line typescript/no-explicit-any
function say(name: string, fields: Readonly<Record<string, unknown>>): Promise<any> {
  const merchant = new contracts.MerchantAuthenticationType();
  merchant.setName('5KP3u95bQpv');
  merchant.setTransactionKey('FAKEFAKEFAKEFAKE');
  const request = new contracts[`${name}Request`]();
  request.setMerchantAuthentication(merchant);
  for (const [field, value] of Object.entries(fields)) request[`set${field}`](value);
  const controller = new controllers[`${name}Controller`](request.getJSON());
  controller.setEnvironment(`http://127.0.0.1:${vendor.port}/xml/v1/request.api`);
  return new Promise((resolve) => {
    controller.execute(() => resolve(new contracts[name.startsWith('ARB') || name.startsWith('Get') || name.startsWith('Create') ? `${name}Response` : 'ANetApiResponse'](controller.getResponse())));
  });
}

const card = { creditCard: { cardNumber: '4111111111111111', expirationDate: '2030-08', cardCode: '999' } };
const transaction = (fields: object): unknown => new contracts.TransactionRequestType(fields);
// oxlint-disable-next-line typescript/no-explicit-any
const charge = (more: object = {}): Promise<any> => say('CreateTransaction', { RefId: 'r-1', TransactionRequest: transaction({ transactionType: 'authCaptureTransaction', amount: 10.5, payment: card, ...more }) });

it('authorizes, captures, voids and reads', async () => {
  const authorized = await say('CreateTransaction', { RefId: 'r-1', TransactionRequest: transaction({ transactionType: 'authOnlyTransaction', amount: 10.5, payment: card, order: { invoiceNumber: 'INV-1' }, customer: { email: 'ann@example.test' } }) });
  expect(authorized.getMessages().getResultCode()).toBe(contracts.MessageTypeEnum.OK);
  const response = authorized.getTransactionResponse();
  expect([response.getResponseCode(), response.getAccountNumber(), response.getAccountType(), response.getMessages().getMessage()[0].getDescription()]).toEqual(['1', 'XXXX1111', 'Visa', 'This transaction has been approved.']);
  expect(authorized.getRefId()).toBe('r-1');
  const id = response.getTransId();
  const captured = await say('CreateTransaction', { TransactionRequest: transaction({ transactionType: 'priorAuthCaptureTransaction', amount: 10, refTransId: id }) });
  expect(captured.getTransactionResponse().getResponseCode()).toBe('1');
  const details = await say('GetTransactionDetails', { TransId: id });
  expect(details.getTransaction()).toMatchObject({ transId: id, transactionStatus: 'capturedPendingSettlement', authAmount: 10.5, settleAmount: 10, cardCodeResponse: 'P', order: { invoiceNumber: 'INV-1' }, customer: { email: 'ann@example.test' } });
  const voided = await say('CreateTransaction', { TransactionRequest: transaction({ transactionType: 'voidTransaction', refTransId: id }) });
  expect(voided.getTransactionResponse().getResponseCode()).toBe('1');
  expect(vendor.callbacks.map(({ event }) => event)).toEqual(['net.authorize.payment.authorization.created', 'net.authorize.payment.priorAuthCapture.created', 'net.authorize.payment.void.created']);
  expect(vendor.calls[0]?.decoded).toMatchObject({ effects: [{ liveness: 'test', amount: { minor: '1050' }, recipients: [{ address: 'ann@example.test' }] }] });
});

it('is declined, and wrong, in answers of its own', async () => {
  const declined = await charge({ billTo: { zip: '46282' } });
  const response = declined.getTransactionResponse();
  expect([declined.getMessages().getResultCode(), response.getResponseCode(), response.getErrors().getError()[0].getErrorText()]).toEqual(['Ok', '2', 'This transaction has been declined.']);
  const wrong = await charge({ amount: 0 });
  expect([wrong.messages.message[0].code, wrong.transactionResponse.responseCode, wrong.transactionResponse.transId]).toEqual(['E00027', '3', '0']);
  const nobody = await say('GetTransactionDetails', { TransId: '1' });
  expect(nobody.getMessages().getMessage()[0]).toMatchObject({ code: 'E00040', text: 'The record cannot be found.' });
});

it('keeps profiles, charges them, and bills again and again', async () => {
  const created = await say('CreateCustomerProfile', { Profile: { merchantCustomerId: 'c-7', email: 'ann@example.test', paymentProfiles: [{ customerType: 'individual', payment: card }] } });
  const id = created.getCustomerProfileId();
  const method = String(created.getCustomerPaymentProfileIdList().getNumericString()[0]);
  expect([id, method]).toEqual([expect.stringMatching(/^5\d{8}$/), expect.stringMatching(/^9\d{8}$/)]);
  const charged = await say('CreateTransaction', { TransactionRequest: transaction({ transactionType: 'authCaptureTransaction', amount: '3.00', profile: { customerProfileId: id, paymentProfile: { paymentProfileId: method } } }) });
  expect(charged.transactionResponse).toMatchObject({ responseCode: '1', profile: { customerProfileId: id, customerPaymentProfileId: method } });
  expect((await say('GetCustomerProfile', { CustomerProfileId: id })).getProfile()).toMatchObject({ email: 'ann@example.test', paymentProfiles: [{ customerPaymentProfileId: method, payment: { creditCard: { cardNumber: 'XXXX1111' } } }] });
  const subscription = await say('ARBCreateSubscription', { Subscription: { name: 'Gold', paymentSchedule: { interval: { length: '1', unit: 'months' }, startDate: '2026-12-01', totalOccurrences: '12' }, amount: '10.29', profile: { customerProfileId: id, customerPaymentProfileId: method } } });
  expect((await say('ARBGetSubscriptionStatus', { SubscriptionId: subscription.getSubscriptionId() })).getStatus()).toBe('active');
  await say('ARBCancelSubscription', { SubscriptionId: subscription.getSubscriptionId() });
  expect((await say('ARBGetSubscriptionStatus', { SubscriptionId: subscription.getSubscriptionId() })).getStatus()).toBe('canceled');
});

it('gives a token for a payment form', async () => {
  const form = await say('GetHostedPaymentPage', { TransactionRequest: transaction({ transactionType: 'authCaptureTransaction', amount: '20.00' }), HostedPaymentSettings: { setting: [{ settingName: 'hostedPaymentButtonOptions', settingValue: '{"text":"Pay"}' }] } });
  expect(Buffer.from(form.getToken(), 'base64url').toString()).toMatch(/^http:\/\/127\.0\.0\.1:8025\/pay\/hosted_payment\/[A-Za-z0-9]{24}$/);
});

it('shows rule and reason of a refusal, after one attempt', async () => {
  vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
  const refused = await charge();
  expect(refused.getMessages().getResultCode()).toBe(contracts.MessageTypeEnum.ERROR);
  expect(refused.getMessages().getMessage()[0].getText()).toContain('no-payments: staging never pays');
  expect(vendor.calls).toHaveLength(1);
});
