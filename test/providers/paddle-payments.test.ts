import { beforeEach, describe, expect, it } from 'vitest';
import { paddle } from '../../src/providers/paddle/index.ts';
import { memory } from '../support/simulation-context.ts';
import { teller } from '../support/teller.ts';

const key = [['Authorization', 'bearer pdl_sdbx_FAKE']] as const;
const caller = (by: readonly (readonly [string, string])[] = key) => teller(paddle, 'sandbox-api.paddle.com', by);
let at: ReturnType<typeof caller>;
beforeEach(() => { at = caller(); });

const own = (more: object = {}) => ({ description: 'Pro', unit_price: { amount: '1999', currency_code: 'EUR' }, product: { name: 'Pro', tax_category: 'saas' }, ...more });
const monthly = { billing_cycle: { interval: 'month', frequency: 1 } };
const create = (more: object = {}) => at.say('POST', '/transactions', { items: [{ quantity: 2, price: own() }], custom_data: { order: '1001' }, ...more });
const read = async (path: string) => (await at.say('GET', path)).body.data;
const names = () => at.callbacks.map(({ event }) => event);
const last = () => JSON.parse(at.callbacks.at(-1)?.body ?? '{}') as { event_type: string; event_id: string; notification_id: string; data: Record<string, unknown> };
async function buyer(email = 'ann@customer.example') {
  const customer = (await at.say('POST', '/customers', { email })).body.data;
  const address = (await at.say('POST', `/customers/${customer.id}/addresses`, { country_code: 'DE' })).body.data;
  return { customer_id: customer.id as string, address_id: address.id as string };
}
async function bought(more: object = {}) {
  const made = await create(more);
  await at.choose(made.body.data.checkout.url, 'pay');
  return made;
}
const subscribed = async (price: object = monthly, email?: string) => {
  const made = await bought({ items: [{ quantity: 1, price: own(price) }], ...await buyer(email) });
  return { made, id: (await read(`/transactions/${made.body.data.id}`)).subscription_id as string };
};
const code = async (said: ReturnType<typeof create>) => (await said).body.error?.code;

