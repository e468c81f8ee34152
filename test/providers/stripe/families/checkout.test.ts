import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';
import type { Desk, Shown } from '../desk.ts';

const back = 'success_url=https%3A%2F%2Fshop.test%2Fdone%3Fsession%3D%7BCHECKOUT_SESSION_ID%7D%23top&cancel_url=https%3A%2F%2Fshop.test%2Fcart';
const book = 'line_items[0][quantity]=2&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=1999&line_items[0][price_data][product_data][name]=Book';
const open = async (stripe: Desk, more = '', mode = 'payment'): Promise<Shown> => (await stripe('POST', '/v1/checkout/sessions', `mode=${mode}&${back}${mode === 'payment' ? `&${book}` : ''}${more}`)).body;
const read = async (stripe: Desk, id: string, expand = ''): Promise<Shown> => (await stripe('GET', `/v1/checkout/sessions/${id}${expand}`)).body;

describe('a Checkout Session', () => {
  it('leads to our page, which shows what is bought', async () => {
    const stripe = desk();
    const session = await open(stripe, '&customer_email=ann%40x.test');
    expect(session).toMatchObject({ object: 'checkout.session', status: 'open', payment_status: 'unpaid', amount_subtotal: 3998, amount_total: 3998, currency: 'eur', payment_intent: null, url: `http://127.0.0.1:8025/pay/checkout.session/${session.id}` });
    expect(session.id).toMatch(/^cs_test_a1[0-9A-Za-z]{56}$/);
    expect(await stripe.show('checkout.session', session.id)).toEqual({
      title: `Checkout Session ${session.id}`, amount: { minor: '3998', exponent: 2, currency: 'EUR' }, payer: 'ann@x.test', lines: [{ text: '2 × Book', amount: { minor: '3998', exponent: 2, currency: 'EUR' } }],
      choices: ['pay', 'pay-authenticated', 'decline', 'fail-authentication', 'cancel'], status: null, back: null,
    });
    expect(await stripe.show('checkout.session', 'cs_test_nobody')).toBeNull();
  });

  it('is paid: events, state, and back to success_url with its id', async () => {
    const stripe = desk();
    const session = await open(stripe, '&metadata[order]=7&client_reference_id=c1&payment_intent_data[metadata][order]=7&payment_intent_data[description]=Order&customer_creation=always&customer_email=ann%40x.test');
    const paid = await stripe.choose('checkout.session', session.id, 'pay');
    expect(paid).toMatchObject({ goTo: `https://shop.test/done?session=${session.id}#top`, says: null });
    expect(paid.events).toEqual(['customer.created', 'payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded', 'checkout.session.completed']);
    const now = await read(stripe, session.id, '?expand[]=payment_intent.latest_charge&expand[]=customer');
    expect(now).toMatchObject({
      status: 'complete', payment_status: 'paid', url: null, metadata: { order: '7' }, client_reference_id: 'c1', customer: { email: 'ann@x.test' }, customer_details: { email: 'ann@x.test', name: 'Test Payer' },
      payment_intent: { status: 'succeeded', amount: 3998, amount_received: 3998, metadata: { order: '7' }, description: 'Order', latest_charge: { paid: true, billing_details: { email: 'ann@x.test' } } },
    });
    expect((paid.webhooks.at(-1)!.data as unknown as { readonly object: Shown }).object).toMatchObject({ id: session.id, status: 'complete', payment_intent: now.payment_intent.id });
    expect(await stripe.show('checkout.session', session.id)).toMatchObject({ choices: [], status: 'This session is complete.', back: `https://shop.test/done?session=${session.id}#top` });
    expect((await stripe('GET', `/v1/checkout/sessions?payment_intent=${now.payment_intent.id}`)).body.data).toHaveLength(1);
  });

  it('stays open when the card is declined, and goes on with the same PaymentIntent', async () => {
    const stripe = desk();
    const session = await open(stripe);
    const declined = await stripe.choose('checkout.session', session.id, 'decline');
    expect(declined).toMatchObject({ goTo: null, says: 'Your card was declined.' });
    expect(declined.events).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed']);
    const unproved = await stripe.choose('checkout.session', session.id, 'fail-authentication');
    expect(unproved).toMatchObject({ goTo: null, says: expect.stringContaining('failed authentication') });
    expect(unproved.events).toEqual(['payment_intent.requires_action', 'payment_intent.payment_failed']);
    const waiting = await read(stripe, session.id);
    expect(waiting).toMatchObject({ status: 'open', payment_status: 'unpaid', payment_intent: expect.stringMatching(/^pi_/) });
    const paid = await stripe.choose('checkout.session', session.id, 'pay-authenticated');
    expect(paid.events).toEqual(['payment_intent.requires_action', 'charge.succeeded', 'payment_intent.succeeded', 'checkout.session.completed']);
    const now = await read(stripe, session.id, '?expand[]=payment_intent.latest_charge');
    expect(now.payment_intent).toMatchObject({ id: waiting.payment_intent, last_payment_error: null, latest_charge: { payment_method_details: { card: { three_d_secure: { result: 'authenticated' } } } } });
  });

  it('obeys a rule that says the bank declines, whatever the payer chooses', async () => {
    const stripe = desk();
    const session = await open(stripe);
    for (const choice of ['pay', 'pay-authenticated'] as const) {
      const tried = await stripe.choose('checkout.session', session.id, choice, { declined: 'insufficient_funds' });
      expect(tried).toMatchObject({ goTo: null, says: 'Your card has insufficient funds.' });
      expect(tried.events).not.toContain('checkout.session.completed');
    }
  });

  it('changes nothing when the payer turns back, and is not paid twice', async () => {
    const stripe = desk();
    const session = await open(stripe);
    expect(await stripe.choose('checkout.session', session.id, 'cancel')).toEqual({ events: [], webhooks: [], goTo: 'https://shop.test/cart', says: null });
    expect(await read(stripe, session.id)).toMatchObject({ status: 'open' });
    await stripe.choose('checkout.session', session.id, 'pay');
    expect(await stripe.choose('checkout.session', session.id, 'pay')).toEqual({ events: [], webhooks: [], goTo: null, says: 'This session is over.' });
    expect((await stripe('GET', '/v1/charges')).body.data).toHaveLength(1);
  });

  it('without a cancel_url has no way back', async () => {
    const stripe = desk();
    const { body } = await stripe('POST', '/v1/checkout/sessions', `mode=payment&success_url=https%3A%2F%2Fshop.test&${book}`);
    expect((await stripe.show('checkout.session', body.id))!.choices).not.toContain('cancel');
  });

  it('expires by call or by time, and then takes nothing', async () => {
    const stripe = desk();
    const session = await open(stripe);
    const expired = await stripe('POST', `/v1/checkout/sessions/${session.id}/expire`);
    expect(expired).toMatchObject({ status: 200, events: ['checkout.session.expired'], body: { status: 'expired', url: null } });
    expect((await stripe('POST', `/v1/checkout/sessions/${session.id}/expire`)).body.error.message).toContain('Only Checkout Sessions with a status in ["open"] can be expired');
    expect(await stripe.show('checkout.session', session.id)).toMatchObject({ choices: [], status: 'This session has expired.', back: 'https://shop.test/cart' });
    const late = await open(stripe);
    expect((await stripe('GET', `/v1/checkout/sessions/${late.id}`, '', { later: 86_400_001 })).body['status']).toBe('expired');
    expect(await stripe.choose('checkout.session', late.id, 'pay', { later: 86_400_001 })).toMatchObject({ events: [], says: 'This session is over.' });
    expect((await stripe('GET', '/v1/checkout/sessions?status=open')).body.data).toHaveLength(1);
  });

  it('authorises only where the capture is manual', async () => {
    const stripe = desk();
    const session = await open(stripe, '&payment_intent_data[capture_method]=manual');
    expect((await stripe.choose('checkout.session', session.id, 'pay')).events).toContain('payment_intent.amount_capturable_updated');
    const now = await read(stripe, session.id, '?expand[]=payment_intent');
    expect(now).toMatchObject({ status: 'complete', payment_status: 'unpaid', payment_intent: { status: 'requires_capture', amount_capturable: 3998 } });
  });

  it('adds shipping and takes coupons off, and counts the redemption', async () => {
    const stripe = desk();
    const { body: coupon } = await stripe('POST', '/v1/coupons', 'percent_off=12.5&max_redemptions=1');
    const session = await open(stripe, `&discounts[0][coupon]=${coupon.id}&shipping_options[0][shipping_rate_data][display_name]=Post&shipping_options[0][shipping_rate_data][fixed_amount][amount]=500&shipping_options[0][shipping_rate_data][fixed_amount][currency]=eur&expand[]=line_items`);
    // 3998 × 12.5 % = 499.75
    expect(session).toMatchObject({ amount_subtotal: 3998, amount_total: 3998 - 500 + 500, total_details: { amount_discount: 500, amount_shipping: 500, amount_tax: 0 }, line_items: { data: [{ amount_subtotal: 3998, amount_discount: 500, amount_total: 3498, quantity: 2, price: { unit_amount: 1999, active: false } }] } });
    await stripe.choose('checkout.session', session.id, 'pay');
    expect((await stripe('GET', `/v1/coupons/${coupon.id}`)).body).toMatchObject({ times_redeemed: 1, valid: false });
    expect((await stripe('POST', '/v1/checkout/sessions', `mode=payment&${back}&${book}&discounts[0][coupon]=${coupon.id}`)).body.error['code']).toBe('coupon_expired');
  });

  it('that costs nothing needs no payment', async () => {
    const stripe = desk();
    const { body: coupon } = await stripe('POST', '/v1/coupons', 'percent_off=100');
    const session = await open(stripe, `&discounts[0][coupon]=${coupon.id}`);
    expect(session).toMatchObject({ amount_total: 0, payment_status: 'no_payment_required' });
    expect((await stripe.choose('checkout.session', session.id, 'pay')).events).toEqual(['checkout.session.completed']);
    expect(await read(stripe, session.id)).toMatchObject({ status: 'complete', payment_status: 'no_payment_required', payment_intent: null });
  });

  it('in setup mode saves the card to the customer', async () => {
    const stripe = desk();
    const { body: customer } = await stripe('POST', '/v1/customers', 'email=ann%40x.test');
    const session = await open(stripe, `&currency=eur&customer=${customer.id}`, 'setup');
    expect(session).toMatchObject({ amount_total: null, payment_status: 'no_payment_required', setup_intent: expect.stringMatching(/^seti_/) });
    expect(await stripe.choose('checkout.session', session.id, 'decline')).toMatchObject({ goTo: null, says: 'Your card was declined.', events: ['setup_intent.setup_failed'] });
    expect((await stripe.choose('checkout.session', session.id, 'pay')).events).toEqual(['payment_method.attached', 'setup_intent.succeeded', 'checkout.session.completed']);
    expect((await stripe('GET', `/v1/customers/${customer.id}/payment_methods`)).body.data).toHaveLength(1);
  });

  it('in subscription mode starts one with its first invoice paid', async () => {
    const stripe = desk();
    const { body: price } = await stripe('POST', '/v1/prices', 'currency=eur&unit_amount=1000&recurring[interval]=month&product_data[name]=Gold');
    const session = await open(stripe, `&line_items[0][price]=${price.id}&line_items[0][quantity]=2&line_items[1][price_data][currency]=eur&line_items[1][price_data][unit_amount]=500&line_items[1][price_data][product_data][name]=Setup&line_items[1][quantity]=1&subscription_data[metadata][a]=1`, 'subscription');
    expect(session).toMatchObject({ amount_total: 2500, payment_status: 'unpaid', subscription: null });
    const declined = await stripe.choose('checkout.session', session.id, 'decline');
    expect(declined.events).toEqual(['customer.created', 'invoiceitem.created', 'customer.subscription.created', 'invoice.created', 'payment_intent.created', 'invoice.finalized', 'charge.failed', 'payment_intent.payment_failed', 'invoice.payment_failed']);
    const paid = await stripe.choose('checkout.session', session.id, 'pay');
    expect(paid.events).toEqual([
      'payment_method.attached', 'charge.succeeded', 'payment_intent.succeeded', 'invoice_payment.paid', 'invoice.paid', 'invoice.payment_succeeded', 'customer.subscription.updated', 'customer.subscription.updated', 'checkout.session.completed',
    ]);
    const now = await read(stripe, session.id, '?expand[]=subscription.latest_invoice&expand[]=customer');
    expect(now).toMatchObject({
      status: 'complete', payment_status: 'paid', invoice: expect.stringMatching(/^in_/), customer: { email: 'payer@example.com' },
      subscription: { status: 'active', metadata: { a: '1' }, default_payment_method: expect.stringMatching(/^pm_/), latest_invoice: { status: 'paid', amount_paid: 2500, total: 2500 } },
    });
    expect((await stripe('GET', '/v1/subscriptions')).body.data).toHaveLength(1);
    const left = await open(stripe, `&line_items[0][price]=${price.id}&line_items[0][quantity]=1`, 'subscription');
    await stripe.choose('checkout.session', left.id, 'decline');
    expect((await stripe('POST', `/v1/checkout/sessions/${left.id}/expire`)).events).toEqual(['customer.subscription.updated', 'checkout.session.expired']);
    expect((await stripe('GET', '/v1/subscriptions?status=incomplete_expired')).body.data).toHaveLength(1);
  });

  it.each([
    ['mode=payment', 'parameter_missing', 'success_url', 'Missing required param: success_url.'],
    [`${back}&${book}`, 'parameter_missing', 'mode', 'Missing required param: mode.'],
    [`mode=payment&${back}`, 'parameter_missing', 'line_items', 'Missing required param: line_items.'],
    [`mode=payment&${back}&line_items[0][quantity]=1`, undefined, 'line_items[0]', 'You must provide either price or price_data for each line item when using prices.'],
    [`mode=payment&${back}&${book}&line_items[0][price_data][recurring][interval]=month`, undefined, 'line_items[0][price]', 'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.'],
    [`mode=subscription&${back}&${book}`, undefined, 'line_items', 'You must provide at least one recurring price in `subscription` mode when using prices.'],
    [`mode=setup&${back}&${book}`, undefined, 'line_items', 'You can not pass `line_items` in `setup` mode.'],
    [`mode=payment&success_url=shop.test&${book}`, 'url_invalid', 'success_url', 'Invalid URL: An explicit scheme (such as https) must be provided.'],
    [`mode=payment&success_url=javascript%3Aalert(1)%2F%2F&${book}`, 'url_invalid', 'success_url', 'Invalid URL: An explicit scheme (such as https) must be provided.'],
    [`mode=payment&${back}&${book}&customer=cus_nobody`, 'resource_missing', 'customer', "No such customer: 'cus_nobody'"],
    [`mode=payment&${back}&${book}&customer_email=x`, 'email_invalid', 'customer_email', 'Invalid email address: x'],
    [`mode=payment&${back}&${book}&expires_at=1`, undefined, 'expires_at', 'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.'],
    [`mode=payment&${back}&line_items[0][price]=price_no&line_items[0][quantity]=1`, 'resource_missing', 'line_items[0][price]', "No such price: 'price_no'"],
    [`mode=payment&${back}&${book.replace('=1999', '=10').replace('quantity]=2', 'quantity]=1')}`, 'amount_too_small', 'line_items', 'Amount must be at least €0.50'],
    [`mode=payment&${back}&${book}&automatic_tax[enabled]=true`, 'fourthwall_not_simulated', undefined, /does not simulate automatic tax/],
  ])('%.70s is refused', async (body, code, param, message) => {
    const { status, body: { error }, events } = await desk()('POST', '/v1/checkout/sessions', body);
    expect({ status, code: error['code'], param: error['param'], events }).toEqual({ status: 400, code, param, events: [] });
    expect(error.message).toMatch(message);
  });

  it('is made once for one idempotency key', async () => {
    const stripe = desk();
    const key = { headers: [['Idempotency-Key', 'k1']] as const };
    const [first, again] = [await stripe('POST', '/v1/checkout/sessions', `mode=payment&${back}&${book}`, key), await stripe('POST', '/v1/checkout/sessions', `mode=payment&${back}&${book}`, key)];
    expect(again.body).toEqual(first.body);
    expect((await stripe('GET', '/v1/checkout/sessions')).body.data).toHaveLength(1);
  });

  it('is named as its version names it', async () => {
    const older = await desk()('POST', '/v1/checkout/sessions', `mode=payment&ui_mode=hosted&${back}&${book}`, { headers: [['Stripe-Version', '2024-06-20']] });
    expect(older.body['ui_mode']).toBe('hosted');
    expect((await desk()('POST', '/v1/checkout/sessions', `mode=payment&${back}&${book}`)).body['ui_mode']).toBe('hosted_page');
  });

  it('that is embedded has no page here, and can be made to complete', async () => {
    const stripe = desk();
    const embedded = await stripe('POST', '/v1/checkout/sessions', `mode=payment&ui_mode=embedded_page&return_url=https%3A%2F%2Fshop.test&${book}`);
    expect(embedded.body).toMatchObject({ url: null, client_secret: expect.stringMatching(/^cs_test_.*_secret_/), return_url: 'https://shop.test' });
    expect((await stripe.happen('checkout.session.completed', embedded)).events.at(-1)).toBe('checkout.session.completed');
    expect((await stripe.happen('checkout.session.completed', embedded)).events).toEqual([]);
    expect((await stripe.happen('checkout.session.expired', embedded)).events).toEqual([]);
  });
});

