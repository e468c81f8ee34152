import { beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { checkout } from '../../src/providers/checkout/index.ts';
import { memory } from '../support/simulation-context.ts';
import { teller } from '../support/teller.ts';

const sandboxKey = ['Authorization', `Bearer sk_sbox_${'a'.repeat(27)}`] as const;
/** as the previous platform has them, put together so that none stands here whole */
const previousKey = (kind: string) => `${kind}_00000000-${['0000', '4000', '8000', '0'.repeat(12)].join('-')}`;
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(checkout, 'api.sandbox.checkout.com', [sandboxKey]); });
const events = () => at.callbacks.map(({ event }) => event);
const card = (number: string, more: object = {}) => ({ type: 'card', number, expiry_month: 12, expiry_year: 2030, ...more });
const pay = (more: object = {}, headers: HttpRequest['headers'] = []) => at.say('POST', '/payments', { source: card('4242424242424242'), amount: 1000, currency: 'EUR', reference: 'ORD-1', ...more }, headers);
const read = async (target: string) => (await at.say('GET', target)).body;
const status = async (id: string) => (await read(`/payments/${id}`)).status;
const urls = { success_url: 'https://shop.example.test/ok?a=b', failure_url: 'https://shop.example.test/no', cancel_url: 'https://shop.example.test/cart' };

describe('a payment', () => {
  it('is answered as authorized, and captured', async () => {
    const made = await pay({ metadata: { order: 'A-1' } });
    expect(made).toMatchObject({ status: 201, body: { approved: true, status: 'Authorized', response_code: '10000', _links: { capture: { href: expect.stringMatching(/^https:\/\/api\.sandbox\.checkout\.com\/payments\/pay_[a-z2-7]{26}\/captures$/) } } } });
    expect(await read(`/payments/${made.body.id}`)).toMatchObject({ status: 'Captured', metadata: { order: 'A-1' }, balances: { total_authorized: 1000, available_to_capture: 0, total_captured: 1000, available_to_refund: 1000 } });
    expect(events()).toEqual(['payment_approved', 'payment_captured']);
    expect(JSON.parse(at.callbacks[1]!.body)).toMatchObject({ type: 'payment_captured', data: { id: made.body.id, amount: 1000, currency: 'EUR', reference: 'ORD-1', metadata: { order: 'A-1' }, response_code: '10000', balances: { total_captured: 1000 } } });
  });

  it('of nothing looks at the card alone', async () => {
    expect((await pay({ amount: 0 })).body.status).toBe('Card Verified');
    expect((await pay({ amount: undefined, source: card('4544249167673670') })).body).toMatchObject({ status: 'Declined', response_code: '20051' });
    expect(events()).toEqual(['card_verified', 'card_verification_declined']);
  });

  it.each<[string, object, string]>([
    ['a test card', { source: card('4544249167673670') }, '20051'], ['another test card', { source: card('4658620059821613') }, '30041'], ['the card of amounts', { amount: 101 }, '20051'], ['an expired card', { source: card('4242424242424242', { expiry_year: 20 }) }, '20054'],
  ])('is declined for %s, which is no error', async (_, more, code) => {
    const { status: answered, body } = await pay(more);
    expect([answered, body.approved, body.status, body.response_code]).toEqual([201, false, 'Declined', code]);
    expect(events()).toEqual(['payment_declined']);
    expect((await at.say('POST', `/payments/${body.id}/captures`)).status).toBe(403);
  });

  it.each<[number, string, string]>([[12_305, 'EUR', '20005'], [12_351, 'EUR', '20051'], [1333, 'EUR', '30033'], [4001, 'EUR', '40101'], [1205, 'EUR', '10000'], [12_305, 'JPY', '10000'], [12_300, 'EUR', '10000']])('of %d %s on the previous sandbox answers %s', async (amount, currency, code) => {
    at = teller(checkout, 'api.sandbox.checkout.com', [['Authorization', previousKey('sk_test')]]);
    expect((await pay({ amount, currency })).body.response_code).toBe(code);
  });

  it('of such an amount is approved elsewhere', async () => {
    expect((await pay({ amount: 12_305 })).body.approved).toBe(true);
  });

  it.each<[string, object, string]>([
    ['no source', { source: undefined }, 'payment_source_required'], ['no currency', { currency: undefined }, 'currency_required'], ['small letters', { currency: 'eur' }, 'currency_invalid'], ['a fraction', { amount: 1.5 }, 'amount_invalid'],
    ['less than nothing', { amount: -1 }, 'amount_invalid'], ['half a number', { source: card('4242') }, 'card_number_invalid'], ['a month of no year', { source: card('4242424242424242', { expiry_month: 13 }) }, 'card_expiry_month_invalid'],
    ['no token', { source: { type: 'token' } }, 'token_required'], ['an unknown source', { source: { type: 'id', id: 'src_nobody' } }, 'payment_source_invalid'], ['an unknown customer', { customer: { id: 'cus_nobody' } }, 'customer_id_invalid'],
    ['a bad address', { customer: { email: 'ada' } }, 'customer_email_invalid'],
  ])('is refused with %s', async (_, more, code) => {
    expect(await pay(more)).toMatchObject({ status: 422, body: { error_type: 'request_invalid', error_codes: [code] } });
  });

  it('is made once for one Cko-Idempotency-Key, for a day', async () => {
    const key = [['Cko-Idempotency-Key', 'k']] as const;
    const first = await pay({}, key);
    expect((await pay({}, key)).body.id).toBe(first.body.id);
    expect((await pay({ amount: 1.5 }, [['Cko-Idempotency-Key', 'other']])).status).toBe(422);
    expect((await pay({}, [['Cko-Idempotency-Key', 'other']])).status).toBe(201);
    at.pass(24 * 3600_000);
    expect((await pay({}, key)).body.id).not.toBe(first.body.id);
  });

  it('keeps its card for the next one, and its number nowhere', async () => {
    const first = await pay({ customer: { email: 'Ada@example.test' } });
    const again = await pay({ source: { type: 'id', id: first.body.source.id } });
    expect(again.body.source.last4).toBe('4242');
    expect((await pay({ source: { type: 'customer', id: first.body.customer.id }, customer: { email: 'ada@example.test' } })).body.customer.id).toBe(first.body.customer.id);
    expect(JSON.stringify([first.body, again.body, at.callbacks, await read(`/payments/${first.body.id}`)])).not.toContain('4242424242424242');
  });

  it('is not found by nobody\'s id', async () => {
    expect(await at.say('GET', '/payments/pay_nobody')).toMatchObject({ status: 404, body: null });
    expect((await at.say('GET', '/payments?reference=x')).body).toMatchObject({ total_count: 0, data: [] });
    expect((await at.say('GET', '/payments?surprise=x')).status).toBe(422);
  });
});

