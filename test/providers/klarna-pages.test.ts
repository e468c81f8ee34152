import { beforeEach, describe, expect, it } from 'vitest';
import type { PayerChoice } from '../../src/model/hosted-page.ts';
import { klarna } from '../../src/providers/klarna/index.ts';
import { teller } from '../support/teller.ts';

const purchase = (more: object = {}) => ({
  purchase_country: 'SE', purchase_currency: 'SEK', order_amount: 10_000, order_lines: [{ name: 'Shirt', quantity: 2, unit_price: 4_500, total_amount: 9_000 }, { name: 'Shipping', quantity: 1, unit_price: 1_000, total_amount: 1_000 }],
  billing_address: { email: 'ada@example.test' },
  merchant_urls: { terms: 'https://shop.example.test/t', checkout: 'https://shop.example.test/c', confirmation: 'https://shop.example.test/ok?id={checkout.order.id}', push: 'https://shop.example.test/push?id={checkout.order.id}' }, ...more,
});
const urls = { success: 'https://shop.example.test/ok?sid={{session_id}}&token={{authorization_token}}&order={{order_id}}', cancel: 'https://shop.example.test/cart?sid={{session_id}}', failure: 'https://shop.example.test/sorry', status_update: 'https://shop.example.test/status?sid={{session_id}}' };
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(klarna, 'api.playground.klarna.com', [['Authorization', `Basic ${Buffer.from('PK00000_x:secret').toString('base64')}`]]); });
const told = () => at.callbacks.map(({ target, event, body }) => ({ target, event, body: body === '' ? null : JSON.parse(body) }));

async function page(options: object = {}, of = 'payments/v1/sessions') {
  const made = of.startsWith('payments') ? (await at.say('POST', '/payments/v1/sessions', purchase())).body.session_id : (await at.say('POST', '/checkout/v3/orders', purchase())).body.order_id;
  const answer = await at.say('POST', '/hpp/v1/sessions', { payment_session_url: `https://api.playground.klarna.com/${of}/${made}`, merchant_urls: urls, options });
  return { of: made as string, id: answer.body.session_id as string, url: answer.body.redirect_url as string, answer };
}
const read = async (id: string) => (await at.say('GET', `/hpp/v1/sessions/${id}`)).body;

describe('a hosted payment page', () => {
  it('shows what its session is about, and waits', async () => {
    const { id, url, answer } = await page();
    expect([answer.status, answer.body]).toEqual([201, {
      session_id: id, redirect_url: `http://127.0.0.1:8025/pay/hpp/${id}`, expires_at: '2026-11-23T08:00:00.250Z', session_url: `https://api.playground.klarna.com/hpp/v1/sessions/${id}`, qr_code_url: expect.any(String), distribution_url: expect.any(String), manual_identification_check_url: expect.any(String),
    }]);
    expect(await at.visit(url)).toMatchObject({
      amount: { minor: '10000', exponent: 2, currency: 'SEK' }, payer: 'ada@example.test', choices: ['pay', 'decline', 'cancel'], status: null,
      lines: [{ text: '2 x Shirt', amount: { minor: '9000', exponent: 2, currency: 'SEK' } }, { text: 'Shipping', amount: { minor: '1000', exponent: 2, currency: 'SEK' } }],
    });
    expect((await read(id)).status).toBe('WAITING');
  });

  it('gives the shop a token, with which it places the order', async () => {
    const { id, url, of } = await page();
    const back = new URL((await at.choose(url, 'pay'))!.goTo!);
    const token = back.searchParams.get('token')!;
    expect([back.searchParams.get('sid'), back.searchParams.get('order')]).toEqual([id, '']);
    expect(told()).toEqual([{ target: `https://shop.example.test/status?sid=${id}`, event: 'COMPLETED', body: { event_id: expect.any(String), session: await read(id) } }]);
    expect(await read(id)).toMatchObject({ status: 'COMPLETED', authorization_token: token });
    expect((await at.say('GET', `/payments/v1/sessions/${of}`)).body.status).toBe('complete');
    expect((await at.say('POST', `/payments/v1/authorizations/${token}/order`, purchase())).status).toBe(200);
    expect((await at.visit(url))!.choices).toEqual([]);
  });

  it.each([['PLACE_ORDER', 'AUTHORIZED', 0], ['CAPTURE_ORDER', 'CAPTURED', 10_000]])('places the order itself: %s', async (mode, status, captured) => {
    const { id, url } = await page({ place_order_mode: mode });
    const back = new URL((await at.choose(url, 'pay'))!.goTo!);
    const order = back.searchParams.get('order')!;
    expect([(await read(id)).order_id, back.searchParams.get('token')]).toEqual([order, '']);
    expect((await at.say('GET', `/ordermanagement/v1/orders/${order}`)).body).toMatchObject({ status, captured_amount: captured });
  });

  it.each<[PayerChoice, string, string, boolean]>([['decline', 'FAILED', '/sorry', true], ['cancel', 'CANCELLED', '/cart', false]])('%s is told, and leads to its address', async (choice, status, path, again) => {
    const { id, url } = await page();
    expect(new URL((await at.choose(url, choice))!.goTo!).pathname).toBe(path);
    expect([(await read(id)).status, told().map(({ event }) => event)]).toEqual([status, [status]]);
    expect((await at.visit(url))!.choices.includes('pay')).toBe(again);
  });

  it('of a checkout completes it, and pushes', async () => {
    const { of, id, url } = await page({}, 'checkout/v3/orders');
    await at.choose(url, 'pay');
    expect(told().map(({ target }) => target)).toEqual([`https://shop.example.test/push?id=${of}`, `https://shop.example.test/status?sid=${id}`]);
    expect((await at.say('GET', `/checkout/v3/orders/${of}`)).body.status).toBe('checkout_complete');
  });

  it('is over once the shop disabled it, the yes was said elsewhere, or its time has come', async () => {
    const [one, other, late] = [await page(), await page(), await page()];
    expect((await at.say('DELETE', `/hpp/v1/sessions/${one.id}`)).status).toBe(204);
    await at.happen('authorization', { ...other.answer, reply: { ...other.answer.reply, body: Buffer.from(JSON.stringify({ session_id: other.of })) } });
    expect([await at.visit(one.url), await at.visit(other.url)]).toMatchObject([{ choices: [], status: 'The shop disabled this page.' }, { choices: [], status: 'The customer said yes elsewhere.' }]);
    at.pass(47 * 3_600_000);
    expect(await at.visit(late.url)).toMatchObject({ choices: [], status: 'This page has expired.' });
  });

  it.each<[string, object]>([
    ['payment_session_url', { payment_session_url: 'https://api.playground.klarna.com/payments/v1/sessions/none' }], ['payment_session_url', {}], ['payment_session_url', { payment_session_url: 'http://x/payments/v1/sessions/1?a' }],
  ])('has a good %s', async (where, body) => {
    expect(await at.say('POST', '/hpp/v1/sessions', body)).toMatchObject({ status: 400, body: { error_messages: [`Bad value: ${where}`] } });
  });

  it('has a good place_order_mode', async () => {
    expect((await page({ place_order_mode: 'SOMETIMES' })).answer).toMatchObject({ status: 400, body: { error_messages: ['Bad value: options.place_order_mode'] } });
  });
});

