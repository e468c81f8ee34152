import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';
import type { Desk, Shown } from '../desk.ts';

const start = 1_795_251_600;

async function billed(more = '', customerMore = ''): Promise<{ readonly stripe: Desk; readonly customer: string; readonly invoice: Shown }> {
  const stripe = desk();
  const customer = (await stripe('POST', '/v1/customers', `email=ann%40x.test&name=Ann${customerMore}`)).body.id;
  await stripe('POST', '/v1/invoiceitems', `customer=${customer}&amount=1999&currency=eur&description=Work`);
  return { stripe, customer, invoice: (await stripe('POST', '/v1/invoices', `customer=${customer}&currency=eur&pending_invoice_items_behavior=include${more}`)).body };
}

describe('an invoice', () => {
  it('takes in what is pending, is finalized and paid', async () => {
    const { stripe, customer, invoice } = await billed('&metadata[a]=1');
    expect(invoice).toMatchObject({ object: 'invoice', status: 'draft', total: 1999, amount_due: 1999, number: null, hosted_invoice_url: null, metadata: { a: '1' }, customer_email: 'ann@x.test', lines: { data: [{ amount: 1999, description: 'Work' }] } });
    const open = await stripe('POST', `/v1/invoices/${invoice.id}/finalize`);
    expect(open).toMatchObject({ events: ['payment_intent.created', 'invoice.finalized'], body: { status: 'open', number: expect.stringMatching(/-0001$/), hosted_invoice_url: `http://127.0.0.1:8025/pay/invoice/${invoice.id}`, status_transitions: { finalized_at: start } } });
    expect((await stripe('POST', `/v1/invoices/${invoice.id}/finalize`)).body.error['code']).toBe('invoice_not_editable');
    const declined = await stripe('POST', `/v1/invoices/${invoice.id}/pay`, 'payment_method=pm_card_chargeDeclinedInsufficientFunds');
    expect(declined).toMatchObject({ status: 402, body: { error: { type: 'card_error', decline_code: 'insufficient_funds' } }, events: ['charge.failed', 'payment_intent.payment_failed', 'invoice.payment_failed'] });
    const paid = await stripe('POST', `/v1/invoices/${invoice.id}/pay`, 'payment_method=pm_card_visa');
    expect(paid).toMatchObject({ status: 200, body: { status: 'paid', amount_paid: 1999, amount_remaining: 0, attempt_count: 2 }, events: ['charge.succeeded', 'payment_intent.succeeded', 'invoice_payment.paid', 'invoice.paid', 'invoice.payment_succeeded'] });
    expect((await stripe('POST', `/v1/invoices/${invoice.id}/pay`, 'payment_method=pm_card_visa')).body.error.message).toBe('Invoice is already paid');
    expect((await stripe('GET', '/v1/charges')).body.data.filter(({ amount, ...charge }) => charge['status'] === 'succeeded' && amount === 1999)).toHaveLength(1);
    expect((await stripe('GET', `/v1/invoice_payments?invoice=${invoice.id}`)).body.data).toMatchObject([{ status: 'paid', amount_paid: 1999 }]);
    expect((await stripe('GET', `/v1/customers/${customer}`)).body).toMatchObject({ next_invoice_sequence: 2 });
  });

  it('is paid on its page, where the customer may fail first', async () => {
    const { stripe, invoice } = await billed();
    expect(await stripe.show('invoice', invoice.id)).toMatchObject({ choices: [], status: 'This invoice is draft.' });
    await stripe('POST', `/v1/invoices/${invoice.id}/finalize`);
    expect(await stripe.show('invoice', invoice.id)).toMatchObject({ amount: { minor: '1999' }, payer: 'ann@x.test', choices: ['pay', 'pay-authenticated', 'decline', 'fail-authentication'], lines: [{ text: 'Work' }] });
    expect(await stripe.choose('invoice', invoice.id, 'fail-authentication')).toMatchObject({ goTo: null, says: expect.stringContaining('failed authentication') });
    const paid = await stripe.choose('invoice', invoice.id, 'pay-authenticated');
    expect(paid).toMatchObject({ goTo: null, says: 'Thank you: the invoice is paid.' });
    expect(paid.events.slice(-3)).toEqual(['invoice_payment.paid', 'invoice.paid', 'invoice.payment_succeeded']);
    expect(await stripe.show('invoice', invoice.id)).toMatchObject({ choices: [], status: 'This invoice is paid.' });
  });

  it('tells that the customer has to authenticate', async () => {
    const { stripe, invoice } = await billed();
    const asked = await stripe('POST', `/v1/invoices/${invoice.id}/pay`, 'payment_method=pm_card_authenticationRequired');
    expect(asked).toMatchObject({ status: 402, body: { error: { type: 'card_error', code: 'invoice_payment_intent_requires_action', payment_intent: { status: 'requires_action' } } } });
    expect(asked.events.slice(-2)).toEqual(['invoice.payment_action_required', 'invoice.payment_failed']);
    expect((await stripe('GET', `/v1/invoices/${invoice.id}`)).body).toMatchObject({ status: 'open' });
  });

  it.each([
    ['void', 'void', 'invoice.voided', 'voided_at'], ['mark_uncollectible', 'uncollectible', 'invoice.marked_uncollectible', 'marked_uncollectible_at'],
  ])('%s', async (verb, status, event, at) => {
    const { stripe, invoice } = await billed();
    expect((await stripe('POST', `/v1/invoices/${invoice.id}/${verb}`)).status).toBe(400);
    await stripe('POST', `/v1/invoices/${invoice.id}/finalize`);
    const done = await stripe('POST', `/v1/invoices/${invoice.id}/${verb}`);
    expect(done).toMatchObject({ status: 200, body: { status, status_transitions: { [at]: start } } });
    expect(done.events.at(-1)).toBe(event);
    expect((await stripe('POST', `/v1/invoices/${invoice.id}/${verb}`)).status).toBe(400);
    const paid = await stripe('POST', `/v1/invoices/${invoice.id}/pay`, 'payment_method=pm_card_visa');
    expect(paid.status).toBe(status === 'void' ? 400 : 200);
  });

  it('paid elsewhere withdraws its PaymentIntent', async () => {
    const { stripe, invoice } = await billed();
    await stripe('POST', `/v1/invoices/${invoice.id}/finalize`);
    const paid = await stripe('POST', `/v1/invoices/${invoice.id}/pay`, 'paid_out_of_band=true');
    expect(paid).toMatchObject({ body: { status: 'paid' }, events: ['payment_intent.canceled', 'invoice.paid', 'invoice.payment_succeeded'] });
    expect((await stripe('GET', '/v1/charges')).body.data).toEqual([]);
  });

  it('is sent, which finalizes it', async () => {
    const { stripe, invoice } = await billed('&collection_method=send_invoice&days_until_due=14');
    expect(invoice).toMatchObject({ due_date: start + 14 * 86_400 });
    expect(await stripe('POST', `/v1/invoices/${invoice.id}/send`)).toMatchObject({ body: { status: 'open' }, events: ['payment_intent.created', 'invoice.finalized', 'invoice.sent'] });
    const other = await billed();
    expect((await other.stripe('POST', `/v1/invoices/${other.invoice.id}/send`)).status).toBe(400);
  });

  it('lets its items go when the draft is deleted, and only then', async () => {
    const { stripe, invoice } = await billed();
    expect((await stripe('GET', '/v1/invoiceitems?pending=true')).body.data).toEqual([]);
    expect(await stripe('DELETE', `/v1/invoices/${invoice.id}`)).toMatchObject({ body: { id: invoice.id, object: 'invoice', deleted: true }, events: ['invoice.deleted'] });
    expect((await stripe('GET', '/v1/invoiceitems?pending=true')).body.data).toHaveLength(1);
    expect((await stripe('GET', `/v1/invoices/${invoice.id}`)).status).toBe(404);
    const other = await billed();
    await other.stripe('POST', `/v1/invoices/${other.invoice.id}/finalize`);
    expect((await other.stripe('DELETE', `/v1/invoices/${other.invoice.id}`)).status).toBe(400);
    expect((await other.stripe('POST', `/v1/invoices/${other.invoice.id}`, 'description=x')).body.error).toMatchObject({ code: 'invoice_not_editable', message: "Finalized invoices can't be updated in this way" });
    expect((await other.stripe('POST', '/v1/invoiceitems', `customer=${other.customer}&invoice=${other.invoice.id}&amount=1&currency=eur`)).body.error['code']).toBe('invoice_not_editable');
  });

  it('follows its items while it is a draft', async () => {
    const { stripe, customer, invoice } = await billed();
    const item = (await stripe('POST', '/v1/invoiceitems', `customer=${customer}&invoice=${invoice.id}&unit_amount_decimal=33.335&quantity=3&currency=eur`)).body;
    expect(item.amount).toBe(100); // 100.005
    const total = async (): Promise<unknown> => (await stripe('GET', `/v1/invoices/${invoice.id}`)).body['total'];
    expect(await total()).toBe(2099);
    expect((await stripe('POST', `/v1/invoiceitems/${item.id}`, 'quantity=9')).body.amount).toBe(300); // 300.015
    expect(await total()).toBe(2299);
    await stripe('DELETE', `/v1/invoiceitems/${item.id}`);
    expect(await total()).toBe(1999);
  });

  it.each([
    // balance before, due, ending balance
    [0, 1999, 0], [-500, 1499, 0], [-5000, 0, -3001], [250, 2249, 0], [-1990, 0, 9],
  ])('with a balance of %i leaves %i due and %i as balance', async (balance, due, ending) => {
    const { stripe, customer, invoice } = await billed('', `&balance=${balance}`);
    const { body, events } = await stripe('POST', `/v1/invoices/${invoice.id}/finalize`);
    expect(body).toMatchObject({ total: 1999, starting_balance: balance, amount_due: due, ending_balance: ending, status: due === 0 ? 'paid' : 'open' });
    expect(events.includes('invoice.paid')).toBe(due === 0);
    expect((await stripe('GET', `/v1/customers/${customer}`)).body['balance']).toBe(ending);
  });

  it('takes coupons off line by line, and promotion codes only where they may be redeemed', async () => {
    const { stripe, customer } = await billed();
    const coupon = (await stripe('POST', '/v1/coupons', 'percent_off=33.3333')).body.id;
    const code = (await stripe('POST', '/v1/promotion_codes', `promotion[type]=coupon&promotion[coupon]=${coupon}&max_redemptions=1&restrictions[minimum_amount]=1000&restrictions[minimum_amount_currency]=eur`)).body.id;
    const draft = (await stripe('POST', '/v1/invoices', `customer=${customer}&currency=eur`)).body.id;
    for (const amount of [999, 1000, 1]) await stripe('POST', '/v1/invoiceitems', `customer=${customer}&invoice=${draft}&amount=${amount}&currency=eur`);
    await stripe('POST', '/v1/invoiceitems', `customer=${customer}&invoice=${draft}&amount=-100&currency=eur`);
    const { body } = await stripe('POST', `/v1/invoices/${draft}`, `discounts[0][promotion_code]=${code}&expand[]=discounts`);
    // 332.999667, 333.333 and 0.333333; a credit is not discounted
    expect(body).toMatchObject({ subtotal: 1900, total: 1900 - 666, total_discount_amounts: [{ amount: 333 + 333 + 0 }], discounts: [{ object: 'discount', promotion_code: code, source: { coupon } }] });
    expect((body['lines'] as Shown).data.map((line) => (line['discount_amounts'] as readonly Shown[])[0]!.amount)).toEqual([333, 333, 0, 0]);
    expect((await stripe('GET', `/v1/promotion_codes/${code}`)).body).toMatchObject({ times_redeemed: 1, active: false });
    expect((await stripe('POST', '/v1/invoices', `customer=${customer}&discounts[0][promotion_code]=${code}`)).body.error).toMatchObject({ param: 'discounts[0][promotion_code]' });
  });

  it.each([
    ['', 'parameter_missing', 'customer'], ['customer=cus_no', 'resource_missing', 'customer'], ['customer={customer}&collection_method=send_invoice', undefined, 'days_until_due'],
    ['customer={customer}&days_until_due=3', undefined, 'days_until_due'], ['customer={customer}&default_tax_rates[]=txr_1', 'fourthwall_not_simulated', undefined], ['customer={customer}&subscription=sub_no', 'resource_missing', 'subscription'],
  ])('is refused for %j', async (text, code, param) => {
    const { stripe, customer } = await billed();
    const { status, body, events } = await stripe('POST', '/v1/invoices', text.replace('{customer}', customer));
    expect({ status, code: body.error['code'], param: body.error['param'], events }).toEqual({ status: 400, code, param, events: [] });
  });
});