describe('with 3-D Secure', () => {
  const begin = (more: object = {}) => pay({ '3ds': { enabled: true }, ...urls, ...more });
  const page = (made: Awaited<ReturnType<typeof begin>>) => made.body._links.redirect.href as string;

  it('waits for the payer, who comes back with the visit\'s number', async () => {
    const made = await begin();
    expect(made).toMatchObject({ status: 202, body: { status: 'Pending', '3ds': { enrolled: 'Y' } } });
    expect(await at.visit(page(made))).toMatchObject({ amount: { minor: '1000', currency: 'EUR' }, choices: ['pay-authenticated', 'fail-authentication', 'decline', 'cancel'] });
    const back = new URL((await at.choose(page(made), 'pay-authenticated'))!.goTo!);
    expect([back.origin + back.pathname, back.searchParams.get('a')]).toEqual(['https://shop.example.test/ok', 'b']);
    expect(await read(`/payments/${back.searchParams.get('cko-session-id')}`)).toMatchObject({ id: made.body.id, status: 'Captured', '3ds': { authentication_response: 'Y' } });
    expect(events()).toEqual(['payment_pending', 'payment_approved', 'payment_captured']);
    expect(await at.visit(page(made))).toMatchObject({ choices: [], status: 'It is Captured.', back: back.href });
  });

  it.each([['fail-authentication', 'Declined', 'payment_declined'], ['decline', 'Declined', 'payment_declined'], ['cancel', 'Canceled', 'payment_canceled']] as const)('fails by %s', async (choice, state, event) => {
    const made = await begin();
    const { goTo } = (await at.choose(page(made), choice))!;
    expect(goTo).toMatch(/^https:\/\/shop\.example\.test\/no\?cko-session-id=sid_/);
    expect(await at.visit(page(made))).toMatchObject({ choices: [], back: goTo });
    expect([await status(made.body.id), events().at(-1)]).toEqual([state, event]);
  });

  it('is declined afterwards where the card is, or a rule says so', async () => {
    const made = await begin({ source: card('4544249167673670') });
    at.decline({ code: '20059' });
    const ruled = await begin();
    for (const [each, code] of [[made, '20051'], [ruled, '20059']] as const) {
      expect((await at.choose(page(each), 'pay-authenticated'))!.goTo).toContain('/no?');
      expect((await read(`/payments/${each.body.id}/actions`))[0].response_code).toBe(code);
    }
  });

  it('and other payers elsewhere: an iDEAL payment', async () => {
    const made = await pay({ source: { type: 'ideal' } });
    expect((await at.visit(page(made)))!.choices).toEqual(['pay', 'decline', 'cancel']);
    expect(await at.choose(page(made), 'pay')).toMatchObject({ goTo: null, says: expect.stringContaining('no success_url') });
    expect(await status(made.body.id)).toBe('Captured');
    const late = await pay({ source: { type: 'ideal' } });
    await at.happen('payment_expired', late);
    expect(await status(late.body.id)).toBe('Expired');
  });
});

