import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { operationNames } from '../../../src/providers/stripe/families.ts';
import { routes } from '../../../src/providers/stripe/routes.ts';
import { desk, stripeRequest } from './desk.ts';
import type { CallOptions } from './desk.ts';

interface SdkRoute { readonly method: string; readonly path: string; readonly res: string; readonly fn: string }
/** every method of SDK 23.1.0 */
const sdk = JSON.parse(readFileSync(new URL('../../fixtures/stripe/routes.json', import.meta.url), 'utf8')) as readonly SdkRoute[];
const pattern = (path: string): string => path.replaceAll(/\{[^}]+\}/g, '{id}');
const address = (path: string): string => path.replaceAll(/\{[^}]+\}/g, 'x_1');

/** 'POST /v1/charges': what moves money by the vendor's own description of it, written down apart from the route table. */
const moving = new Set(`
  charges  charges/{id}/capture  charges/{id}/refund  charges/{id}/refunds  refunds  refunds/{id}/cancel  application_fees/{id}/refunds
  payment_intents/{id}/confirm  payment_intents/{id}/capture  payment_intents/{id}/increment_authorization  payment_intents/{id}/apply_customer_balance  payment_intents/{id}/verify_microdeposits
  invoices/{id}/pay  invoices/{id}/finalize  invoices/{id}/send  invoices/{id}/attach_payment  quotes/{id}/accept  credit_notes  customers/{id}/balance_transactions
  subscriptions  subscriptions/{id}  subscriptions/{id}/resume  subscriptions/{id}/migrate  subscription_items  subscription_items/{id}
  subscription_schedules  subscription_schedules/{id}  subscription_schedules/{id}/cancel
  payouts  payouts/{id}/cancel  payouts/{id}/reverse  transfers  transfers/{id}/reversals  topups  topups/{id}/cancel  disputes/{id}/close
  climate/orders  climate/orders/{id}/cancel  forwarding/requests  issuing/authorizations/{id}/approve  issuing/authorizations/{id}/decline
  terminal/readers/{id}/process_payment_intent  terminal/readers/{id}/confirm_payment_intent  terminal/readers/{id}/refund_payment
  treasury/credit_reversals  treasury/debit_reversals  treasury/inbound_transfers  treasury/inbound_transfers/{id}/cancel
  treasury/outbound_payments  treasury/outbound_payments/{id}/cancel  treasury/outbound_transfers  treasury/outbound_transfers/{id}/cancel
`.trim().split(/\s+/).map((path) => `POST /v1/${path}`).concat(['DELETE /v1/subscriptions/{id}', 'DELETE /v1/subscription_items/{id}'], `
  core/vault/us_bank_accounts/{id}/send_microdeposits  money_management/inbound_transfers  money_management/outbound_payments  money_management/outbound_payments/{id}/cancel
  money_management/payout_intents  money_management/payout_intents/{id}/cancel  money_management/payout_intents/{id}/confirm
`.trim().split(/\s+/).map((path) => `POST /v2/${path}`)));

/** 'SubscriptionItems', 'del' → 'subscription_items.delete'; 'Invoices', 'finalizeInvoice' → 'invoices.finalize' */
function operationOf({ res, fn }: SdkRoute): string {
  const snake = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const resource = res.split(/[./]/).map(snake).join('.');
  // the SDK names the noun again in some: 'voidInvoice'
  const noun = resource.split('.').at(-1)!.replace(/s$/, '');
  const verb = snake(fn).replace(/^del$|^delete_where$/, 'delete').replace(/^retrieve_current$/, 'retrieve').replace(/^verify_source$/, 'verify');
  return `${resource}.${verb.replace(new RegExp(`^(deliver|fail|finalize|return|send|ship|submit|void)_(?:${noun}|grant)$`), '$1')}`;
}

/** A call as the SDK makes it: v2 POSTs are JSON. */
function called({ method, path }: Pick<SdkRoute, 'method' | 'path'>): readonly [string, string, string, CallOptions] {
  const json = path.startsWith('/v2/') && method === 'POST';
  return [method, address(path), json ? '{}' : '', json ? { type: 'application/json' } : {}];
}

