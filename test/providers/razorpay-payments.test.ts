import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { razorpay } from '../../src/providers/razorpay/index.ts';
import type { Spoken } from '../support/teller.ts';
import { teller } from '../support/teller.ts';

const secret = 'not a real secret';
const basic = (user: string) => [['Authorization', `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`]] as const;
const hmac = (text: string) => createHmac('sha256', secret).update(text).digest('hex');
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(razorpay, 'api.razorpay.com', basic('rzp_test_FAKE')); });
const events = () => at.callbacks.map(({ event }) => event);
const order = (more: object = {}) => at.say('POST', '/v1/orders', { amount: 50_000, currency: 'INR', receipt: 'A-1', ...more });
const link = (more: object = {}) => at.say('POST', '/v1/payment_links', { amount: 50_000, currency: 'INR', reference_id: 'R-1', callback_url: 'https://shop.example.test/paid?a=b', callback_method: 'get', customer: { email: 'ann@example.test', contact: '+15005550006' }, ...more });
const read = async (target: string) => (await at.say('GET', target)).body;
const pageOf = (made: Spoken) => made.reply.headers.find(([name]) => name === 'X-Fourthwall-Page')![1];
const newest = async () => (await read('/v1/payments')).items[0];
const paidOrder = async (more: object = {}) => {
  const made = await order(more);
  await at.happen('payment.captured', made);
  return { made, payment: await newest() };
};

describe('an order', () => {
  it('is paid on the page that is told beside it, with a proof made from the secret of its own call', async () => {
    const made = await order({ payment_capture: 1 });
    expect(await at.visit(pageOf(made))).toMatchObject({ amount: { minor: '50000', currency: 'INR' }, choices: ['pay', 'decline'], status: null });
    const chosen = await at.choose(pageOf(made), 'pay');
    const payment = await newest();
    expect(chosen).toMatchObject({ goTo: null, says: expect.stringContaining(`razorpay_signature=${hmac(`${made.body.id}|${payment.id}`)}`) });
    expect(payment).toMatchObject({ status: 'captured', amount: 50_000, order_id: made.body.id });
    expect(await read(`/v1/orders/${made.body.id}`)).toMatchObject({ status: 'paid', amount_paid: 50_000, amount_due: 0, attempts: 1 });
    expect(events()).toEqual(['payment.authorized', 'payment.captured', 'order.paid']);
    expect(await at.visit(pageOf(made))).toMatchObject({ choices: [], status: 'This order is paid.' });
    expect(JSON.stringify(at.callbacks)).not.toContain(secret);
  });

  it('waits for the capture where it does not ask for one, of exactly what was authorized, once', async () => {
    const made = await order();
    await at.happen('payment.authorized', made);
    const { id } = await newest();
    expect((await read(`/v1/orders/${made.body.id}`)).status).toBe('attempted');
    expect((await at.say('POST', `/v1/payments/${id}/refund`, {})).body.error.description).toContain('captured');
    expect((await at.say('POST', `/v1/payments/${id}/capture`, { amount: 49_999, currency: 'INR' })).body.error.description).toBe('Capture amount must be equal to the amount authorized');
    expect((await at.say('POST', `/v1/payments/${id}/capture`, { amount: 50_000, currency: 'USD' })).status).toBe(400);
    expect((await at.say('POST', `/v1/payments/${id}/capture`, { amount: 50_000, currency: 'INR' })).body).toMatchObject({ status: 'captured', captured: true });
    expect((await at.say('POST', `/v1/payments/${id}/capture`, { amount: 50_000, currency: 'INR' })).body.error.description).toBe('This payment has already been captured');
    expect((await read(`/v1/orders/${made.body.id}/payments`)).items).toHaveLength(1);
    expect((await at.happen('payment.captured', made))).toEqual([]);
  });

  it('survives a payment that fails, for the reason that is said', async () => {
    const made = await order();
    await at.happen('payment.failed', made, { detail: 'insufficient_funds' });
    expect(await newest()).toMatchObject({ status: 'failed', error_reason: 'insufficient_funds', error_source: 'customer' });
    await at.choose(pageOf(made), 'decline');
    await at.choose(pageOf(made), 'pay');
    expect(await at.visit(pageOf(made))).toMatchObject({ choices: [], status: 'This order is authorized, and waits for the capture.' });
    expect(await read(`/v1/orders/${made.body.id}`)).toMatchObject({ attempts: 3, status: 'attempted' });
    expect(new Set((await read('/v1/payments')).items.map(({ id }: { id: string }) => id)).size).toBe(3);
  });

  it.each<[string, object, string]>([
    ['less than a rupee', { amount: 99 }, 'Order amount less than minimum amount allowed'], ['nothing said', { amount: undefined }, 'amount: is required.'], ['a fraction', { amount: 100.5 }, 'The amount must be an integer.'],
    ['more than is exact', { amount: 10 ** 15 }, 'Amount exceeds maximum amount allowed.'],
  ])('is refused with %s', async (_, more, description) => {
    expect((await order(more)).body.error).toMatchObject({ code: 'BAD_REQUEST_ERROR', description, field: 'amount' });
  });

  it('has a currency without decimals', async () => {
    const made = await order({ currency: 'JPY' });
    expect(await at.visit(pageOf(made))).toMatchObject({ amount: { minor: '50000', exponent: 0, currency: 'JPY' } });
  });

  it('is listed by its receipt, page by page and by time', async () => {
    for (const receipt of ['A-1', 'A-2', 'A-2']) await order({ receipt });
    expect((await read('/v1/orders?receipt=A-2')).count).toBe(2);
    expect((await read('/v1/orders?count=1&skip=2')).items[0].receipt).toBe('A-1');
    expect((await read('/v1/orders?to=1')).count).toBe(0);
    expect((await at.say('GET', '/v1/orders?surprise=1')).body.error.description).toBe('surprise is/are not required and should not be sent');
  });
});

