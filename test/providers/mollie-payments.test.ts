import { beforeEach, describe, expect, it } from 'vitest';
import { mollie } from '../../src/providers/mollie/index.ts';
import type { Spoken } from '../support/teller.ts';
import { teller } from '../support/teller.ts';

const eur = (value: string) => ({ currency: 'EUR', value });
const order = (more: object = {}) => ({ amount: eur('10.30'), description: 'Order 1', redirectUrl: 'https://shop.example.test/', webhookUrl: 'https://shop.example.test/w?a=b', metadata: { order_id: '1' }, ...more });
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(mollie, 'api.mollie.com', [['Authorization', 'Bearer test_FAKE']]); });
const create = (more: object = {}) => at.say('POST', '/v2/payments', order(more));
const read = async (made: Spoken) => (await at.say('GET', `/v2/payments/${made.body.id}`)).body;

describe('a payment', () => {
  it('is open until its customer has paid, which the webhook tells with its id alone', async () => {
    const made = await create();
    expect([made.status, made.body.status, made.body.mode]).toEqual([201, 'open', 'test']);
    expect(made.body._links.checkout.href).toBe(`http://127.0.0.1:8025/pay/payment/${made.body.id}`);
    expect(at.callbacks).toEqual([]);
    const told = await at.happen('payment.paid', made);
    expect(told.map(({ target, body, contentType, event }) => [target, body, contentType, event])).toEqual([['https://shop.example.test/w?a=b', `id=${made.body.id}`, 'application/x-www-form-urlencoded', 'payment.paid']]);
    expect(mollie).not.toHaveProperty('sign');
    const paid = await read(made);
    expect(paid).toMatchObject({ status: 'paid', method: 'ideal', amountRemaining: eur('10.30'), metadata: { order_id: '1' } });
    expect(paid._links.checkout).toBeUndefined();
    expect(await at.happen('payment.failed', made)).toEqual([]);
  });

  it.each(['failed', 'canceled', 'expired', 'pending', 'authorized'])('becomes %s', async (status) => {
    const made = await create();
    expect(await at.happen(`payment.${status}`, made)).toHaveLength(1);
    expect((await read(made)).status).toBe(status);
  });

  it('fails for a reason of its own', async () => {
    const made = await create();
    await at.happen('payment.failed', made, { detail: 'insufficient_funds' });
    expect((await read(made)).details.failureReason).toBe('insufficient_funds');
  });

  it('changes without anybody told where it names no webhook', async () => {
    const made = await create({ webhookUrl: undefined });
    expect(await at.happen('payment.paid', made)).toEqual([]);
    expect((await read(made)).status).toBe('paid');
  });

  it('is canceled where Mollie lets it be', async () => {
    const [ideal, transfer] = [await create({ method: 'ideal' }), await create({ method: 'banktransfer' })];
    expect((await at.say('DELETE', `/v2/payments/${ideal.body.id}`)).status).toBe(422);
    expect((await at.say('DELETE', `/v2/payments/${transfer.body.id}`, {})).body.status).toBe('canceled');
    expect(at.callbacks.map(({ event }) => event)).toEqual(['payment.canceled']);
  });

  it('keeps no token of a card, and is paid by it at once', async () => {
    const made = await create({ cardToken: 'tkn_secret', method: 'creditcard' });
    expect(made.body).toMatchObject({ status: 'paid', method: 'creditcard' });
    expect(JSON.stringify(await read(made))).not.toContain('tkn_secret');
  });

  it.each<[string, object, string]>([
    ['nothing', { amount: eur('0.00') }, 'amount'], ['no amount', { amount: undefined }, 'amount'], ['too few decimals', { amount: eur('10.3') }, 'amount'], ['decimals of yen', { amount: { currency: 'JPY', value: '10.00' } }, 'amount'],
    ['an amount as a number', { amount: { currency: 'EUR', value: 10 } }, 'amount'], ['no description', { description: '' }, 'description'], ['no way back', { redirectUrl: undefined }, 'redirectUrl'],
    ['a first one of nobody', { sequenceType: 'first' }, 'customerId'],
  ])('is refused with %s', async (_, more, where) => {
    expect(await create(more)).toMatchObject({ status: 422, body: { field: where } });
  });

  it('is made once for one Idempotency-Key, for an hour', async () => {
    const key = [['Idempotency-Key', 'k']] as const;
    const first = await at.say('POST', '/v2/payments', order(), key);
    expect((await at.say('POST', '/v2/payments', order(), key)).body.id).toBe(first.body.id);
    at.pass(3600_000);
    expect((await at.say('POST', '/v2/payments', order(), key)).body.id).not.toBe(first.body.id);
  });

  it('is listed newest first, page for page', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await create()).body.id as string);
    const seen: string[] = [];
    for (let target: string | null = '/v2/payments?limit=2'; target !== null;) {
      const { body } = await at.say('GET', target);
      expect(body.count).toBe(body._embedded.payments.length);
      seen.push(...(body._embedded.payments as { id: string }[]).map(({ id }) => id));
      target = (body._links.next as { href: string } | null)?.href.replace('https://api.mollie.com', '') ?? null;
    }
    expect(seen).toEqual(ids);
    expect((await at.say('GET', '/v2/payments?limit=251')).status).toBe(400);
  });
});