describe('a transaction', () => {
  it('is a draft with a page to pay on, until its payer has paid there', async () => {
    const made = await create();
    expect([made.status, made.body.data.status, made.body.data.details.totals.grand_total, made.body.data.checkout.url]).toEqual([201, 'draft', '3998', `http://127.0.0.1:8025/pay/transaction/${made.body.data.id}`]);
    expect(await at.visit(made.body.data.checkout.url)).toMatchObject({ amount: { minor: '3998', currency: 'EUR' }, payer: null, lines: [{ text: 'Pro × 2' }], choices: ['pay', 'pay-authenticated', 'decline', 'fail-authentication'] });
    expect(await at.choose(made.body.data.checkout.url, 'pay')).toMatchObject({ goTo: null, says: expect.stringContaining('Thank you') });
    expect(names()).toEqual(['transaction.created', 'customer.created', 'address.created', 'transaction.paid', 'transaction.completed']);
    expect(last()).toMatchObject({ event_type: 'transaction.completed', event_id: expect.stringMatching(/^evt_01[a-z0-9]{24}$/), notification_id: expect.stringMatching(/^ntf_/), data: { id: made.body.data.id, custom_data: { order: '1001' } } });
    expect(await read(`/transactions/${made.body.data.id}`)).toMatchObject({ status: 'completed', payments: [{ status: 'captured', amount: '3998', error_code: null }], customer_id: expect.stringMatching(/^ctm_/), subscription_id: null });
    expect(await read(`/transactions/${made.body.data.id}`)).not.toHaveProperty('adjusted');
    expect((await at.visit(made.body.data.checkout.url))?.choices).toEqual([]);
    expect(await at.happen('transaction.completed', made)).toEqual([]);
    expect(await code(at.say('PATCH', `/transactions/${made.body.data.id}`, { status: 'canceled' }))).toBe('transaction_immutable');
  });

  it('is ready where its payer and their address are known', async () => {
    const made = await create(await buyer());
    expect(made.body.data.status).toBe('ready');
    expect((await at.visit(made.body.data.checkout.url))?.payer).toBe('ann@customer.example');
    expect((await read(`/transactions/${made.body.data.id}?include=customer,address`)).customer.email).toBe('ann@customer.example');
  });

  it.each([['decline', 'declined'], ['fail-authentication', 'authentication_failed']] as const)('that a payer may not pay (%s) can be paid after all', async (choice, error) => {
    const made = await create();
    await at.choose(made.body.data.checkout.url, choice);
    expect(last()).toMatchObject({ event_type: 'transaction.payment_failed', data: { payments: [{ status: 'error', error_code: error }] } });
    await at.choose(made.body.data.checkout.url, 'pay-authenticated');
    expect((await read(`/transactions/${made.body.data.id}`))).toMatchObject({ status: 'completed', payments: [{ status: 'captured' }, { error_code: error }] });
  });

  it('fails with a decline code made to happen, and is paid so too', async () => {
    const made = await create();
    await at.happen('transaction.payment_failed', made, { detail: 'expired_card' });
    expect(last().data['payments']).toMatchObject([{ error_code: 'expired_card' }]);
    await at.happen('transaction.completed', made);
    expect((await read(`/transactions/${made.body.data.id}`)).status).toBe('completed');
  });

  it('changes until it is paid, and not with its cancellation', async () => {
    const made = await create();
    const path = `/transactions/${made.body.data.id}`;
    const changed = await at.say('PATCH', path, { ...await buyer(), items: [{ quantity: 1, price: own() }] });
    expect(changed.body.data).toMatchObject({ status: 'ready', details: { totals: { grand_total: '1999' } } });
    expect(names().slice(-2)).toEqual(['transaction.updated', 'transaction.ready']);
    expect(await code(at.say('PATCH', path, { status: 'canceled', custom_data: {} }))).toBe('transaction_cannot_be_modified_and_canceled');
    expect((await at.say('PATCH', path, { status: 'canceled' })).body.data.status).toBe('canceled');
    expect(await code(at.say('PATCH', path, { custom_data: {} }))).toBe('transaction_immutable');
  });

  it('is billed by an invoice, falls due, and is paid', async () => {
    const made = await create({ ...await buyer(), collection_mode: 'manual', status: 'billed', billing_details: { enable_checkout: false } });
    expect(made.body.data).toMatchObject({ status: 'billed', checkout: { url: null }, invoice_number: expect.stringMatching(/^FW-/) });
    expect(await code(at.say('PATCH', `/transactions/${made.body.data.id}`, { custom_data: {} }))).toBe('transaction_immutable');
    await at.happen('transaction.past_due', made);
    await at.happen('transaction.completed', made);
    expect(names().slice(-3)).toEqual(['transaction.past_due', 'transaction.paid', 'transaction.completed']);
    expect(await code(create({ status: 'billed' }))).toBe('transaction_invalid_status_change');
  });

  it('has whole yen', async () => {
    const made = await create({ items: [{ quantity: 1, price: own({ unit_price: { amount: '500', currency_code: 'JPY' } }) }] });
    expect((await at.visit(made.body.data.checkout.url))?.amount).toEqual({ minor: '500', exponent: 0, currency: 'JPY' });
  });

  it.each<[string, object, string]>([
    ['nothing in it', { items: [] }, 'invalid_field'], ['a price that is not known', { items: [{ price_id: 'pri_nobody', quantity: 1 }] }, 'transaction_price_not_found'], ['two prices in one item', { items: [{ price_id: 'pri_1', price: own(), quantity: 1 }] }, 'transaction_both_price_id_and_object_found'],
    ['too many', { items: [{ quantity: 101, price: own() }] }, 'transaction_item_quantity_out_of_range'], ['a part of one', { items: [{ quantity: 1.5, price: own() }] }, 'transaction_item_quantity_out_of_range'], ['an amount that is no text', { items: [{ quantity: 1, price: own({ unit_price: { amount: 5, currency_code: 'EUR' } }) }] }, 'invalid_field'],
    ['cycles that differ', { items: [{ quantity: 1, price: own(monthly) }, { quantity: 1, price: own({ billing_cycle: { interval: 'year', frequency: 1 } }) }] }, 'transaction_price_different_billing_cycle'],
    ['another currency', { currency_code: 'USD' }, 'bad_request'], ['a customer that is not known', { customer_id: 'ctm_nobody' }, 'not_found'], ['an address of nobody', { address_id: 'add_1' }, 'transaction_customer_is_required_with_address'], ['a trial without a cycle', { items: [{ quantity: 1, price: own({ trial_period: { interval: 'day', frequency: 7 } }) }] }, 'price_trial_period_requires_billing_cycle'],
  ])('is refused with %s', async (_, more, is) => {
    expect(await code(create(more))).toBe(is);
  });

  it('is listed newest first, page for page, and filtered', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await create()).body.data.id as string);
    const seen: string[] = [];
    for (let target: string | null = '/transactions?per_page=2'; target !== null;) {
      const { data, meta }: { data: { id: string }[]; meta: { pagination: { has_more: boolean; next: string } } } = (await at.say('GET', target)).body;
      seen.push(...data.map(({ id }) => id));
      expect(meta.pagination).toMatchObject({ per_page: 2, estimated_total: 5 });
      target = meta.pagination.has_more ? meta.pagination.next.replace('https://sandbox-api.paddle.com', '') : null;
    }
    expect(seen).toEqual(ids);
    expect((await read('/transactions?order_by=id[ASC]')).map(({ id }: { id: string }) => id)).toEqual(ids.toReversed());
    await at.say('PATCH', `/transactions/${ids[0]}`, { status: 'canceled' });
    expect(await read('/transactions?status=canceled,billed')).toHaveLength(1);
    expect(await read('/transactions?created_at[GT]=2026-11-22T00:00:00Z')).toEqual([]);
    expect(await code(at.say('GET', '/transactions?colour=red'))).toBe('bad_request');
    expect(await code(at.say('GET', '/transactions?after=txn_nobody'))).toBe('invalid_field');
  });
});

