import { beforeEach, describe, expect, it } from 'vitest';
import type { PayerChoice } from '../../src/model/hosted-page.ts';
import { mollie } from '../../src/providers/mollie/index.ts';
import { teller } from '../support/teller.ts';

const eur = (value: string) => ({ currency: 'EUR', value });
const order = (more: object = {}) => ({ amount: eur('10.30'), description: 'Order 1', redirectUrl: 'https://shop.example.test/done?order=1', webhookUrl: 'https://shop.example.test/w', billingAddress: { email: 'ada@example.test' }, ...more });
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(mollie, 'api.mollie.com', [['Authorization', 'Bearer test_FAKE']]); });
const create = async (more: object = {}): Promise<string> => (await at.say('POST', '/v2/payments', order(more))).body.id;
const page = (id: string): string => `http://127.0.0.1:8025/pay/payment/${id}`;
const read = async (id: string) => (await at.say('GET', `/v2/payments/${id}`)).body;

describe("Mollie's checkout", () => {
  it('shows what is to be paid, for what and by whom', async () => {
    expect(await at.visit(page(await create()))).toMatchObject({
      amount: { minor: '1030', exponent: 2, currency: 'EUR' }, payer: 'ada@example.test', lines: [{ text: 'Order 1', amount: null }], status: null,
      choices: ['pay', 'decline', 'pay-authenticated', 'fail-authentication', 'cancel'],
    });
    const lines = [{ description: 'Shirt', quantity: 2, unitPrice: eur('5.15'), totalAmount: eur('10.30') }];
    expect((await at.visit(page(await create({ lines }))))!.lines).toEqual([{ text: '2 x Shirt', amount: { minor: '1030', exponent: 2, currency: 'EUR' } }]);
  });

  it.each<[PayerChoice, string, string | null, string | null]>([
    ['pay', 'paid', 'ideal', null], ['pay-authenticated', 'paid', 'creditcard', null], ['decline', 'failed', 'creditcard', 'insufficient_funds'],
    ['fail-authentication', 'failed', 'creditcard', 'authentication_failed'], ['cancel', 'canceled', 'ideal', null],
  ])('%s makes it %s, tells the webhook and sends the customer back', async (choice, status, method, reason) => {
    const id = await create();
    expect(await at.choose(page(id), choice)).toMatchObject({ goTo: 'https://shop.example.test/done?order=1', says: null });
    const paid = await read(id);
    expect([paid.status, paid.method, paid.details?.failureReason ?? null, paid._links.checkout]).toEqual([status, method, reason, undefined]);
    expect(at.callbacks.map(({ target, body }) => [target, body])).toEqual([['https://shop.example.test/w', `id=${id}`]]);
    expect(await at.visit(page(id))).toMatchObject({ choices: [], status: `The payment is ${status}.`, back: 'https://shop.example.test/done?order=1' });
  });

  it('sends who cancels to cancelUrl, and asks nothing of a bank where the call chose the method', async () => {
    const id = await create({ method: 'ideal', cancelUrl: 'https://shop.example.test/cart' });
    expect((await at.visit(page(id)))!.choices).toEqual(['pay', 'decline', 'cancel']);
    expect((await at.choose(page(id), 'cancel'))!.goTo).toBe('https://shop.example.test/cart');
  });

  it('opens no address that is none of the web, and says so', async () => {
    const chosen = (await at.choose(page(await create({ redirectUrl: 'shop-app://done' })), 'pay'))!;
    expect(chosen.goTo).toBeNull();
    expect(chosen.says).toBe('The payment was paid. The payer would go back to shop-app://done, which is no http or https address and is not opened from here.');
  });

  it('makes the mandate of a first payment', async () => {
    const customer = (await at.say('POST', '/v2/customers', { name: 'Ada' })).body.id;
    await at.choose(page(await create({ sequenceType: 'first', customerId: customer })), 'pay');
    expect((await at.say('POST', '/v2/payments', order({ sequenceType: 'recurring', customerId: customer, redirectUrl: undefined }))).body.status).toBe('paid');
  });
});