describe('a refund', () => {
  it('is pending until the bank has done it, and not more than was paid', async () => {
    const made = await create();
    const path = `/v2/payments/${made.body.id}/refunds`;
    expect((await at.say('POST', path, { amount: eur('1.00') })).status).toBe(422);
    await at.happen('payment.paid', made);
    const refund = await at.say('POST', path, { amount: eur('10.10') });
    expect([refund.status, refund.body.status]).toEqual([201, 'pending']);
    expect(await at.say('POST', path, { amount: eur('0.21') })).toMatchObject({ status: 422, body: { field: 'amount' } });
    expect(await read(made)).toMatchObject({ amountRefunded: eur('10.10'), amountRemaining: eur('0.20') });
    expect((await at.happen('refund.refunded', refund)).map(({ body }) => body)).toEqual([`id=${made.body.id}`]);
    expect((await at.say('GET', `${path}/${refund.body.id}`)).body.status).toBe('refunded');
    expect((await at.say('DELETE', `${path}/${refund.body.id}`)).status).toBe(422);
    expect((await at.say('GET', path)).body.count).toBe(1);
  });

  it('that fails or is canceled leaves the money', async () => {
    const made = await create();
    await at.happen('payment.paid', made);
    const path = `/v2/payments/${made.body.id}/refunds`;
    await at.happen('refund.failed', await at.say('POST', path, { amount: eur('10.30') }));
    const second = await at.say('POST', path, { amount: eur('10.30') });
    expect((await at.say('DELETE', `${path}/${second.body.id}`)).status).toBe(204);
    expect((await read(made)).amountRemaining).toEqual(eur('10.30'));
    expect((await at.say('GET', `${path}/${second.body.id}`)).status).toBe(404);
  });

  it('is not possible of what was charged back', async () => {
    const made = await create();
    await at.happen('payment.paid', made);
    expect(await at.happen('payment.chargeback', made)).toHaveLength(1);
    expect(await at.happen('payment.chargeback', made)).toEqual([]);
    expect((await at.say('POST', `/v2/payments/${made.body.id}/refunds`, { amount: eur('0.01') })).status).toBe(422);
  });
});

it('a refund and a cancellation are told with the keys and the people of their payment', async () => {
  const made = await create({ billingAddress: { email: 'ann@customer.example' }, method: 'banktransfer' });
  const refund = await at.say('POST', `/v2/payments/${made.body.id}/refunds`, { amount: eur('1.00') });
  const seen = { recipients: [{ address: 'ann@customer.example', kind: 'email', role: 'billing' }], keys: [{ name: 'order_id', value: '1' }], method: 'banktransfer' };
  expect(await at.recalled(refund.request)).toMatchObject({ effects: [{ ...seen, amount: { minor: '100' } }] });
  const cancelled = await at.say('DELETE', `/v2/payments/${made.body.id}`);
  expect(await at.recalled(cancelled.request)).toMatchObject({ effects: [{ ...seen, amount: { minor: '1030' } }] });
  expect(await at.recalled(made.request)).toEqual(mollie.decode(made.request));
});

