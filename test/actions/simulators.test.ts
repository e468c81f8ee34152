import { afterEach, describe, expect, it } from 'vitest';
import type { GatewayFile } from '../../src/config/gateway-file.ts';
import { readSeeds } from '../../src/config/seeds.ts';
import { httpProviders } from '../../src/providers/index.ts';
import { startHouse, type RunningHouse } from './house.ts';

let house: RunningHouse;
afterEach(() => house.stop());

const policy = 'version: 1\ndefault: reject\nrules: [{ id: all, when: { decoded: [effects, read] }, then: capture, because: staging sends nothing }]\n';
async function start(seeds = '', simulators: GatewayFile['simulators'] = {}): Promise<void> {
  const read = readSeeds(seeds, { file: 'seeds/stripe.yaml', env: {}, providers: httpProviders });
  expect(read.problems).toEqual([]);
  house = await startHouse({ policy, seeds: read.seeds, simulators });
}

// put together here, so that nothing in this file looks like a key
const keyOf = (account: string): string => ['sk', 'test', account].join('_');
interface Said { readonly status: number; readonly body: Readonly<Record<string, unknown>> }
async function stripe(path: string, { form, account = 'one', run }: { readonly form?: string; readonly account?: string; readonly run?: string } = {}): Promise<Said> {
  const response = await fetch(`http://127.0.0.1:${house.port('http')}/~/api.stripe.com/v1/${path}`, {
    method: form === undefined ? 'GET' : 'POST', ...(form === undefined ? {} : { body: form }),
    headers: { authorization: `Bearer ${keyOf(account)}`, ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }), ...(run === undefined ? {} : { 'x-fourthwall-run': run }) },
  });
  return { status: response.status, body: await response.json() as Said['body'] };
}

const restored = 'provider: stripe\nobjects:\n  customer:\n    cus_000001: { email: ada@example.test, name: Ada }\n';

describe('seeds', () => {
  it('are there for every account and run, complete and in its lists', async () => {
    await start(restored);
    for (const more of [{}, { account: 'two' }, { run: 'ci-1' }]) {
      expect(await stripe('customers/cus_000001', more)).toMatchObject({ status: 200, body: { object: 'customer', email: 'ada@example.test', name: 'Ada', metadata: {}, livemode: false } });
      expect((await stripe('customers?email=ada%40example.test', more)).body).toMatchObject({ data: [{ id: 'cus_000001' }] });
    }
    expect(await stripe('customers/cus_000002')).toMatchObject({ status: 404, body: { error: { code: 'resource_missing', param: 'id' } } });
  });

  it('are changed by whoever changes them for himself alone', async () => {
    await start(restored);
    expect((await stripe('customers/cus_000001', { form: 'name=Augusta', account: 'two' })).body).toMatchObject({ name: 'Augusta', email: 'ada@example.test' });
    expect((await stripe('customers/cus_000001', { form: 'name=Byron', run: 'ci-1' })).body).toMatchObject({ name: 'Byron' });
    const names = await Promise.all([{}, { account: 'two' }, { run: 'ci-1' }].map(async (more) => (await stripe('customers/cus_000001', more)).body['name']));
    expect(names).toEqual(['Ada', 'Augusta', 'Byron']);
  });

  it('by the API are taken all or none, and what the vendor could not have is refused with a reason', async () => {
    await start();
    const put = (objects: readonly unknown[]): ReturnType<RunningHouse['api']> =>
      house.api('/api/simulators/stripe/objects', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ objects }) });
    const ada = { kind: 'customer', id: 'cus_000001', value: { email: 'ada@example.test' }, run: 'ci-1' };
    expect(await put([ada, { kind: 'unicorn', id: 'uni_1', value: {} }])).toMatchObject({ status: 422, body: { detail: expect.stringContaining('unicorn') } });
    expect((await stripe('customers/cus_000001', { run: 'ci-1' })).status).toBe(404);
    expect(await put([ada])).toMatchObject({ status: 200, body: { stored: 1 } });
    expect((await stripe('customers/cus_000001', { run: 'ci-1' })).body).toMatchObject({ email: 'ada@example.test', object: 'customer' });
    expect((await stripe('customers/cus_000001')).status).toBe(404);
  });
});

describe('ids of a restored database', () => {
  it("are the vendor's 404, unless gateway.yaml says that they are adopted", async () => {
    await start();
    expect((await stripe('customers/cus_fromproduction')).status).toBe(404);
    await house.stop();
    await start('', { stripe: { unknownIds: 'adopt' } });
    expect(await stripe('customers/cus_fromproduction')).toMatchObject({ status: 200, body: { id: 'cus_fromproduction', object: 'customer' } });
    expect(await stripe('customers/nonsense')).toMatchObject({ status: 404 });
  });
});

describe('a payment that a rule declines', () => {
  it('fails as the vendor would say it, is remembered so, and the same card pays without the rule', async () => {
    await start();
    const run = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'declined' }) };
    await house.api('/api/runs', run);
    // oxlint-disable-next-line unicorn/no-thenable -- the word in the file
    const rules = [{ id: 'no-money', when: { provider: 'stripe', amount: { over: 'EUR 10.00' } }, then: { decline: 'insufficient_funds' } }];
    expect((await house.api('/api/runs/declined/failures', { method: 'PUT', headers: run.headers, body: JSON.stringify({ failures: rules }) })).status).toBe(200);
    const pay = (amount: number, of?: string): Promise<Said> => stripe('payment_intents', { form: `amount=${amount}&currency=eur&confirm=true&payment_method=pm_card_visa&return_url=https%3A%2F%2Fshop.test%2F`, ...(of === undefined ? {} : { run: of }) });
    const declined = await pay(2000, 'declined');
    expect(declined).toMatchObject({ status: 402, body: { error: { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds', payment_intent: { status: 'requires_payment_method' } } } });
    expect(await house.capture()).toMatchObject({ outcome: 'captured', decision: { trace: expect.arrayContaining([{ rule: 'failure:no-money', matched: true, because: expect.stringContaining('declined (insufficient_funds)') }]) } });
    expect([(await pay(900, 'declined')).body['status'], (await pay(2000)).body['status']]).toEqual(['succeeded', 'succeeded']);
  });
});
