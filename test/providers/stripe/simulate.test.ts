import { describe, expect, it } from 'vitest';
import { desk } from './desk.ts';

const key = (value: string) => ({ headers: [['Idempotency-Key', value]] as const });
const pay = 'amount=1099&currency=eur&payment_method=pm_card_visa&confirm=true';

describe('an idempotency key', () => {
  it('gives the saved answer again and does nothing twice', async () => {
    const stripe = desk();
    const first = await stripe('POST', '/v1/payment_intents', pay, key('k1'));
    const again = await stripe('POST', '/v1/payment_intents', pay.split('&').toReversed().join('&'), key('k1'));
    expect(again).toMatchObject({ status: 200, body: first.body, events: [] });
    expect(first.header('idempotent-replayed')).toBeNull();
    expect(first.header('original-request')).toBe(first.header('request-id'));
    expect(again.header('idempotent-replayed')).toBe('true');
    expect(again.header('original-request')).toBe(first.header('request-id'));
    expect(again.header('request-id')).not.toBe(first.header('request-id'));
    expect(again.header('idempotency-key')).toBe('k1');
    expect((await stripe('GET', '/v1/payment_intents')).body.data).toHaveLength(1);
  });

  it('with other parameters, or on another path, is refused', async () => {
    const stripe = desk();
    await stripe('POST', '/v1/customers', 'name=Ann', key('k1'));
    for (const other of [await stripe('POST', '/v1/customers', 'name=Bob', key('k1')), await stripe('POST', '/v1/payment_intents', pay, key('k1'))]) {
      expect(other).toMatchObject({ status: 400, body: { error: { type: 'idempotency_error', message: expect.stringContaining("Try using a key other than 'k1'") } } });
    }
    expect((await stripe('GET', '/v1/customers')).body.data).toHaveLength(1);
  });

  it('keeps a decline, and a refusal once the call had begun', async () => {
    const stripe = desk();
    const declined = 'amount=1099&currency=eur&payment_method=pm_card_chargeDeclined&confirm=true';
    const first = await stripe('POST', '/v1/payment_intents', declined, key('k1'));
    const again = await stripe('POST', '/v1/payment_intents', declined, key('k1'));
    expect(again).toMatchObject({ status: 402, body: first.body });
    expect(again.header('idempotent-replayed')).toBe('true');
    await stripe('POST', '/v1/refunds', 'charge=ch_nothing', key('k2'));
    expect((await stripe('POST', '/v1/refunds', 'charge=ch_nothing', key('k2'))).header('idempotent-replayed')).toBe('true');
  });

  it('is still free after a call that failed validation', async () => {
    const stripe = desk();
    expect(await stripe('POST', '/v1/payment_intents', 'currency=eur', key('k1'))).toMatchObject({ status: 400 });
    const retried = await stripe('POST', '/v1/payment_intents', pay, key('k1'));
    expect(retried.status).toBe(200);
    expect(retried.header('idempotent-replayed')).toBeNull();
  });

  it('is forgotten after a day', async () => {
    const stripe = desk();
    const first = await stripe('POST', '/v1/customers', 'name=Ann', key('k1'));
    const next = await stripe('POST', '/v1/customers', 'name=Bob', { ...key('k1'), later: 24 * 3600 * 1000 });
    expect(next.status).toBe(200);
    expect(next.body.id).not.toBe(first.body.id);
    expect(await stripe('POST', '/v1/customers', 'name=Bob', { ...key('k1'), later: 24 * 3600 * 1000 + 1 })).toMatchObject({ body: next.body });
  });

  it('of another object of the same route is refused, and so is one with another expansion', async () => {
    const stripe = desk();
    const [one, two] = [await stripe('POST', '/v1/customers', 'name=Ann'), await stripe('POST', '/v1/customers', 'name=Bob')];
    await stripe('POST', `/v1/customers/${one.body.id}`, 'name=Eve', key('k1'));
    expect((await stripe('POST', `/v1/customers/${two.body.id}`, 'name=Eve', key('k1'))).body.error.type).toBe('idempotency_error');
    expect((await stripe('POST', `/v1/customers/${one.body.id}?expand[]=sources`, 'name=Eve', key('k1'))).body.error.type).toBe('idempotency_error');
    expect((await stripe('GET', `/v1/customers/${two.body.id}`)).body['name']).toBe('Bob');
  });

  it('is not spent by a call without a credential, one that is not simulated, or one that is no route', async () => {
    const stripe = desk();
    expect((await stripe('POST', '/v1/customers', 'name=Ann', { ...key('k1'), key: '' })).status).toBe(401);
    expect((await stripe('POST', '/v1/topups', 'amount=1', key('k1'))).status).toBe(400);
    expect((await stripe('POST', '/v1/nothing', 'amount=1', key('k1'))).status).toBe(404);
    const first = await stripe('POST', '/v1/customers', 'name=Ann', key('k1'));
    expect([first.status, first.header('idempotent-replayed')]).toEqual([200, null]);
  });

  it('means nothing on a DELETE of v1', async () => {
    const stripe = desk();
    const { body: { id } } = await stripe('POST', '/v1/customers', 'name=Ann', key('k1'));
    expect((await stripe('DELETE', `/v1/customers/${id}`, '', key('k1'))).body).toMatchObject({ deleted: true });
    expect((await stripe('DELETE', `/v1/customers/${id}`, '', key('k1'))).status).toBe(404);
  });

  it('has up to 255 characters, and means nothing on a GET', async () => {
    const stripe = desk();
    expect((await stripe('POST', '/v1/customers', 'name=Ann', key('k'.repeat(256)))).status).toBe(400);
    expect((await stripe('POST', '/v1/customers', 'name=Ann', key('k'.repeat(255)))).status).toBe(200);
    await stripe('GET', '/v1/customers', '', key('k3'));
    expect(await stripe('GET', '/v1/balance', '', key('k3'))).toMatchObject({ status: 200, body: { object: 'balance' } });
  });
});

