import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';

type Desk = ReturnType<typeof desk>;
const ids = (body: { readonly data: readonly { readonly id: string }[] }) => body.data.map(({ id }) => id);
const seller = async (stripe: Desk) => (await stripe('POST', '/v1/accounts', 'type=custom&capabilities[transfers][requested]=true&tos_acceptance[date]=1700000000&tos_acceptance[ip]=192.0.2.1')).body.id;
const fund = async (stripe: Desk, amount: number) => (await stripe('POST', '/v1/charges', `amount=${amount}&currency=usd&source=tok_bypassPending&transfer_group=ORDER_1`)).body;
const available = async (stripe: Desk) => ((await stripe('GET', '/v1/balance')).body['available'] as readonly { readonly amount: number }[])[0]!.amount;

describe('connected accounts', () => {
  it('can do nothing until the terms are accepted, and then what was asked for', async () => {
    const stripe = desk();
    const made = await stripe('POST', '/v1/accounts', 'type=express&country=de&email=ann%40x.test&capabilities[transfers][requested]=true&capabilities[card_payments][requested]=true&metadata[a]=1&business_profile[name]=Books');
    expect(made).toMatchObject({
      status: 200, events: [],
      body: {
        object: 'account', id: expect.stringMatching(/^acct_1[0-9A-Za-z]{15}$/), type: 'express', country: 'DE', email: 'ann@x.test', charges_enabled: false, payouts_enabled: false, details_submitted: false,
        capabilities: { transfers: 'inactive', card_payments: 'inactive' }, requirements: { currently_due: ['tos_acceptance.date'] }, business_profile: { name: 'Books', url: null }, controller: { stripe_dashboard: { type: 'express' } },
      },
    });
    const { id } = made.body;
    const changed = await stripe('POST', `/v1/accounts/${id}`, 'tos_acceptance[date]=1700000000&capabilities[card_payments][requested]=false&metadata[b]=2');
    expect(changed).toMatchObject({ body: { capabilities: { transfers: 'active' }, charges_enabled: false, payouts_enabled: true, details_submitted: true, requirements: { currently_due: [], disabled_reason: null }, metadata: { a: '1', b: '2' } }, events: ['account.updated'], webhooks: [{ account: id, data: { previous_attributes: { details_submitted: false } } }] });
    expect((await stripe('GET', `/v1/accounts/${id}`)).body).toEqual(changed.body);
    expect(ids((await stripe('GET', '/v1/accounts')).body)).toEqual([id]);
    expect((await stripe('DELETE', `/v1/accounts/${id}`)).body).toEqual({ id, object: 'account', deleted: true });
    expect(await stripe('GET', `/v1/accounts/${id}`)).toMatchObject({ status: 404, body: { error: { code: 'resource_missing' } } });
  });

  it('never keep who is behind them, nor a number of theirs', async () => {
    const stripe = desk();
    const { body } = await stripe('POST', '/v1/accounts', 'country=US&company[name]=Books&company[tax_id]=000000000&individual[first_name]=Ann&individual[ssn_last_4]=0000&external_account[account_number]=000123456789&external_account[object]=bank_account');
    expect(body).toMatchObject({ type: 'standard', company: { name: 'Books', tax_id_provided: true }, capabilities: { card_payments: 'inactive', transfers: 'inactive' } });
    expect(JSON.stringify((await stripe('GET', `/v1/accounts/${body.id}`)).body)).not.toMatch(/000000000|Ann|000123456789/);
  });

  it('are told from the caller\'s own, which is read and not changed', async () => {
    const stripe = desk();
    const { body: own } = await stripe('GET', '/v1/account');
    expect((await stripe('GET', `/v1/accounts/${own.id}`)).body).toEqual(own);
    expect((await stripe('POST', `/v1/accounts/${own.id}`, 'email=a%40x.test')).status).toBe(400);
    expect((await stripe('DELETE', `/v1/accounts/${own.id}`)).status).toBe(400);
  });
});

