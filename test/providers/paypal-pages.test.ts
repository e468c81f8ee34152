import { beforeEach, describe, expect, it } from 'vitest';
import { paypal } from '../../src/providers/paypal/index.ts';
import { teller } from '../support/teller.ts';

const context = { return_url: 'https://shop.example.test/paid?order=1', cancel_url: 'https://shop.example.test/cart' };
const order = (more: object = {}) => ({
  intent: 'CAPTURE', payment_source: { paypal: { email_address: 'ada@example.test', experience_context: context } },
  purchase_units: [{ amount: { currency_code: 'EUR', value: '12.00', breakdown: { item_total: { currency_code: 'EUR', value: '12.00' } } }, items: [{ name: 'Mug', quantity: '3', unit_amount: { currency_code: 'EUR', value: '4.00' } }] }], ...more,
});
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(paypal, 'api-m.sandbox.paypal.com', [['Authorization', 'Bearer A21AAtest']]); });
const create = async (more: object = {}) => {
  const { body } = await at.say('POST', '/v2/checkout/orders', order(more));
  return { id: body.id as string, page: body.links.find(({ rel }: { rel: string }) => rel === 'payer-action' || rel === 'approve').href as string };
};
const capture = (id: string) => at.say('POST', `/v2/checkout/orders/${id}/capture`, {});

describe("PayPal's page", () => {
  it('shows the order: its sum, its payer and what is bought', async () => {
    expect(await at.visit((await create()).page)).toMatchObject({
      amount: { minor: '1200', exponent: 2, currency: 'EUR' }, payer: 'ada@example.test', lines: [{ text: '3 x Mug', amount: { minor: '1200', exponent: 2, currency: 'EUR' } }], choices: ['pay', 'decline', 'cancel'], status: null,
    });
  });

  it.each([['its source', {}], ['application_context', { payment_source: undefined, application_context: context }]])('approves, and sends the payer back to the return_url of %s with token and PayerID', async (_where, more) => {
    const { id, page } = await create(more);
    const { goTo } = (await at.choose(page, 'pay'))!;
    const payer = (await at.say('GET', `/v2/checkout/orders/${id}`)).body.payer.payer_id;
    expect(goTo).toBe(`https://shop.example.test/paid?order=1&token=${id}&PayerID=${payer}`);
    expect(at.callbacks.map(({ event }) => event)).toEqual(['CHECKOUT.ORDER.APPROVED']);
    expect(await at.visit(page)).toMatchObject({ choices: [], status: expect.stringContaining('approved'), back: goTo });
    expect((await capture(id)).body.status).toBe('COMPLETED');
    expect((await at.visit(page))!.status).toBe('This order is completed.');
  });

  it('a bank that declines is heard of at the capture, which leads the payer back here to choose again', async () => {
    const { id, page } = await create();
    expect((await at.choose(page, 'decline'))!.goTo).toContain(`token=${id}&PayerID=`);
    const refused = await capture(id);
    expect([refused.status, refused.body.details[0].issue]).toEqual([422, 'INSTRUMENT_DECLINED']);
    const redirect = refused.body.links.find(({ rel }: { rel: string }) => rel === 'redirect').href;
    expect(await at.visit(redirect)).toMatchObject({ choices: ['pay', 'decline', 'cancel'], status: expect.stringContaining('declines this order') });
    await at.choose(redirect, 'pay');
    expect((await capture(id)).body.status).toBe('COMPLETED');
  });

  it('who cancels goes to the cancel_url with the token alone, and may come again', async () => {
    const { id, page } = await create();
    expect(await at.choose(page, 'cancel')).toMatchObject({ goTo: `https://shop.example.test/cart?token=${id}` });
    expect(at.callbacks).toEqual([]);
    expect((await capture(id)).body.details[0].issue).toBe('ORDER_NOT_APPROVED');
    expect((await at.visit(page))!.choices).toContain('pay');
  });

  it('says so where the call named no address to go back to', async () => {
    expect(await at.choose((await create({ payment_source: undefined })).page, 'pay')).toMatchObject({ goTo: null, says: expect.stringContaining('no return_url') });
  });

  it('completes an order that is completed by its approval', async () => {
    const { id, page } = await create({ processing_instruction: 'ORDER_COMPLETE_ON_PAYMENT_APPROVAL' });
    await at.choose(page, 'pay');
    expect((await at.say('GET', `/v2/checkout/orders/${id}`)).body.status).toBe('COMPLETED');
    expect(at.callbacks.map(({ event }) => event)).toEqual(['CHECKOUT.ORDER.APPROVED', 'PAYMENT.CAPTURE.COMPLETED']);
  });
});

