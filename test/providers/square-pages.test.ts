import { beforeEach, describe, expect, it } from 'vitest';
import { square } from '../../src/providers/square/index.ts';
import { teller } from '../support/teller.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(square, 'connect.squareupsandbox.com', [['Authorization', 'Bearer EAAA-test']]); });
const told = () => at.callbacks.map(({ event }) => event);
const link = async (more: object = {}) => (await at.say('POST', '/v2/online-checkout/payment-links', {
  quick_pay: { name: 'Mug', price_money: usd(1200), location_id: 'L1' }, checkout_options: { redirect_url: 'https://shop.example.test/thanks' }, pre_populated_data: { buyer_email: 'ada@example.test' }, payment_note: 'Order 1', ...more,
})).body;

describe('a payment link', () => {
  it('shows its order, is paid on its page, told, and leads back with orderId and transactionId', async () => {
    const { payment_link: made, related_resources: { orders: [order] } } = await link();
    expect(made).toMatchObject({ id: expect.stringMatching(/^[A-Z0-9]{16}$/), order_id: order.id, url: `http://127.0.0.1:8025/pay/payment-link/${made.id}`, payment_note: 'Order 1' });
    expect(order).toMatchObject({ state: 'DRAFT', total_money: usd(1200), location_id: 'L1' });
    expect(await at.visit(made.url)).toMatchObject({ amount: { minor: '1200', exponent: 2, currency: 'USD' }, payer: 'ada@example.test', lines: [{ text: 'Mug', amount: { minor: '1200', exponent: 2, currency: 'USD' } }], choices: ['pay', 'decline'], status: null });
    expect(await at.choose(made.url, 'pay')).toMatchObject({ goTo: `https://shop.example.test/thanks?orderId=${order.id}&transactionId=${order.id}` });
    expect(told()).toEqual(['payment.created', 'payment.updated', 'order.updated']);
    expect((await at.say('GET', `/v2/orders/${order.id}`)).body.order).toMatchObject({ state: 'COMPLETED', net_amount_due_money: usd(0) });
    expect((await at.say('GET', '/v2/payments')).body.payments).toMatchObject([{ status: 'COMPLETED', order_id: order.id, total_money: usd(1200), buyer_email_address: 'ada@example.test', note: 'Order 1' }]);
    expect(await at.visit(made.url)).toMatchObject({ choices: [], status: 'The order of this link is completed.', back: expect.stringContaining(`orderId=${order.id}`) });
  });

  it('lets a buyer whose card is declined try again', async () => {
    const { payment_link: made } = await link({ checkout_options: undefined });
    expect(await at.choose(made.url, 'decline')).toMatchObject({ goTo: null, says: 'The card was declined: INSUFFICIENT_FUNDS. The buyer may try another.' });
    expect((await at.say('GET', '/v2/payments')).body.payments[0]).toMatchObject({ status: 'FAILED', card_details: { errors: [{ code: 'INSUFFICIENT_FUNDS' }] } });
    expect(await at.choose(made.url, 'pay')).toMatchObject({ goTo: null, says: expect.stringContaining('no redirect_url') });
    expect(told()).toEqual(['payment.created', 'payment.created', 'payment.updated', 'order.updated']);
  });

  it('of an order sums its lines; is read, listed and taken back', async () => {
    const { payment_link: made } = await link({ quick_pay: undefined, order: { location_id: 'L1', line_items: [{ name: 'Tea', quantity: '2', base_price_money: usd(599) }, { name: 'Cup', quantity: '1', base_price_money: usd(2) }] } });
    expect(await at.visit(made.url)).toMatchObject({ amount: { minor: '1200' }, lines: [{ text: '2 x Tea' }, { text: 'Cup' }] });
    expect((await at.say('GET', `/v2/online-checkout/payment-links/${made.id}`)).body.payment_link).toEqual(made);
    expect((await at.say('GET', '/v2/online-checkout/payment-links')).body.payment_links).toEqual([made]);
    expect((await at.say('DELETE', `/v2/online-checkout/payment-links/${made.id}`)).body).toEqual({ id: made.id, cancelled_order_id: made.order_id });
    expect((await at.say('GET', `/v2/orders/${made.order_id}`)).body.order.state).toBe('CANCELED');
    expect(await at.visit(made.url)).toBeNull();
    expect((await at.say('GET', `/v2/online-checkout/payment-links/${made.id}`)).body.errors[0].code).toBe('NOT_FOUND');
  });

  it.each<[string, object, string, string | undefined]>([
    ['neither', { quick_pay: undefined }, 'BAD_REQUEST', undefined], ['both', { order: { location_id: 'L1' } }, 'BAD_REQUEST', undefined], ['no location', { quick_pay: { name: 'Mug', price_money: usd(1) } }, 'MISSING_REQUIRED_PARAMETER', 'quick_pay.location_id'],
    ['no name', { quick_pay: { price_money: usd(1), location_id: 'L1' } }, 'MISSING_REQUIRED_PARAMETER', 'quick_pay.name'], ['no price', { quick_pay: { name: 'Mug', price_money: usd(0), location_id: 'L1' } }, 'VALUE_TOO_LOW', 'quick_pay.price_money.amount'],
    ['nothing to sell', { quick_pay: undefined, order: { location_id: 'L1' } }, 'MISSING_REQUIRED_PARAMETER', 'order.line_items'], ['what would add to its price', { checkout_options: { shipping_fee: { charge: usd(1) } } }, 'BAD_REQUEST', 'checkout_options.shipping_fee'],
  ])('is refused with %s', async (_what, more, code, at_) => {
    expect((await link(more)).errors[0]).toMatchObject({ code, ...(at_ === undefined ? {} : { field: at_ }) });
    expect((await at.say('GET', '/v2/online-checkout/payment-links')).body).toEqual({});
  });
});

