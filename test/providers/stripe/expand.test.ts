import { beforeAll, describe, expect, it } from 'vitest';
import { expandable } from '../../../src/providers/stripe/expandable.ts';
import { families, familyOfKind, operationNames } from '../../../src/providers/stripe/families.ts';
import { routes } from '../../../src/providers/stripe/routes.ts';
import type { CallOptions, Shown } from './desk.ts';
import { expandableBySdk } from './sdk-types.ts';
import { harvest } from './types/harvest.ts';
import { scenario } from './types/scenario.ts';

const made = harvest();

/** One object that was shown and can be read: where, and by which list. */
interface Readable { readonly kind: string; readonly path: string; readonly list: string | null; readonly shown: Shown }
const readable: Readable[] = [];

beforeAll(async () => {
  await scenario(made);
  for (const { kind } of families) {
    const ids = new Set<string>();
    for (const { shown } of made.kinds.get(kind) ?? []) {
      const object = shown as Shown;
      if (ids.has(object.id) || ids.size >= 12) continue;
      // the route is the resource's own: '/v1/charges/{id}'
      const route = routes.find(({ method, pattern, operation }) => method === 'GET' && operation.endsWith('.retrieve') && operationNames.includes(operation) && /^[^{]+\{id\}$/.test(pattern) && plural(kind).includes(pattern.slice(4, -5)));
      if (route === undefined) continue;
      ids.add(object.id);
      const path = route.pattern.replace('{id}', object.id);
      const now = await made.call('GET', path);
      const list = route.pattern.replace('/{id}', '');
      if (now.status === 200 && now.body['deleted'] !== true) readable.push({ kind, path, list: operationNames.includes(route.operation.replace('.retrieve', '.list')) ? list : null, shown: now.body });
    }
  }
});

function plural(kind: string): readonly string[] {
  return [`${kind}s`, `${kind.replace('.', '/')}s`];
}

function at(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], object);
}

/** 'charge.customer' and what it leads to, of every relation that some object above has. */
function relations(): readonly (Readable & { readonly property: string; readonly targets: readonly string[] })[] {
  return readable.flatMap((object) => Object.entries(expandable[object.kind] ?? {}).flatMap(([property, words]) => {
    const targets = words.replace(/^list /, '').split(' ').filter((kind) => familyOfKind(kind) !== null);
    return typeof at(object.shown, property) === 'string' && targets.length > 0 ? [{ ...object, property, targets }] : [];
  }));
}

