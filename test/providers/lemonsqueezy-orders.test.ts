import { beforeEach, describe, expect, it } from 'vitest';
import { lemonsqueezy } from '../../src/providers/lemonsqueezy/index.ts';
import { memory } from '../support/simulation-context.ts';
import { teller } from '../support/teller.ts';

const key = [['Authorization', 'Bearer ls-fake-key']] as const;
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(lemonsqueezy, 'api.lemonsqueezy.com', key); });

const related = (variant = '2', store = '1') => ({ store: { data: { type: 'stores', id: store } }, variant: { data: { type: 'variants', id: variant } } });
const create = (attributes: object = {}, relationships: object = related()) => at.say('POST', '/v1/checkouts', { data: { type: 'checkouts', attributes: { custom_price: 1999, product_options: { redirect_url: 'https://shop.example.test/thanks' }, checkout_data: { email: 'ann@customer.example', custom: { order: '7' } }, ...attributes }, relationships } });
const read = async (path: string) => (await at.say('GET', path)).body.data;
const told = () => at.callbacks.map(({ body }) => JSON.parse(body) as { meta: { event_name: string; custom_data?: object; test_mode: boolean }; data: { type: string; id: string; attributes: Record<string, unknown> } });
const names = () => at.callbacks.map(({ event }) => event);
const last = () => told().at(-1)!;
async function bought(attributes: object = {}, relationships?: object) {
  const made = await create(attributes, relationships);
  await at.choose(made.body.data.attributes.url, 'pay');
  return (await at.say('GET', '/v1/orders?page[size]=1')).body.data[0] as { id: string; attributes: Record<string, never> };
}
const refund = (path: string, type: string, amount?: unknown) => at.say('POST', `/v1/${type}/${path}/refund`, { data: { type, id: path, attributes: amount === undefined ? {} : { amount } } });
const fault = async (said: Promise<{ readonly status: number; readonly body: { readonly errors: readonly { readonly detail: string; readonly source?: { readonly pointer: string } }[] } }>) => {
  const { status, body } = await said;
  return [status, body.errors[0]?.source?.pointer ?? null];
};
const monthly = { product_id: 5, price: 1500, is_subscription: true, interval: 'month', interval_count: 1 };
async function subscribed(more: object = {}) {
  at.seed('variants', '9', { ...monthly, ...more });
  const order = await bought({ custom_price: undefined }, related('9'));
  const [subscription] = await read('/v1/subscriptions');
  return { order, id: subscription.id as string };
}
const patch = (id: string, attributes: object) => at.say('PATCH', `/v1/subscriptions/${id}`, { data: { type: 'subscriptions', id, attributes } });

