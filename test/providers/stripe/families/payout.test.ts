import { describe, expect, it } from 'vitest';
import { stripe as provider } from '../../../../src/providers/stripe/index.ts';
import { fixedNow, memory } from '../../../support/simulation-context.ts';
import { desk, stripeRequest } from '../desk.ts';

type Desk = ReturnType<typeof desk>;
const ids = (body: { readonly data: readonly { readonly id: string }[] }) => body.data.map(({ id }) => id);
/** Money that is there at once, as with this card at Stripe. */
const fund = (stripe: Desk, amount: number) => stripe('POST', '/v1/charges', `amount=${amount}&currency=usd&source=tok_bypassPending`);
const available = async (stripe: Desk) => ((await stripe('GET', '/v1/balance')).body['available'] as readonly { readonly amount: number }[])[0]!.amount;

describe('payouts', () => {
  it('take the money from what is available, and give it back when they are cancelled', async () => {
    const stripe = desk();
    await fund(stripe, 10_000);
    expect(await available(stripe)).toBe(9680);
    const made = await stripe('POST', '/v1/payouts', 'amount=5000&currency=usd&metadata[a]=1&statement_descriptor=Shop&expand[]=balance_transaction');
    expect(made.decoded).toMatchObject({ effects: [{ operation: 'payouts.create', movesMoney: true, amount: { minor: '5000', currency: 'USD' } }] });
    expect(made).toMatchObject({
      status: 200, events: ['payout.created'],
      body: { object: 'payout', status: 'pending', amount: 5000, automatic: false, method: 'standard', type: 'bank_account', arrival_date: Date.UTC(2026, 10, 23) / 1000, balance_transaction: { amount: -5000, net: -5000, fee: 0, type: 'payout', reporting_category: 'payout', source: made.body.id, status: 'available' } },
    });
    expect(await available(stripe)).toBe(4680);
    expect(await stripe('POST', `/v1/payouts/${made.body.id}/cancel`, 'expand[]=failure_balance_transaction')).toMatchObject({ body: { status: 'canceled', failure_balance_transaction: { amount: 5000, type: 'payout_cancel', reporting_category: 'payout_reversal' } }, events: ['payout.canceled'] });
    expect(await available(stripe)).toBe(9680);
    expect(await stripe('POST', `/v1/payouts/${made.body.id}/cancel`)).toMatchObject({ status: 400, events: [] });
    expect((await stripe('GET', '/v1/balance_transactions')).body.data.map(({ type }) => type)).toEqual(['payout_cancel', 'payout', 'charge']);
    expect((await stripe('GET', '/v1/balance_transactions?type=payout')).body.data).toHaveLength(1);
  });

  it('never take more than there is', async () => {
    const stripe = desk();
    await fund(stripe, 1000);
    const refused = { status: 400, body: { error: { type: 'invalid_request_error', code: 'balance_insufficient', message: expect.stringMatching(/^You have insufficient funds in your Stripe account/) } }, events: [] };
    expect(await stripe('POST', '/v1/payouts', 'amount=942&currency=usd')).toMatchObject(refused);
    expect(await stripe('POST', '/v1/payouts', 'amount=1&currency=eur')).toMatchObject(refused);
    expect((await stripe('POST', '/v1/payouts', 'amount=941&currency=usd')).status).toBe(200);
    expect(await stripe('POST', '/v1/payouts', 'amount=1&currency=usd')).toMatchObject(refused);
    // of a charge that is not settled yet nothing can be paid out; two days later it can
    await stripe('POST', '/v1/charges', 'amount=1000&currency=usd&source=tok_visa');
    expect(await stripe('POST', '/v1/payouts', 'amount=500&currency=usd')).toMatchObject(refused);
    expect((await stripe('POST', '/v1/payouts', 'amount=500&currency=usd', { later: 2 * 86_400_000 + 1000 })).status).toBe(200);
  });

  it('of a connected account are made whatever is known of its balance', async () => {
    expect((await desk()('POST', '/v1/payouts', 'amount=1100&currency=usd&method=instant', { headers: [['Stripe-Account', 'acct_1']] })).body).toMatchObject({ status: 'pending', arrival_date: Math.floor(fixedNow / 1000) + 1800 });
  });

  it('are changed, read and listed', async () => {
    const stripe = desk();
    await fund(stripe, 10_000);
    const [one, other] = [await stripe('POST', '/v1/payouts', 'amount=100&currency=usd&destination=ba_1'), await stripe('POST', '/v1/payouts', 'amount=200&currency=usd&destination=card_1')];
    expect(other.body.type).toBe('card');
    expect(await stripe('POST', `/v1/payouts/${one.body.id}`, 'metadata[a]=1')).toMatchObject({ body: { metadata: { a: '1' } }, events: ['payout.updated'] });
    await stripe('POST', `/v1/payouts/${other.body.id}/cancel`);
    expect((await stripe('GET', `/v1/payouts/${one.body.id}`)).body).toMatchObject({ amount: 100, destination: 'ba_1' });
    for (const [query, found] of [['', [other.body.id, one.body.id]], ['status=pending', [one.body.id]], ['destination=card_1', [other.body.id]], ['arrival_date[lt]=1', []], [`arrival_date=${String(one.body['arrival_date'])}`, [other.body.id, one.body.id]]] as const) {
      expect([query, ids((await stripe('GET', `/v1/payouts?${query}`)).body)]).toEqual([query, found]);
    }
    expect(await stripe('GET', `/v1/balance_transactions?payout=${one.body.id}`)).toMatchObject({ status: 400, body: { error: { message: 'Balance transaction history can only be filtered on automatic transfers, not manual.' } } });
  });

  it.each([
    ['GET', '/v1/payouts/po_1', '', 404, { code: 'resource_missing', message: "No such payout: 'po_1'" }],
    ['POST', '/v1/payouts/po_1/cancel', '', 404, { code: 'resource_missing' }],
    ['GET', '/v1/balance_transactions/txn_1', '', 404, { code: 'resource_missing', message: "No such balance transaction: 'txn_1'" }],
    ['GET', '/v1/balance_transactions?payout=po_1', '', 400, { code: 'resource_missing', param: 'payout' }],
    ['POST', '/v1/payouts', 'currency=usd', 400, { code: 'parameter_missing', param: 'amount' }],
    ['POST', '/v1/payouts', 'amount=0&currency=usd', 400, { code: 'parameter_invalid_integer', param: 'amount' }],
    ['POST', '/v1/payouts', 'amount=1.5&currency=usd', 400, { code: 'parameter_invalid_integer', param: 'amount' }],
    ['POST', '/v1/payouts', 'amount=1&currency=usd&method=soon', 400, { param: 'method' }],
    ['POST', '/v1/payouts/po_1/reverse', '', 400, { code: 'fourthwall_not_simulated' }],
  ])('%s %s with %s is %i', async (method, path, body, status, error) => {
    expect(await desk()(method, path, body)).toMatchObject({ status, body: { error }, events: [] });
  });
});