describe('an authorized payment', () => {
  const held = async (more: object = {}) => (await pay({ capture: false, ...more })).body.id as string;

  it('is captured in parts until the last of them, and no further', async () => {
    const id = await held();
    expect((await at.say('POST', `/payments/${id}/captures`, { amount: 1001 })).body.error_codes).toEqual(['capture_value_greater_than_authorized']);
    expect((await at.say('POST', `/payments/${id}/captures`, { amount: 400, capture_type: 'NonFinal', reference: 'C-1' })).body).toMatchObject({ reference: 'C-1', _links: { payment: { href: `https://api.sandbox.checkout.com/payments/${id}` } } });
    expect(await status(id)).toBe('Partially Captured');
    expect((await at.say('POST', `/payments/${id}/voids`)).status).toBe(403);
    await at.say('POST', `/payments/${id}/captures`, { amount: 500 });
    expect((await at.say('POST', `/payments/${id}/captures`)).status).toBe(403);
    expect(await read(`/payments/${id}`)).toMatchObject({ status: 'Partially Captured', balances: { total_captured: 900, available_to_capture: 0 } });
  });

  it('is voided once, captured late, or expires', async () => {
    const [voided, late, old] = [await held(), await pay({ capture: false }), await pay({ capture_on: '2030-01-01T00:00:00Z' })];
    expect((await at.say('POST', `/payments/${voided}/voids`)).status).toBe(202);
    expect((await at.say('POST', `/payments/${voided}/voids`)).status).toBe(403);
    await at.happen('payment_captured', late);
    await at.happen('payment_expired', old);
    expect([await status(voided), await status(late.body.id), await status(old.body.id)]).toEqual(['Voided', 'Captured', 'Expired']);
    expect(await at.happen('payment_captured', late)).toEqual([]);
  });

  it('is refunded up to what was captured, and the bank may not take it', async () => {
    const id = await held();
    expect((await at.say('POST', `/payments/${id}/refunds`)).status).toBe(403);
    await at.say('POST', `/payments/${id}/captures`);
    const first = await at.say('POST', `/payments/${id}/refunds`, { amount: 300 });
    expect((await at.say('POST', `/payments/${id}/refunds`, { amount: 701 })).body.error_codes).toEqual(['refund_amount_exceeds_balance']);
    expect((await at.say('POST', `/payments/${id}/refunds`)).status).toBe(202);
    expect(await status(id)).toBe('Refunded');
    expect((await at.say('POST', `/payments/${id}/refunds`, { amount: 1 })).status).toBe(403);
    await at.happen('payment_refund_declined', first);
    expect(await at.happen('payment_refund_declined', first)).toEqual([]);
    expect(await read(`/payments/${id}`)).toMatchObject({ status: 'Partially Refunded', balances: { total_refunded: 700, available_to_refund: 300 } });
    expect(events()).toEqual(['payment_approved', 'payment_captured', 'payment_refunded', 'payment_refunded', 'payment_refund_declined']);
  });

  it('is declined by a rule on every call that takes money', async () => {
    const id = await held();
    at.decline({ code: '20051' });
    expect((await pay()).body).toMatchObject({ approved: false, response_code: '20051', response_summary: 'Insufficient funds' });
    expect((await at.say('POST', `/payments/${id}/captures`)).status).toBe(202);
    expect([await status(id), events().at(-1)]).toEqual(['Authorized', 'payment_capture_declined']);
    at.decline({ code: null });
    expect((await pay()).body.response_code).toBe('20005');
    expect(checkout.declines).toContain('20051');
  });

  it('tells whose it is and over how much to whoever refunds it', async () => {
    const id = await held({ customer: { email: 'ada@example.test', phone: { country_code: '1', number: '5005550006' } } });
    const { request } = await at.say('POST', `/payments/${id}/captures`, { amount: 400 });
    expect(await at.recalled(request)).toMatchObject({ effects: [{ amount: { minor: '400', currency: 'EUR' }, recipients: [{ address: '+15005550006' }, { address: 'ada@example.test' }], keys: [{ name: 'reference', value: 'ORD-1' }], method: 'card 4242' }] });
    const refund = await at.say('POST', `/payments/${id}/refunds`);
    expect(await at.recalled({ ...refund.request, body: Buffer.alloc(0) })).toMatchObject({ effects: [{ object: id, amount: { minor: '0' } }] });
  });

  it('is disputed once it was captured', async () => {
    const [open, paid] = [await pay({ capture: false }), await pay()];
    expect(await at.happen('dispute_received', open)).toEqual([]);
    const [told] = await at.happen('dispute_received', paid, { detail: 'fraudulent' });
    expect(JSON.parse(told!.body)).toMatchObject({ type: 'dispute_received', data: { category: 'fraudulent', payment_id: paid.body.id, amount: 1000 } });
  });
});