describe('a bank that declines', () => {
  it('what is taken at once, in words of Mollie, and tells the webhook', async () => {
    at.decline({ code: 'card_expired' });
    const made = (await at.say('POST', '/v2/payments', order({ cardToken: 'tkn_x', method: 'creditcard' }))).body;
    expect(made).toMatchObject({ status: 'failed', details: { failureReason: 'card_expired' } });
    expect(at.callbacks.map(({ event }) => event)).toEqual(['payment.failed']);
    expect((await at.say('POST', `/v2/payments/${made.id}/refunds`, { amount: eur('1.00') })).status).toBe(422);
  });

  it('nothing that waits for its customer', async () => {
    at.decline({ code: null });
    expect((await read(await create())).status).toBe('open');
  });
});

describe('seeds', () => {
  it('are read, listed, charged and refunded like what was made here', async () => {
    at.seed('customer', 'cst_old', { name: 'Ada', email: 'ada@example.test' });
    at.seed('mandate', 'mdt_old', { customerId: 'cst_old', method: 'creditcard' });
    at.seed('payment', 'tr_old', { amount: eur('20.00'), amountRefunded: eur('5.00'), customerId: 'cst_old', metadata: { order_id: '7' } });
    expect((await at.say('GET', '/v2/customers/cst_old')).body).toMatchObject({ name: 'Ada', createdAt: '2026-01-01T09:00:00+00:00' });
    expect((await at.say('POST', '/v2/customers/cst_old/payments', order({ sequenceType: 'recurring', redirectUrl: undefined }))).body).toMatchObject({ status: 'paid', mandateId: 'mdt_old' });
    expect((await at.say('POST', '/v2/payments/tr_old/refunds', { amount: eur('15.01') })).status).toBe(422);
    expect((await at.say('POST', '/v2/payments/tr_old/refunds', { amount: eur('15.00') })).status).toBe(201);
    expect((await at.say('GET', '/v2/customers/cst_old/payments')).body.count).toBe(2);
  });

  it.each<[string, string, unknown, string]>([
    ['order', 'ord_1', {}, "Mollie has no 'order' to be seeded; it has customer, payment, mandate"], ['customer', 'Ada', {}, "'Ada' is no id of a Mollie customer"], ['customer', 'cst_1', [], 'the value is an object'],
    ['payment', 'tr_1', { amount: { currency: 'EUR', value: 10 } }, 'amount is an object such as { currency: EUR, value: "10.00" }'], ['payment', 'tr_1', { amount: eur('1.00'), status: 'done' }, "status 'done' is none of open"],
    ['payment', 'tr_1', { amount: eur('1.00'), amountRefunded: eur('1.01') }, 'amountRefunded is more than its amount'], ['payment', 'tr_1', { amount: eur('1.00'), customerId: 'Ada' }, "customerId 'Ada' is no id of a customer"],
    ['payment', 'tr_1', { amount: eur('1.00'), createdAt: 'then' }, 'createdAt is a time'], ['mandate', 'mdt_1', {}, 'customerId is missing'],
  ])('a %s %s of %j is refused: it says what is right', (kind, id, value, why) => {
    expect(() => mollie.seed(kind, id, value)).toThrow(why);
  });
});

it('a customer that nobody told of is made up where ids are adopted', async () => {
  expect((await at.say('GET', '/v2/customers/cst_prod')).status).toBe(404);
  at.adopt();
  expect((await at.say('GET', '/v2/customers/cst_prod')).body).toMatchObject({ id: 'cst_prod', mode: 'test' });
  expect((await at.say('POST', '/v2/customers/cst_prod/payments', order())).body).toMatchObject({ status: 'open', customerId: 'cst_prod' });
  expect((await at.say('PATCH', '/v2/customers/cst_prod', { name: 'Ada' })).body.name).toBe('Ada');
  expect((await at.say('DELETE', '/v2/customers/cst_prod')).status).toBe(204);
  expect((await at.say('GET', '/v2/customers/cst_prod')).status).toBe(410);
});