describe('every route of the SDK', () => {
  it.each(sdk)('$method $path decodes by its own name and class', (route) => {
    const decoded = stripe.decode(stripeRequest(...called(route)));
    const operation = operationOf(route);
    if (route.method === 'GET') expect(decoded).toEqual({ kind: 'read', operation, liveness: 'test' });
    else expect(decoded).toMatchObject({ kind: 'effects', effects: [{ channel: 'payment', provider: 'stripe', operation, liveness: 'test', movesMoney: moving.has(`${route.method} ${pattern(route.path)}`) }] });
  });

  it('has one name, and no two routes share it but the two ways to the own account', () => {
    const names = Map.groupBy(routes, ({ operation }) => operation);
    expect([...names].filter(([, of]) => of.length > 1).map(([name, of]) => [name, of.map((route) => route.pattern)])).toEqual([['accounts.retrieve', ['/v1/account', '/v1/accounts/{id}']]]);
  });

  it('that moves money is in the list above, and nothing else is', () => {
    const flagged = routes.filter(({ does }) => does === 'money').map(({ method, pattern: path }) => `${method} ${path}`);
    expect(flagged.toSorted()).toEqual([...moving].toSorted());
    expect(routes.filter(({ does }) => does === 'money-if-confirm').map(({ operation }) => operation)).toEqual(['payment_intents.create']);
  });

  it('that is simulated is a route', () => {
    const known = new Set(routes.map(({ operation }) => operation));
    expect(operationNames.filter((name) => !known.has(name))).toEqual([]);
    expect(new Set(operationNames).size).toBe(operationNames.length);
    expect(stripe.about.operations).toEqual(operationNames);
  });

  it('that is not simulated answers an error that names it, with nothing kept and nothing to retry', async () => {
    const rest = sdk.filter((route) => !operationNames.includes(operationOf(route)));
    expect(rest.length).toBeGreaterThan(300);
    const call = desk();
    for (const route of rest) {
      const [method, target, body, options] = called(route);
      const reply = await call(method, target, body, options);
      const message = `fourthwall does not simulate ${route.method} ${pattern(route.path)} (${operationOf(route)}) yet; the call was recorded and nothing was done`;
      const shape = route.path.startsWith('/v2/') ? { error: { code: 'fourthwall_not_simulated', message } }
        : route.path.startsWith('/oauth/') ? { error: 'invalid_request', error_description: message }
          : { error: { type: 'invalid_request_error', code: 'fourthwall_not_simulated', message } };
      expect([reply.status, reply.body, reply.events, reply.header('stripe-should-retry')]).toEqual([400, shape, [], 'false']);
    }
  });
});

describe('what is no route', () => {
  it.each([['POST', '/v1/x'], ['GET', '/v1/customers/cus_1/x'], ['DELETE', '/v1/charges/ch_1'], ['POST', '/v1/customers/'], ['PUT', '/v1/customers/cus_1']])('%s %s is 404 in Stripe\'s words', async (method, path) => {
    const reply = await desk()(method, path, 'a=b');
    expect(reply).toMatchObject({ status: 404, decoded: { kind: 'unrecognized' }, body: { error: { type: 'invalid_request_error', message: expect.stringContaining(`Unrecognized request URL (${method}: ${path}). `) } } });
    expect(reply.header('stripe-should-retry')).toBe('false');
  });

  it.each(['/v1/customers/', '/v1/charges//capture'])('says of %s that an id is missing, and of others that it is unknown', async (path) => {
    expect((await desk()('POST', path, 'a=b')).body.error.message).toBe(`Unrecognized request URL (POST: ${path}). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`);
    expect((await desk()('POST', '/v1/x', 'a=b')).body.error.message).toBe('Unrecognized request URL (POST: /v1/x). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.');
  });

  it('on v2 says so in the shape of v2', async () => {
    expect((await desk()('POST', '/v2/core/x', '{}', { type: 'application/json' }))).toMatchObject({ status: 404, body: { error: { message: expect.stringContaining('Unrecognized request URL (POST: /v2/core/x)') } } });
  });
});

