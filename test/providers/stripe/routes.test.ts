import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { findRoute, routes } from '../../../src/providers/stripe/routes.ts';
import { stripeRequest } from './desk.ts';

interface SdkRoute { readonly method: string; readonly path: string; readonly res: string; readonly fn: string }
/** every method of SDK 23.1.0 */
const sdk = JSON.parse(readFileSync(new URL('../../fixtures/stripe/routes.json', import.meta.url), 'utf8')) as readonly SdkRoute[];

describe('the routes of Stripe', () => {
  it('are the 651 of the SDK', () => {
    expect(sdk).toHaveLength(651);
    const patterns = sdk.map(({ path }) => path.replaceAll(/\{[^}]+\}/g, '{id}'));
    expect(sdk.map(({ method, path }) => findRoute(method, path.replaceAll(/\{[^}]+\}/g, 'x_1'))?.route.pattern)).toEqual(patterns);
  });

  it('are nothing but those and the older charge refunds', () => {
    const known = new Set(sdk.map(({ method, path }) => `${method} ${path.replaceAll(/\{[^}]+\}/g, '{id}')}`));
    expect(routes.map(({ method, pattern }) => `${method} ${pattern}`).filter((route) => !known.has(route))).toEqual([
      'POST /v1/charges/{id}/refund', 'GET /v1/charges/{id}/refunds', 'POST /v1/charges/{id}/refunds',
    ]);
  });

  it.each([
    ['POST', '/v1/charges', true], ['POST', '/v1/charges/ch_1/capture', true], ['POST', '/v1/charges/ch_1/refunds', true], ['POST', '/v1/charges/ch_1', false],
    ['POST', '/v1/payment_intents', false], ['POST', '/v1/payment_intents/pi_1/confirm', true], ['POST', '/v1/payment_intents/pi_1/capture', true], ['POST', '/v1/payment_intents/pi_1', false],
    ['POST', '/v1/payment_intents/pi_1/cancel', false], ['POST', '/v1/refunds', true], ['POST', '/v1/refunds/re_1', false], ['POST', '/v1/payouts', true], ['POST', '/v1/payouts/po_1', false],
    ['POST', '/v1/transfers', true], ['POST', '/v1/transfers/tr_1/reversals', true], ['POST', '/v1/topups', true], ['POST', '/v1/invoices/in_1/pay', true], ['POST', '/v1/invoices', false],
    ['POST', '/v1/subscriptions', true], ['DELETE', '/v1/subscriptions/sub_1', true], ['DELETE', '/v1/customers/cus_1', false], ['POST', '/v1/customers', false],
    ['POST', '/v1/quotes/qt_1/accept', true], ['POST', '/v1/disputes/dp_1/close', true], ['POST', '/v1/terminal/readers/tmr_1/process_payment_intent', true],
    ['POST', '/v1/treasury/outbound_payments', true], ['POST', '/v1/application_fees/fee_1/refunds', true], ['POST', '/v1/setup_intents/seti_1/confirm', false], ['POST', '/v1/checkout/sessions', false],
  ])('%s %s moves money: %s', (method, path, moves) => {
    const decoded = stripe.decode(stripeRequest(method, path));
    expect(decoded).toMatchObject({ kind: 'effects', effects: [{ movesMoney: moves }] });
  });

  it.each([
    ['confirm=true', true], ['confirm=false', false], ['confirm=', false], ['confirm=1', true], ['confirm[]=true', true], ['amount=1', false],
  ])('payment_intents.create with %s moves money: %s', (body, moves) => {
    expect(stripe.decode(stripeRequest('POST', '/v1/payment_intents', body))).toMatchObject({ effects: [{ operation: 'payment_intents.create', movesMoney: moves }] });
    expect(stripe.decode(stripeRequest('POST', `/v1/payment_intents?${body}`))).toMatchObject({ effects: [{ movesMoney: moves }] });
  });

  it.each([
    '/v1/foo', '/v1', '/', '/v1/customers/', '//v1/customers', '/v1//customers', '/v1/./customers', '/v1/customers/..', '/v1/customers/%2e%2e', '/v1/customers/a%2Fb', '/v1/customers/a%5Cb',
    '/v1/customers/%00', '/v1/customers/%zz', '/V1/customers', '/v1/Customers', '/v1/customers/cus_1/foo', '/v3/customers', '/v1/customers%20',
  ])('%s is no route, for any method', (path) => {
    const understood = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'get'].filter((method) => stripe.decode(stripeRequest(method, path)).kind !== 'unrecognized');
    expect(understood).toEqual([]);
  });

  it('a static name wins over an id', () => {
    expect(findRoute('GET', '/v1/customers/search')?.route.operation).toBe('customers.search');
    expect(findRoute('GET', '/v1/customers/cus_1')).toMatchObject({ route: { operation: 'customers.retrieve' }, ids: ['cus_1'] });
    expect(findRoute('GET', '/v1/customers/cus_1/payment_methods/pm_1')?.ids).toEqual(['cus_1', 'pm_1']);
  });
});