describe('a checkout', () => {
  it('is paid at our page, once, and becomes an order told with what the application said', async () => {
    const made = await create();
    const { url } = made.body.data.attributes;
    expect([made.status, made.headers, url]).toEqual([201, [['Content-Type', 'application/vnd.api+json']], `http://127.0.0.1:8025/pay/checkout/${made.body.data.id}`]);
    expect(await at.visit(url)).toMatchObject({ amount: { minor: '1999', currency: 'USD' }, payer: 'ann@customer.example', lines: [{ text: 'Product × 1' }], choices: ['pay', 'pay-authenticated', 'decline', 'fail-authentication'] });
    expect((await at.choose(url, 'pay'))?.goTo).toBe('https://shop.example.test/thanks');
    expect(names()).toEqual(['order_created']);
    expect(at.callbacks[0]?.headers).toEqual([['X-Event-Name', 'order_created']]);
    expect(last()).toMatchObject({ meta: { event_name: 'order_created', custom_data: { order: '7' }, test_mode: false }, data: { type: 'orders', attributes: { total: 1999, total_formatted: '$19.99', status: 'paid', user_email: 'ann@customer.example', first_order_item: { variant_id: 2, quantity: 1 } } } });
    expect(await read(`/v1/orders/${last().data.id}`)).toMatchObject({ id: last().data.id, relationships: { customer: { links: { related: expect.stringContaining('/customer') } } } });
    expect(await at.visit(url)).toMatchObject({ choices: [], status: 'This checkout was paid.', back: 'https://shop.example.test/thanks' });
    expect(await at.happen('order_created', made)).toEqual([]);
  });

  it.each(['decline', 'fail-authentication'] as const)('that a payer may not pay (%s) is told to them alone', async (choice) => {
    const { url } = (await create()).body.data.attributes;
    expect(await at.choose(url, choice)).toMatchObject({ goTo: null, says: expect.stringContaining('Try another') });
    expect([at.callbacks, (await at.visit(url))?.choices]).toEqual([[], expect.arrayContaining(['pay'])]);
  });

  it('is paid where nobody looks at a page', async () => {
    await at.happen('order_created', await create());
    expect(names()).toEqual(['order_created']);
  });

  it('costs its variant\'s price in its store\'s currency, so often as it is asked for', async () => {
    at.seed('stores', '3', { currency: 'EUR', name: 'Europe' });
    at.seed('variants', '4', { price: 700 });
    const made = await create({ custom_price: null, checkout_data: { variant_quantities: [{ variant_id: 4, quantity: 3 }] } }, related('4', '3'));
    expect(await at.visit(made.body.data.attributes.url)).toMatchObject({ amount: { minor: '2100', currency: 'EUR' }, payer: null });
    expect(await at.recalled((await create({}, related('4', '3'))).request)).toMatchObject({ effects: [{ amount: { minor: '1999', currency: 'EUR' } }] });
    expect(await at.recalled((await create()).request)).toMatchObject({ effects: [{ amount: null }] });
  });

  it('is previewed, and expires', async () => {
    const made = await create({ preview: true, expires_at: '2026-11-21T10:00:00Z' });
    expect(made.body.data.attributes.preview).toMatchObject({ total: 1999, total_formatted: '$19.99' });
    at.pass(3600_000);
    expect(await at.visit(made.body.data.attributes.url)).toMatchObject({ choices: [], status: 'This checkout has expired.' });
    expect(await at.happen('order_created', made)).toEqual([]);
  });

  it('says whether it is a test, and so does what comes of it', async () => {
    await bought({ test_mode: true });
    expect(last().meta.test_mode).toBe(true);
  });

  it.each<[string, object, object, string]>([
    ['no store', {}, { variant: related().variant }, '/data/relationships/store'], ['no variant', {}, { store: related().store }, '/data/relationships/variant'], ['a price that is a text', { custom_price: '19.99' }, related(), '/data/attributes/custom_price'],
    ['a part of a cent', { custom_price: 1.5 }, related(), '/data/attributes/custom_price'], ['less than nothing', { custom_price: -5 }, related(), '/data/attributes/custom_price'], ['more than can be counted', { custom_price: Number.MAX_SAFE_INTEGER, checkout_data: { variant_quantities: [{ variant_id: 2, quantity: 3 }] } }, related(), '/data/attributes/custom_price'],
    ['no date', { expires_at: 'soon' }, related(), '/data/attributes/expires_at'],
  ])('is refused with %s', async (_, attributes, relationships, pointer) => {
    expect(await fault(create(attributes, relationships))).toEqual([422, pointer]);
  });
});