describe('a Payment Link', () => {
  it('makes a session for each visit, and leads back', async () => {
    const stripe = desk();
    const { body: link } = await stripe('POST', '/v1/payment_links', `${book}&after_completion[type]=redirect&after_completion[redirect][url]=https%3A%2F%2Fshop.test%2Fthanks%3Fs%3D%7BCHECKOUT_SESSION_ID%7D&metadata[a]=1`);
    expect(link).toMatchObject({ object: 'payment_link', active: true, url: `http://127.0.0.1:8025/pay/payment_link/${link.id}` });
    expect(await stripe.show('payment_link', link.id)).toMatchObject({ amount: { minor: '3998' }, lines: [{ text: '2 × Book' }], choices: ['pay', 'pay-authenticated', 'decline', 'fail-authentication'] });
    expect(await stripe.choose('payment_link', link.id, 'decline')).toMatchObject({ goTo: null, says: 'Your card was declined.' });
    const paid = await stripe.choose('payment_link', link.id, 'pay');
    const { body: { data } } = await stripe('GET', `/v1/checkout/sessions?payment_link=${link.id}&status=complete`);
    expect(data).toMatchObject([{ metadata: { a: '1' }, payment_status: 'paid', amount_total: 3998 }]);
    expect(paid.goTo).toBe(`https://shop.test/thanks?s=${data[0]!.id}`);
    await stripe('POST', `/v1/payment_links/${link.id}`, 'active=false&inactive_message=Sold+out');
    expect(await stripe.show('payment_link', link.id)).toMatchObject({ choices: [], status: 'Sold out', back: paid.goTo });
    expect(await stripe.choose('payment_link', link.id, 'pay')).toMatchObject({ events: [], goTo: null });
  });

  it('is over after as many sessions as it allows', async () => {
    const stripe = desk();
    const { body: link } = await stripe('POST', '/v1/payment_links', `${book}&restrictions[completed_sessions][limit]=2`);
    for (const count of [1, 2]) {
      expect((await stripe.show('payment_link', link.id))!.choices).toContain('pay');
      await stripe.choose('payment_link', link.id, 'pay');
      expect((await stripe('GET', `/v1/payment_links/${link.id}`)).body).toMatchObject({ active: count < 2, restrictions: { completed_sessions: { count, limit: 2 } } });
    }
    expect(await stripe.show('payment_link', link.id)).toMatchObject({ choices: [], back: null });
  });

  it('of a recurring price starts a subscription', async () => {
    const stripe = desk();
    const { body: price } = await stripe('POST', '/v1/prices', 'currency=eur&unit_amount=1000&recurring[interval]=month&product_data[name]=Gold');
    const { body: link } = await stripe('POST', '/v1/payment_links', `line_items[0][price]=${price.id}&line_items[0][quantity]=1`);
    expect(await stripe.choose('payment_link', link.id, 'pay')).toMatchObject({ goTo: null, says: 'Thank you: it is paid.' });
    expect((await stripe('GET', '/v1/subscriptions')).body.data).toMatchObject([{ status: 'active' }]);
  });
});