describe('a payment link', () => {
  it('brings the payer back with a proof that fits, and is paid', async () => {
    const made = await link();
    const chosen = await at.choose(made.body.short_url, 'pay');
    const after = await read(`/v1/payment_links/${made.body.id}`);
    const { payment_id: payment } = after.payments[0];
    expect(after).toMatchObject({ status: 'paid', amount_paid: 50_000 });
    expect(chosen!.goTo).toBe(`https://shop.example.test/paid?a=b&razorpay_payment_id=${payment}&razorpay_payment_link_id=${made.body.id}&razorpay_payment_link_reference_id=R-1&razorpay_payment_link_status=paid&razorpay_signature=${hmac(`${made.body.id}|R-1|paid|${payment}`)}`);
    expect(await at.visit(made.body.short_url)).toMatchObject({ choices: [], back: chosen!.goTo });
    expect(events()).toEqual(['payment.authorized', 'payment.captured', 'order.paid', 'payment_link.paid']);
    expect(JSON.parse(at.callbacks[3]!.body)).toMatchObject({ entity: 'event', contains: ['payment', 'order', 'payment_link'], payload: { payment_link: { entity: { id: made.body.id, status: 'paid' } } } });
    expect((await at.say('POST', `/v1/payment_links/${made.body.id}/cancel`)).status).toBe(400);
  });

  it('proves its new reference after a change', async () => {
    const made = await link();
    await at.say('PATCH', `/v1/payment_links/${made.body.id}`, { reference_id: 'R-2' });
    const url = new URL((await at.choose(made.body.short_url, 'pay'))!.goTo!);
    expect(url.searchParams.get('razorpay_signature')).toBe(hmac(`${made.body.id}|R-2|paid|${url.searchParams.get('razorpay_payment_id')}`));
  });

  it('stays open after a decline, and is over when it is cancelled or expired', async () => {
    const [one, two] = [await link(), await link({ expire_by: 1 })];
    expect(await at.choose(one.body.short_url, 'decline')).toMatchObject({ goTo: null, says: expect.stringContaining('payment_failed') });
    expect((await at.visit(one.body.short_url))!.choices).toEqual(['pay', 'decline']);
    expect(await at.visit(two.body.short_url)).toMatchObject({ choices: [], status: 'This payment link is expired.' });
    await at.say('POST', `/v1/payment_links/${one.body.id}/cancel`);
    expect(await at.visit(one.body.short_url)).toMatchObject({ choices: [], status: 'This payment link is cancelled.' });
    await at.happen('payment_link.expired', two);
    expect(events()).toEqual(['payment.failed', 'payment_link.cancelled', 'payment_link.expired']);
  });

  it('is told to whom it was made for when it is sent again', async () => {
    const made = await link();
    const sent = await at.say('POST', `/v1/payment_links/${made.body.id}/notify_by/sms`);
    expect(sent.body).toEqual({ success: true });
    expect(await at.recalled(sent.request)).toMatchObject({ effects: [{ recipients: [{ address: made.body.id, kind: 'audience' }, { address: '+15005550006' }, { address: 'ann@example.test' }], amount: { minor: '50000' } }] });
  });
});

