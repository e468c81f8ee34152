import { beforeEach, describe, expect, it } from 'vitest';
import { coinbase } from '../../src/providers/coinbase/index.ts';
import type { Spoken } from '../support/teller.ts';
import { teller } from '../support/teller.ts';

const order = { name: 'Order 1', description: 'a shirt', pricing_type: 'fixed_price', local_price: { amount: '100.00', currency: 'USD' }, metadata: { order_id: '1' }, redirect_url: 'https://shop.example.test/done', cancel_url: 'https://shop.example.test/back' };
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(coinbase, 'api.commerce.coinbase.com', [['X-CC-Api-Key', 'fake']]); });
const create = async (more: object = {}) => at.say('POST', '/charges', { ...order, ...more });
const read = async (made: Spoken) => (await at.say('GET', `/charges/${made.body.data.code}`)).body.data;
const statuses = (charge: { timeline: { status: string; context?: string }[] }) => charge.timeline.map(({ status, context }) => (context === undefined ? status : `${status} ${context}`)).join(', ');
const told = () => at.callbacks.map(({ event }) => event);

describe('a charge', () => {
  it('is paid on its page: pending and confirmed at once, and back to the shop', async () => {
    const made = await create();
    expect([made.status, made.body.data.pricing.local, made.body.data.expires_at]).toEqual([201, { amount: '100.00', currency: 'USD' }, '2026-11-21T10:00:00Z']);
    expect(await at.visit(made.body.data.hosted_url)).toEqual({ title: `Charge ${made.body.data.code}`, amount: { minor: '10000', exponent: 2, currency: 'USD' }, payer: null, lines: [{ text: 'Order 1', amount: { minor: '10000', exponent: 2, currency: 'USD' } }], choices: ['pay', 'cancel'], status: null, back: null });
    expect((await at.choose(made.body.data.hosted_url, 'pay'))?.goTo).toBe('https://shop.example.test/done');
    const paid = await read(made);
    expect([statuses(paid), paid.payments[0].status, paid.confirmed_at]).toEqual(['NEW, PENDING, COMPLETED', 'CONFIRMED', '2026-11-21T09:00:00Z']);
    expect(told()).toEqual(['charge:created', 'charge:pending', 'charge:confirmed']);
    expect(await at.visit(made.body.data.hosted_url)).toMatchObject({ choices: [], back: 'https://shop.example.test/done' });
    expect((await at.say('POST', `/charges/${made.body.data.id}/cancel`)).status).toBe(400);
  });

  it('is canceled on its page or by the application, once', async () => {
    const [one, other] = [await create(), await create({ cancel_url: 'javascript:alert(1)' })];
    expect((await at.choose(one.body.data.hosted_url, 'cancel'))?.goTo).toBe('https://shop.example.test/back');
    expect(await at.visit(one.body.data.hosted_url)).toMatchObject({ choices: [], back: 'https://shop.example.test/back' });
    expect((await at.choose(other.body.data.hosted_url, 'cancel'))?.goTo).toBeNull();
    expect(statuses(await read(one))).toBe('NEW, CANCELED');
    const third = await create();
    expect(statuses((await at.say('POST', `/charges/${third.body.data.code}/cancel`)).body.data)).toBe('NEW, CANCELED');
    expect(await at.say('POST', `/charges/${third.body.data.code}/cancel`, {})).toMatchObject({ status: 400, body: { error: { type: 'invalid_request' } } });
  });

  it('expires after an hour, which is told when it is made to happen, once', async () => {
    const made = await create();
    at.pass(3600_000);
    expect(statuses(await read(made))).toBe('NEW, EXPIRED');
    expect((await at.visit(made.body.data.hosted_url))?.choices).toEqual([]);
    expect(await at.choose(made.body.data.hosted_url, 'pay')).toBeNull();
    expect((await at.happen('charge:failed', made)).map(({ event }) => event)).toEqual(['charge:failed']);
    expect(await at.happen('charge:failed', made)).toEqual([]);
    expect(statuses(await read(made))).toBe('NEW, EXPIRED');
  });

  it.each<[string, string | undefined, string]>([
    ['charge:pending', undefined, 'NEW, PENDING'], ['charge:confirmed', undefined, 'NEW, PENDING, COMPLETED'], ['charge:failed', undefined, 'NEW, EXPIRED'],
    ['charge:failed', 'underpaid', 'NEW, UNRESOLVED UNDERPAID'], ['charge:delayed', undefined, 'NEW, EXPIRED, UNRESOLVED DELAYED'],
  ])('that %s (%s) happens to is %s', async (event, detail, expected) => {
    const made = await create();
    expect((await at.happen(event, made, detail === undefined ? {} : { detail })).at(-1)?.event).toBe(event);
    expect(statuses(await read(made))).toBe(expected);
    expect(await at.happen('charge:created', made)).toEqual([]);
  });

  it('is resolved by the seller only where there is something to resolve', async () => {
    const made = await create();
    expect((await at.say('POST', `/charges/${made.body.data.code}/resolve`)).status).toBe(400);
    await at.happen('charge:delayed', made);
    expect(statuses((await at.say('POST', `/charges/${made.body.data.code}/resolve`)).body.data)).toBe('NEW, EXPIRED, UNRESOLVED DELAYED, RESOLVED');
    expect(told().at(-1)).toBe('charge:resolved');
  });

  it.each<[string, object, string]>([
    ['no description', { description: '' }, 'param_required'], ['no pricing type', { pricing_type: undefined }, 'param_required'], ['another pricing type', { pricing_type: 'free' }, 'invalid_request'],
    ['no price', { local_price: undefined }, 'param_required'], ['nothing to pay', { local_price: { amount: '0.00', currency: 'USD' } }, 'invalid_request'], ['decimals of yen', { local_price: { amount: '10.50', currency: 'JPY' } }, 'invalid_request'],
    ['a negative price', { local_price: { amount: '-1.00', currency: 'USD' } }, 'invalid_request'], ['an unknown currency', { local_price: { amount: '1.00', currency: 'GOLDEN' } }, 'invalid_request'],
  ])('is refused with %s', async (_, more, type) => {
    expect(await create(more)).toMatchObject({ status: 400, body: { error: { type } } });
  });

  it('may be in a coin, or of no price', async () => {
    expect((await create({ local_price: { amount: '0.000000000000000001', currency: 'ETH' } })).body.data.pricing.local.amount).toBe('0.000000000000000001');
    const free = await create({ pricing_type: 'no_price', local_price: undefined });
    expect(free.body.data.pricing).toBeUndefined();
    await at.happen('charge:confirmed', free);
    expect((await read(free)).payments).toHaveLength(1);
  });
});

