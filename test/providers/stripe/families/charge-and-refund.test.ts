import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';

const paid = async (stripe: ReturnType<typeof desk>, more = '') => (await stripe('POST', '/v1/payment_intents', `amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true${more}`)).body;

describe('charges', () => {
  it('of a token succeed at once, or hold and are captured', async () => {
    const stripe = desk();
    expect(await stripe('POST', '/v1/charges', 'amount=2000&currency=usd&source=tok_visa&metadata[order_id]=7')).toMatchObject({
      status: 200, body: { status: 'succeeded', captured: true, payment_intent: null, metadata: { order_id: '7' } }, events: ['charge.succeeded'],
    });
    const held = await stripe('POST', '/v1/charges', 'amount=2000&currency=usd&source=tok_visa&capture=false');
    expect(held.body).toMatchObject({ captured: false, amount_captured: 0 });
    expect((await stripe('POST', `/v1/charges/${held.body.id}/capture`, 'amount=1500')).body).toMatchObject({ captured: true, amount_captured: 1500, amount_refunded: 500 });
    expect(await stripe('POST', `/v1/charges/${held.body.id}/capture`)).toMatchObject({ status: 400, body: { error: { code: 'charge_already_captured' } } });
  });

  it('decline with 402 and are kept as failed', async () => {
    const stripe = desk();
    const declined = await stripe('POST', '/v1/charges', 'amount=2000&currency=usd&source=tok_chargeDeclined');
    expect(declined).toMatchObject({ status: 402, body: { error: { type: 'card_error', code: 'card_declined', decline_code: 'generic_decline' } }, events: ['charge.failed'] });
    expect((await stripe('GET', `/v1/charges/${declined.body.error.charge}`)).body.status).toBe('failed');
  });

  it('need something to charge', async () => {
    expect((await desk()('POST', '/v1/charges', 'amount=2000&currency=usd')).body.error.message).toBe('Must provide source or customer.');
    expect((await desk()('POST', '/v1/charges', 'amount=2000&currency=usd&source=tok_nosuch')).body.error).toMatchObject({ code: 'resource_missing', param: 'source' });
  });

  it('are listed by payment intent, and updated', async () => {
    const stripe = desk();
    const [one] = [await paid(stripe), await paid(stripe)];
    const list = await stripe('GET', `/v1/charges?payment_intent=${one!.id}`);
    expect(list.body.data.map((charge) => charge.id)).toEqual([one!.latest_charge]);
    expect(await stripe('POST', `/v1/charges/${one!.latest_charge}`, 'description=Books&fraud_details[user_report]=safe')).toMatchObject({ body: { description: 'Books', fraud_details: { user_report: 'safe' } }, events: ['charge.updated'] });
  });
});