describe('an adjustment', () => {
  const refund = (of: string, more: object) => at.say('POST', '/adjustments', { action: 'refund', reason: 'error', transaction_id: of, ...more });

  it('waits for Paddle, and is never more than was paid', async () => {
    const made = await create();
    const { id, details: { line_items: [line] } } = made.body.data;
    const part = (amount: string) => refund(id, { items: [{ item_id: line.id, type: 'partial', amount }] });
    expect(await code(part('1'))).toBe('adjustment_transaction_invalid_status_for_refund');
    await at.choose(made.body.data.checkout.url, 'pay');
    expect(await code(part('3999'))).toBe('adjustment_amount_above_remaining_allowed');
    expect(await code(part('0'))).toBe('adjustment_amount_cannot_be_zero');
    const first = await part('3000');
    expect([first.status, first.body.data]).toMatchObject([201, { status: 'pending_approval', totals: { total: '3000' }, customer_id: expect.stringMatching(/^ctm_/) }]);
    expect(await code(part('1'))).toBe('adjustment_pending_refund_request');
    await at.happen('adjustment.updated', first);
    expect(last()).toMatchObject({ event_type: 'adjustment.updated', data: { status: 'approved' } });
    expect(await code(part('999'))).toBe('adjustment_amount_above_remaining_allowed');
    const rest = await refund(id, { type: 'full' });
    expect(rest.body.data.totals.total).toBe('998');
    expect((await read(`/transactions/${id}`)).details).toMatchObject({ totals: { grand_total: '3998' }, adjusted_totals: { grand_total: '0' } });
    expect((await read(`/transactions/${id}?include=adjustments`)).adjustments).toHaveLength(2);
    await at.happen('adjustment.updated', rest, { detail: 'rejected' });
    expect((await read(`/transactions/${id}`)).details.adjusted_totals.grand_total).toBe('998');
    expect(await read('/adjustments?status=rejected')).toHaveLength(1);
    expect(await code(refund(id, { items: [{ item_id: 'txnitm_other', type: 'full' }] }))).toBe('adjustment_transaction_item_invalid');
    expect(await code(refund(id, { items: [{ item_id: line.id, type: 'full' }, { item_id: line.id, type: 'full' }] }))).toBe('adjustment_transaction_item_invalid');
  });

  it('is a chargeback of everything that is left', async () => {
    const made = await bought();
    await at.happen('adjustment.created', made);
    expect(last()).toMatchObject({ event_type: 'adjustment.created', data: { action: 'chargeback', totals: { total: '3998' } } });
    expect(await code(refund(made.body.data.id, { type: 'full' }))).toBe('adjustment_transaction_item_has_already_been_fully_adjusted');
    expect(await at.happen('adjustment.created', made)).toEqual([]);
  });

  it('credits an invoice alone', async () => {
    const made = await bought();
    expect(await code(at.say('POST', '/adjustments', { action: 'credit', reason: 'x', transaction_id: made.body.data.id, type: 'full' }))).toBe('adjustment_transaction_invalid_status_for_credit');
    const invoice = (await create({ ...await buyer(), collection_mode: 'manual', status: 'billed' })).body.data;
    expect((await at.say('POST', '/adjustments', { action: 'credit', reason: 'x', transaction_id: invoice.id, type: 'full' })).body.data.status).toBe('approved');
  });
});

