import { beforeEach, describe, expect, it } from 'vitest';
import { square } from '../../src/providers/square/index.ts';
import { teller } from '../support/teller.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
let at: ReturnType<typeof teller>;
let keys = 0;
beforeEach(() => { at = teller(square, 'connect.squareupsandbox.com', [['Authorization', 'Bearer EAAA-test']]); });
const told = (): readonly unknown[] => at.callbacks.map(({ event }) => event);
const pay = (more: object = {}) => at.say('POST', '/v2/payments', { source_id: 'cnon:card-nonce-ok', idempotency_key: `k-${keys += 1}`, amount_money: usd(1000), ...more });
const refund = (payment_id: string, amount: object, more: object = {}) => at.say('POST', '/v2/refunds', { idempotency_key: `k-${keys += 1}`, payment_id, amount_money: amount, ...more });

describe('a payment', () => {
  it('is completed at once, with its tip, and read back and listed', async () => {
    const { status, body: { payment } } = await pay({ tip_money: usd(15), location_id: 'L1', reference_id: 'o-42', buyer_email_address: 'ann@customer.example' });
    expect([status, payment.status, payment.total_money, payment.card_details.status]).toEqual([200, 'COMPLETED', usd(1015), 'CAPTURED']);
    expect((await at.say('GET', `/v2/payments/${payment.id}`)).body.payment).toEqual(payment);
    expect((await at.say('GET', '/v2/payments?location_id=L1&total=1015')).body.payments).toEqual([payment]);
    expect((await at.say('GET', '/v2/payments?location_id=L2')).body).toEqual({});
    expect(told()).toEqual(['payment.created', 'payment.updated']);
    expect(at.callbacks.map(({ body }) => JSON.parse(body).data.object.payment.status)).toEqual(['APPROVED', 'COMPLETED']);
  });

  it('is held, completed by the caller, and not canceled any more', async () => {
    const { body: { payment } } = await pay({ autocomplete: false });
    expect(payment).toMatchObject({ status: 'APPROVED', card_details: { status: 'AUTHORIZED' } });
    expect((await at.say('POST', `/v2/payments/${payment.id}/complete`, { version_token: 'old' })).body.errors[0].code).toBe('VERSION_MISMATCH');
    const done = await at.say('POST', `/v2/payments/${payment.id}/complete`, { version_token: payment.version_token });
    expect(done.body.payment).toMatchObject({ status: 'COMPLETED', card_details: { status: 'CAPTURED' } });
    expect((await at.say('POST', `/v2/payments/${payment.id}/cancel`)).body.errors[0].code).toBe('DELAYED_TRANSACTION_CAPTURED');
  });

  it('is released by its id, by its key, or by time', async () => {
    const [one, other, third] = [await pay({ autocomplete: false }), await pay({ autocomplete: false, idempotency_key: 'mine' }), await pay({ autocomplete: false })];
    expect((await at.say('POST', `/v2/payments/${one.body.payment.id}/cancel`)).body.payment).toMatchObject({ status: 'CANCELED', approved_money: usd(0) });
    expect((await at.say('POST', '/v2/payments/cancel', { idempotency_key: 'mine' })).body).toEqual({});
    expect((await at.say('GET', `/v2/payments/${other.body.payment.id}`)).body.payment.status).toBe('CANCELED');
    expect((await at.say('POST', '/v2/payments/cancel', { idempotency_key: 'nobody\'s' })).status).toBe(200);
    expect((await at.happen('payment.updated', third)).map(({ event }) => event)).toEqual(['payment.updated']);
    expect((await at.say('POST', `/v2/payments/${third.body.payment.id}/complete`)).body.errors[0].code).toBe('DELAYED_TRANSACTION_CANCELED');
    expect(await at.happen('payment.updated', third)).toEqual([]);
  });

  it.each([
    ['cnon:card-nonce-declined', 'GENERIC_DECLINE'], ['cnon:card-nonce-rejected-cvv', 'CVV_FAILURE'], ['ccof:customer-card-id-rejected-postalcode', 'ADDRESS_VERIFICATION_FAILURE'],
    ['cnon:card-nonce-rejected-expiration', 'INVALID_EXPIRATION'], ['cnon:card-nonce-already-used', 'CARD_TOKEN_USED'],
  ])('with %s fails, and is kept as failed', async (source_id, code) => {
    const { status, body } = await pay({ source_id });
    expect([status, body.errors[0].code, body.payment.status]).toEqual([400, code, 'FAILED']);
    expect((await at.say('GET', `/v2/payments/${body.payment.id}`)).body.payment.approved_money).toEqual(usd(0));
    expect((await refund(body.payment.id, usd(1))).body.errors[0].code).toBe('PAYMENT_NOT_REFUNDABLE');
  });

  it.each<[string, object, string]>([
    ['no source', { source_id: undefined }, 'MISSING_REQUIRED_PARAMETER'], ['no key', { idempotency_key: undefined }, 'MISSING_REQUIRED_PARAMETER'],
    ['no amount', { amount_money: undefined }, 'MISSING_REQUIRED_PARAMETER'], ['half a cent', { amount_money: usd(0.5) }, 'EXPECTED_INTEGER'], ['an amount as a text', { amount_money: { amount: '1000', currency: 'USD' } }, 'EXPECTED_INTEGER'],
    ['nothing', { amount_money: usd(0) }, 'VALUE_TOO_LOW'], ['more than can be exact', { amount_money: usd(2 ** 53) }, 'INVALID_VALUE'], ['more than anybody has', { amount_money: usd(1e13) }, 'VALUE_TOO_HIGH'],
    ['no currency', { amount_money: { amount: 1 } }, 'MISSING_REQUIRED_PARAMETER'], ['a tip of another currency', { tip_money: { amount: 1, currency: 'EUR' } }, 'CURRENCY_MISMATCH'],
    ['cash without cash', { source_id: 'CASH' }, 'MISSING_REQUIRED_PARAMETER'], ['money from nowhere', { source_id: 'EXTERNAL' }, 'MISSING_REQUIRED_PARAMETER'],
  ])('is refused with %s', async (_, more, code) => {
    const { status, body } = await pay(more);
    expect([status, body.errors[0].code, told()]).toEqual([400, code, []]);
  });

  it('is made once for one key, and refused where the key says something else', async () => {
    const [first, again] = [await pay({ idempotency_key: 'one' }), await pay({ idempotency_key: 'one' })];
    expect(again.body).toEqual(first.body);
    expect((await pay({ idempotency_key: 'one', amount_money: usd(1001) })).body.errors[0].code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await at.say('GET', '/v2/payments')).body.payments).toHaveLength(1);
    expect(told()).toHaveLength(2);
  });

  it('is listed page by page, in either order', async () => {
    const made: string[] = [];
    for (const _ of [1, 2, 3]) made.push((await pay()).body.payment.id);
    const first = (await at.say('GET', '/v2/payments?limit=2')).body;
    const second = (await at.say('GET', `/v2/payments?limit=2&cursor=${first.cursor}`)).body;
    expect([...first.payments, ...second.payments].map(({ id }: { id: string }) => id)).toEqual(made.toReversed());
    expect(second.cursor).toBeUndefined();
    expect((await at.say('GET', '/v2/payments?sort_order=ASC')).body.payments.map(({ id }: { id: string }) => id)).toEqual(made);
    expect((await at.say('GET', '/v2/payments?begin_time=2099-01-01T00:00:00Z')).body).toEqual({});
    expect((await at.say('GET', '/v2/payments?cursor=nothing')).body.errors[0].code).toBe('INVALID_CURSOR');
    expect((await at.say('GET', '/v2/payments?surprise=1')).body.errors[0].detail).toContain('does not simulate');
  });

  it('is nobody\'s without a token', async () => {
    const stranger = teller(square, 'connect.squareup.com', []);
    expect((await stranger.say('GET', '/v2/payments')).body.errors[0].code).toBe('UNAUTHORIZED');
  });
});