describe('a payment from the application\'s own server', () => {
  const charge = { email: 'ann@example.test', contact: '9000090000', amount: 50_000, currency: 'INR' };

  it('leads a card to the bank\'s page, and back with proof or fault; the number is nowhere', async () => {
    const made = await order({ payment_capture: true });
    const say = () => at.say('POST', '/v1/payments/create/json', { ...charge, order_id: made.body.id, method: 'card', card: { number: '4111111111111111', cvv: 100 }, callback_url: 'https://shop.example.test/back' });
    const first = await say();
    const failed = new URL((await at.choose(first.body.next[0].url, 'fail-authentication'))!.goTo!);
    expect(failed.searchParams.get('error[reason]')).toBe('authentication_failed');
    expect(await at.visit(first.body.next[0].url)).toMatchObject({ choices: [], back: failed.href });
    const second = await say();
    // no proof before it is paid
    expect(await at.visit(second.body.next[0].url)).toMatchObject({ back: null });
    const paid = new URL((await at.choose(second.body.next[0].url, 'pay-authenticated'))!.goTo!);
    expect(await at.visit(second.body.next[0].url)).toMatchObject({ choices: [], back: paid.href });
    expect(paid.searchParams.get('razorpay_signature')).toBe(hmac(`${made.body.id}|${paid.searchParams.get('razorpay_payment_id')}`));
    expect(JSON.stringify([await read('/v1/payments'), at.callbacks])).not.toContain('411111');
    expect((await say()).body.error.description).toContain('already paid');
  });

  it('is one of an order: what was begun beside it fails on its page', async () => {
    const made = await order({ payment_capture: true });
    const begin = () => at.say('POST', '/v1/payments/create/json', { ...charge, order_id: made.body.id, method: 'card', card: { number: '4111111111111111', cvv: 100 }, callback_url: 'https://shop.example.test/back' });
    const [first, second, third] = [await begin(), await begin(), await begin()];
    const nowhere = await at.say('POST', '/v1/payments/create/json', { ...charge, order_id: made.body.id, method: 'netbanking', bank: 'HDFC' });
    await at.choose(first.body.next[0].url, 'pay-authenticated');
    const late = await at.visit(second.body.next[0].url);
    expect(late).toMatchObject({ choices: [], status: 'This payment is too late: its order is already paid.', back: expect.stringContaining('error%5Bcode%5D') });
    expect(late!.back).not.toContain('razorpay_signature');
    expect((await at.visit(first.body.next[0].url))!.back).toContain('razorpay_signature');
    const back = new URL((await at.choose(second.body.next[0].url, 'pay-authenticated'))!.goTo!);
    expect([back.searchParams.get('error[description]'), back.searchParams.get('razorpay_signature')]).toEqual(['Your payment has been declined as the order is already paid', null]);
    expect(await at.choose(nowhere.body.next[0].url, 'pay-authenticated')).toMatchObject({ goTo: null, says: 'Your payment has been declined as the order is already paid' });
    await at.happen('payment.captured', third);
    for (const { body } of [second, nowhere, third]) expect(await read(`/v1/payments/${body.razorpay_payment_id}`)).toMatchObject({ status: 'failed', captured: false });
    expect(await read(`/v1/orders/${made.body.id}`)).toMatchObject({ status: 'paid', amount_paid: 50_000, amount_due: 0, attempts: 4 });
    expect(events()).toEqual(['payment.authorized', 'payment.captured', 'order.paid', 'payment.failed', 'payment.failed', 'payment.failed']);
  });

  it('is captured for an order that is not paid, and no other', async () => {
    const made = await order();
    const recurring = () => at.say('POST', '/v1/payments/create/recurring', { ...charge, order_id: made.body.id, customer_id: 'cust_1', token: 'token_1' });
    const [first, second] = [await recurring(), await recurring()];
    const capture = ({ body }: Spoken) => at.say('POST', `/v1/payments/${body.razorpay_payment_id}/capture`, { amount: 50_000, currency: 'INR' });
    expect((await capture(first)).body.status).toBe('captured');
    expect(await capture(second)).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST_ERROR', description: 'Your payment has been declined as the order is already paid' } } });
    expect(await at.happen('payment.captured', second)).toEqual([]);
    expect((await read(`/v1/payments/${second.body.razorpay_payment_id}`)).status).toBe('authorized');
    expect(await read(`/v1/orders/${made.body.id}`)).toMatchObject({ status: 'paid', amount_paid: 50_000 });
  });

  it.each([['success@razorpay', 'captured'], ['failure@razorpay', 'failed'], ['ann@upi', 'created']])('by UPI of %s is %s', async (vpa, status) => {
    const made = await order({ payment_capture: '1' });
    const { body } = await at.say('POST', '/v1/payments/create/upi', { ...charge, order_id: made.body.id, vpa });
    expect(await read(`/v1/payments/${body.razorpay_payment_id}`)).toMatchObject({ status, method: 'upi', vpa });
  });

  it('is of the order\'s amount', async () => {
    const made = await order();
    expect((await at.say('POST', '/v1/payments/create/recurring', { ...charge, amount: 49_999, order_id: made.body.id, customer_id: 'cust_1', token: 'token_1' })).body.error.field).toBe('amount');
    expect((await at.say('POST', '/v1/payments/create/recurring', { ...charge, order_id: 'order_nobody', customer_id: 'cust_1', token: 'token_1' })).body.error.description).toBe('The id provided does not exist');
  });
});

