import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';
import type { CallOptions, Desk, Reply, Shown } from '../desk.ts';

const day = 86_400;
const start = 1_795_251_600;
const older: CallOptions = { headers: [['Stripe-Version', '2024-06-20']] };

interface Shop { readonly stripe: Desk; readonly customer: string; readonly method: string; readonly gold: string; readonly platinum: string; readonly yearly: string }

async function shop(card = 'pm_card_visa'): Promise<Shop> {
  const stripe = desk();
  const customer = (await stripe('POST', '/v1/customers', 'email=ann%40x.test&name=Ann')).body.id;
  const price = async (amount: number, interval: string, name: string): Promise<string> => (await stripe('POST', '/v1/prices', `currency=eur&unit_amount=${amount}&recurring[interval]=${interval}&product_data[name]=${name}`)).body.id;
  return {
    stripe, customer, method: (await stripe('POST', `/v1/payment_methods/${card}/attach`, `customer=${customer}`)).body.id,
    gold: await price(1000, 'month', 'Gold'), platinum: await price(3000, 'month', 'Platinum'), yearly: await price(10_000, 'year', 'Gold+yearly'),
  };
}
const subscribe = ({ stripe, customer, gold, method }: Shop, more = '', options: CallOptions = {}): Promise<Reply> => stripe('POST', '/v1/subscriptions', `customer=${customer}&items[0][price]=${gold}&default_payment_method=${method}${more}`, options);
const items = (body: Shown): readonly Shown[] => (body['items'] as Shown).data;
const invoiceOf = async (stripe: Desk, body: Shown): Promise<Shown> => (await stripe('GET', `/v1/invoices/${String(body['latest_invoice'])}`)).body;