describe('a page', () => {
  const make = (path: string, more: object = {}) => at.say('POST', path, { amount: 1000, currency: 'KWD', reference: 'ORD-1', customer: { email: 'ada@example.test' }, ...more });

  it('is paid by a payment that it names, and leads back with it', async () => {
    const made = await make('/hosted-payments', { ...urls, products: [{ name: 'Tea', quantity: 1, price: 1000 }] });
    const url = made.body._links.redirect.href;
    expect(await at.visit(url)).toMatchObject({ amount: { minor: '1000', exponent: 3, currency: 'KWD' }, payer: 'ada@example.test', lines: [{ text: 'Tea', amount: { minor: '1000' } }] });
    expect((await at.choose(url, 'decline'))!.goTo).toMatch(/^https:\/\/shop\.example\.test\/no\?cko-payment-id=pay_/);
    expect((await at.choose(url, 'cancel'))!.goTo).toBe('https://shop.example.test/cart');
    const payment = new URL((await at.choose(url, 'pay'))!.goTo!).searchParams.get('cko-payment-id')!;
    expect(await read(`/hosted-payments/${made.body.id}`)).toMatchObject({ status: 'Payment Received', payment_id: payment });
    expect(await read(`/payments/${payment}`)).toMatchObject({ status: 'Captured', reference: 'ORD-1', amount: 1000, currency: 'KWD' });
    expect(await at.visit(url)).toMatchObject({ choices: [], status: 'It is Payment Received.', back: `https://shop.example.test/ok?a=b&cko-payment-id=${payment}` });
    expect((await make('/hosted-payments')).body.error_codes).toEqual(['success_url_required']);
  });

  it('of a link stays open after a decline, and expires', async () => {
    const made = await make('/payment-links', { return_url: 'https://shop.example.test/back', expires_in: 60 });
    expect(await at.choose(made.body._links.redirect.href, 'decline')).toMatchObject({ goTo: null, says: expect.stringContaining('Do Not Honour') });
    expect(await read(`/payment-links/${made.body.id}`)).toMatchObject({ status: 'Active', created_on: '2026-11-21T09:00:00.250Z', expires_on: '2026-11-21T09:01:00.250Z' });
    at.pass(60_000);
    expect((await read(`/payment-links/${made.body.id}`)).status).toBe('Expired');
    expect((await at.visit(made.body._links.redirect.href))!.choices).toEqual([]);
    expect((await make('/payment-links', { amount: 0 })).status).toBe(422);
  });

  it('of a Flow session is told beside the answer', async () => {
    const made = await make('/payment-sessions', { ...urls, capture: false });
    const url = made.reply.headers.find(([name]) => name === 'X-Fourthwall-Page')![1];
    const back = new URL((await at.choose(url, 'pay-authenticated'))!.goTo!);
    expect(back.searchParams.get('cko-payment-session-id')).toBe(made.body.id);
    expect(await at.visit(url)).toMatchObject({ choices: [], back: back.href });
    expect(await status(back.searchParams.get('cko-payment-id')!)).toBe('Authorized');
  });

  it('is paid by an event', async () => {
    const made = await make('/payment-links');
    await at.happen('payment_declined', made);
    await at.happen('payment_approved', made);
    expect(await at.happen('payment_approved', made)).toEqual([]);
    expect(events()).toEqual(['payment_declined', 'payment_approved', 'payment_captured']);
  });
});