describe('a refund', () => {
  it('is pending, then through, in parts, and never more than was paid', async () => {
    const { body: { payment } } = await pay();
    const one = (await refund(payment.id, usd(10), { reason: 'broken' })).body.refund;
    expect([one.status, one.id.startsWith(`${payment.id}_`)]).toEqual(['PENDING', true]);
    expect((await at.say('GET', `/v2/refunds/${one.id}`)).body.refund.status).toBe('PENDING');
    at.pass(2_000);
    expect((await at.say('GET', `/v2/refunds/${one.id}`)).body.refund.status).toBe('COMPLETED');
    expect((await refund(payment.id, usd(991))).body.errors[0].code).toBe('REFUND_AMOUNT_INVALID');
    expect((await refund(payment.id, { amount: 1, currency: 'EUR' })).body.errors[0].code).toBe('CURRENCY_MISMATCH');
    expect((await refund(payment.id, usd(990))).status).toBe(200);
    expect((await at.say('GET', `/v2/payments/${payment.id}`)).body.payment).toMatchObject({ refunded_money: usd(1000), refund_ids: [one.id, expect.any(String)] });
    expect((await at.say('GET', '/v2/refunds?status=COMPLETED')).body.refunds.map(({ id }: { id: string }) => id)).toEqual([one.id]);
    expect(told().slice(2)).toEqual(['refund.created', 'payment.updated', 'refund.updated', 'refund.created', 'payment.updated', 'refund.updated']);
    const [created, , updated] = at.callbacks.slice(2);
    expect([created, updated].map((draft) => JSON.parse(draft!.body).data.object.refund.status)).toEqual(['PENDING', 'COMPLETED']);
    expect(updated!.notBeforeMs - created!.notBeforeMs).toBe(2_000);
  });

  it('can fail, and what it took back is there again', async () => {
    const { body: { payment } } = await pay();
    const made = await refund(payment.id, usd(1000));
    expect((await at.happen('refund.updated', made, { detail: 'REJECTED' })).map(({ event }) => event)).toEqual(['payment.updated', 'refund.updated']);
    at.pass(2_000);
    expect((await at.say('GET', `/v2/refunds/${made.body.refund.id}`)).body.refund.status).toBe('REJECTED');
    expect((await refund(payment.id, usd(1000))).status).toBe(200);
    expect(await at.happen('refund.updated', made)).toEqual([]);
  });

  it('needs a payment that is there and completed', async () => {
    expect((await refund('nothing', usd(1))).status).toBe(404);
    expect((await refund((await pay({ autocomplete: false })).body.payment.id, usd(1))).body.errors[0].code).toBe('REFUND_ERROR_PAYMENT_NEEDS_COMPLETION');
    expect((await at.say('POST', '/v2/refunds', { idempotency_key: 'u', unlinked: true, amount_money: usd(1) })).body.errors[0].detail).toContain('does not simulate');
  });
});