describe('a subscription', () => {
  it('begins with a paid transaction of what recurs, and is billed when its date comes', async () => {
    const { made, id } = await subscribed();
    expect(names().slice(-3)).toEqual(['subscription.created', 'subscription.activated', 'transaction.completed']);
    expect(await read(`/subscriptions/${id}`)).toMatchObject({ status: 'active', next_billed_at: '2026-12-21T09:00:00.250Z', items: [{ quantity: 1, price: { unit_price: { amount: '1999' } }, product: { name: 'Pro' } }] });
    await at.happen('subscription.updated', made);
    expect(await read(`/subscriptions/${id}`)).toMatchObject({ next_billed_at: '2027-01-21T09:00:00.250Z' });
    expect(await read(`/transactions?subscription_id=${id}&origin=subscription_recurring`)).toMatchObject([{ status: 'completed', details: { totals: { grand_total: '1999' } } }]);
  });

  it('on trial costs nothing until it is activated', async () => {
    const { made, id } = await subscribed({ ...monthly, trial_period: { interval: 'day', frequency: 14 } });
    expect(made.body.data.details.totals.grand_total).toBe('0');
    expect(await read(`/subscriptions/${id}`)).toMatchObject({ status: 'trialing', next_billed_at: '2026-12-05T09:00:00.250Z', first_billed_at: null });
    const activated = await at.say('POST', `/subscriptions/${id}/activate`);
    expect(activated.body.data.status).toBe('active');
    expect((await read(`/transactions?subscription_id=${id}&origin=subscription_recurring`))[0].details.totals.grand_total).toBe('1999');
    expect(await code(at.say('POST', `/subscriptions/${id}/activate`))).toBe('subscription_cannot_activate');
  });

  it('is cancelled at the end of its period, or at once', async () => {
    const { made, id } = await subscribed();
    expect((await at.say('POST', `/subscriptions/${id}/cancel`, {})).body.data).toMatchObject({ status: 'active', scheduled_change: { action: 'cancel', effective_at: '2026-12-21T09:00:00.250Z' } });
    expect((await at.say('PATCH', `/subscriptions/${id}`, { scheduled_change: null })).body.data.scheduled_change).toBeNull();
    await at.say('POST', `/subscriptions/${id}/cancel`, {});
    await at.happen('subscription.updated', made);
    expect((await read(`/subscriptions/${id}`)).status).toBe('canceled');
    expect(names().at(-1)).toBe('subscription.canceled');
    expect(await code(at.say('POST', `/subscriptions/${id}/cancel`, {}))).toBe('subscription_is_canceled_action_invalid');
    expect(await code(at.say('PATCH', `/subscriptions/${id}`, {}))).toBe('subscription_update_when_canceled');
    const other = await subscribed(monthly, 'bob@customer.example');
    expect((await at.say('POST', `/subscriptions/${other.id}/cancel`, { effective_from: 'immediately' })).body.data).toMatchObject({ status: 'canceled', next_billed_at: null });
  });

  it('is paused and resumed, and not twice', async () => {
    const { id } = await subscribed();
    const act = (name: string) => at.say('POST', `/subscriptions/${id}/${name}`, { effective_from: 'immediately' });
    expect(await code(act('resume'))).toBe('subscription_must_be_paused');
    expect((await act('pause')).body.data).toMatchObject({ status: 'paused', next_billed_at: null });
    expect(await code(act('pause'))).toBe('subscription_cannot_be_paused');
    expect(await code(at.say('POST', `/subscriptions/${id}/charge`, { effective_from: 'immediately', items: [{ quantity: 1, price: own() }] }))).toBe('subscription_is_inactive_action_invalid');
    expect((await act('resume')).body.data).toMatchObject({ status: 'active', next_billed_at: '2026-12-21T09:00:00.250Z' });
    expect(names().at(-1)).toBe('subscription.resumed');
  });

  it('is charged beside its bill, at once or with the next', async () => {
    const { made, id } = await subscribed();
    const charge = (when: string, more: object = {}) => at.say('POST', `/subscriptions/${id}/charge`, { effective_from: when, items: [{ quantity: 1, price: own({ unit_price: { amount: '500', currency_code: 'EUR' } }) }], ...more });
    await charge('immediately');
    expect((await read(`/transactions?origin=subscription_charge`))[0]).toMatchObject({ status: 'completed', details: { totals: { grand_total: '500' } } });
    expect((await charge('next_billing_period')).body.data).not.toHaveProperty('pending');
    await at.happen('subscription.updated', made);
    expect((await read(`/transactions?origin=subscription_recurring`))[0].details.totals.grand_total).toBe('2499');
    at.decline({ code: null });
    expect(await code(charge('immediately'))).toBe('subscription_payment_declined');
    expect((await charge('immediately', { on_payment_failure: 'apply_change' })).status).toBe(200);
    expect((await read('/transactions?status=past_due'))[0].payments[0].error_code).toBe('declined');
  });

  it('changes its plan for the time that is left, in whole cents', async () => {
    const { id } = await subscribed();
    at.pass(15 * 24 * 3600_000);
    const update = (amount: string, how?: string) => at.say('PATCH', `/subscriptions/${id}`, { items: [{ quantity: 1, price: own({ ...monthly, unit_price: { amount, currency_code: 'EUR' } }) }], ...(how === undefined ? {} : { proration_billing_mode: how }) });
    expect(await code(update('2999'))).toBe('subscription_items_update_missing_proration_billing_mode');
    expect((await update('2999', 'prorated_immediately')).body.data.items[0].price.unit_price.amount).toBe('2999');
    expect((await read('/transactions?origin=subscription_update'))[0].details.totals.grand_total).toBe('500');
    await update('3999', 'full_immediately');
    expect((await read('/transactions?origin=subscription_update'))[0].details.totals.grand_total).toBe('1000');
    await update('999', 'prorated_immediately');
    await update('9999', 'do_not_bill');
    expect(await read('/transactions?origin=subscription_update')).toHaveLength(2);
    at.decline({ code: 'expired_card' });
    expect(await code(update('19999', 'prorated_immediately'))).toBe('subscription_payment_declined');
  });

  it('falls due where the payer\'s bank does not pay', async () => {
    const { made, id } = await subscribed();
    await at.happen('subscription.past_due', made, { detail: 'not_enough_balance' });
    expect(names().slice(-4)).toEqual(['transaction.created', 'transaction.payment_failed', 'transaction.past_due', 'subscription.past_due']);
    expect((await read(`/subscriptions/${id}`)).status).toBe('past_due');
  });
});