describe('what else there is', () => {
  it.each<[string, string, string]>([
    ['api.sandbox.checkout.com', `Bearer sk_sbox_${'a'.repeat(27)}`, 'test'], ['vkuhvk4v.api.sandbox.checkout.com', previousKey('sk_test'), 'test'], ['api.checkout.com', `Bearer sk_${'a'.repeat(27)}`, 'live'],
    ['api.checkout.com', previousKey('sk'), 'live'], ['pl-abc.api.checkout.com', 'Bearer oauth', 'live'], ['api.sandbox.checkout.com', 'Bearer oauth', 'test'], ['api.checkout.com', `Bearer sk_sbox_${'a'.repeat(27)}`, 'unknown'],
    ['api.sandbox.checkout.com', `Bearer sk_${'a'.repeat(27)}`, 'unknown'], ['api.checkout.com', 'Bearer sk_short', 'unknown'],
  ])('%s with %s is %s', async (host, key, liveness) => {
    const { request } = await teller(checkout, host, [['Authorization', key]]).say('POST', '/payments', { source: { type: 'token', token: 'tok_x' }, amount: 1, currency: 'EUR' });
    expect(checkout.decode(request)).toMatchObject({ effects: [{ liveness }] });
  });

  it('nothing is answered without a key, and two are none', async () => {
    expect(await teller(checkout, 'api.checkout.com', []).say('GET', '/payments/pay_x')).toMatchObject({ status: 401, body: null });
    expect(await teller(checkout, 'api.checkout.com', [sandboxKey, sandboxKey]).say('GET', '/payments/pay_x')).toMatchObject({ status: 401 });
  });

  it('a card\'s token says of itself what the bank will say', async () => {
    for (const [number, amount, code] of [['4242424242424242', 101, '20051'], ['4242424242424242', 100, '10000'], ['4024007162185267', 100, '30015'], ['5436031030606378', 100, '10000']] as const) {
      const { body } = await at.say('POST', '/tokens', { type: 'card', number, expiry_month: 12, expiry_year: 2030 });
      expect(body).toMatchObject({ type: 'card', token: expect.stringMatching(/^tok_[a-z2-7]{26}$/), last4: number.slice(-4) });
      expect((await pay({ amount, source: { type: 'token', token: body.token } })).body).toMatchObject({ response_code: code, source: { last4: number.slice(-4), bin: number.slice(0, 6) } });
    }
  });

  it('seeds are completed and used; what cannot be is said', async () => {
    at.seed('payment', 'pay_prod1', { amount: 700, currency: 'EUR', reference: 'OLD-1' });
    at.seed('customer', 'cus_prod1', { email: 'ada@example.test' });
    at.seed('instrument', 'src_prod1', { customer: 'cus_prod1', last4: '1234' });
    expect((await at.say('POST', '/payments/pay_prod1/refunds', { amount: 700 })).status).toBe(202);
    expect((await read('/payments?reference=OLD-1')).data[0].status).toBe('Refunded');
    expect((await pay({ source: { type: 'customer', id: 'cus_prod1' }, customer: { email: 'ada@example.test' } })).body).toMatchObject({ source: { last4: '1234' }, customer: { id: 'cus_prod1' } });
    for (const [kind, id, value, why] of [
      ['dispute', 'dsp_1', {}, 'it has payment'], ['customer', 'src_1', {}, "'cus_'"], ['customer', 'cus_1', 'x', 'object'], ['instrument', 'src_1', { number: '4242424242424242' }, 'last4'], ['payment', 'pay_1', { amount: 0 }, 'whole number'],
      ['payment', 'pay_1', { amount: 1, status: 'done' }, 'Captured'], ['payment', 'pay_1', { amount: 1, currency: 'eur' }, 'capital letters'],
    ] as const) expect(() => checkout.seed(kind, id, value)).toThrow(why);
  });

  it('customers and sources of the old database are taken where they are adopted', async () => {
    const { request } = await at.say('GET', '/payments/pay_x');
    const body = Buffer.from(JSON.stringify({ source: { type: 'id', id: 'src_prod1' }, customer: { id: 'cus_prod1' }, amount: 5, currency: 'EUR' }));
    const asked: HttpRequest = { ...request, method: 'POST', path: '/payments', headers: [...request.headers, ['Content-Type', 'application/json']], body };
    const { reply } = await checkout.simulate(asked, checkout.decode(asked), memory().context({ unknownIds: 'adopt' }));
    expect(JSON.parse(Buffer.from(reply.body).toString())).toMatchObject({ approved: true, source: { id: 'src_prod1' }, customer: { id: 'cus_prod1' } });
  });

  it('a customer is one for one address', async () => {
    const { body } = await at.say('POST', '/customers', { email: 'ada@example.test', default: 'src_1' });
    expect((await at.say('POST', '/customers', { email: 'Ada@example.test' })).body.error_codes).toEqual(['customer_email_already_exists']);
    expect((await read('/customers/ada%40example.test')).id).toBe(body.id);
    expect((await at.say('POST', '/customers', {})).status).toBe(422);
  });
});