describe('a checkout', () => {
  it('has a snippet that links to its page, where it is completed', async () => {
    const { body } = await at.say('POST', '/checkout/v3/orders', purchase());
    const url = /href="([^"]+)"/.exec(body.html_snippet)![1]!;
    expect(url).toBe(`http://127.0.0.1:8025/pay/checkout/${body.order_id}`);
    expect(await at.choose(url, 'decline')).toMatchObject({ goTo: null, says: expect.stringContaining('another way') });
    expect((await at.choose(url, 'cancel'))!.goTo).toBe('https://shop.example.test/c');
    expect((await at.choose(url, 'pay'))!.goTo).toBe(`https://shop.example.test/ok?id=${body.order_id}`);
    expect(told()).toEqual([{ target: `https://shop.example.test/push?id=${body.order_id}`, event: 'checkout_complete', body: null }]);
    expect(await at.visit(url)).toMatchObject({ choices: [], status: 'This checkout is complete.' });
    expect((await at.say('GET', `/checkout/v3/orders/${body.order_id}`)).body.html_snippet).not.toContain('href');
  });
});

it('Klarna declines by rule: the order is there, rejected, and gives no money', async () => {
  const { url } = await page();
  const token = new URL((await at.choose(url, 'pay'))!.goTo!).searchParams.get('token')!;
  at.decline({ code: null });
  const { body } = await at.say('POST', `/payments/v1/authorizations/${token}/order`, purchase({ auto_capture: true }));
  expect(body.fraud_status).toBe('REJECTED');
  expect((await at.say('POST', `/ordermanagement/v1/orders/${body.order_id}/captures`, { captured_amount: 1 })).body.error_code).toBe('CAPTURE_NOT_ALLOWED');
});

describe('seeds', () => {
  it('an order of before is captured and refunded, never beyond it', async () => {
    at.seed('order', 'old-1', { order_amount: 10_000, purchase_currency: 'SEK', captured_amount: 6_000, refunded_amount: 1_000 });
    const path = '/ordermanagement/v1/orders/old-1';
    expect((await at.say('GET', path)).body).toMatchObject({ status: 'PART_CAPTURED', remaining_authorized_amount: 4_000, refunded_amount: 1_000 });
    expect([(await at.say('POST', `${path}/captures`, { captured_amount: 4_001 })).status, (await at.say('POST', `${path}/captures`, { captured_amount: 4_000 })).status]).toEqual([403, 201]);
    expect([(await at.say('POST', `${path}/refunds`, { refunded_amount: 9_001 })).status, (await at.say('POST', `${path}/refunds`, { refunded_amount: 9_000 })).status]).toEqual([403, 201]);
  });

  it.each<[string, string, unknown, string]>([
    ['session', 's', {}, "Klarna has no 'session' to be seeded; it has order"], ['order', 'a/b', {}, "'a/b' is no id"], ['order', 'o', 'x', 'the value is an object'], ['order', 'o', { purchase_currency: 'SEK' }, 'order_amount is whole minor units'],
    ['order', 'o', { order_amount: 1, captured_amount: 2, purchase_currency: 'SEK' }, 'captured_amount is no more than order_amount'], ['order', 'o', { order_amount: 1 }, 'purchase_currency is a code'],
  ])('a %s %s of %j is refused: it says what is right', (kind, id, value, why) => {
    expect(() => klarna.seed(kind, id, value)).toThrow(why);
  });
});
