import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';
import type { Reply } from '../desk.ts';

const base = 'amount=1099&currency=eur';
type Stripe = ReturnType<typeof desk>;

/** A way into each status, by calls alone. */
const ways: Readonly<Record<string, (stripe: Stripe) => Promise<Reply>>> = {
  requires_payment_method: (stripe) => stripe('POST', '/v1/payment_intents', base),
  requires_confirmation: (stripe) => stripe('POST', '/v1/payment_intents', `${base}&payment_method=pm_card_visa`),
  requires_action: (stripe) => stripe('POST', '/v1/payment_intents', `${base}&payment_method=pm_card_threeDSecure2Required&confirm=true`),
  requires_capture: (stripe) => stripe('POST', '/v1/payment_intents', `${base}&payment_method=pm_card_visa&confirm=true&capture_method=manual`),
  succeeded: (stripe) => stripe('POST', '/v1/payment_intents', `${base}&payment_method=pm_card_visa&confirm=true`),
  canceled: async (stripe) => stripe('POST', `/v1/payment_intents/${(await stripe('POST', '/v1/payment_intents', base)).body.id}/cancel`),
};

describe('a payment intent', () => {
  it.each(Object.keys(ways))('reaches %s', async (status) => {
    const made = await ways[status]!(desk());
    expect(made).toMatchObject({ status: 200, body: { status } });
  });

  const verbs = { confirm: '/confirm', capture: '/capture', cancel: '/cancel', 'change the amount': '' } as const;
  it.each([
    ['requires_payment_method', 'cancel', 'canceled'], ['requires_payment_method', 'change the amount', 'requires_payment_method'],
    ['requires_confirmation', 'confirm', 'succeeded'], ['requires_confirmation', 'cancel', 'canceled'], ['requires_confirmation', 'change the amount', 'requires_confirmation'],
    ['requires_action', 'confirm', 'requires_action'], ['requires_action', 'cancel', 'canceled'], ['requires_action', 'change the amount', 'requires_action'],
    ['requires_capture', 'capture', 'succeeded'], ['requires_capture', 'cancel', 'canceled'],
  ] as const)('in %s: %s makes it %s', async (status, verb, result) => {
    const stripe = desk();
    const { body: before } = await ways[status]!(stripe);
    const after = await stripe('POST', `/v1/payment_intents/${before.id}${verbs[verb]}`, verb === 'change the amount' ? 'amount=2000' : '');
    expect(after).toMatchObject({ status: 200, body: { status: result } });
    expect((await stripe('GET', `/v1/payment_intents/${before.id}`)).body).toEqual(after.body);
  });

  it.each([
    ['requires_payment_method', 'confirm'], ['requires_payment_method', 'capture'], ['requires_confirmation', 'capture'], ['requires_action', 'capture'],
    ['requires_capture', 'confirm'], ['requires_capture', 'change the amount'],
    ['succeeded', 'confirm'], ['succeeded', 'capture'], ['succeeded', 'cancel'], ['succeeded', 'change the amount'],
    ['canceled', 'confirm'], ['canceled', 'capture'], ['canceled', 'cancel'], ['canceled', 'change the amount'],
  ] as const)('in %s: to %s is refused and changes nothing', async (status, verb) => {
    const stripe = desk();
    const { body: before } = await ways[status]!(stripe);
    const refused = await stripe('POST', `/v1/payment_intents/${before.id}${verbs[verb]}`, verb === 'change the amount' ? 'amount=2000' : '');
    expect(refused).toMatchObject({ status: 400, events: [], body: { error: { type: 'invalid_request_error', code: 'payment_intent_unexpected_state', payment_intent: { id: before.id, status } } } });
    expect((await stripe('GET', `/v1/payment_intents/${before.id}`)).body).toEqual(before);
  });

  it('says in Stripe\'s words why it cannot', async () => {
    const stripe = desk();
    const { body: { id } } = await ways['succeeded']!(stripe);
    const message = async (verb: string) => (await stripe('POST', `/v1/payment_intents/${id}/${verb}`)).body.error.message;
    expect(await message('cancel')).toBe('You cannot cancel this PaymentIntent because it has a status of succeeded. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.');
    expect(await message('capture')).toBe('This PaymentIntent could not be captured because it has a status of succeeded. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.');
    const { body: open } = await ways['requires_payment_method']!(stripe);
    expect((await stripe('POST', `/v1/payment_intents/${open.id}/confirm`)).body.error.message).toMatch(/^You cannot confirm this PaymentIntent because it's missing a payment method\./);
  });

  it('confirmed charges the card, and says so in order', async () => {
    const stripe = desk();
    const { body, events } = await stripe('POST', '/v1/payment_intents', `${base}&payment_method=pm_card_visa&confirm=true&description=Order&receipt_email=ann%40x.test&metadata[order_id]=7&expand[]=latest_charge`);
    expect(events).toEqual(['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded']);
    expect(body).toMatchObject({
      amount_received: 1099, amount_capturable: 0, status: 'succeeded', capture_method: 'automatic_async', client_secret: expect.stringMatching(`^${body.id}_secret_[0-9A-Za-z]{25}$`),
      latest_charge: {
        object: 'charge', amount: 1099, amount_captured: 1099, captured: true, paid: true, refunded: false, status: 'succeeded', payment_intent: body.id, description: 'Order',
        receipt_email: 'ann@x.test', metadata: { order_id: '7' }, payment_method: body.payment_method, payment_method_details: { card: { brand: 'visa', last4: '4242' } },
      },
    });
  });

  it('with manual capture holds, then takes all or a part and gives the rest back', async () => {
    const stripe = desk();
    const held = await ways['requires_capture']!(stripe);
    expect(held).toMatchObject({ body: { amount_capturable: 1099, amount_received: 0 }, events: ['payment_intent.created', 'charge.succeeded', 'payment_intent.amount_capturable_updated'] });
    expect((await stripe('GET', `/v1/charges/${held.body.latest_charge}`)).body).toMatchObject({ captured: false, amount_captured: 0, balance_transaction: null });
    expect(await stripe('POST', `/v1/payment_intents/${held.body.id}/capture`, 'amount_to_capture=1100')).toMatchObject({ status: 400, body: { error: { code: 'amount_too_large', param: 'amount_to_capture' } } });
    const taken = await stripe('POST', `/v1/payment_intents/${held.body.id}/capture`, 'amount_to_capture=1000');
    expect(taken).toMatchObject({ body: { status: 'succeeded', amount: 1099, amount_capturable: 0, amount_received: 1000 }, events: ['charge.captured', 'payment_intent.succeeded'] });
    expect((await stripe('GET', `/v1/charges/${held.body.latest_charge}`)).body).toMatchObject({ captured: true, amount_captured: 1000, amount_refunded: 99, refunded: false });
  });

  it('canceled while held releases the charge', async () => {
    const stripe = desk();
    const held = await ways['requires_capture']!(stripe);
    const canceled = await stripe('POST', `/v1/payment_intents/${held.body.id}/cancel`, 'cancellation_reason=abandoned');
    expect(canceled).toMatchObject({ body: { status: 'canceled', amount_capturable: 0, cancellation_reason: 'abandoned', canceled_at: 1795251600 }, events: ['charge.refunded', 'payment_intent.canceled'] });
    expect((await stripe('GET', `/v1/charges/${held.body.latest_charge}`)).body).toMatchObject({ refunded: true, captured: false });
  });

  it.each([
    ['chargeDeclined', 'card_declined', 'generic_decline', 'Your card was declined.'],
    ['visa_chargeDeclined', 'card_declined', 'generic_decline', 'Your card was declined.'],
    ['visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds', 'Your card has insufficient funds.'],
    ['visa_chargeDeclinedLostCard', 'card_declined', 'lost_card', 'Your card was declined.'],
    ['visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card', 'Your card was declined.'],
    ['chargeDeclinedExpiredCard', 'expired_card', 'expired_card', 'Your card has expired.'],
    ['chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc', "Your card's security code is incorrect."],
    ['chargeDeclinedProcessingError', 'processing_error', 'processing_error', 'An error occurred while processing your card. Try again in a little bit.'],
    ['visa_chargeDeclinedFraudulent', 'card_declined', 'fraudulent', 'Your card was declined.'],
  ])('declines pm_card_%s as %s / %s, and can be paid with another card', async (token, code, declineCode, message) => {
    const stripe = desk();
    const declined = await stripe('POST', '/v1/payment_intents', `${base}&payment_method=pm_card_${token}&confirm=true`);
    expect(declined.status).toBe(402);
    expect(declined.body.error).toMatchObject({
      type: 'card_error', code, decline_code: declineCode, message, charge: expect.stringMatching(/^ch_3/), payment_method: { object: 'payment_method' },
      payment_intent: { status: 'requires_payment_method', payment_method: null, last_payment_error: { code, decline_code: declineCode } },
    });
    expect(declined.events).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed']);
    const { id } = declined.body.error.payment_intent;
    expect((await stripe('GET', `/v1/payment_intents/${id}`)).body).toEqual(declined.body.error.payment_intent);
    expect((await stripe('GET', `/v1/charges/${declined.body.error.charge}`)).body).toMatchObject({ status: 'failed', paid: false, failure_code: code, captured: false });
    expect(await stripe('POST', `/v1/payment_intents/${id}/confirm`, 'payment_method=pm_card_visa')).toMatchObject({ status: 200, body: { status: 'succeeded', last_payment_error: null } });
  });

  it('declines a raw test card like its token', async () => {
    const declined = await desk()('POST', '/v1/payment_intents', `${base}&confirm=true&payment_method_data[type]=card&payment_method_data[card][number]=4000000000009995&payment_method_data[card][exp_month]=8&payment_method_data[card][exp_year]=2030`);
    expect(declined).toMatchObject({ status: 402, body: { error: { decline_code: 'insufficient_funds' } } });
  });

  it('asks for 3-D Secure: by redirect with a return_url, else by the SDK in the browser', async () => {
    const stripe = desk();
    const redirect = await stripe('POST', '/v1/payment_intents', `${base}&payment_method=pm_card_threeDSecure2Required&confirm=true&return_url=https%3A%2F%2Fshop.test%2Fdone`);
    expect(redirect).toMatchObject({ body: { status: 'requires_action', latest_charge: null, next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: 'https://shop.test/done' } } }, events: ['payment_intent.created', 'payment_intent.requires_action'] });
    expect((await ways['requires_action']!(stripe)).body.next_action.type).toBe('use_stripe_sdk');
  });

  it.each(['off_session=true', 'error_on_requires_action=true'])('is declined instead with %s', async (option) => {
    expect(await desk()('POST', '/v1/payment_intents', `${base}&payment_method=pm_card_authenticationRequired&confirm=true&${option}`)).toMatchObject({
      status: 402, body: { error: { code: 'authentication_required', decline_code: 'authentication_required', payment_intent: { status: 'requires_payment_method' } } },
    });
  });

  it('saves the card for later when asked to', async () => {
    const stripe = desk();
    const { body: customer } = await stripe('POST', '/v1/customers', 'name=Ann');
    const paid = await stripe('POST', '/v1/payment_intents', `${base}&payment_method=pm_card_visa&confirm=true&customer=${customer.id}&setup_future_usage=off_session`);
    expect((await stripe('GET', `/v1/payment_methods/${paid.body.payment_method}`)).body.customer).toBe(customer.id);
    expect(await stripe('POST', '/v1/payment_intents', `${base}&payment_method=${paid.body.payment_method}&confirm=true&customer=${customer.id}&off_session=true`)).toMatchObject({ status: 200 });
  });

  it('is changed while it may be', async () => {
    const stripe = desk();
    const { body: { id } } = await ways['requires_payment_method']!(stripe);
    expect((await stripe('POST', `/v1/payment_intents/${id}`, 'amount=2000&currency=usd&metadata[a]=1&payment_method=pm_card_visa')).body).toMatchObject({ amount: 2000, currency: 'usd', metadata: { a: '1' }, status: 'requires_confirmation' });
    const { body: paid } = await ways['succeeded']!(stripe);
    expect(await stripe('POST', `/v1/payment_intents/${paid.id}`, 'metadata[a]=1')).toMatchObject({ status: 200, body: { status: 'succeeded', metadata: { a: '1' } } });
  });

  it('is made even when it cannot be confirmed', async () => {
    const stripe = desk();
    const answer = await stripe('POST', '/v1/payment_intents', `${base}&confirm=true`);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'payment_intent_unexpected_state' } }, events: ['payment_intent.created'] });
    expect((await stripe('GET', `/v1/payment_intents/${answer.body.error.payment_intent.id}`)).status).toBe(200);
  });

  it('follows the caller\'s API version', async () => {
    const made = await desk()('POST', '/v1/payment_intents', base, { headers: [['Stripe-Version', '2022-11-15']] });
    expect(made.body).toMatchObject({ capture_method: 'automatic', automatic_payment_methods: null });
    expect(made.header('stripe-version')).toBe('2022-11-15');
    expect(made.webhooks[0]!.api_version).toBe('2022-11-15');
  });

  it('is unknown in Stripe\'s words', async () => {
    expect(await desk()('POST', '/v1/payment_intents/pi_nothing/confirm')).toMatchObject({ status: 404, body: { error: { code: 'resource_missing', message: "No such payment_intent: 'pi_nothing'" } } });
    expect(await desk()('POST', '/v1/payment_intents', `${base}&payment_method=pm_nothing`)).toMatchObject({ status: 400, body: { error: { code: 'resource_missing', param: 'payment_method', message: "No such PaymentMethod: 'pm_nothing'" } } });
  });
});