describe('a subscription', () => {
  it('is active once its first invoice is paid', async () => {
    const at = await shop();
    const made = await subscribe(at, '&items[0][quantity]=3&metadata[a]=1');
    expect(made.body).toMatchObject({ object: 'subscription', status: 'active', currency: 'eur', metadata: { a: '1' }, billing_cycle_anchor: start, start_date: start });
    expect(items(made.body)).toMatchObject([{ quantity: 3, price: { id: at.gold }, plan: { id: at.gold, amount: 1000, interval: 'month' }, current_period_start: start, current_period_end: Date.UTC(2026, 11, 21, 9) / 1000 }]);
    expect(made.events).toEqual([
      'customer.subscription.created', 'invoice.created', 'payment_intent.created', 'invoice.finalized', 'charge.succeeded', 'payment_intent.succeeded', 'invoice_payment.paid', 'invoice.paid', 'invoice.payment_succeeded', 'customer.subscription.updated',
    ]);
    expect(made.webhooks[0]).toMatchObject({ data: { object: { status: 'incomplete' } } });
    expect(made.webhooks.at(-1)).toMatchObject({ data: { object: { status: 'active' }, previous_attributes: { status: 'incomplete' } } });
    expect(await invoiceOf(at.stripe, made.body)).toMatchObject({
      status: 'paid', total: 3000, amount_paid: 3000, billing_reason: 'subscription_create', parent: { subscription_details: { subscription: made.body.id } }, number: expect.stringMatching(/^[0-9A-Z]{8}-0001$/),
      lines: { data: [{ amount: 3000, quantity: 3, description: '3 × Gold (at €10.00 / month)', period: { start, end: Date.UTC(2026, 11, 21, 9) / 1000 } }] },
    });
  });

  it('waits for the customer with default_incomplete, and follows its PaymentIntent', async () => {
    const { stripe, customer, gold } = await shop();
    const { body } = await stripe('POST', '/v1/subscriptions', `customer=${customer}&items[0][price]=${gold}&payment_behavior=default_incomplete&payment_settings[save_default_payment_method]=on_subscription&expand[]=latest_invoice.confirmation_secret`);
    const secret = ((body['latest_invoice'] as Shown)['confirmation_secret'] as Shown)['client_secret'] as string;
    expect(body).toMatchObject({ status: 'incomplete', latest_invoice: { status: 'open', amount_remaining: 1000, hosted_invoice_url: expect.stringContaining('/pay/invoice/in_') } });
    const intent = secret.split('_secret_')[0]!;
    const declined = await stripe('POST', `/v1/payment_intents/${intent}/confirm`, 'payment_method=pm_card_chargeDeclined');
    expect(declined).toMatchObject({ status: 402, events: ['charge.failed', 'payment_intent.payment_failed', 'invoice.payment_failed'] });
    const waiting = await stripe('POST', `/v1/payment_intents/${intent}/confirm`, 'payment_method=pm_card_authenticationRequired&return_url=https%3A%2F%2Fx.test');
    expect(waiting.events).toEqual(['payment_intent.requires_action', 'invoice.payment_action_required', 'invoice.payment_failed']);
    const chosen = await stripe.choose('payment_intent', intent, 'pay-authenticated');
    expect(chosen.events).toEqual(['payment_method.attached', 'charge.succeeded', 'payment_intent.succeeded', 'invoice_payment.paid', 'invoice.paid', 'invoice.payment_succeeded', 'customer.subscription.updated']);
    expect((await stripe('GET', `/v1/subscriptions/${body.id}`)).body).toMatchObject({ status: 'active', default_payment_method: expect.stringMatching(/^pm_/) });
  });

  it('with a known card need only be confirmed', async () => {
    const at = await shop();
    const { body } = await subscribe(at, '&payment_behavior=default_incomplete&expand[]=latest_invoice.confirmation_secret');
    const secret = ((body['latest_invoice'] as Shown)['confirmation_secret'] as Shown)['client_secret'] as string;
    const confirmed = await at.stripe('POST', `/v1/payment_intents/${secret.split('_secret_')[0]!}/confirm`);
    expect(confirmed).toMatchObject({ status: 200, body: { status: 'succeeded', payment_method: at.method } });
    expect(confirmed.events.at(-1)).toBe('customer.subscription.updated');
  });

  it('stays incomplete when the card is declined, or was never started', async () => {
    const at = await shop('pm_card_chargeCustomerFail');
    const stays = await subscribe(at);
    expect(stays).toMatchObject({ status: 200, body: { status: 'incomplete' } });
    expect(stays.events).toContain('invoice.payment_failed');
    const never = await subscribe(at, '&payment_behavior=error_if_incomplete');
    expect(never).toMatchObject({ status: 402, events: [], body: { error: { type: 'card_error', code: 'card_declined' } } });
    expect((await at.stripe('GET', '/v1/subscriptions?status=all')).body.data).toHaveLength(1);
    expect((await at.stripe('GET', '/v1/subscriptions?status=incomplete')).body.data).toHaveLength(1);
  });

  it('obeys a rule that says the bank declines', async () => {
    expect((await subscribe(await shop(), '', { declined: 'do_not_honor' })).body).toMatchObject({ status: 'incomplete' });
  });

  it('asks for a card where there is none', async () => {
    const { stripe, customer, gold } = await shop();
    expect((await stripe('POST', '/v1/subscriptions', `customer=${customer}&items[0][price]=${gold}`)).body.error).toMatchObject({ code: 'resource_missing', message: expect.stringMatching(/^This customer has no attached payment source or default payment method\./) });
  });

  it('costs nothing in its trial, and is billed when that ends', async () => {
    const at = await shop();
    const { body, events } = await subscribe(at, '&trial_period_days=14');
    expect(body).toMatchObject({ status: 'trialing', trial_start: start, trial_end: start + 14 * day, billing_cycle_anchor: start + 14 * day });
    expect(events).not.toContain('charge.succeeded');
    expect(await invoiceOf(at.stripe, body)).toMatchObject({ total: 0, status: 'paid', lines: { data: [{ amount: 0, description: 'Trial period for Gold' }] } });
    const ended = await at.stripe('POST', `/v1/subscriptions/${body.id}`, 'trial_end=now', { later: 3 * day * 1000 });
    expect(ended.body).toMatchObject({ status: 'active', billing_cycle_anchor: start + 3 * day });
    expect(await invoiceOf(at.stripe, ended.body)).toMatchObject({ total: 1000, status: 'paid' });
  });

  it('renews when it is made to, fails to, and ends', async () => {
    const at = await shop();
    const made = await subscribe(at);
    const renewed = await at.stripe.happen('invoice.paid', made);
    expect(renewed.events).toEqual([
      'customer.subscription.updated', 'invoice.created', 'payment_intent.created', 'invoice.finalized', 'charge.succeeded', 'payment_intent.succeeded', 'invoice_payment.paid', 'invoice.paid', 'invoice.payment_succeeded',
    ]);
    const read = async (): Promise<Shown> => (await at.stripe('GET', `/v1/subscriptions/${made.body.id}`)).body;
    expect(items(await read())).toMatchObject([{ current_period_start: Date.UTC(2026, 11, 21, 9) / 1000, current_period_end: Date.UTC(2027, 0, 21, 9) / 1000 }]);
    const failed = await at.stripe.happen('invoice.payment_failed', made, 'insufficient_funds');
    expect(failed.events.slice(-3)).toEqual(['payment_intent.payment_failed', 'invoice.payment_failed', 'customer.subscription.updated']);
    expect(await read()).toMatchObject({ status: 'past_due' });
    const open = (await at.stripe('GET', '/v1/invoices?status=open')).body.data[0]!;
    expect(open).toMatchObject({ billing_reason: 'subscription_cycle', attempt_count: 1, next_payment_attempt: start + 3 * day });
    expect((await at.stripe('POST', `/v1/invoices/${open.id}/pay`)).body).toMatchObject({ status: 'paid' });
    expect(await read()).toMatchObject({ status: 'active' });
    expect((await at.stripe.happen('customer.subscription.deleted', made, 'payment_failed')).events).toEqual(['customer.subscription.deleted']);
    expect((await at.stripe.happen('invoice.paid', made)).events).toEqual([]);
  });

  it('ends at the end of its period, or at once', async () => {
    const at = await shop();
    const made = await subscribe(at);
    const ending = await at.stripe('POST', `/v1/subscriptions/${made.body.id}`, 'cancel_at_period_end=true');
    expect(ending.body).toMatchObject({ status: 'active', cancel_at_period_end: true, cancel_at: Date.UTC(2026, 11, 21, 9) / 1000, canceled_at: start, cancellation_details: { reason: 'cancellation_requested' } });
    expect(ending.events).toEqual(['customer.subscription.updated']);
    expect((await at.stripe('POST', `/v1/subscriptions/${made.body.id}`, 'cancel_at_period_end=false')).body).toMatchObject({ cancel_at: null, canceled_at: null });
    const gone = await at.stripe('DELETE', `/v1/subscriptions/${made.body.id}`, 'cancellation_details[comment]=bye');
    expect(gone).toMatchObject({ events: ['customer.subscription.deleted'], body: { status: 'canceled', ended_at: start, cancellation_details: { comment: 'bye', reason: 'cancellation_requested' } } });
    expect((await at.stripe('DELETE', `/v1/subscriptions/${made.body.id}`)).status).toBe(404);
    expect((await at.stripe('POST', `/v1/subscriptions/${made.body.id}`, 'description=x')).body.error.message).toContain('A canceled subscription can only update');
    expect((await at.stripe('GET', '/v1/subscriptions')).body.data).toEqual([]);
    expect((await at.stripe('GET', '/v1/subscriptions?status=all')).body.data).toHaveLength(1);
  });
});