/** What a call must say before Stripe looks for the object of its path. */
const bodies: Readonly<Record<string, string | undefined>> = { 'payment_methods.attach': 'customer={customer}' };

describe('an unknown id in the path', () => {
  it('is 404 resource_missing with its parameter, whatever the operation', async () => {
    const call = desk();
    const { body: customer } = await call('POST', '/v1/customers', 'name=Ann');
    const told: string[] = [];
    for (const { method, pattern: path, operation } of routes.filter((route) => route.pattern.includes('{id}') && operationNames.includes(route.operation))) {
      const { status, body } = await call(method, path.replaceAll('{id}', 'zz_nobody'), (bodies[operation] ?? '').replace('{customer}', customer.id));
      const { code, param, message, type } = body.error ?? {};
      if (status !== 404 || code !== 'resource_missing' || typeof param !== 'string' || type !== 'invalid_request_error' || !/^No such .+: 'zz_nobody'/.test(message)) told.push(`${operation}: ${status} ${JSON.stringify(body)}`);
    }
    expect(told).toEqual([]);
  });
});

describe('every operation', () => {
  it('refuses a parameter that it does not know, and an expansion that is no list, by their names', async () => {
    const call = desk();
    const told: string[] = [];
    for (const { method, pattern: path, operation } of routes.filter((route) => operationNames.includes(route.operation))) {
      for (const [param, code] of [['colour', 'parameter_unknown'], ['expand', undefined]] as const) {
        const target = path.replaceAll('{id}', 'zz_nobody');
        const { status, body } = await (method === 'POST' ? call(method, target, `${bodies[operation] ?? ''}&${param}=red`.replace('{customer}', 'cus_1').replace(/^&/, '')) : call(method, `${target}?${param}=red`));
        // what it asks for in any case may be told first
        if (code === undefined && body.error?.['code'] === 'parameter_missing') continue;
        if (status !== 400 || body.error?.['code'] !== code || body.error['param'] !== param) told.push(`${operation}: ${JSON.stringify(body).slice(0, 200)}`);
      }
    }
    expect(told).toEqual([]);
  });
});

describe('every list', () => {
  const lists = routes.filter(({ operation }) => operationNames.includes(operation) && /(?:^|\.)list(?:_|$)/.test(operation.split('.').at(-1)!));

  it('checks limit and cursors alike', async () => {
    const call = desk();
    const { body: customer } = await call('POST', '/v1/customers', 'name=Ann');
    const told: string[] = [];
    // the items of a subscription are listed for one, which has to be there
    for (const { pattern: path, operation } of lists.filter(({ pattern: at, operation: name }) => !at.includes('{id}') && name !== 'subscription_items.list')) {
      const asked = async (query: string) => (await call('GET', `${path}?${query}`)).body;
      const empty = await asked('');
      if (empty['object'] !== 'list' || empty['url'] !== path || empty['has_more'] !== false || !Array.isArray(empty.data)) told.push(`${operation}: ${JSON.stringify(empty).slice(0, 200)}`);
      for (const [query, code, param] of [
        ['limit=0', 'parameter_invalid_integer', 'limit'], ['limit=101', 'parameter_invalid_integer', 'limit'], ['limit=x', 'parameter_invalid_integer', 'limit'],
        ['starting_after=zz_nobody', 'resource_missing', 'starting_after'], ['ending_before=zz_nobody', 'resource_missing', 'ending_before'],
        [`starting_after=${customer.id}&ending_before=${customer.id}`, 'parameters_exclusive', 'ending_before'], ['colour=red', 'parameter_unknown', 'colour'],
      ] as const) {
        const { error } = await asked(query);
        if (error?.['code'] !== code || error['param'] !== param) told.push(`${operation}?${query}: ${JSON.stringify(error)}`);
      }
    }
    expect(told).toEqual([]);
    expect(lists.length).toBeGreaterThan(15);
  });
});