describe('an order', () => {
  it('is refunded in parts, and never more than was paid', async () => {
    const { id } = await bought();
    expect(await fault(refund(id, 'orders', 2000))).toEqual([422, '/data/attributes/amount']);
    for (const wrong of [0, -1, 1.5, '5']) expect(await fault(refund(id, 'orders', wrong))).toEqual([422, '/data/attributes/amount']);
    expect((await refund(id, 'orders', 1500)).body.data.attributes).toMatchObject({ refunded_amount: 1500, status: 'partial_refund', refunded: false });
    expect(await fault(refund(id, 'orders', 500))).toEqual([422, '/data/attributes/amount']);
    expect((await refund(id, 'orders')).body.data.attributes).toMatchObject({ refunded_amount: 1999, refunded_amount_formatted: '$19.99', status: 'refunded', refunded: true });
    expect(names()).toEqual(['order_created', 'order_refunded', 'order_refunded']);
    expect(last().meta.custom_data).toEqual({ order: '7' });
    expect(await fault(refund(id, 'orders'))).toEqual([422, '/data/attributes/amount']);
  });

  it('is refunded at the dashboard', async () => {
    const { id } = await bought();
    const seen = await at.say('GET', `/v1/orders/${id}`);
    await at.happen('order_refunded', seen);
    expect(last()).toMatchObject({ meta: { event_name: 'order_refunded' }, data: { attributes: { status: 'refunded' } } });
    expect(await at.happen('order_refunded', seen)).toEqual([]);
  });

  it('of a customer of the store is theirs', async () => {
    const customer = (await at.say('POST', '/v1/customers', { data: { type: 'customers', attributes: { name: 'Ann', email: 'Ann@customer.example' }, relationships: { store: related().store } } })).body.data;
    expect((await bought()).attributes['customer_id']).toBe(Number(customer.id));
  });

  it('is told with the payer, the keys and the currency that are remembered', async () => {
    const { id } = await bought();
    const whole = (await at.say('POST', `/v1/orders/${id}/refund`)).request;
    expect(await at.recalled(whole)).toMatchObject({ effects: [{ amount: { minor: '0' } }] });
    const other = await bought();
    expect(await at.recalled({ ...whole, path: `/v1/orders/${other.id}/refund` })).toMatchObject({ effects: [{ amount: { minor: '1999' } }] });
    const said = await refund(other.id, 'orders', 5);
    expect(await at.recalled(said.request)).toMatchObject({ effects: [{ recipients: [{ address: 'ann@customer.example', kind: 'email', role: 'customer' }], keys: [{ name: 'order', value: '7' }], amount: { minor: '5', currency: 'USD' } }] });
  });

  it('is listed newest first, page for page, and filtered', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await bought()).id);
    const page = async (query: string) => (await at.say('GET', `/v1/orders?${query}`)).body;
    const second = await page('page%5Bsize%5D=2&page%5Bnumber%5D=2');
    expect([second.data.map(({ id }: { id: string }) => id), second.meta.page]).toEqual([ids.slice(2, 4), { currentPage: 2, from: 3, lastPage: 3, perPage: 2, to: 4, total: 5 }]);
    expect(Object.keys(second.links)).toEqual(['first', 'last', 'prev', 'next']);
    const third = (await at.say('GET', (second.links.next as string).replace('https://api.lemonsqueezy.com', ''))).body;
    expect([third.data.length, third.links.next]).toEqual([1, undefined]);
    expect((await page('filter[user_email]=nobody@customer.example')).data).toEqual([]);
    expect((await at.say('GET', '/v1/orders?filter[colour]=red')).status).toBe(400);
    expect((await at.say('GET', '/v1/orders?page[size]=101')).status).toBe(400);
  });
});