describe('a customer who is deleted', () => {
  it('is billed no more', async () => {
    const at = await shop();
    const { body } = await subscribe(at);
    expect((await at.stripe('DELETE', `/v1/customers/${at.customer}`)).events).toEqual(['payment_method.detached', 'customer.subscription.deleted', 'customer.deleted']);
    expect((await at.stripe('GET', `/v1/subscriptions/${body.id}`)).body).toMatchObject({ status: 'canceled' });
  });
});

describe('other items', () => {
  const half = { later: 15 * day * 1000 };

  it('are prorated to the second, and billed with the next invoice', async () => {
    const at = await shop();
    const made = await subscribe(at);
    const changed = await at.stripe('POST', `/v1/subscriptions/${made.body.id}`, `items[0][id]=${items(made.body)[0]!.id}&items[0][price]=${at.platinum}`, half);
    // 15 of 30 days are left
    expect(changed.events).toEqual(['invoiceitem.created', 'invoiceitem.created', 'customer.subscription.updated']);
    expect((await at.stripe('GET', '/v1/invoiceitems?pending=true')).body.data).toMatchObject([
      { amount: 1500, proration: true, description: 'Remaining time on Platinum after 06 Dec 2026' }, { amount: -500, proration: true, description: 'Unused time on Gold after 06 Dec 2026' },
    ]);
    await at.stripe.happen('invoice.paid', made);
    expect((await at.stripe('GET', '/v1/invoices?limit=1')).body.data).toMatchObject([{ total: 3000 + 1000, amount_paid: 4000 }]);
    expect((await at.stripe('GET', '/v1/invoiceitems?pending=true')).body.data).toEqual([]);
  });

  it('are billed at once with always_invoice, and not at all with none', async () => {
    const at = await shop();
    const made = await subscribe(at);
    const item = items(made.body)[0]!.id;
    expect((await at.stripe('POST', `/v1/subscriptions/${made.body.id}`, `items[0][id]=${item}&items[0][quantity]=2&proration_behavior=none`, half)).events).toEqual(['customer.subscription.updated']);
    const now = await at.stripe('POST', `/v1/subscriptions/${made.body.id}`, `items[0][id]=${item}&items[0][quantity]=4&proration_behavior=always_invoice`, half);
    expect(now.events).toContain('invoice.paid');
    expect(await invoiceOf(at.stripe, now.body)).toMatchObject({ total: 1000, status: 'paid', billing_reason: 'subscription_update' });
  });

  it('with another interval begin a new period, which is billed at once', async () => {
    const at = await shop();
    const made = await subscribe(at);
    const { body } = await at.stripe('POST', `/v1/subscriptions/${made.body.id}`, `items[0][id]=${items(made.body)[0]!.id}&items[0][price]=${at.yearly}`, half);
    expect(body).toMatchObject({ billing_cycle_anchor: start + 15 * day });
    expect(items(body)).toMatchObject([{ current_period_start: start + 15 * day, current_period_end: Date.UTC(2027, 11, 6, 9) / 1000 }]);
    expect(await invoiceOf(at.stripe, body)).toMatchObject({ total: 10_000 - 500, status: 'paid' });
  });

  it('are added, changed and taken away by their own calls', async () => {
    const at = await shop();
    const { body } = await subscribe(at);
    const added = await at.stripe('POST', '/v1/subscription_items', `subscription=${body.id}&price=${at.platinum}`, half);
    expect(added).toMatchObject({ status: 200, body: { object: 'subscription_item', subscription: body.id }, events: ['invoiceitem.created', 'customer.subscription.updated'] });
    expect((await at.stripe('GET', `/v1/subscription_items?subscription=${body.id}`)).body.data).toHaveLength(2);
    expect((await at.stripe('POST', `/v1/subscription_items/${added.body.id}`, 'quantity=2', half)).body).toMatchObject({ quantity: 2 });
    expect((await at.stripe('DELETE', `/v1/subscription_items/${added.body.id}`, '', half)).body).toEqual({ id: added.body.id, object: 'subscription_item', deleted: true });
    expect((await at.stripe('GET', `/v1/subscription_items/${added.body.id}`)).status).toBe(404);
    // 1500 for what was added, -1500 + 3000 for the second, -3000 for taking them away
    const sums = (await at.stripe('GET', '/v1/invoiceitems?pending=true')).body.data.map(({ amount }) => amount);
    expect(sums.reduce((sum, amount) => sum + amount, 0)).toBe(0);
    expect((await at.stripe('DELETE', `/v1/subscription_items/${items(body)[0]!.id}`)).body.error.message).toContain('at least one');
  });
});