describe('validation', () => {
  it.each([
    ['currency=usd', 'parameter_missing', 'amount', 'Missing required param: amount.'],
    ['amount=100', 'parameter_missing', 'currency', 'Missing required param: currency.'],
    ['amount=&currency=usd', 'parameter_invalid_empty', 'amount', /^You passed an empty string for 'amount'\./],
    ['amount=10.5&currency=usd', 'parameter_invalid_integer', 'amount', 'Invalid integer: 10.5'],
    ['amount=abc&currency=usd', 'parameter_invalid_integer', 'amount', 'Invalid integer: abc'],
    ['amount=0&currency=usd', 'parameter_invalid_integer', 'amount', 'This value must be greater than or equal to 1.'],
    ['amount=-5&currency=usd', 'parameter_invalid_integer', 'amount', 'This value must be greater than or equal to 1.'],
    ['amount=49&currency=usd', 'amount_too_small', 'amount', 'Amount must be at least $0.50 usd'],
    ['amount=100000000&currency=usd', 'amount_too_large', 'amount', 'Amount must be no more than $999,999.99'],
    ['amount=100&currency=xyz', undefined, 'currency', /^Invalid currency: xyz\. Stripe currently supports these currencies: usd, aed, afn/],
    ['amount=5125&currency=kwd', undefined, 'amount', /divisible by 10/],
    ['amount=150&currency=isk', undefined, 'amount', /divisible by 100/],
    ['amount=100&currency=usd&colour=red', 'parameter_unknown', 'colour', 'Received unknown parameter: colour'],
    ['amount=100&currency=usd&colour=red&size=1', 'parameter_unknown', 'colour', 'Received unknown parameters: colour, size'],
    ['amount=100&currency=usd&confirm=yes', undefined, 'confirm', 'Invalid boolean: yes'],
    ['amount=100&currency=usd&capture_method=never', undefined, 'capture_method', 'Invalid capture_method: must be one of automatic, automatic_async or manual'],
    ['amount=100&currency=usd&metadata=x', undefined, 'metadata', 'Invalid object'],
    ['amount=100&currency=usd&receipt_email=ann', 'email_invalid', 'receipt_email', 'Invalid email address: ann'],
    ['amount=100&currency=usd&customer=cus_nobody', 'resource_missing', 'customer', "No such customer: 'cus_nobody'"],
    [`amount=100&currency=usd&metadata[k]=${'v'.repeat(501)}`, undefined, 'metadata', /up to 500 characters/],
    [`amount=100&currency=usd&metadata[${'k'.repeat(41)}]=v`, undefined, 'metadata', /up to 40 characters/],
    [`amount=100&currency=usd&${Array.from({ length: 51 }, (_, n) => `metadata[k${n}]=v`).join('&')}`, undefined, 'metadata', /up to 50 metadata keys/],
  ])('%.60s is refused with %s on %s', async (body, code, param, message) => {
    const stripe = desk();
    const refused = await stripe('POST', '/v1/payment_intents', body);
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatchObject({ type: 'invalid_request_error', param });
    expect(refused.body.error.message).toMatch(message);
    expect(refused.body.error['code']).toBe(code);
    expect(refused.header('stripe-should-retry')).toBe('false');
    expect((await stripe('GET', '/v1/payment_intents')).body.data).toEqual([]);
  });

  it('wants a key', async () => {
    const refused = await desk()('GET', '/v1/customers', '', { key: '' });
    expect(refused).toMatchObject({ status: 401, body: { error: { type: 'invalid_request_error', message: expect.stringMatching(/^You did not provide an API key\./) } } });
    expect(refused.header('www-authenticate')).toBe('Bearer realm="Stripe"');
  });

  it('answers in the version that it was asked in', async () => {
    const stripe = desk();
    for (const target of ['/v1/customers', '/v1/topups', '/v1/nothing', '/v1/customers/cus_nobody']) {
      expect((await stripe('GET', target, '', { headers: [['Stripe-Version', '2024-06-20']] })).header('stripe-version')).toBe('2024-06-20');
      expect((await stripe('GET', target)).header('stripe-version')).toBe('2026-10-28.endive');
    }
  });

  it('wants a version that looks like one', async () => {
    expect((await desk()('GET', '/v1/customers', '', { headers: [['Stripe-Version', 'latest']] })).body.error.message).toMatch(/^Invalid Stripe API version: latest/);
  });
});