describe('a subscription', () => {
  it('begins with its order and a paid invoice, and is billed when its date comes', async () => {
    const { id, order } = await subscribed();
    expect(names()).toEqual(['order_created', 'subscription_created', 'subscription_payment_success']);
    expect(last()).toMatchObject({ meta: { custom_data: { order: '7' } }, data: { type: 'subscription-invoices', attributes: { billing_reason: 'initial', total: 1500, subscription_id: Number(id), status: 'paid' } } });
    const shown = await read(`/v1/subscriptions/${id}`);
    expect(shown.attributes).toMatchObject({ status: 'active', renews_at: '2026-12-21T09:00:00.000000Z', variant_id: 9, order_id: Number(order.id), cancelled: false });
    expect(shown).not.toHaveProperty('price');
    await at.happen('subscription_payment_success', await at.say('GET', `/v1/orders/${order.id}`));
    expect((await read(`/v1/subscriptions/${id}`)).attributes.renews_at).toBe('2027-01-21T09:00:00.000000Z');
    expect(names().slice(-2)).toEqual(['subscription_updated', 'subscription_payment_success']);
    expect(await read(`/v1/subscription-invoices?filter[subscription_id]=${id}&filter[refunded]=false`)).toHaveLength(2);
  });

  it('on trial is billed when that ends', async () => {
    const { id } = await subscribed({ has_free_trial: true, trial_interval: 'day', trial_interval_count: 14 });
    expect(names()).toEqual(['order_created', 'subscription_created']);
    expect(told()[0]?.data.attributes['total']).toBe(0);
    expect((await read(`/v1/subscriptions/${id}`)).attributes).toMatchObject({ status: 'on_trial', trial_ends_at: '2026-12-05T09:00:00.000000Z' });
    await at.happen('subscription_payment_success', await at.say('GET', `/v1/subscriptions/${id}`));
    expect(last().data.attributes).toMatchObject({ total: 1500, billing_reason: 'renewal' });
  });

  it('is cancelled, resumed, cancelled and expires', async () => {
    const { id } = await subscribed();
    expect((await at.say('DELETE', `/v1/subscriptions/${id}`)).body.data.attributes).toMatchObject({ status: 'cancelled', cancelled: true, ends_at: '2026-12-21T09:00:00.000000Z' });
    expect(names().slice(-2)).toEqual(['subscription_cancelled', 'subscription_updated']);
    expect((await patch(id, { cancelled: false })).body.data.attributes).toMatchObject({ status: 'active', cancelled: false, ends_at: null });
    expect(names().slice(-2)).toEqual(['subscription_resumed', 'subscription_updated']);
    const again = await patch(id, { cancelled: true });
    const count = at.callbacks.length;
    await at.say('DELETE', `/v1/subscriptions/${id}`);
    expect(at.callbacks).toHaveLength(count);
    await at.happen('subscription_expired', again);
    expect((await read(`/v1/subscriptions/${id}`)).attributes.status).toBe('expired');
    expect((await patch(id, { cancelled: false })).status).toBe(422);
  });

  it('is paused and goes on', async () => {
    const { id } = await subscribed();
    expect((await patch(id, { pause: { mode: 'void', resumes_at: '2027-01-01T00:00:00Z' } })).body.data.attributes).toMatchObject({ status: 'paused', pause: { mode: 'void', resumes_at: '2027-01-01T00:00:00Z' } });
    expect((await patch(id, { pause: null })).body.data.attributes).toMatchObject({ status: 'active', pause: null });
    expect(names().filter((name) => name?.includes('pause'))).toEqual(['subscription_paused', 'subscription_unpaused']);
    expect(await fault(patch(id, { pause: { mode: 'sometimes' } }))).toEqual([422, '/data/attributes/pause/mode']);
    expect(await fault(patch(id, { billing_anchor: 32 }))).toEqual([422, '/data/attributes/billing_anchor']);
  });

  it('changes its plan: with the next bill, or for the time that is left at once', async () => {
    const { id } = await subscribed();
    at.seed('variants', '10', { ...monthly, price: 4500 });
    at.pass(15 * 24 * 3600_000);
    const changed = await patch(id, { variant_id: 10, invoice_immediately: true });
    expect(changed.body.data.attributes.variant_id).toBe(10);
    // 3000 more, of which 15 of 30 days are left
    expect(last()).toMatchObject({ meta: { event_name: 'subscription_payment_success' }, data: { attributes: { billing_reason: 'updated', total: 1500 } } });
    await patch(id, { variant_id: 9, invoice_immediately: true });
    await patch(id, { variant_id: 10 });
    expect(await read('/v1/subscription-invoices')).toHaveLength(2);
    at.decline({ code: null });
    at.seed('variants', '11', { ...monthly, price: 9000 });
    expect((await patch(id, { variant_id: 11, invoice_immediately: true })).status).toBe(422);
    expect((await read(`/v1/subscriptions/${id}`)).attributes.variant_id).toBe(10);
  });

  it('falls due, and is paid after all', async () => {
    const { id } = await subscribed();
    const seen = await at.say('GET', `/v1/subscriptions/${id}`);
    await at.happen('subscription_payment_failed', seen);
    expect(last()).toMatchObject({ meta: { event_name: 'subscription_payment_failed' }, data: { attributes: { status: 'pending' } } });
    expect((await read(`/v1/subscriptions/${id}`)).attributes.status).toBe('past_due');
    await at.happen('subscription_payment_recovered', seen);
    expect(last()).toMatchObject({ meta: { event_name: 'subscription_payment_recovered' }, data: { attributes: { status: 'paid' } } });
    expect(await at.happen('subscription_payment_recovered', seen)).toEqual([]);
  });

  it('has its invoices refunded', async () => {
    await subscribed();
    const [invoice] = await read('/v1/subscription-invoices');
    expect(await fault(refund(invoice.id, 'subscription-invoices', 1501))).toEqual([422, '/data/attributes/amount']);
    expect((await refund(invoice.id, 'subscription-invoices', 1500)).body.data.attributes.status).toBe('refunded');
    expect(names().at(-1)).toBe('subscription_payment_refunded');
  });
});

