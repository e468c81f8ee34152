import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';

const types = (body: { readonly data: readonly { readonly type: string }[] }) => body.data.map(({ type }) => type);
const ids = (body: { readonly data: readonly { readonly id: string }[] }) => body.data.map(({ id }) => id);

describe('events', () => {
  it('that were told can be read, by id, type and pattern, newest first', async () => {
    const stripe = desk();
    const { webhooks } = await stripe('POST', '/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_visa&confirm=true');
    await stripe('POST', '/v1/customers', 'name=Ann');
    for (const [query, found] of [
      ['', ['customer.created', 'payment_intent.succeeded', 'charge.succeeded', 'payment_intent.created']], ['type=charge.succeeded', ['charge.succeeded']], ['type=payment_intent.*', ['payment_intent.succeeded', 'payment_intent.created']],
      ['types[]=customer.created&types[]=charge.succeeded', ['customer.created', 'charge.succeeded']], ['type=payout.paid', []],
    ] as const) expect([query, types((await stripe('GET', `/v1/events?${query}`)).body)]).toEqual([query, found]);
    expect((await stripe('GET', `/v1/events/${webhooks[0]!.id}`)).body).toEqual(webhooks[0]);
    expect(await stripe('GET', '/v1/events/evt_1')).toMatchObject({ status: 404, body: { error: { code: 'resource_missing', message: "No such event: 'evt_1'" } } });
  });
});

const endpoint = 'url=http%3A%2F%2Fshop%3A3000%2Fhook&enabled_events[]=charge.succeeded&enabled_events[]=customer.created';

describe('webhook endpoints', () => {
  it('are created, changed, switched off, listed and deleted, and tell nobody of it', async () => {
    const stripe = desk();
    const made = await stripe('POST', '/v1/webhook_endpoints', `${endpoint}&description=Shop&metadata[a]=1`);
    expect(made).toMatchObject({ status: 200, body: { object: 'webhook_endpoint', url: 'http://shop:3000/hook', enabled_events: ['charge.succeeded', 'customer.created'], status: 'enabled', api_version: null, description: 'Shop' }, events: [] });
    const { id } = made.body;
    const changed = await stripe('POST', `/v1/webhook_endpoints/${id}`, 'disabled=true&enabled_events[]=*&url=https%3A%2F%2Fx.test%2Fhook');
    expect(changed.body).toMatchObject({ status: 'disabled', enabled_events: ['*'], url: 'https://x.test/hook', metadata: { a: '1' } });
    expect((await stripe('GET', `/v1/webhook_endpoints/${id}`)).body).toEqual(changed.body);
    expect(ids((await stripe('GET', '/v1/webhook_endpoints')).body)).toEqual([id]);
    expect((await stripe('DELETE', `/v1/webhook_endpoints/${id}`)).body).toEqual({ id, object: 'webhook_endpoint', deleted: true });
    expect(ids((await stripe('GET', '/v1/webhook_endpoints')).body)).toEqual([]);
    expect(await stripe('GET', `/v1/webhook_endpoints/${id}`)).toMatchObject({ status: 404, body: { error: { code: 'resource_missing', message: `No such webhook endpoint: '${id}'` } } });
  });

  it('show no secret: what signs is the one in gateway.yaml', async () => {
    expect(Object.keys((await desk()('POST', '/v1/webhook_endpoints', endpoint)).body)).not.toContain('secret');
  });

  it('do not change where events go, nor how often', async () => {
    const stripe = desk();
    await stripe('POST', '/v1/webhook_endpoints', endpoint);
    expect((await stripe('POST', '/v1/customers', 'name=Ann')).events).toEqual(['customer.created']);
  });

  it.each([
    ['enabled_events[]=*', 'parameter_missing', 'url'],
    ['url=https%3A%2F%2Fx.test', 'parameter_missing', 'enabled_events'],
    ['url=https%3A%2F%2Fx.test&enabled_events=', 'parameter_invalid_empty', 'enabled_events'],
    ['url=shop%2Fhook&enabled_events[]=*', 'url_invalid', 'url'],
    ['url=file%3A%2F%2F%2Fetc%2Fpasswd&enabled_events[]=*', 'url_invalid', 'url'],
    ['url=https%3A%2F%2Fx.test&enabled_events[]=charge.*', undefined, 'enabled_events[0]'],
  ])('of %s are refused', async (body, code, param) => {
    const refused = await desk()('POST', '/v1/webhook_endpoints', body);
    expect(refused).toMatchObject({ status: 400, body: { error: { param } } });
    expect(refused.body.error['code']).toBe(code);
  });
});