it.each([['INSUFFICIENT_FUNDS', 'INSUFFICIENT_FUNDS'], [null, 'GENERIC_DECLINE'], ['NO_SUCH_CODE', 'GENERIC_DECLINE']])('a bank that declines by rule (%s) fails the payment, and no cash', async (code, said) => {
  at.decline({ code });
  const { status, body } = await at.say('POST', '/v2/payments', { source_id: 'cnon:card-nonce-ok', idempotency_key: 'k', amount_money: usd(1) });
  expect([status, body.errors[0], body.payment.status]).toMatchObject([400, { category: 'PAYMENT_METHOD_ERROR', code: said }, 'FAILED']);
  expect((await at.say('POST', '/v2/payments', { source_id: 'CASH', idempotency_key: 'c', amount_money: usd(1), cash_details: { buyer_supplied_money: usd(1) } })).status).toBe(200);
});

describe('what was there before', () => {
  it('seeds are read, refunded and never beyond', async () => {
    at.seed('customer', 'CUST1', { given_name: 'Ada', email_address: 'ada@example.test' });
    at.seed('payment', 'PAY1', { amount_money: usd(1000), refunded_money: usd(400), order_id: 'ORD1' });
    expect((await at.say('GET', '/v2/customers/CUST1')).body.customer).toMatchObject({ id: 'CUST1', given_name: 'Ada', version: 0 });
    const refund = (amount: number) => at.say('POST', '/v2/refunds', { idempotency_key: `r${amount}`, payment_id: 'PAY1', amount_money: usd(amount) });
    expect([(await refund(601)).body.errors[0].code, (await refund(600)).body.refund]).toMatchObject(['REFUND_AMOUNT_INVALID', { order_id: 'ORD1', amount_money: usd(600) }]);
  });

  it.each<[string, string, unknown, string]>([
    ['order', 'O1', {}, "Square has no 'order' to be seeded; it has customer, payment"], ['customer', 'a/b', {}, "'a/b' is no id"], ['customer', 'C1', 1, 'the value is an object'], ['payment', 'P1', { amount_money: 10 }, 'such as { amount: 1000, currency: USD }'],
    ['payment', 'P1', { amount_money: usd(1), status: 'PAID' }, 'status is one of COMPLETED'], ['payment', 'P1', { amount_money: usd(1), refunded_money: usd(2) }, 'refunded_money is no more'],
  ])('a %s %s of %j is refused: it says what is right', (kind, id, value, why) => {
    expect(() => square.seed(kind, id, value)).toThrow(why);
  });

  it('a customer that nobody told of is made up where ids are adopted', async () => {
    expect((await at.say('GET', '/v2/customers/CUST9')).status).toBe(404);
    at.adopt();
    expect((await at.say('PUT', '/v2/customers/CUST9', { given_name: 'Bob' })).body.customer).toMatchObject({ id: 'CUST9', given_name: 'Bob', version: 1 });
    expect((await at.say('GET', '/v2/customers/CUST9')).body.customer.given_name).toBe('Bob');
  });
});