describe('what is not simulated', () => {
  it.each([['POST', '/v1/topups', 'amount=1100&currency=usd'], ['GET', '/v1/reviews', ''], ['GET', '/v1/topups', ''], ['POST', '/v1/payment_intents/pi_1/increment_authorization', 'amount=2']])('%s %s says so, as an error', async (method, path, body) => {
    const stripe = desk();
    const answer = await stripe(method, path, body, method === 'POST' ? key('k1') : {});
    expect(answer).toMatchObject({ status: 400, events: [], body: { error: { type: 'invalid_request_error', code: 'fourthwall_not_simulated', message: expect.stringContaining('fourthwall does not simulate') } } });
    expect(answer.header('stripe-should-retry')).toBe('false');
  });

  it('an unknown path is 404 in Stripe\'s words', async () => {
    expect(await desk()('POST', '/v1/foo', 'a=b')).toMatchObject({ status: 404, body: { error: { type: 'invalid_request_error', message: expect.stringMatching(/^Unrecognized request URL \(POST: \/v1\/foo\)\./) } } });
  });

  it('OAuth errors have OAuth\'s shape', async () => {
    expect(await desk()('POST', '/oauth/token', 'grant_type=authorization_code&code=ac_1')).toMatchObject({ status: 400, body: { error: 'invalid_request', error_description: expect.stringContaining('does not simulate') } });
  });
});

const five = async () => {
  const stripe = desk();
  const ids: string[] = [];
  for (const n of [1, 2, 3, 4, 5]) ids.unshift((await stripe('POST', '/v1/customers', `name=c${n}`, { later: n * 1000 })).body.id);
  return { stripe, ids };
};
const idsOf = (body: { readonly data: readonly { readonly id: string }[] }) => body.data.map(({ id }) => id);