describe('the payer\'s bank declines by a rule', () => {
  it('on every call that takes money, in Razorpay\'s words, and the failed payment stays', async () => {
    const [made, other] = [await order({ payment_capture: 1 }), await order()];
    await at.happen('payment.authorized', other);
    at.decline({ code: 'insufficient_funds' });
    const charge = { amount: 50_000, currency: 'INR', order_id: made.body.id, customer_id: 'cust_1', token: 'token_1', email: 'ann@example.test', contact: '9000090000' };
    for (const call of ['recurring', 'json']) {
      const { status, body } = await at.say('POST', `/v1/payments/create/${call}`, charge);
      expect([status, body.error.reason]).toEqual([400, 'insufficient_funds']);
      expect(await read(`/v1/payments/${body.error.metadata.payment_id}`)).toMatchObject({ status: 'failed', error_reason: 'insufficient_funds' });
    }
    const { body } = await at.say('POST', '/v1/payments/create/upi', { ...charge, vpa: 'success@razorpay' });
    expect((await read(`/v1/payments/${body.razorpay_payment_id}`)).status).toBe('failed');
    const { id } = (await read(`/v1/orders/${other.body.id}/payments`)).items[0];
    expect((await at.say('POST', `/v1/payments/${id}/capture`, { amount: 50_000, currency: 'INR' })).body.error).toMatchObject({ reason: 'insufficient_funds', step: 'payment_capture' });
    expect((await read(`/v1/payments/${id}`)).status).toBe('authorized');
    expect(events().filter((event) => event === 'payment.failed')).toHaveLength(3);
    expect(razorpay.declines).toContain('insufficient_funds');
  });
});

