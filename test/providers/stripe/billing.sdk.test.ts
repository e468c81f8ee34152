import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { loopback } from './loopback.ts';
import type { Loopback } from './loopback.ts';

/** stripe 23.1.0 over a real socket: Checkout, subscriptions and invoices, with a payer and the webhooks */
let at: Loopback;
beforeEach(async () => { at = await loopback(); });
afterEach(() => at.close());

const secret = `whsec_${'a1B2'.repeat(8)}`;
const failure = async (call: Promise<unknown>): Promise<unknown> => call.then(() => null, (error: unknown) => error);

/** Every webhook so far, signed as it would be sent, and taken by the library for Stripe's own. */
function events(): readonly Stripe.Event[] {
  const now = Date.now();
  return at.callbacks.map(({ body, headers, contentType, method }) => {
    const signed = stripe.sign({ body, headers, contentType, method, url: 'https://shop.example/stripe' }, secret, now);
    return Stripe.webhooks.constructEvent(signed.body, signed.headers.find(([name]) => name === 'Stripe-Signature')![1], secret);
  });
}

describe('the official SDK', () => {
  it('sends a customer to Checkout, who pays and comes back', async () => {
    const session: Stripe.Checkout.Session = await at.sdk.checkout.sessions.create({
      mode: 'payment', success_url: 'https://shop.example/done?session_id={CHECKOUT_SESSION_ID}', cancel_url: 'https://shop.example/cart', client_reference_id: 'order-7', metadata: { order: '7' },
      line_items: [{ quantity: 2, price_data: { currency: 'jpy', unit_amount: 1500, product_data: { name: 'Book' } } }],
      payment_intent_data: { metadata: { order: '7' } },
    });
    expect(session).toMatchObject({ amount_total: 3000, url: `http://127.0.0.1:8025/pay/checkout.session/${session.id}` });
    expect(await at.choose('checkout.session', session.id, 'cancel')).toBe('https://shop.example/cart');
    expect(await at.choose('checkout.session', session.id, 'decline')).toBeNull();
    expect(await at.choose('checkout.session', session.id, 'pay')).toBe(`https://shop.example/done?session_id=${session.id}`);
    const paid = await at.sdk.checkout.sessions.retrieve(session.id, { expand: ['line_items', 'payment_intent'] });
    expect(paid).toMatchObject({ status: 'complete', payment_status: 'paid', payment_intent: { status: 'succeeded', amount_received: 3000, metadata: { order: '7' } }, line_items: { data: [{ quantity: 2, amount_total: 3000 }] } });
    expect((await at.sdk.checkout.sessions.listLineItems(session.id)).data[0]!.price!.unit_amount).toBe(1500);
    const completed = events().find((event) => event.type === 'checkout.session.completed')!;
    expect(completed.data.object).toMatchObject({ id: session.id, client_reference_id: 'order-7', metadata: { order: '7' }, payment_intent: (paid.payment_intent as Stripe.PaymentIntent).id });
    const before = at.calls();
    expect(await failure(at.sdk.checkout.sessions.expire(session.id))).toMatchObject({ type: 'StripeInvalidRequestError' });
    expect(await failure(at.sdk.checkout.sessions.create({ mode: 'payment', success_url: 'https://shop.example' }))).toMatchObject({ type: 'StripeInvalidRequestError', param: 'line_items' });
    expect(await failure(at.sdk.checkout.sessions.retrieve('cs_test_nobody'))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
    expect(at.calls() - before).toBe(3);
  });

  it('expires a session, and saves a card by one', async () => {
    const session = await at.sdk.checkout.sessions.create({ mode: 'payment', success_url: 'https://shop.example', line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 999, product_data: { name: 'Pen' } } }] });
    expect((await at.sdk.checkout.sessions.expire(session.id)).status).toBe('expired');
    expect(events().map(({ type }) => type)).toContain('checkout.session.expired');
    const customer = await at.sdk.customers.create({ email: 'ann@example.test' });
    const setup = await at.sdk.checkout.sessions.create({ mode: 'setup', currency: 'eur', customer: customer.id, success_url: 'https://shop.example/saved' });
    expect(await at.choose('checkout.session', setup.id, 'pay-authenticated')).toBe('https://shop.example/saved');
    expect((await at.sdk.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
  });

  it('follows a subscription from its first payment to its end', async () => {
    const customer = await at.sdk.customers.create({ email: 'ann@example.test' });
    const price = await at.sdk.prices.create({ currency: 'eur', unit_amount: 1250, recurring: { interval: 'month' }, product_data: { name: 'Gold' } });
    const subscription: Stripe.Subscription = await at.sdk.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], payment_behavior: 'default_incomplete', expand: ['latest_invoice.confirmation_secret'] });
    const invoice = subscription.latest_invoice as Stripe.Invoice;
    expect([subscription.status, invoice.status, invoice.amount_due]).toEqual(['incomplete', 'open', 1250]);
    const intent = invoice.confirmation_secret!.client_secret.split('_secret_')[0]!;
    const asked = await at.sdk.paymentIntents.confirm(intent, { payment_method: 'pm_card_authenticationRequired', return_url: 'https://shop.example/back' });
    expect(asked.next_action!.redirect_to_url!.url).toBe(`http://127.0.0.1:8025/pay/payment_intent/${intent}`);
    expect(await at.choose('payment_intent', intent, 'pay-authenticated')).toBe(`https://shop.example/back?payment_intent=${intent}&payment_intent_client_secret=${asked.client_secret!}&redirect_status=succeeded`);
    expect((await at.sdk.subscriptions.retrieve(subscription.id)).status).toBe('active');
    expect((await at.sdk.invoices.listLineItems(invoice.id)).data).toMatchObject([{ amount: 1250, subscription: subscription.id }]);
    const item = subscription.items.data[0]!;
    expect((await at.sdk.subscriptionItems.update(item.id, { quantity: 3, proration_behavior: 'none' })).quantity).toBe(3);
    expect((await at.sdk.subscriptions.update(subscription.id, { cancel_at_period_end: true })).cancel_at).toBe(item.current_period_end);
    expect((await at.sdk.subscriptions.cancel(subscription.id)).status).toBe('canceled');
    expect(events().map(({ type }) => type).filter((type) => type.startsWith('customer.subscription.'))).toEqual([
      'customer.subscription.created', 'customer.subscription.updated', 'customer.subscription.updated', 'customer.subscription.updated', 'customer.subscription.deleted',
    ]);
    const before = at.calls();
    expect(await failure(at.sdk.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], payment_behavior: 'error_if_incomplete', default_payment_method: (await at.sdk.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id })).id }))).toMatchObject({ type: 'StripeCardError', code: 'card_declined' });
    expect(await failure(at.sdk.subscriptions.retrieve('sub_nobody'))).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 404 });
    expect(at.calls() - before).toBe(3);
  });

  it('writes an invoice, has it paid on its page, and is told', async () => {
    const customer = await at.sdk.customers.create({ email: 'ann@example.test' });
    const draft: Stripe.Invoice = await at.sdk.invoices.create({ customer: customer.id, currency: 'kwd', collection_method: 'send_invoice', days_until_due: 14 });
    const item: Stripe.InvoiceItem = await at.sdk.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 12_340, currency: 'kwd', description: 'Work' });
    expect(item.invoice).toBe(draft.id);
    const sent = await at.sdk.invoices.sendInvoice(draft.id);
    expect(sent).toMatchObject({ status: 'open', amount_due: 12_340, hosted_invoice_url: `http://127.0.0.1:8025/pay/invoice/${draft.id}` });
    await at.choose('invoice', draft.id, 'pay');
    expect(await at.sdk.invoices.retrieve(draft.id, { expand: ['payments'] })).toMatchObject({ status: 'paid', amount_paid: 12_340, payments: { data: [{ status: 'paid', payment: { type: 'payment_intent' } }] } });
    expect(events().map(({ type }) => type).slice(-3)).toEqual(['invoice_payment.paid', 'invoice.paid', 'invoice.payment_succeeded']);
    const before = at.calls();
    expect(await failure(at.sdk.invoices.pay(draft.id))).toMatchObject({ type: 'StripeInvalidRequestError', message: 'Invoice is already paid' });
    expect(await failure(at.sdk.invoices.voidInvoice(draft.id))).toMatchObject({ type: 'StripeInvalidRequestError' });
    expect(await failure(at.sdk.invoices.retrieve('in_nobody'))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
    expect(at.calls() - before).toBe(3);
  });

  it('is refused in every one of them, once', async () => {
    at.refuse();
    const before = at.calls();
    for (const call of [
      at.sdk.checkout.sessions.create({ mode: 'payment', success_url: 'https://shop.example' }), at.sdk.subscriptions.create({ customer: 'cus_1', items: [{ price: 'price_1' }] }), at.sdk.invoices.pay('in_1'), at.sdk.invoices.sendInvoice('in_1'),
    ]) {
      expect(await failure(call)).toMatchObject({ type: 'StripePermissionError', message: expect.stringMatching(/no-payments.*staging never pays/) });
    }
    expect(at.calls() - before).toBe(4);
  });
});