it('whoever opens a checkout pays a charge of its own', async () => {
  const checkout = await at.say('POST', '/checkouts', { ...order, redirect_url: undefined });
  expect((await at.happen('charge:confirmed', checkout)).map(({ event }) => event)).toEqual(['charge:created', 'charge:pending', 'charge:confirmed']);
  expect((await at.happen('charge:created', checkout)).map(({ event }) => event)).toEqual(['charge:created']);
  expect((await at.happen('charge:pending', checkout)).map(({ event }) => event)).toEqual(['charge:pending']);
  const charges = (await at.say('GET', '/charges')).body.data;
  expect(charges.map((charge: { checkout: { id: string } }) => charge.checkout.id)).toEqual([checkout.body.data.id, checkout.body.data.id]);
  expect(await at.happen('charge:resolved', checkout)).toEqual([]);
});

it('an invoice is paid by a charge, or void', async () => {
  const bill = { business_name: 'Shop', customer_email: 'ann@customer.example', customer_name: 'Ann', memo: 'order 1', local_price: { amount: '5.00', currency: 'EUR' } };
  const made = await at.say('POST', '/invoices', bill);
  expect((await at.visit(made.body.data.hosted_url))?.payer).toBe('ann@customer.example');
  expect(await at.choose(made.body.data.hosted_url, 'pay')).toMatchObject({ goTo: null, says: 'The payment is confirmed.' });
  const paid = (await at.say('GET', `/invoices/${made.body.data.code}`)).body.data;
  expect(paid.status).toBe('PAID');
  expect((await at.say('GET', `/charges/${paid.charge.id}`)).body.data.invoice.id).toBe(paid.id);
  expect((await at.say('PUT', `/invoices/${paid.id}/void`)).status).toBe(400);
  const open = await at.say('POST', '/invoices', bill);
  expect((await at.say('PUT', `/invoices/${open.body.data.code}/void`)).body.data.status).toBe('VOID');
  expect((await at.visit(open.body.data.hosted_url))?.choices).toEqual([]);
  const wrong = await at.say('POST', '/invoices', bill);
  await at.happen('charge:failed', wrong, { detail: 'OVERPAID' });
  expect((await at.say('PUT', `/invoices/${wrong.body.data.id}/resolve`)).body.data.status).toBe('PAID');
});

