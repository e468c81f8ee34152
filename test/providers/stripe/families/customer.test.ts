import { describe, expect, it } from 'vitest';
import { stripe as stripeProvider } from '../../../../src/providers/stripe/index.ts';
import { memory } from '../../../support/simulation-context.ts';
import { desk, stripeRequest } from '../desk.ts';

describe('customers', () => {
  it('are created with what was given, kept, and announced', async () => {
    const stripe = desk();
    const made = await stripe('POST', '/v1/customers', 'email=ann%40x.test&name=Ann&address[city]=Bern&metadata[order_id]=7&invoice_settings[footer]=Hi');
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({
      object: 'customer', email: 'ann@x.test', name: 'Ann', address: { city: 'Bern', country: null }, metadata: { order_id: '7' }, livemode: false, created: 1795251600,
      invoice_settings: { footer: 'Hi', default_payment_method: null },
    });
    expect(made.body.id).toMatch(/^cus_[0-9A-Za-z]{14}$/);
    expect(made.events).toEqual(['customer.created']);
    expect((await stripe('GET', `/v1/customers/${made.body.id}`)).body).toEqual(made.body);
  });

  it('are live when the key is', async () => {
    expect((await desk()('POST', '/v1/customers', 'name=Ann', { key: `${['sk', 'live'].join('_')}_1` })).body.livemode).toBe(true);
  });

  it('change only where told; an empty value unsets, an empty metadata value removes its key', async () => {
    const stripe = desk();
    const { body } = await stripe('POST', '/v1/customers', 'email=ann%40x.test&name=Ann&metadata[a]=1&metadata[b]=2');
    const changed = await stripe('POST', `/v1/customers/${body.id}`, 'name=&metadata[a]=&metadata[c]=3&description=VIP');
    expect(changed.body).toMatchObject({ email: 'ann@x.test', name: null, description: 'VIP', metadata: { b: '2', c: '3' } });
    expect(changed.webhooks[0]).toMatchObject({ type: 'customer.updated', data: { previous_attributes: { name: 'Ann', description: null } } });
    expect((await stripe('POST', `/v1/customers/${body.id}`, 'metadata=')).body.metadata).toEqual({});
  });

  it('once deleted can be read as deleted, not changed, not used, not listed', async () => {
    const stripe = desk();
    const { body: { id } } = await stripe('POST', '/v1/customers', 'name=Ann&payment_method=pm_card_visa');
    const method = (await stripe('GET', `/v1/customers/${id}/payment_methods`)).body.data[0]!;
    const gone = await stripe('DELETE', `/v1/customers/${id}`);
    expect(gone.body).toEqual({ id, object: 'customer', deleted: true });
    expect(gone.events).toEqual(['payment_method.detached', 'customer.deleted']);
    expect((await stripe('GET', `/v1/payment_methods/${method.id}`)).body.customer).toBeNull();
    expect((await stripe('GET', `/v1/customers/${id}`)).body).toEqual({ id, object: 'customer', deleted: true });
    expect((await stripe('GET', '/v1/customers')).body.data).toEqual([]);
    expect(await stripe('POST', `/v1/customers/${id}`, 'name=Bob')).toMatchObject({ status: 404, body: { error: { code: 'resource_missing' } } });
    expect(await stripe('DELETE', `/v1/customers/${id}`)).toMatchObject({ status: 404 });
    expect(await stripe('POST', '/v1/payment_intents', `amount=100&currency=usd&customer=${id}`)).toMatchObject({ status: 400, body: { error: { code: 'resource_missing', param: 'customer' } } });
  });

  it('unknown in the path are 404, in Stripe\'s words', async () => {
    expect(await desk()('GET', '/v1/customers/cus_nobody')).toMatchObject({
      status: 404,
      body: { error: { type: 'invalid_request_error', code: 'resource_missing', param: 'id', message: "No such customer: 'cus_nobody'", doc_url: 'https://stripe.com/docs/error-codes/resource-missing' } },
    });
  });

  it('that were put there by hand are read and listed like any other', async () => {
    const kept = memory();
    kept.keep([{ kind: 'customer', id: 'cus_seed', expectVersion: 0, value: { id: 'cus_seed', object: 'customer', created: 1, metadata: {} }, index: { id: 'cus_seed' } }]);
    const request = stripeRequest('GET', '/v1/customers');
    const { reply } = await stripeProvider.simulate(request, stripeProvider.decode(request), kept.context());
    expect(JSON.parse(Buffer.from(reply.body).toString('utf8'))).toMatchObject({ data: [{ id: 'cus_seed' }] });
  });

  it('are listed by e-mail', async () => {
    const stripe = desk();
    for (const name of ['ann', 'bob', 'ann']) await stripe('POST', '/v1/customers', `email=${name}%40x.test`);
    expect((await stripe('GET', '/v1/customers?email=ann@x.test')).body.data).toHaveLength(2);
  });
});