describe('3-D Secure', () => {
  const asks = (kind: 'payment_intents' | 'setup_intents', returns = 'https%3A%2F%2Fshop.test%2Fdone%3Fa%3D1%23x') =>
    `${kind === 'payment_intents' ? 'amount=1099&currency=eur&' : ''}payment_method=pm_card_authenticationRequired&confirm=true${returns === '' ? '' : `&return_url=${returns}`}`;

  it.each([
    ['payment_intents', 'payment_intent', 'pay-authenticated', 'succeeded', ['charge.succeeded', 'payment_intent.succeeded']],
    ['payment_intents', 'payment_intent', 'fail-authentication', 'failed', ['payment_intent.payment_failed']],
    ['setup_intents', 'setup_intent', 'pay-authenticated', 'succeeded', ['setup_intent.succeeded']],
    ['setup_intents', 'setup_intent', 'fail-authentication', 'failed', ['setup_intent.setup_failed']],
  ] as const)('of %s: %s %s comes back %s', async (path, kind, choice, status, events) => {
    const stripe = desk();
    const { body: intent } = await stripe('POST', `/v1/${path}`, asks(path));
    expect(intent.next_action).toMatchObject({ type: 'redirect_to_url', redirect_to_url: { url: `http://127.0.0.1:8025/pay/${kind}/${intent.id}` } });
    expect(await stripe.show(kind, intent.id)).toMatchObject({ choices: ['pay-authenticated', 'fail-authentication'], status: null });
    const chosen = await stripe.choose(kind, intent.id, choice);
    expect(chosen.events).toEqual(events);
    expect(chosen.goTo).toBe(`https://shop.test/done?a=1&${kind}=${intent.id}&${kind}_client_secret=${String(intent['client_secret'])}&redirect_status=${status}#x`);
    const { body: now } = await stripe('GET', `/v1/${path}/${intent.id}`);
    expect(now).toMatchObject({ status: status === 'failed' ? 'requires_payment_method' : 'succeeded', next_action: null });
    expect(await stripe.show(kind, intent.id)).toMatchObject({ choices: [], status: expect.stringContaining('There is nothing to authenticate'), back: chosen.goTo });
  });

  it('without a return_url ends on the page', async () => {
    const stripe = desk();
    const { body: intent } = await stripe('POST', '/v1/payment_intents', asks('payment_intents', ''));
    expect(await stripe.choose('payment_intent', intent.id, 'pay-authenticated')).toMatchObject({ goTo: null, says: expect.stringContaining('authenticated') });
  });

  it('passed does not help where the bank declines', async () => {
    const stripe = desk();
    const { body: intent } = await stripe('POST', '/v1/payment_intents', asks('payment_intents'));
    const chosen = await stripe.choose('payment_intent', intent.id, 'pay-authenticated', { declined: 'lost_card' });
    expect(chosen.goTo).toContain('redirect_status=failed');
    expect(chosen.events).toEqual(['charge.failed', 'payment_intent.payment_failed']);
  });

  it('happens in a browser that never comes by here, when it is made to', async () => {
    const stripe = desk();
    const intent = await stripe('POST', '/v1/payment_intents', 'amount=1099&currency=eur');
    expect((await stripe.happen('payment_intent.payment_failed', intent, 'expired_card')).webhooks.at(-1)).toMatchObject({ type: 'payment_intent.payment_failed', data: { object: { last_payment_error: { code: 'expired_card' } } } });
    expect((await stripe.happen('payment_intent.succeeded', intent)).events).toEqual(['charge.succeeded', 'payment_intent.succeeded']);
    expect((await stripe.happen('payment_intent.succeeded', intent)).events).toEqual([]);
  });
});