describe('a preview', () => {
  const day = 86_400_000;

  it('says what the change will cost, to the last unit, and keeps nothing', async () => {
    const stripe = desk();
    const customer = (await stripe('POST', '/v1/customers', 'payment_method=pm_card_visa')).body.id;
    const method = (await stripe('GET', `/v1/customers/${customer}/payment_methods`)).body.data[0]!.id;
    const price = async (amount: number, interval: string): Promise<string> => (await stripe('POST', '/v1/prices', `currency=eur&unit_amount=${amount}&recurring[interval]=${interval}&product_data[name]=Gold`)).body.id;
    const [gold, platinum, yearly] = [await price(1000, 'month'), await price(3001, 'month'), await price(10_000, 'year')];
    const made = await stripe('POST', '/v1/subscriptions', `customer=${customer}&default_payment_method=${method}&items[0][price]=${gold}`);
    const item = ((made.body['items'] as Shown).data)[0]!.id;
    const later = { later: 11 * day };
    const count = async (): Promise<unknown> => [(await stripe('GET', '/v1/invoices')).body.data.length, (await stripe('GET', '/v1/invoiceitems')).body.data.length, (await stripe('GET', '/v1/events?limit=100')).body.data.length];
    const before = await count();
    for (const [body, total] of [['', 1000], [`&subscription_details[items][0][id]=${item}&subscription_details[items][0][price]=${platinum}`, 3001 - 633 + 1901], [`&subscription_details[items][0][id]=${item}&subscription_details[items][0][price]=${platinum}&subscription_details[proration_behavior]=always_invoice`, 1901 - 633], [`&subscription_details[items][0][id]=${item}&subscription_details[items][0][price]=${yearly}`, 10_000 - 633]] as const) {
      const preview = await stripe('POST', '/v1/invoices/create_preview', `subscription=${made.body.id}${body}`, later);
      expect(preview).toMatchObject({ status: 200, events: [], body: { object: 'invoice', id: expect.stringMatching(/^upcoming_in_/), status: 'draft', total } });
    }
    expect(await count()).toEqual(before);
    // and the change then costs just that
    const { body } = await stripe('POST', `/v1/subscriptions/${made.body.id}`, `items[0][id]=${item}&items[0][price]=${platinum}&proration_behavior=always_invoice`, later);
    expect((await stripe('GET', `/v1/invoices/${String(body['latest_invoice'])}`)).body['total']).toBe(1901 - 633);
  });

  it('of what is not there yet, and of nothing', async () => {
    const stripe = desk();
    const priced = 'subscription_details[items][0][quantity]=3&subscription_details[items][0][price_data][currency]=jpy&subscription_details[items][0][price_data][unit_amount]=500&subscription_details[items][0][price_data][recurring][interval]=month';
    const product = (await stripe('POST', '/v1/products', 'name=Gold')).body.id;
    expect((await stripe('POST', '/v1/invoices/create_preview', `${priced}&subscription_details[items][0][price_data][product]=${product}`)).body).toMatchObject({ total: 1500, currency: 'jpy', customer: expect.stringMatching(/^cus_/) });
    expect((await stripe('GET', '/v1/prices')).body.data).toEqual([]);
    expect((await stripe('POST', '/v1/invoices/create_preview', 'invoice_items[0][amount]=700&invoice_items[0][currency]=eur')).body).toMatchObject({ total: 700 });
    expect((await stripe('POST', '/v1/invoices/create_preview', '')).body.error['code']).toBe('invoice_upcoming_none');
  });
});

