import { describe, expect, it } from 'vitest';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { desk } from './desk.ts';

describe('a rule that says the bank declines', () => {
  it.each([
    [null, 'card_declined', 'generic_decline', 'Your card was declined.'], ['insufficient_funds', 'card_declined', 'insufficient_funds', 'Your card has insufficient funds.'],
    ['expired_card', 'expired_card', 'expired_card', 'Your card has expired.'], ['do_not_honor', 'card_declined', 'do_not_honor', 'Your card was declined.'],
    ['authentication_required', 'authentication_required', 'authentication_required', 'Your card was declined. This transaction requires authentication.'], ['something_new', 'card_declined', 'something_new', 'Your card was declined.'],
  ])('with %s is told as %s, %s', async (declined, code, declineCode, message) => {
    const call = desk();
    const intent = await call('POST', '/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_visa&confirm=true', { declined });
    expect(intent).toMatchObject({ status: 402, events: ['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed'], body: { error: { type: 'card_error', code, decline_code: declineCode, message, payment_intent: { status: 'requires_payment_method', last_payment_error: { code } } } } });
    const charge = await call('POST', '/v1/charges', 'amount=1099&currency=eur&source=tok_visa', { declined });
    expect(charge).toMatchObject({ status: 402, body: { error: { type: 'card_error', code, decline_code: declineCode } } });
    expect((await call('GET', `/v1/charges/${charge.body.error.charge}`)).body).toMatchObject({ status: 'failed', paid: false, failure_code: code, amount_captured: 0 });
  });

  it('holds for an intent that is confirmed later, and for a card that would wait for 3-D Secure', async () => {
    const call = desk();
    const { body: intent } = await call('POST', '/v1/payment_intents', 'amount=1099&currency=eur', { declined: null });
    expect(intent['status']).toBe('requires_payment_method');
    for (const card of ['pm_card_visa', 'pm_card_threeDSecure2Required']) {
      expect((await call('POST', `/v1/payment_intents/${intent.id}/confirm`, `payment_method=${card}&return_url=https%3A%2F%2Fx.test`, { declined: 'lost_card' })).body.error).toMatchObject({ decline_code: 'lost_card' });
    }
    expect((await call('POST', `/v1/payment_intents/${intent.id}/confirm`, 'payment_method=pm_card_visa')).body).toMatchObject({ status: 'succeeded' });
  });

  it('holds for invoices, subscriptions and the page of a checkout session', async () => {
    const call = desk();
    const { body: customer } = await call('POST', '/v1/customers', 'name=Ann&payment_method=pm_card_visa');
    const method = (await call('GET', `/v1/customers/${customer.id}/payment_methods`)).body.data[0]!;
    const { body: price } = await call('POST', '/v1/prices', 'currency=usd&unit_amount=1000&product_data[name]=Gold&recurring[interval]=month');
    const subscription = await call('POST', '/v1/subscriptions', `customer=${customer.id}&default_payment_method=${method.id}&items[0][price]=${price.id}&expand[]=latest_invoice`, { declined: 'lost_card' });
    expect(subscription).toMatchObject({ status: 200, body: { status: 'incomplete', latest_invoice: { status: 'open', amount_paid: 0 } } });
    expect(subscription.events).toEqual(expect.arrayContaining(['charge.failed', 'invoice.payment_failed']));
    const { body: invoice } = await call('POST', '/v1/invoices', `customer=${customer.id}&auto_advance=false&currency=usd`);
    await call('POST', '/v1/invoiceitems', `customer=${customer.id}&invoice=${invoice.id}&amount=900&currency=usd`);
    expect((await call('POST', `/v1/invoices/${invoice.id}/pay`, `payment_method=${method.id}`, { declined: 'lost_card' }))).toMatchObject({ status: 402, body: { error: { type: 'card_error', decline_code: 'lost_card' } } });
    expect((await call('POST', `/v1/invoices/${invoice.id}/pay`, `payment_method=${method.id}`)).body).toMatchObject({ status: 'paid' });
    const { body: session } = await call('POST', '/v1/checkout/sessions', 'mode=payment&success_url=https%3A%2F%2Fx.test&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=100&line_items[0][price_data][product_data][name]=Pen&line_items[0][quantity]=1');
    expect((await call.choose('checkout.session', session.id, 'pay', { declined: 'lost_card' })).goTo).toBeNull();
    expect((await call('GET', `/v1/checkout/sessions/${session.id}`)).body).toMatchObject({ status: 'open', payment_status: 'unpaid' });
    expect((await call.choose('checkout.session', session.id, 'pay')).goTo).toBe('https://x.test/');
  });

  it('changes nothing where no money is taken', async () => {
    const call = desk();
    const { body: customer } = await call('POST', '/v1/customers', 'payment_method=pm_card_visa', { declined: null });
    expect((await call('POST', '/v1/setup_intents', `payment_method=pm_card_visa&confirm=true&customer=${customer.id}`, { declined: null })).status).toBe(200);
    const { body: held } = await call('POST', '/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_visa&confirm=true&capture_method=manual');
    expect((await call('POST', `/v1/payment_intents/${held.id}/capture`, '', { declined: null })).status).toBe(200);
    expect((await call('POST', '/v1/refunds', `payment_intent=${held.id}`, { declined: null })).status).toBe(200);
  });

  it('can say any code that the provider names', async () => {
    const call = desk();
    for (const declined of stripe.declines) {
      const { body } = await call('POST', '/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_visa&confirm=true', { declined });
      expect(body.error).toMatchObject({ type: 'card_error', decline_code: declined });
    }
    expect(stripe.declines).toEqual(expect.arrayContaining(['generic_decline', 'insufficient_funds', 'lost_card', 'stolen_card', 'fraudulent', 'expired_card', 'incorrect_cvc', 'processing_error', 'card_velocity_exceeded', 'do_not_honor', 'authentication_required']));
  });
});