describe('transfers', () => {
  it('move money to an account, and back', async () => {
    const stripe = desk();
    const destination = await seller(stripe);
    await fund(stripe, 10_000);
    const made = await stripe('POST', '/v1/transfers', `amount=4000&currency=usd&destination=${destination}&transfer_group=ORDER_95&metadata[a]=1`);
    expect(made.decoded).toMatchObject({ effects: [{ operation: 'transfers.create', movesMoney: true, amount: { minor: '4000', currency: 'USD' } }] });
    expect(made).toMatchObject({ status: 200, body: { object: 'transfer', amount: 4000, amount_reversed: 0, reversed: false, destination, transfer_group: 'ORDER_95', source_transaction: null, reversals: { data: [] } }, events: ['transfer.created'] });
    expect(await available(stripe)).toBe(5680);
    const { id } = made.body;
    const part = await stripe('POST', `/v1/transfers/${id}/reversals`, 'amount=1000');
    expect(part).toMatchObject({ status: 200, body: { object: 'transfer_reversal', amount: 1000, transfer: id }, events: ['transfer.reversed'] });
    expect(await stripe('POST', `/v1/transfers/${id}/reversals`, 'amount=3001')).toMatchObject({ status: 400, body: { error: { param: 'amount' } }, events: [] });
    const rest = await stripe('POST', `/v1/transfers/${id}/reversals`);
    expect((await stripe('GET', `/v1/transfers/${id}?expand[]=destination`)).body).toMatchObject({ amount_reversed: 4000, reversed: true, destination: { id: destination }, reversals: { data: [{ id: rest.body.id, amount: 3000 }, { id: part.body.id }] } });
    expect((await stripe('POST', `/v1/transfers/${id}/reversals`)).status).toBe(400);
    expect(await available(stripe)).toBe(9680);
    await stripe('POST', `/v1/transfers/${id}/reversals/${part.body.id}`, 'metadata[b]=2');
    expect((await stripe('GET', `/v1/transfers/${id}/reversals/${part.body.id}`)).body).toMatchObject({ amount: 1000, metadata: { b: '2' } });
    expect(ids((await stripe('GET', `/v1/transfers/${id}/reversals`)).body)).toEqual([rest.body.id, part.body.id]);
    expect((await stripe('GET', `/v1/transfers/${id}`)).body).toMatchObject({ reversals: { data: [{}, { metadata: { b: '2' } }] } });
  });

  it('share out a charge before it is settled, and never more than it', async () => {
    const stripe = desk();
    const destination = await seller(stripe);
    const { body: charge } = await stripe('POST', '/v1/charges', 'amount=1000&currency=usd&source=tok_visa');
    const from = `currency=usd&destination=${destination}&source_transaction=${charge.id}`;
    expect((await stripe('POST', '/v1/transfers', `amount=600&${from}`)).body).toMatchObject({ source_transaction: charge.id, transfer_group: `group_${charge.id}` });
    expect(await stripe('POST', '/v1/transfers', `amount=401&${from}`)).toMatchObject({ status: 400, body: { error: { param: 'amount' } } });
    expect((await stripe('POST', '/v1/transfers', `amount=400&${from}`)).status).toBe(200);
    expect(await stripe('POST', '/v1/transfers', from.replace('usd', 'eur'))).toMatchObject({ status: 400, body: { error: { param: 'currency' } } });
  });

  it('are listed by destination and group, and changed', async () => {
    const stripe = desk();
    const [ann, bob] = [await seller(stripe), await seller(stripe)];
    await fund(stripe, 10_000);
    const a = (await stripe('POST', '/v1/transfers', `amount=1&currency=usd&destination=${ann}&transfer_group=g`)).body.id;
    const b = (await stripe('POST', '/v1/transfers', `amount=1&currency=usd&destination=${bob}`)).body.id;
    expect(await stripe('POST', `/v1/transfers/${b}`, 'description=Books')).toMatchObject({ body: { description: 'Books' }, events: ['transfer.updated'] });
    for (const [query, found] of [['', [b, a]], [`destination=${bob}`, [b]], ['transfer_group=g', [a]]] as const) {
      expect([query, ids((await stripe('GET', `/v1/transfers?${query}`)).body)]).toEqual([query, found]);
    }
  });

  it('need money, and an account that may get it', async () => {
    const stripe = desk();
    expect(await stripe('POST', '/v1/transfers', `amount=1&currency=usd&destination=${await seller(stripe)}`)).toMatchObject({ status: 400, body: { error: { code: 'balance_insufficient' } }, events: [] });
    const { body: waiting } = await stripe('POST', '/v1/accounts', 'type=express&capabilities[transfers][requested]=true');
    expect(await stripe('POST', '/v1/transfers', `amount=1&currency=usd&destination=${waiting.id}`)).toMatchObject({ status: 400, body: { error: { message: expect.stringMatching(/^Your destination account needs to have at least one of the following capabilities enabled/) } } });
  });
});

it.each([
  ['GET', '/v1/accounts/acct_1', '', 404, { code: 'resource_missing', param: 'account' }],
  ['POST', '/v1/accounts', 'type=big', 400, { param: 'type' }],
  ['POST', '/v1/accounts', 'type=custom&controller[fees][payer]=application', 400, { code: 'parameters_exclusive' }],
  ['POST', '/v1/accounts', 'capabilities[transfers]=yes', 400, { param: 'capabilities[transfers][requested]' }],
  ['POST', '/v1/accounts/acct_1/reject', 'reason=fraud', 400, { code: 'fourthwall_not_simulated' }],
  ['GET', '/v1/transfers/tr_1', '', 404, { code: 'resource_missing', message: "No such transfer: 'tr_1'" }],
  ['POST', '/v1/transfers/tr_1/reversals', '', 404, { code: 'resource_missing' }],
  ['GET', '/v1/transfers/tr_1/reversals/trr_1', '', 404, { code: 'resource_missing' }],
  ['POST', '/v1/transfers', 'amount=1&currency=usd', 400, { code: 'parameter_missing', param: 'destination' }],
  ['POST', '/v1/transfers', 'amount=1&currency=usd&destination=acct_1', 400, { code: 'resource_missing', param: 'destination', message: "No such destination: 'acct_1'" }],
])('%s %s with %s is %i', async (method, path, body, status, error) => {
  expect(await desk()(method, path, body)).toMatchObject({ status, body: { error }, events: [] });
});