describe('what banks do', () => {
  it('a dispute takes the money back until it is decided', async () => {
    const stripe = desk();
    const charge = await stripe('POST', '/v1/charges', 'amount=1000&currency=usd&source=tok_visa');
    expect((await stripe.happen('charge.dispute.created', charge, 'product_not_received')).events).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn']);
    const dispute = (await stripe('GET', `/v1/disputes?charge=${charge.body.id}`)).body.data[0]!;
    expect(dispute).toMatchObject({ amount: 1000, reason: 'product_not_received', status: 'needs_response', balance_transactions: [{ amount: -1000 }] });
    expect((await stripe('POST', `/v1/disputes/${dispute.id}`, 'evidence[customer_name]=Ann')).body).toMatchObject({ status: 'under_review', evidence: { customer_name: 'Ann' }, evidence_details: { has_evidence: true, submission_count: 1 } });
    expect((await stripe.happen('charge.dispute.closed', charge, 'won')).events).toEqual(['charge.dispute.funds_reinstated', 'charge.dispute.closed']);
    expect((await stripe.happen('charge.dispute.closed', charge, 'lost')).events).toEqual([]);
    const { body: { data } } = await stripe('GET', '/v1/balance_transactions?type=adjustment');
    expect(data.map(({ amount }) => amount).toSorted((a, b) => a - b)).toEqual([-1000, 1000]);
  });

  it('a dispute of a payment made on our page is found by its session', async () => {
    const stripe = desk();
    const session = await stripe('POST', '/v1/checkout/sessions', 'mode=payment&success_url=https%3A%2F%2Fx.test&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=1999&line_items[0][price_data][product_data][name]=Book');
    expect((await stripe.happen('charge.dispute.created', session)).events).toEqual([]);
    await stripe.choose('checkout.session', session.body.id, 'pay');
    expect((await stripe.happen('charge.dispute.created', session)).events[0]).toBe('charge.dispute.created');
  });

  it('a refund that fails comes back, once', async () => {
    const stripe = desk();
    const { body: charge } = await stripe('POST', '/v1/charges', 'amount=1000&currency=usd&source=tok_visa');
    const refund = await stripe('POST', '/v1/refunds', `charge=${charge.id}&amount=400`);
    const failed = await stripe.happen('refund.failed', refund, 'lost_or_stolen_card');
    expect(failed.events).toEqual(['refund.updated', 'refund.failed', 'charge.refund.updated']);
    expect((await stripe('GET', `/v1/refunds/${refund.body.id}`)).body).toMatchObject({ status: 'failed', failure_reason: 'lost_or_stolen_card' });
    expect((await stripe('GET', `/v1/charges/${charge.id}`)).body).toMatchObject({ amount_refunded: 0, refunded: false });
    expect((await stripe.happen('refund.failed', refund)).events).toEqual([]);
  });
});