describe('lists', () => {
  it('are newest first, in pages, both ways', async () => {
    const { stripe, ids } = await five();
    const first = await stripe('GET', '/v1/customers?limit=2');
    expect(first.body).toMatchObject({ object: 'list', url: '/v1/customers', has_more: true });
    expect(idsOf(first.body)).toEqual(ids.slice(0, 2));
    const second = await stripe('GET', `/v1/customers?limit=2&starting_after=${ids[1]}`);
    expect([idsOf(second.body), second.body.has_more]).toEqual([ids.slice(2, 4), true]);
    const last = await stripe('GET', `/v1/customers?limit=2&starting_after=${ids[3]}`);
    expect([idsOf(last.body), last.body.has_more]).toEqual([ids.slice(4), false]);
    const back = await stripe('GET', `/v1/customers?limit=2&ending_before=${ids[4]}`);
    expect([idsOf(back.body), back.body.has_more]).toEqual([ids.slice(2, 4), true]);
    const start = await stripe('GET', `/v1/customers?limit=2&ending_before=${ids[2]}`);
    expect([idsOf(start.body), start.body.has_more]).toEqual([ids.slice(0, 2), false]);
  });

  it('are filtered by time', async () => {
    const { stripe, ids } = await five();
    expect(idsOf((await stripe('GET', '/v1/customers?created[gt]=1795251602&created[lte]=1795251604')).body)).toEqual(ids.slice(1, 3));
    expect(idsOf((await stripe('GET', '/v1/customers?created=1795251601')).body)).toEqual(ids.slice(4));
    expect((await stripe('GET', '/v1/customers?created[after]=1')).body.error).toMatchObject({ code: 'parameter_unknown', param: 'created[after]' });
  });

  it('check their parameters', async () => {
    const { stripe, ids } = await five();
    expect((await stripe('GET', '/v1/customers?limit=0')).body.error.param).toBe('limit');
    expect((await stripe('GET', '/v1/customers?limit=101')).body.error.param).toBe('limit');
    expect((await stripe('GET', '/v1/customers?starting_after=cus_no')).body.error).toMatchObject({ code: 'resource_missing', param: 'starting_after', message: "No such customer: 'cus_no'" });
    expect((await stripe('GET', `/v1/customers?starting_after=${ids[0]}&ending_before=${ids[1]}`)).body.error.code).toBe('parameters_exclusive');
  });

  it('read on past a full page of what a filter leaves out', async () => {
    const stripe = desk();
    const early = await stripe('POST', '/v1/customers', 'name=early');
    for (let n = 0; n < 120; n += 1) await stripe('POST', '/v1/customers', 'name=late', { later: 60_000 });
    expect(idsOf((await stripe('GET', '/v1/customers?created[lt]=1795251650')).body)).toEqual([early.body.id]);
  });
});

const paid = async () => {
  const stripe = desk();
  const { body: customer } = await stripe('POST', '/v1/customers', 'name=Ann');
  const { body: intent } = await stripe('POST', '/v1/payment_intents', `${pay}&customer=${customer.id}`);
  return { stripe, customer, intent };
};

describe('expand', () => {
  it('puts objects for ids, along dotted paths, in lists too', async () => {
    const { stripe, customer, intent } = await paid();
    const { body } = await stripe('GET', `/v1/payment_intents/${intent.id}?expand[]=customer&expand[]=latest_charge.balance_transaction&expand[]=latest_charge.refunds`);
    expect(body).toMatchObject({ customer: { id: customer.id, name: 'Ann' }, latest_charge: { id: intent.latest_charge, balance_transaction: { object: 'balance_transaction', amount: 1099 }, refunds: { object: 'list', data: [] } } });
    const { body: list } = await stripe('GET', '/v1/payment_intents?expand[]=data.customer&expand[]=data.payment_method');
    expect(list.data[0]).toMatchObject({ customer: { name: 'Ann' }, payment_method: { type: 'card' } });
  });

  it('does not change what is remembered', async () => {
    const { stripe, customer, intent } = await paid();
    await stripe('POST', `/v1/payment_intents/${intent.id}`, 'description=x&expand[0]=customer');
    expect((await stripe('GET', `/v1/payment_intents/${intent.id}`)).body.customer).toBe(customer.id);
  });

  it('leaves null alone, and refuses what is no reference', async () => {
    const { stripe, intent } = await paid();
    expect((await stripe('GET', `/v1/payment_intents/${intent.id}?expand[]=review`)).body.review).toBeNull();
    expect((await stripe('GET', `/v1/payment_intents/${intent.id}?expand[]=colour`)).body.error.message).toBe('This property cannot be expanded (colour).');
    expect((await stripe('GET', `/v1/payment_intents/${intent.id}?expand[]=currency`)).status).toBe(400);
    expect((await stripe('GET', '/v1/payment_intents?expand[]=customer')).body.error.message).toContain("try expanding 'data.customer' instead");
    expect((await stripe('GET', `/v1/payment_intents/${intent.id}?expand[]=a.b.c.d.e`)).body.error.message).toMatch(/more than 4 levels/);
  });
});