describe('refunds', () => {
  it('of a part, of the rest, and never of more', async () => {
    const stripe = desk();
    const intent = await paid(stripe);
    const part = await stripe('POST', '/v1/refunds', `payment_intent=${intent.id}&amount=500&reason=requested_by_customer&metadata[a]=1`);
    expect(part).toMatchObject({ status: 200, body: { object: 'refund', amount: 500, currency: 'usd', charge: intent.latest_charge, payment_intent: intent.id, reason: 'requested_by_customer', status: 'succeeded', metadata: { a: '1' } }, events: ['refund.created', 'charge.refunded'] });
    expect((await stripe('GET', `/v1/charges/${intent.latest_charge}`)).body).toMatchObject({ amount_refunded: 500, refunded: false });
    expect(await stripe('POST', '/v1/refunds', `charge=${intent.latest_charge}&amount=1501`)).toMatchObject({ status: 400, body: { error: { param: 'amount', message: 'Refund amount ($15.01) is greater than unrefunded amount on charge ($15.00)' } }, events: [] });
    expect((await stripe('POST', '/v1/refunds', `charge=${intent.latest_charge}`)).body.amount).toBe(1500);
    expect((await stripe('GET', `/v1/charges/${intent.latest_charge}?expand[]=refunds`)).body).toMatchObject({ amount_refunded: 2000, refunded: true, refunds: { object: 'list', data: [{ amount: 1500 }, { amount: 500 }] } });
    expect(await stripe('POST', '/v1/refunds', `payment_intent=${intent.id}`)).toMatchObject({ status: 400, body: { error: { code: 'charge_already_refunded', message: `Charge ${intent.latest_charge} has already been refunded.` } } });
  });

  it('of more than was charged name the charge amount', async () => {
    const stripe = desk();
    const intent = await paid(stripe);
    expect((await stripe('POST', '/v1/refunds', `payment_intent=${intent.id}&amount=2001`)).body.error.message).toBe('Refund amount ($20.01) is greater than charge amount ($20.00)');
  });

  it('need a charge that succeeded', async () => {
    const stripe = desk();
    const { body: open } = await stripe('POST', '/v1/payment_intents', 'amount=2000&currency=usd');
    expect((await stripe('POST', '/v1/refunds', `payment_intent=${open.id}`)).body.error.message).toBe(`This PaymentIntent (${open.id}) does not have a successful charge to refund.`);
    expect((await stripe('POST', '/v1/refunds', 'amount=1')).body.error.message).toMatch(/payment_intent or charge/);
    expect((await stripe('POST', '/v1/refunds', 'charge=ch_nothing')).body.error).toMatchObject({ code: 'resource_missing', param: 'charge' });
    const failed = await stripe('POST', '/v1/charges', 'amount=2000&currency=usd&source=tok_chargeDeclined');
    expect(await stripe('POST', '/v1/refunds', `charge=${failed.body.error.charge}`)).toMatchObject({ status: 400, events: [] });
  });

  it('of an uncaptured charge release it, whole', async () => {
    const stripe = desk();
    const { body: held } = await stripe('POST', '/v1/charges', 'amount=2000&currency=usd&source=tok_visa&capture=false');
    expect(await stripe('POST', '/v1/refunds', `charge=${held.id}&amount=1`)).toMatchObject({ status: 400 });
    expect(await stripe('POST', '/v1/refunds', `charge=${held.id}`)).toMatchObject({ status: 200, body: { amount: 2000, balance_transaction: null } });
    expect((await stripe('GET', `/v1/charges/${held.id}`)).body).toMatchObject({ refunded: true, captured: false });
  });

  it('are read, changed and listed; the older way answers with the charge', async () => {
    const stripe = desk();
    const intent = await paid(stripe);
    const { body: charge } = await stripe('POST', `/v1/charges/${intent.latest_charge}/refund`, 'amount=100');
    expect(charge).toMatchObject({ object: 'charge', amount_refunded: 100 });
    const { body: list } = await stripe('GET', `/v1/refunds?payment_intent=${intent.id}`);
    const [one] = list.data;
    expect((await stripe('POST', `/v1/refunds/${one!.id}`, 'metadata[a]=1')).body.metadata).toEqual({ a: '1' });
    expect((await stripe('GET', `/v1/refunds/${one!.id}`)).body).toMatchObject({ id: one!.id, metadata: { a: '1' } });
    expect((await stripe('GET', '/v1/refunds/re_nothing')).status).toBe(404);
  });
});

describe('the balance', () => {
  it('is what charges brought less fees and refunds, pending for two days', async () => {
    const stripe = desk();
    const intent = await paid(stripe);
    await stripe('POST', '/v1/refunds', `payment_intent=${intent.id}&amount=500`);
    // 2000 - (2.9 % = 58, and 30) - 500
    expect((await stripe('GET', '/v1/balance')).body).toMatchObject({ available: [{ amount: 0, currency: 'usd' }], pending: [{ amount: 1412, currency: 'usd' }] });
    expect((await stripe('GET', '/v1/balance', '', { later: 2 * 24 * 3600 * 1000 })).body).toMatchObject({ available: [{ amount: 1412 }], pending: [{ amount: 0 }] });
    const { body: list } = await stripe('GET', '/v1/balance_transactions?type=refund');
    expect(list.data).toMatchObject([{ amount: -500, fee: 0, net: -500, status: 'pending' }]);
  });

  it('starts at nothing, and the account is always the same one', async () => {
    const stripe = desk();
    expect((await stripe('GET', '/v1/balance')).body).toMatchObject({ object: 'balance', available: [{ amount: 0, currency: 'usd' }] });
    const { body: account } = await stripe('GET', '/v1/account');
    expect(account.id).toMatch(/^acct_1[0-9A-Za-z]{15}$/);
    expect((await stripe('GET', `/v1/accounts/${account.id}`)).body).toEqual(account);
    expect((await stripe('GET', '/v1/accounts/acct_other')).status).toBe(404);
  });
});

describe('events', () => {
  it('can be read later, one by one and by type', async () => {
    const stripe = desk();
    const { webhooks } = await stripe('POST', '/v1/payment_intents', 'amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true', { headers: [['Idempotency-Key', 'k1']] });
    const last = webhooks.at(-1)!;
    expect(last).toMatchObject({ object: 'event', type: 'payment_intent.succeeded', livemode: false, api_version: '2026-10-28.endive', request: { idempotency_key: 'k1' }, data: { object: { status: 'succeeded' } } });
    expect((await stripe('GET', `/v1/events/${last.id}`)).body).toEqual(last);
    expect((await stripe('GET', '/v1/events')).body.data.map((event) => event.type)).toEqual(['payment_intent.succeeded', 'charge.succeeded', 'payment_intent.created']);
    expect((await stripe('GET', '/v1/events?type=payment_intent.*')).body.data).toHaveLength(2);
    expect((await stripe('GET', '/v1/events?types[]=charge.succeeded')).body.data).toHaveLength(1);
  });
});