describe('a customer', () => {
  it('has an address of their own', async () => {
    const first = await at.say('POST', '/customers', { email: 'ann@customer.example' });
    expect(await at.say('POST', '/customers', { email: 'ANN@customer.example' })).toMatchObject({ status: 409, body: { error: { code: 'customer_already_exists', detail: `customer email conflicts with customer of id ${first.body.data.id}` } } });
    expect((await at.say('PATCH', `/customers/${first.body.data.id}`, { email: 'ann@customer.example', name: 'Ann' })).body.data.name).toBe('Ann');
    expect(await code(at.say('POST', '/customers', { email: 'nonsense' }))).toBe('invalid_field');
    expect(await read('/customers?email=ann@customer.example')).toHaveLength(1);
    expect(await read(`/customers/${first.body.data.id}/credit-balances`)).toEqual([]);
  });

  it('has addresses that are nobody else\'s', async () => {
    const [one, two] = [await buyer(), (await at.say('POST', '/customers', { email: 'bob@customer.example' })).body.data.id];
    expect(await read(`/customers/${one.customer_id}/addresses?per_page=1`)).toHaveLength(1);
    expect(await read(`/customers/${two}/addresses`)).toEqual([]);
    expect(await code(at.say('GET', `/customers/${two}/addresses/${one.address_id}`))).toBe('not_found');
  });
});