describe('what can be expanded', () => {
  it('is what the types of the SDK say', () => {
    expect(expandable).toEqual(expandableBySdk());
  });

  it('is expanded on retrieval and in lists, in every relation between simulated families', async () => {
    const done = new Set<string>();
    for (const { kind, path, list, property, targets } of relations()) {
      const name = `${kind}.${property}`;
      if (done.has(name)) continue;
      const { body } = await made.call('GET', `${path}?expand[]=${property}`);
      const value = at(body, property) as Shown | string;
      // an account of the caller's own, or one that is gone, may stay an id
      if (typeof value === 'string') continue;
      expect([name, targets.includes(String(value['object']))]).toEqual([name, true]);
      done.add(name);
      if (list === null) continue;
      const { body: page } = await made.call('GET', `${list}?limit=100&expand[]=data.${property}`);
      // a list of the items of one object, which has to be named
      if (page.error?.['code'] === 'parameter_missing') continue;
      expect([name, page.error, page.data?.some((object) => typeof at(object, property) === 'object' && at(object, property) !== null)]).toEqual([name, undefined, true]);
    }
    expect([...done]).toEqual(expect.arrayContaining([
      'charge.balance_transaction', 'charge.customer', 'charge.payment_intent', 'payment_intent.customer', 'payment_intent.latest_charge', 'payment_intent.payment_method', 'payment_method.customer',
      'setup_intent.customer', 'setup_intent.payment_method', 'refund.balance_transaction', 'refund.charge', 'refund.payment_method', 'product.default_price', 'price.product', 'promotion_code.customer',
      'promotion_code.promotion.coupon', 'transfer.balance_transaction', 'transfer.destination', 'payout.balance_transaction', 'balance_transaction.source', 'file_link.file',
    ]));
  });

  it('is nothing else: a property that is no relation is refused, on every object', async () => {
    const told: string[] = [];
    for (const kind of new Set(readable.map((object) => object.kind))) {
      const { path, shown } = readable.find((object) => object.kind === kind)!;
      const known = [...Object.keys(expandable[kind] ?? {}), ...Object.keys(familyOfKind(kind)?.includes ?? {})];
      for (const property of Object.keys(shown).filter((name) => !known.includes(name))) {
        const { status, body } = await made.call('GET', `${path}?expand[]=${property}`);
        if (status !== 400 || body.error?.message !== `This property cannot be expanded (${property}).` || body.error['param'] !== 'expand') told.push(`${kind}.${property}: ${status} ${JSON.stringify(body.error ?? null)}`);
      }
    }
    expect(told).toEqual([]);
  });

  it.each([
    ['latest_charge.balance_transaction.source.customer', 200, null], ['latest_charge.balance_transaction.source.payment_intent.customer', 400, /more than 4 levels/],
    ['latest_charge.refunds.data.charge', 200, null], ['latest_charge.refunds.charge', 400, /cannot be expanded/], ['customer.client_secret', 400, /cannot be expanded/], ['customer.subscriptions', 200, null],
    ['client_secret', 400, /cannot be expanded/], ['id', 400, /cannot be expanded/], ['latest_charge.application', 200, null], ['payment_method_options', 400, /cannot be expanded/],
  ])('%s of a payment is %i', async (path, status, message) => {
    const intent = readable.find(({ kind, shown }) => kind === 'payment_intent' && shown.customer !== null && shown['status'] === 'succeeded')!;
    const answer = await made.call('GET', `${intent.path}?expand[]=${path}`);
    expect(answer.status).toBe(status);
    if (message !== null) expect(answer.body.error.message).toMatch(message);
  });

  it('is what an older version still had, and nothing that it had not', async () => {
    const older = { headers: [['Stripe-Version', '2024-06-20']] } as const;
    const invoice = readable.find(({ kind, shown }) => kind === 'invoice' && shown['status'] === 'paid' && Number(shown['amount_paid']) > 0)!;
    const { body } = await made.call('GET', `${invoice.path}?expand[]=payment_intent.latest_charge&expand[]=subscription`, '', older);
    expect(body).toMatchObject({ object: 'invoice', payment_intent: { object: 'payment_intent', latest_charge: { object: 'charge' } } });
    expect((await made.call('GET', `${invoice.path}?expand[]=payment_intent`)).body.error.message).toBe('This property cannot be expanded (payment_intent).');
    expect((await made.call('GET', `${invoice.path}?expand[]=colour`, '', older)).body.error.message).toBe('This property cannot be expanded (colour).');
  });

  it('is shown in the caller\'s version too where it is a list', async () => {
    const { shown } = readable.find((object) => object.kind === 'subscription' && !['canceled', 'incomplete_expired'].includes(String(object.shown['status'])))!;
    const periods = async (options: CallOptions) => ((await made.call('GET', `/v1/customers/${shown.customer}?expand[]=subscriptions`, '', options)).body['subscriptions'] as Shown).data.map((subscription) => typeof subscription['current_period_end']);
    expect((await periods({ headers: [['Stripe-Version', '2024-06-20']] }))[0]).toBe('number');
    expect((await periods({}))[0]).toBe('undefined');
  });

  it('is expanded in the answer to a creation, and a wrong path creates nothing', async () => {
    const { body: customer } = await made.call('POST', '/v1/customers', 'name=Once');
    const { body: intent } = await made.call('POST', '/v1/payment_intents', `amount=500&currency=eur&customer=${customer.id}&payment_method=pm_card_visa&confirm=true&expand[0]=customer&expand[1]=latest_charge.balance_transaction&expand[2]=payment_method`);
    expect(intent).toMatchObject({ customer: { id: customer.id }, latest_charge: { balance_transaction: { amount: 500 } }, payment_method: { type: 'card' } });
    const before = (await made.call('GET', `/v1/payment_intents?customer=${customer.id}`)).body.data.length;
    const refused = await made.call('POST', '/v1/payment_intents', `amount=500&currency=eur&customer=${customer.id}&expand[]=amount`);
    expect([refused.status, refused.events, (await made.call('GET', `/v1/payment_intents?customer=${customer.id}`)).body.data.length]).toEqual([400, [], before]);
  });

  it('is told to be our limit where Stripe would have more', async () => {
    const product = (await made.call('POST', '/v1/products', 'name=x&tax_code=txcd_1')).body;
    expect((await made.call('GET', `/v1/products/${product.id}?expand[]=tax_code`)).body.error).toMatchObject({ code: 'fourthwall_not_simulated', message: expect.stringContaining('expanding tax_code') });
  });
});