describe('a refund', () => {
  it('never exceeds what is left, and may come back', async () => {
    const { payment: { id } } = await paidOrder();
    const refund = (body: object) => at.say('POST', `/v1/payments/${id}/refund`, body);
    const first = await refund({ amount: '20000' });
    expect(first.body).toMatchObject({ amount: 20_000, status: 'processed', payment_id: id });
    expect((await refund({ amount: 30_001 })).body.error.description).toBe('The total refund amount is greater than the refund payment amount');
    expect((await refund({})).body.amount).toBe(30_000);
    expect(await read(`/v1/payments/${id}`)).toMatchObject({ status: 'refunded', refund_status: 'full', amount_refunded: 50_000 });
    expect((await refund({})).body.error.description).toBe('The payment has been fully refunded already');
    await at.happen('refund.failed', first);
    expect(await at.happen('refund.failed', first)).toEqual([]);
    expect(await read(`/v1/payments/${id}`)).toMatchObject({ status: 'captured', refund_status: 'partial', amount_refunded: 30_000 });
    expect(events().slice(3)).toEqual(['refund.created', 'refund.processed', 'refund.created', 'refund.processed', 'refund.failed']);
    expect((await read(`/v1/refunds?payment_id=${id}`)).count).toBe(2);
    expect((await at.say('GET', `/v1/payments/pay_other/refunds/${first.body.id}`)).status).toBe(400);
  });

  it('is one for one idempotency key', async () => {
    const { payment: { id } } = await paidOrder();
    const refund = (amount: number) => at.say('POST', `/v1/payments/${id}/refund`, { amount }, [['X-Refund-Idempotency', 'k']]);
    // what was refused is not kept
    expect((await refund(50_001)).status).toBe(400);
    const first = await refund(100);
    expect((await refund(100)).body.id).toBe(first.body.id);
    expect((await refund(200)).status).toBe(400);
    expect((await read(`/v1/payments/${id}`)).amount_refunded).toBe(100);
  });

  it('without an amount is known to be of the whole rest, and of whom', async () => {
    const { payment: { id } } = await paidOrder({ customer_details: { email: 'ann@example.test' } });
    const refund = await at.say('POST', `/v1/payments/${id}/refund`, { amount: 100 });
    expect(await at.recalled(refund.request)).toMatchObject({ effects: [{ amount: { minor: '100', currency: 'INR' }, recipients: [{ address: 'ann@example.test', kind: 'email' }], method: 'card' }] });
    const rest = await at.say('POST', '/v1/refunds', { payment_id: id, notes: { a: 'b' } });
    expect(rest.body).toMatchObject({ amount: 49_900, notes: { a: 'b' } });
  });
});