it('a catalogue of products and prices is kept, and sold from', async () => {
  const product = (await at.say('POST', '/products', { name: 'Pro', tax_category: 'saas' })).body.data;
  const price = (await at.say('POST', '/prices', { description: 'Monthly', product_id: product.id, unit_price: { amount: '700', currency_code: 'USD' }, ...monthly })).body.data;
  expect((await read(`/products/${product.id}?include=prices`)).prices).toHaveLength(1);
  expect((await read(`/prices/${price.id}?include=product`)).product.name).toBe('Pro');
  expect(await read('/prices?recurring=false')).toEqual([]);
  expect((await at.say('PATCH', `/prices/${price.id}`, { status: 'archived' })).body.data.status).toBe('archived');
  const sold = await create({ items: [{ price_id: price.id, quantity: 3 }] });
  expect(sold.body.data).toMatchObject({ currency_code: 'USD', details: { totals: { grand_total: '2100' } } });
  expect(await at.recalled(sold.request)).toMatchObject({ effects: [{ amount: { minor: '2100', currency: 'USD' } }] });
  expect(await code(at.say('POST', '/prices', { description: 'x', product_id: 'pro_nobody', unit_price: { amount: '1', currency_code: 'USD' } }))).toBe('not_found');
});

it('a refund and a charge are told with the payer and the keys that are remembered', async () => {
  const { made, id } = await subscribed();
  const { details: { line_items: [line] }, id: of } = made.body.data;
  const ann = { address: 'ann@customer.example', kind: 'email', role: 'customer' };
  const refund = await at.say('POST', '/adjustments', { action: 'refund', reason: 'x', transaction_id: of, items: [{ item_id: line.id, type: 'partial', amount: '5' }] });
  expect(await at.recalled(refund.request)).toMatchObject({ effects: [{ recipients: [ann], amount: { minor: '5', currency: 'EUR' }, keys: [{ name: 'order', value: '1001' }] }] });
  const cancelled = await at.say('POST', `/subscriptions/${id}/cancel`, {});
  expect(await at.recalled(cancelled.request)).toMatchObject({ effects: [{ recipients: [ann], keys: [{ name: 'order', value: '1001' }] }] });
});

it.each(['/customers/ctm_nobody', '/transactions/txn_nobody', '/subscriptions/sub_nobody', '/products/pro_nobody', '/prices/pri_nobody', '/customers/ctm_nobody/addresses'])('%s is Paddle\'s 404', async (path) => {
  expect(await at.say('GET', path)).toMatchObject({ status: 404, body: { error: { type: 'request_error', code: 'not_found', detail: expect.stringMatching(/^Entity \w+_nobody not found$/) } } });
});

it.each<[string, readonly (readonly [string, string])[], string, number]>([['without a key', [], 'authentication_missing', 401], ['with a live key in the sandbox', [['Authorization', 'Bearer pdl_live_FAKE']], 'invalid_token', 403]])('a call %s is refused', async (_, by, is, status) => {
  expect(await caller(by).say('GET', '/customers')).toMatchObject({ status, body: { error: { code: is } } });
});