it('a call that names its object alone is told with what the object says', async () => {
  const made = await at.say('POST', '/invoices', { business_name: 'Shop', customer_email: 'ann@customer.example', local_price: { amount: '5.00', currency: 'EUR' } });
  const voided = await at.say('PUT', `/invoices/${made.body.data.id}/void`);
  expect(await at.recalled(voided.request)).toMatchObject({ effects: [{ amount: { minor: '500' }, customer: 'ann@customer.example', recipients: [{ address: 'ann@customer.example', role: 'customer' }] }] });
  const charge = await create();
  const canceled = await at.say('POST', `/charges/${charge.body.data.id}/cancel`);
  expect(await at.recalled(canceled.request)).toMatchObject({ effects: [{ keys: [{ name: 'order_id', value: '1' }] }] });
});

it('what is seeded is there as if it had been made', async () => {
  const id = '0c7a1b1e-0000-4000-8000-000000000000';
  at.seed('charge', id, { code: '66BEOV2A', name: 'Old', local_price: { amount: '1.00', currency: 'USD' }, status: 'COMPLETED' });
  expect(statuses((await at.say('GET', '/charges/66BEOV2A')).body.data)).toBe('NEW, COMPLETED');
  at.seed('checkout', id, { name: 'Old' });
  expect((await at.say('GET', `/checkouts/${id}`)).body.data).toMatchObject({ resource: 'checkout', pricing_type: 'no_price' });
  at.seed('invoice', id, { customer_email: 'a@example.test', local_price: { amount: '1.00', currency: 'USD' } });
  expect((await at.say('PUT', `/invoices/${id}/void`)).body.data.status).toBe('VOID');
  expect(() => coinbase.seed('order', id, {})).toThrow('it has charge, checkout and invoice');
  expect(() => coinbase.seed('charge', id, { local_price: { amount: 'x', currency: 'USD' } })).toThrow("amount: '100.00'");
  expect(() => coinbase.seed('charge', id, { status: 'PAID' })).toThrow('one of NEW, PENDING');
});

it.each(['/charges/66BEOV2A', '/checkouts/nobody', '/invoices/nobody', '/events/nobody'])('%s is Coinbase\'s 404', async (path) => {
  expect(await at.say('GET', path)).toMatchObject({ status: 404, body: { error: { type: 'not_found', message: 'Not found' } } });
});

it('a page of a list goes on from either side, and asks nothing else', async () => {
  const ids = [await create(), await create(), await create()].map(({ body }) => body.data.id as string).toReversed();
  const page = async (query: string) => (await at.say('GET', `/charges?${query}`)).body.data.map(({ id }: { id: string }) => id) as string[];
  expect(await page(`starting_after=${ids[0]}&limit=1`)).toEqual([ids[1]]);
  expect(await page(`ending_before=${ids[2]}&limit=1`)).toEqual([ids[1]]);
  expect(await page('order=asc')).toEqual(ids.toReversed());
  const { pagination } = (await at.say('GET', `/charges?starting_after=${ids[0]}&limit=1`)).body;
  const base = 'https://api.commerce.coinbase.com/charges?limit=1&order=desc';
  expect([pagination.previous_uri, pagination.next_uri]).toEqual([`${base}&ending_before=${ids[1]}`, `${base}&starting_after=${ids[1]}`]);
  expect(await page(new URL(pagination.previous_uri as string).searchParams.toString())).toEqual([ids[0]]);
  expect((await at.say('GET', '/charges?limit=1')).body.pagination.previous_uri).toBeNull();
  for (const query of ['limit=0', 'limit=101', 'order=up', 'starting_after=nobody', 'status=NEW', 'limit=1&limit=2']) expect((await at.say('GET', `/charges?${query}`)).status).toBe(400);
});

it('nobody without a key is served', async () => {
  expect(await teller(coinbase, 'api.commerce.coinbase.com', []).say('GET', '/charges')).toMatchObject({ status: 401, body: { error: { type: 'authentication_error', message: 'No such API key' } } });
});