describe('a customer', () => {
  it('pays first by hand, and then by the mandate that comes of it', async () => {
    const customer = (await at.say('POST', '/v2/customers', { name: 'Ann', email: 'ann@customer.example' })).body;
    const path = `/v2/customers/${customer.id}`;
    const recurring = order({ sequenceType: 'recurring', customerId: customer.id, redirectUrl: undefined });
    expect(await at.say('POST', '/v2/payments', recurring)).toMatchObject({ status: 422, body: { field: 'customerId' } });
    const first = await at.say('POST', `${path}/payments`, order({ sequenceType: 'first' }));
    await at.happen('payment.paid', first);
    const mandate = (await at.say('GET', `${path}/mandates`)).body._embedded.mandates[0];
    expect(mandate).toMatchObject({ status: 'valid', method: 'creditcard' });
    expect((await at.say('POST', '/v2/payments', recurring)).body).toMatchObject({ status: 'paid', mandateId: mandate.id, customerId: customer.id });
    expect((await at.say('GET', `${path}/payments`)).body.count).toBe(2);
    expect((await at.say('DELETE', `${path}/mandates/${mandate.id}`)).status).toBe(204);
    expect((await at.say('POST', '/v2/payments', recurring)).status).toBe(422);
  });

  it('with a bank account is debited, which takes its time', async () => {
    const { id } = (await at.say('POST', '/v2/customers', { name: 'Ann' })).body;
    expect((await at.say('POST', `/v2/customers/${id}/mandates`, { method: 'directdebit', consumerName: 'Ann', consumerAccount: 'nonsense' })).body.field).toBe('consumerAccount');
    const mandate = (await at.say('POST', `/v2/customers/${id}/mandates`, { method: 'directdebit', consumerName: 'Ann', consumerAccount: 'NL55INGB0000000000' })).body;
    const made = await create({ sequenceType: 'recurring', customerId: id, mandateId: mandate.id });
    expect(made.body.status).toBe('pending');
    await at.happen('payment.paid', made);
    expect((await read(made)).status).toBe('paid');
    const other = (await at.say('POST', '/v2/customers', {})).body.id;
    expect((await create({ sequenceType: 'recurring', customerId: other, mandateId: mandate.id })).body.field).toBe('mandateId');
    expect((await at.say('GET', `/v2/customers/${other}/mandates/${mandate.id}`)).status).toBe(404);
  });

  it('that was deleted is gone', async () => {
    const { id } = (await at.say('POST', '/v2/customers', { name: 'Ann' })).body;
    expect((await at.say('PATCH', `/v2/customers/${id}`, { name: 'Anna' })).body.name).toBe('Anna');
    expect((await at.say('DELETE', `/v2/customers/${id}`, {})).status).toBe(204);
    expect((await at.say('GET', `/v2/customers/${id}`)).status).toBe(410);
  });
});

it.each(['/v2/payments/tr_nobody', '/v2/payments/tr_nobody/refunds', '/v2/payments/tr_nobody/refunds/re_1', '/v2/customers/cst_nobody', '/v2/customers/cst_nobody/mandates', '/v2/customers/cst_nobody/payments', '/v2/payments?from=tr_nobody'])('%s is Mollie\'s 404', async (path) => {
  expect(await at.say('GET', path)).toMatchObject({ status: 404, body: { title: 'Not Found', detail: expect.stringMatching(/^No \w+ exists with token \w+_nobody\.$/) } });
});

it('nobody without a key is served', async () => {
  expect((await teller(mollie, 'api.mollie.com', []).say('GET', '/v2/payments')).status).toBe(401);
});