describe('an order', () => {
  const order = (more: object = {}, item: object = {}) => at.say('POST', '/v2/orders', { order: { location_id: 'L1', line_items: [{ name: 'Tea', quantity: '3', base_price_money: usd(333), ...item }], ...more } });

  it('is added up, and closed by what is paid for it', async () => {
    const made = (await order()).body.order;
    expect(made).toMatchObject({ state: 'OPEN', total_money: usd(999), net_amount_due_money: usd(999) });
    expect((await pay({ order_id: made.id })).body.errors[0].code).toBe('PAYMENT_AMOUNT_MISMATCH');
    await pay({ order_id: made.id, amount_money: usd(900) });
    expect((await at.say('GET', `/v2/orders/${made.id}`)).body.order).toMatchObject({ state: 'OPEN', net_amount_due_money: usd(99) });
    await pay({ order_id: made.id, amount_money: usd(99) });
    expect((await at.say('GET', `/v2/orders/${made.id}`)).body.order).toMatchObject({ state: 'COMPLETED', version: 3, tenders: [{ amount_money: usd(900) }, { amount_money: usd(99) }] });
    expect(told()).toEqual(['order.created', 'payment.created', 'payment.updated', 'order.updated', 'payment.created', 'payment.updated', 'order.updated']);
  });

  it.each<[string, object, object]>([['taxes', { taxes: [{ name: 'VAT', percentage: '19' }] }, {}], ['a catalogue item', {}, { catalog_object_id: 'X' }], ['half a piece', {}, { quantity: '0.5' }]])('with %s is not calculated, and says so', async (_, more, item) => {
    const { status, body } = await order(more, item);
    expect([status, body.errors[0].detail]).toEqual([400, expect.stringContaining('does not simulate')]);
  });
});

describe('a customer', () => {
  it('is made, found, changed and deleted', async () => {
    const made = (await at.say('POST', '/v2/customers', { given_name: 'Ann', email_address: 'Ann@customer.example', note: 'regular' })).body.customer;
    expect((await at.say('POST', '/v2/customers/search', { query: { filter: { email_address: { exact: 'ann@customer.example' } } } })).body.customers).toEqual([made]);
    expect((await at.say('POST', '/v2/customers/search', { query: { filter: { email_address: { fuzzy: 'ann' } } } })).status).toBe(400);
    const changed = (await at.say('PUT', `/v2/customers/${made.id}`, { note: null, family_name: 'Lee' })).body.customer;
    expect([changed.note, changed.family_name, changed.version]).toEqual([undefined, 'Lee', 1]);
    expect((await at.say('DELETE', `/v2/customers/${made.id}?version=1`)).body).toEqual({});
    expect((await at.say('GET', `/v2/customers/${made.id}`)).status).toBe(404);
    expect((await at.say('POST', '/v2/customers', { note: 'nobody' })).status).toBe(400);
    expect(told()).toEqual(['customer.created', 'customer.updated', 'customer.deleted']);
  });
});
