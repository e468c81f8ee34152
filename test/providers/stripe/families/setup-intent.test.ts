import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';

const customer = async (stripe: ReturnType<typeof desk>) => (await stripe('POST', '/v1/customers', 'name=Ann')).body.id;
const unexpected = { type: 'invalid_request_error', code: 'setup_intent_unexpected_state' };

describe('setup intents', () => {
  it('save a card to its customer without moving money', async () => {
    const stripe = desk();
    const ann = await customer(stripe);
    const made = await stripe('POST', '/v1/setup_intents', `customer=${ann}&metadata[a]=1`);
    expect(made).toMatchObject({ status: 200, body: { object: 'setup_intent', status: 'requires_payment_method', usage: 'off_session', payment_method: null, metadata: { a: '1' }, automatic_payment_methods: { enabled: true } }, events: ['setup_intent.created'] });
    expect(made.decoded).toMatchObject({ effects: [{ operation: 'setup_intents.create', movesMoney: false }] });
    const done = await stripe('POST', `/v1/setup_intents/${made.body.id}/confirm`, 'payment_method=pm_card_visa');
    expect(done).toMatchObject({ status: 200, body: { status: 'succeeded', next_action: null, last_setup_error: null }, events: ['payment_method.attached', 'setup_intent.succeeded'] });
    const { data } = (await stripe('GET', `/v1/customers/${ann}/payment_methods`)).body;
    expect(data.map(({ id }) => id)).toEqual([done.body.payment_method]);
    expect((await stripe('GET', '/v1/balance_transactions')).body.data).toEqual([]);
    // the saved card pays without the customer being there
    expect((await stripe('POST', '/v1/payment_intents', `amount=2000&currency=usd&customer=${ann}&payment_method=${done.body.payment_method}&off_session=true&confirm=true`)).body.status).toBe('succeeded');
  });

  it('confirm while they are made, and are read, listed and expanded', async () => {
    const stripe = desk();
    const [ann, bob] = [await customer(stripe), await customer(stripe)];
    const one = await stripe('POST', '/v1/setup_intents', `customer=${ann}&payment_method=pm_card_visa&confirm=true&usage=on_session`);
    expect(one).toMatchObject({ body: { status: 'succeeded', usage: 'on_session' }, events: ['setup_intent.created', 'payment_method.attached', 'setup_intent.succeeded'] });
    const other = await stripe('POST', '/v1/setup_intents', `customer=${bob}&payment_method=pm_card_visa`);
    expect(other.body['status']).toBe('requires_confirmation');
    expect((await stripe('GET', `/v1/setup_intents/${one.body.id}?expand[]=payment_method&expand[]=customer`)).body).toMatchObject({ customer: { id: ann }, payment_method: { customer: ann, card: { last4: '4242' } } });
    expect((await stripe('GET', `/v1/setup_intents?customer=${bob}`)).body.data.map(({ id }) => id)).toEqual([other.body.id]);
    expect((await stripe('GET', `/v1/setup_intents?payment_method=${one.body.payment_method}`)).body.data.map(({ id }) => id)).toEqual([one.body.id]);
  });

  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'], ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'], ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
  ])('of %s decline with 402, and can be tried again', async (card, code, declineCode) => {
    const stripe = desk();
    const ann = await customer(stripe);
    const declined = await stripe('POST', '/v1/setup_intents', `customer=${ann}&payment_method=${card}&confirm=true`);
    expect(declined).toMatchObject({ status: 402, body: { error: { type: 'card_error', code, decline_code: declineCode, setup_intent: { status: 'requires_payment_method', payment_method: null, last_setup_error: { code } } } }, events: ['setup_intent.created', 'setup_intent.setup_failed'] });
    expect((await stripe('GET', `/v1/customers/${ann}/payment_methods`)).body.data).toEqual([]);
    const { id } = declined.body.error['setup_intent'] as { readonly id: string };
    expect((await stripe('POST', `/v1/setup_intents/${id}/confirm`, 'payment_method=pm_card_mastercard')).body['status']).toBe('succeeded');
  });

  it('save a card that only fails when it is charged', async () => {
    const stripe = desk();
    expect((await stripe('POST', '/v1/setup_intents', `customer=${await customer(stripe)}&payment_method=pm_card_chargeCustomerFail&confirm=true`)).body['status']).toBe('succeeded');
  });

  it('wait for 3-D Secure, on a page or in the browser', async () => {
    const stripe = desk();
    const inBrowser = await stripe('POST', '/v1/setup_intents', 'payment_method=pm_card_authenticationRequiredOnSetup&confirm=true');
    expect(inBrowser).toMatchObject({ body: { status: 'requires_action', next_action: { type: 'use_stripe_sdk' } }, events: ['setup_intent.created', 'setup_intent.requires_action'] });
    const onPage = await stripe('POST', '/v1/setup_intents', 'payment_method=pm_card_authenticationRequiredOnSetup&confirm=true&return_url=https%3A%2F%2Fx.test');
    expect(onPage.body.next_action).toMatchObject({ type: 'redirect_to_url', redirect_to_url: { return_url: 'https://x.test', url: `http://127.0.0.1:8025/pay/setup_intent/${onPage.body.id}` } });
  });

  it('are updated and cancelled, and then stay as they are', async () => {
    const stripe = desk();
    const { id } = (await stripe('POST', '/v1/setup_intents', 'metadata[a]=1&metadata[b]=2')).body;
    expect((await stripe('POST', `/v1/setup_intents/${id}`, 'description=Card&metadata[a]=&payment_method=pm_card_visa')).body).toMatchObject({ description: 'Card', metadata: { b: '2' }, status: 'requires_confirmation' });
    expect(await stripe('POST', `/v1/setup_intents/${id}/cancel`, 'cancellation_reason=abandoned')).toMatchObject({ body: { status: 'canceled', cancellation_reason: 'abandoned' }, events: ['setup_intent.canceled'] });
    for (const call of ['/confirm', '/cancel', '']) {
      expect(await stripe('POST', `/v1/setup_intents/${id}${call}`, call === '' ? 'description=x' : '')).toMatchObject({ status: 400, body: { error: { ...unexpected, setup_intent: { id } } }, events: [] });
    }
  });

  it.each([
    ['GET', '/v1/setup_intents/seti_1', '', 404, { code: 'resource_missing', param: 'intent', message: "No such setupintent: 'seti_1'" }],
    ['POST', '/v1/setup_intents/seti_1/confirm', '', 404, { code: 'resource_missing', param: 'intent' }],
    ['POST', '/v1/setup_intents', 'customer=cus_1', 400, { code: 'resource_missing', param: 'customer', message: "No such customer: 'cus_1'" }],
    ['POST', '/v1/setup_intents', 'payment_method=pm_1', 400, { code: 'resource_missing', param: 'payment_method' }],
    ['POST', '/v1/setup_intents', 'confirm=true', 400, unexpected],
    ['POST', '/v1/setup_intents', 'usage=never', 400, { param: 'usage' }],
    ['POST', '/v1/setup_intents', 'colour=red', 400, { code: 'parameter_unknown', param: 'colour' }],
    ['POST', '/v1/setup_intents', 'return_url=https%3A%2F%2Fx.test', 400, { param: 'return_url' }],
    ['POST', '/v1/setup_intents', 'single_use[amount]=1&single_use[currency]=usd', 400, { code: 'fourthwall_not_simulated' }],
    ['POST', '/v1/setup_intents', 'attach_to_self=true', 400, { code: 'fourthwall_not_simulated' }],
    ['POST', '/v1/setup_intents', 'confirmation_token=ctoken_1&confirm=true&payment_method=pm_card_visa', 400, { code: 'fourthwall_not_simulated' }],
    ['POST', '/v1/setup_intents/seti_1/verify_microdeposits', '', 400, { code: 'fourthwall_not_simulated' }],
  ])('%s %s with %s is %i', async (method, path, body, status, error) => {
    expect(await desk()(method, path, body)).toMatchObject({ status, body: { error }, events: [] });
  });

  it('do not save another customer\'s card', async () => {
    const stripe = desk();
    const [ann, bob] = [await customer(stripe), await customer(stripe)];
    const { body } = await stripe('POST', '/v1/setup_intents', `customer=${ann}&payment_method=pm_card_visa&confirm=true`);
    expect(await stripe('POST', '/v1/setup_intents', `customer=${bob}&payment_method=${body.payment_method}&confirm=true`)).toMatchObject({ status: 400, body: { error: { param: 'payment_method' } }, events: [] });
    expect(await stripe('POST', '/v1/setup_intents', `payment_method=${body.payment_method}&confirm=true`)).toMatchObject({ status: 400, body: { error: { param: 'payment_method' } }, events: [] });
  });
});