describe('to callers before basil', () => {
  it('a subscription shows its period, and an invoice its subscription and payment', async () => {
    const at = await shop();
    const { body, webhooks } = await subscribe(at, '&expand[]=latest_invoice.payment_intent', older);
    expect(body).toMatchObject({ current_period_start: start, current_period_end: Date.UTC(2026, 11, 21, 9) / 1000, plan: { id: at.gold }, quantity: 1, latest_invoice: { subscription: body.id, paid: true, charge: expect.stringMatching(/^ch_/), payment_intent: { status: 'succeeded' } } });
    expect(items(body)[0]).not.toHaveProperty('current_period_end');
    expect(webhooks[0]).toMatchObject({ data: { object: { current_period_start: start } } });
    const newer = (await at.stripe('GET', `/v1/subscriptions/${body.id}?expand[]=latest_invoice`)).body;
    expect([newer, newer['latest_invoice']].map((object) => Object.keys(object as object).filter((name) => ['current_period_start', 'payment_intent', 'subscription', 'paid', 'charge'].includes(name)))).toEqual([[], []]);
  });
});

describe('subscriptions are refused', () => {
  it.each([
    ['items[0][price]={gold}', 'parameter_missing', 'customer', 'Missing required param: customer.'],
    ['customer={customer}', 'parameter_missing', 'items', 'Missing required param: items.'],
    ['customer={customer}&items[0][price]=price_no', 'resource_missing', 'items[0][price]', "No such price: 'price_no'"],
    ['customer={customer}&items[0][price]={gold}&items[1][price]={yearly}', undefined, 'items', /Found mismatch in interval field/],
    ['customer={customer}&items[0][price]={gold}&collection_method=send_invoice', 'parameter_missing', 'days_until_due', /days_until_due/],
    ['customer={customer}&items[0][price]={gold}&trial_end=1', undefined, 'trial_end', /in the future/],
    ['customer={customer}&items[0][price]={gold}&default_payment_method=pm_no', 'resource_missing', 'default_payment_method', "No such PaymentMethod: 'pm_no'"],
    ['customer={customer}&items[0][price]={gold}&default_tax_rates[]=txr_1', 'fourthwall_not_simulated', undefined, /taxes/],
    ['customer={customer}&items[0][price]={gold}&billing_cycle_anchor=1999999999', 'fourthwall_not_simulated', undefined, /billing_cycle_anchor/],
    ['customer={customer}&items[0][price]={gold}&discounts[0][coupon]=NO', 'resource_missing', 'discounts[0][coupon]', "No such coupon: 'NO'"],
  ])('%s', async (text, code, param, message) => {
    const at = await shop();
    const { status, body: { error }, events } = await at.stripe('POST', '/v1/subscriptions', text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(at[name as keyof Shop])));
    expect({ status, code: error['code'], param: error['param'], events }).toEqual({ status: 400, code, param, events: [] });
    expect(error.message).toMatch(message);
  });
});