describe('a payout at the bank', () => {
  async function happens(...events: readonly (readonly [string, string | null])[]) {
    const kept = memory();
    const request = stripeRequest('POST', '/v1/payouts', 'amount=1100&currency=usd', { headers: [['Stripe-Account', 'acct_1']] });
    const decoded = provider.decode(request);
    const { reply, remember } = await provider.simulate(request, decoded, kept.context());
    kept.keep(remember ?? []);
    const told: unknown[] = [];
    for (const [at, [name, detail]] of events.entries()) {
      const later = await provider.later({ name, recipient: null, detail }, { request, decoded, reply }, kept.context({ call: 2 + at }));
      kept.keep(later.remember ?? []);
      told.push(...(later.callbacks ?? []).map(({ event }) => event));
    }
    return { told, payout: (await kept.context().list('payout')).items[0]?.value, booked: (await kept.context().list('balance_transaction')).items.length };
  }

  it('arrives once, and may still fail afterwards, once', async () => {
    expect(await happens(['payout.paid', null], ['payout.paid', null])).toMatchObject({ told: ['payout.paid'], payout: { status: 'paid' }, booked: 1 });
    expect(await happens(['payout.paid', null], ['payout.failed', 'no_account'], ['payout.failed', null], ['payout.paid', null])).toMatchObject({ told: ['payout.paid', 'payout.failed'], payout: { status: 'failed', failure_code: 'no_account' }, booked: 2 });
  });

  it('is nothing that happens to another call, and is not disputed', async () => {
    const request = stripeRequest('POST', '/v1/customers', 'name=Ann');
    const { reply } = await provider.simulate(request, provider.decode(request), memory().context());
    expect(await provider.later({ name: 'payout.paid', recipient: null, detail: null }, { request, decoded: provider.decode(request), reply }, memory().context())).toEqual({});
    expect((await happens(['charge.dispute.created', null])).told).toEqual([]);
  });
});