it('a customer is one of a store for one address', async () => {
  const make = (email: string, store = '1') => at.say('POST', '/v1/customers', { data: { type: 'customers', attributes: { name: 'Ann', email }, relationships: { store: related('2', store).store } } });
  const { id } = (await make('ann@customer.example')).body.data;
  expect(await fault(make('ANN@customer.example'))).toEqual([422, '/data/attributes/email']);
  expect((await make('ann@customer.example', '2')).status).toBe(201);
  expect(await fault(make('nonsense'))).toEqual([422, '/data/attributes/email']);
  const change = (attributes: object) => at.say('PATCH', `/v1/customers/${id}`, { data: { type: 'customers', id, attributes } });
  expect((await change({ status: 'archived', city: 'Lyon' })).body.data.attributes).toMatchObject({ status: 'archived', city: 'Lyon' });
  expect(await fault(change({ status: 'subscribed' }))).toEqual([422, '/data/attributes/status']);
  expect(await read('/v1/customers?filter[email]=ann@customer.example&filter[store_id]=1')).toHaveLength(1);
});

it('stores, products and variants are what is seeded', async () => {
  expect(await read('/v1/stores')).toEqual([]);
  at.seed('stores', '1', { name: 'Shop' });
  at.seed('products', '5', { name: 'Pro', price: 1500 });
  at.seed('variants', '9', monthly);
  expect((await read('/v1/stores/1')).attributes).toMatchObject({ name: 'Shop', currency: 'USD' });
  expect((await read('/v1/products?filter[store_id]=1'))[0].attributes.price_formatted).toBe('$15.00');
  expect((await read('/v1/variants?filter[product_id]=5'))[0].id).toBe('9');
  expect((await read('/v1/users/me')).type).toBe('users');
});

it.each(['orders', 'customers', 'subscriptions', 'subscription-invoices', 'stores', 'products', 'variants'])('an unknown one of %s is Lemon Squeezy\'s 404', async (type) => {
  expect(await at.say('GET', `/v1/${type}/404`)).toMatchObject({ status: 404, body: { jsonapi: { version: '1.0' }, errors: [{ status: '404', title: 'Not Found' }] } });
});

it('nobody without a key is served', async () => {
  expect(await teller(lemonsqueezy, 'api.lemonsqueezy.com', []).say('GET', '/v1/orders')).toMatchObject({ status: 401, body: { errors: [{ detail: 'Unauthenticated.', status: '401', title: 'Unauthorized' }] } });
});

describe('ids of a restored database', () => {
  it.each(['stores', 'products', 'variants', 'customers'])('are made up where they are adopted: %s', async (type) => {
    const request = { kind: 'http', method: 'GET', scheme: 'https', authority: { host: 'api.lemonsqueezy.com', port: 443 }, path: `/v1/${type}/77`, query: null, version: '1.1', headers: key, trailers: [], body: new Uint8Array() } as const;
    const { reply } = await lemonsqueezy.simulate(request, lemonsqueezy.decode(request), memory().context({ unknownIds: 'adopt' }));
    expect([reply.status, JSON.parse(Buffer.from(reply.body).toString())]).toMatchObject([200, { data: { type, id: '77' } }]);
  });

  it('can be seeded', async () => {
    at.seed('customers', '1', { email: 'ann@customer.example' });
    at.seed('orders', '2', { total: 500, user_email: 'ann@customer.example' });
    at.seed('subscriptions', '3', { price: 900, user_email: 'ann@customer.example' });
    expect((await refund('2', 'orders')).body.data.attributes.status).toBe('refunded');
    await at.happen('subscription_payment_success', await at.say('GET', '/v1/subscriptions/3'));
    expect(last().data.attributes['total']).toBe(900);
  });

  it.each<[string, string, unknown, RegExp]>([
    ['checkouts', '1', {}, /one of stores/], ['stores', 'abc', {}, /is a number/], ['orders', '1', 'x', /are objects/], ['orders', '1', { user_email: 'a@b.example' }, /needs a total/], ['orders', '1', { total: 5 }, /needs user_email/], ['variants', '1', { price: '5' }, /whole number of cents/],
    ['variants', '1', { is_subscription: true }, /needs an interval/], ['customers', '1', {}, /needs email/], ['subscriptions', '1', { user_email: 'a@b.example' }, /needs a price/], ['stores', '1', { currency: 'euro' }, /three letters/],
  ])('but not wrong %s', (kind, id, value, says) => {
    expect(() => lemonsqueezy.seed(kind, id, value)).toThrow(says);
  });
});