describe('what else there is', () => {
  it('a customer is made once, unless the old one is wanted', async () => {
    const ann = { name: 'Ann', email: 'ann@example.test' };
    const first = await at.say('POST', '/v1/customers', ann);
    expect((await at.say('POST', '/v1/customers', ann)).body.error.description).toBe('Customer already exists for the merchant');
    expect((await at.say('POST', '/v1/customers', { ...ann, fail_existing: '0' })).body.id).toBe(first.body.id);
    expect((await at.say('POST', '/v1/customers', { ...ann, contact: '9000090000' })).status).toBe(200);
  });

  it('seeds are completed, found and refunded; what cannot be is said', async () => {
    at.seed('payment', 'pay_prod1', { amount: 12_345, email: 'ann@example.test' });
    at.seed('order', 'order_prod1', { amount: 100, receipt: 'A-9' });
    at.seed('customer', 'cust_prod1', { email: 'bob@example.test' });
    expect((await at.say('POST', '/v1/payments/pay_prod1/refund', { amount: 12_345 })).body.amount).toBe(12_345);
    const found = await at.say('GET', '/v1/orders/order_prod1');
    expect((await read('/v1/orders?receipt=A-9')).items).toEqual([found.body]);
    at.seed('payment', 'pay_prod9', { amount: 1 });
    await at.happen('payment.authorized', found);
    await at.happen('payment.captured', found);
    expect((await read('/v1/orders/order_prod1'))).toMatchObject({ amount_due: 0, status: 'paid' });
    expect((await at.say('POST', '/v1/customers', { email: 'bob@example.test' })).status).toBe(400);
    for (const kind of ['payment_link', 'refund']) expect(razorpay.seed(kind, kind === 'refund' ? 'rfnd_1' : 'plink_1', { amount: 1, payment_id: 'pay_1' }).value).toHaveProperty('view.amount', 1);
    for (const [kind, id, value, why] of [
      ['invoice', 'inv_1', {}, 'it has order'], ['order', 'pay_1', { amount: 1 }, "'order_'"], ['order', 'order_1', { amount: 1.5 }, 'whole number'], ['order', 'order_1', [], 'object'],
      ['payment', 'pay_1', { amount: 1, status: 'done' }, 'captured'], ['payment', 'pay_1', { amount: 1, currency: 'rupees' }, 'three letters'], ['refund', 'rfnd_1', { amount: 1 }, 'payment_id'],
    ] as const) expect(() => razorpay.seed(kind, id, value)).toThrow(why);
  });

  it('the same proofs are kept apart from the secret, and none is made for an OAuth token', async () => {
    const other = teller(razorpay, 'api.razorpay.com', [['Authorization', 'Bearer oauth']]);
    const made = await other.say('POST', '/v1/payment_links', { amount: 100, currency: 'INR', callback_url: 'https://shop.example.test/' });
    expect((await other.choose(made.body.short_url, 'pay'))!.goTo).not.toContain('razorpay_signature');
    expect(razorpay.decode(made.request)).toMatchObject({ effects: [{ liveness: 'unknown' }] });
  });

  it('a dispute is told of a payment that was captured', async () => {
    const { made, payment } = await paidOrder();
    expect(await at.happen('payment.dispute.created', made)).toEqual([]);
    const spoken = await at.say('GET', `/v1/payments/${payment.id}`);
    const [told] = await at.happen('payment.dispute.created', spoken, { detail: 'chargeback_fraud' });
    expect(JSON.parse(told!.body)).toMatchObject({ contains: ['payment', 'dispute'], payload: { dispute: { entity: { payment_id: payment.id, amount: 50_000, reason_code: 'chargeback_fraud' } } } });
  });

  it('nothing is answered without a credential', async () => {
    const nobody = teller(razorpay, 'api.razorpay.com', []);
    expect((await nobody.say('GET', '/v1/orders')).body.error.description).toBe('Authentication failed');
  });

  it.each([['live', 'rzp_live_FAKE'], ['test', 'rzp_test_FAKE'], ['unknown', 'somebody']])('a key is %s by its prefix', async (liveness, user) => {
    const { request } = await teller(razorpay, 'api.razorpay.com', basic(user)).say('POST', '/v1/orders', { amount: 100, currency: 'INR' });
    expect(razorpay.decode(request)).toMatchObject({ effects: [{ liveness }] });
  });
});