it('what asks Paddle Classic is refused in its form', () => {
  const request = { kind: 'http', method: 'GET', scheme: 'https', authority: { host: 'vendors.paddle.com', port: 443 }, path: '/customers', query: null, version: '1.1', headers: [['Authorization', 'bearer x']], trailers: [], body: new Uint8Array() } as const;
  expect(paddle.decode(request)).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining('Paddle Classic') });
  expect(JSON.parse(Buffer.from(paddle.reject(request, { rule: 'r', reason: 'why', capture: 'cap_1' }).body).toString())).toMatchObject({ success: false, error: { message: expect.stringContaining('r: why') } });
});

describe('ids of a restored database', () => {
  it('are made up where they are adopted', async () => {
    const body = Buffer.from(JSON.stringify({ items: [{ price_id: 'pri_old', quantity: 1 }], customer_id: 'ctm_old', address_id: 'add_old' }));
    const request = { kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'sandbox-api.paddle.com', port: 443 }, path: '/transactions', query: null, version: '1.1', headers: [...key, ['Content-Type', 'application/json']], trailers: [], body } as const;
    const made = await paddle.simulate(request, paddle.decode(request), memory().context({ unknownIds: 'adopt' }));
    expect(JSON.parse(Buffer.from(made.reply.body).toString())).toMatchObject({ data: { status: 'ready', customer_id: 'ctm_old', items: [{ price: { id: 'pri_old' } }] } });
  });

  it('can be seeded', async () => {
    at.seed('customer', 'ctm_1', { email: 'ann@customer.example' });
    at.seed('address', 'add_1', { customer_id: 'ctm_1', country_code: 'DE' });
    at.seed('product', 'pro_1', { name: 'Pro' });
    at.seed('price', 'pri_1', { product_id: 'pro_1', unit_price: { amount: '300', currency_code: 'EUR' } });
    at.seed('subscription', 'sub_1', { customer_id: 'ctm_1', address_id: 'add_1', items: [{ quantity: 2, price: { id: 'pri_9', unit_price: { amount: '100', currency_code: 'EUR' }, billing_cycle: { interval: 'month', frequency: 1 } } }] });
    expect((await create({ items: [{ price_id: 'pri_1', quantity: 1 }], customer_id: 'ctm_1', address_id: 'add_1' })).body.data).toMatchObject({ status: 'ready', details: { totals: { total: '300' } } });
    await at.happen('subscription.updated', await at.say('GET', '/subscriptions/sub_1'));
    expect((await read('/transactions?subscription_id=sub_1'))[0].details.totals.total).toBe('200');
    at.seed('transaction', 'txn_1', { customer_id: 'ctm_1', items: [{ quantity: 3, price: { id: 'pri_9', unit_price: { amount: '100', currency_code: 'EUR' } } }] });
    const refund = await at.say('POST', '/adjustments', { action: 'refund', reason: 'x', transaction_id: 'txn_1', type: 'full' });
    expect(refund.body.data).toMatchObject({ totals: { total: '300', currency_code: 'EUR' }, customer_id: 'ctm_1' });
  });

  it.each<[string, string, unknown, RegExp]>([
    ['adjustment', 'adj_1', {}, /one of customer/], ['transaction', 'txn_1', { customer_id: 'ctm_1' }, /needs items/], ['transaction', 'txn_1', {}, /needs customer_id/], ['price', 'pro_1', {}, /pri_ and letters/], ['price', 'pri_1', 'x', /an object/], ['price', 'pri_1', { product_id: 'pro_1', unit_price: { amount: 5, currency_code: 'EUR' } }, /a text of whole minor units/],
    ['price', 'pri_1', { unit_price: { amount: '5', currency_code: 'EUR' } }, /needs product_id/], ['customer', 'ctm_1', { name: 'Ann' }, /needs email/], ['address', 'add_1', { customer_id: 'ctm_1' }, /needs country_code/], ['product', 'pro_1', {}, /needs name/],
    ['subscription', 'sub_1', { customer_id: 'ctm_1', address_id: 'add_1' }, /needs items/], ['subscription', 'sub_1', { address_id: 'add_1' }, /needs customer_id/],
  ])('but not a wrong %s', (kind, id, value, says) => {
    expect(() => paddle.seed(kind, id, value)).toThrow(says);
  });
});