describe('a bank that declines by rule', () => {
  it('refuses the capture of what was approved, a card at once, and an authorization, in the issue that the rule names', async () => {
    const { id, page } = await create();
    await at.choose(page, 'pay');
    const card = { intent: 'AUTHORIZE', payment_source: { card: { vault_id: 'v1' } } };
    const held = (await at.say('POST', '/v2/checkout/orders', order(card), [['Prefer', 'return=representation']])).body.purchase_units[0].payments.authorizations[0].id;
    at.decline({ code: 'PAYER_CANNOT_PAY' });
    for (const path of [`/v2/checkout/orders/${id}/capture`, `/v2/payments/authorizations/${held}/capture`]) expect((await at.say('POST', path, {})).body.details[0].issue).toBe('PAYER_CANNOT_PAY');
    expect((await at.say('POST', '/v2/checkout/orders', order(card))).body.details[0].issue).toBe('PAYER_CANNOT_PAY');
    at.decline({ code: null });
    expect((await capture(id)).body.details[0].issue).toBe('INSTRUMENT_DECLINED');
    at.decline(null);
    expect((await capture(id)).body.status).toBe('COMPLETED');
  });
});

describe('seeds', () => {
  it('a capture of before is refunded, never beyond it, and an order is read and captured', async () => {
    at.seed('capture', 'CAP1', { amount: { currency_code: 'EUR', value: '10.00' }, invoice_id: 'R-1' });
    expect((await at.say('POST', '/v2/payments/captures/CAP1/refund', { amount: { currency_code: 'EUR', value: '10.01' } })).body.details[0].issue).toBe('REFUND_AMOUNT_EXCEEDED');
    expect((await at.say('POST', '/v2/payments/captures/CAP1/refund', {}, [['Prefer', 'return=representation']])).body).toMatchObject({ amount: { value: '10.00' }, invoice_id: 'R-1' });
    at.seed('order', 'ORD1', { status: 'APPROVED', purchase_units: [{ amount: { currency_code: 'EUR', value: '5.00' } }] });
    expect((await capture('ORD1')).body.status).toBe('COMPLETED');
    at.seed('authorization', 'AUT1', { amount: { currency_code: 'JPY', value: '500' } });
    expect((await at.say('POST', '/v2/payments/authorizations/AUT1/capture', {})).body.status).toBe('COMPLETED');
  });

  it.each<[string, string, unknown, string]>([
    ['dispute', 'D1', {}, "PayPal has no 'dispute' to be seeded; it has order, capture, authorization"], ['capture', 'a/b', {}, "'a/b' is no id"], ['capture', 'C1', {}, 'amount is an object such as { currency_code: EUR, value: "10.00" }'],
    ['capture', 'C1', { amount: { currency_code: 'EUR', value: '1.00' }, status: 'GONE' }, "status 'GONE' is none of COMPLETED"], ['authorization', 'A1', { amount: { currency_code: 'EUR', value: '1.00' }, status: 'PARTIALLY_CAPTURED' }, 'seed it as CREATED'],
    ['order', 'O1', {}, '/purchase_units A required field / parameter is missing.'], ['order', 'O1', null, 'the value is an object'],
  ])('a %s %s of %j is refused: it says what is right', (kind, id, value, why) => {
    expect(() => paypal.seed(kind, id, value)).toThrow(why);
  });
});
