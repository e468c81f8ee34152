import { describe, expect, it } from 'vitest';
import type { Header } from '../../../src/model/exchange.ts';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { liveKey } from './fixtures.ts';
import { stripeRequest } from './desk.ts';

const effect = (body: string, target = '/v1/payment_intents') => {
  const decoded = stripe.decode(stripeRequest('POST', target, body));
  if (decoded.kind !== 'effects') throw new Error(`expected effects, got ${JSON.stringify(decoded)}`);
  return decoded.effects[0]!;
};
const basic = (user: string): string => `Basic ${Buffer.from(`${user}:`).toString('base64')}`;
const restricted = `${['rk', 'live'].join('_')}_51FAKE`;

const part = (disposition: string, content: string): string => `--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;

describe('liveness of a Stripe call', () => {
  it.each<[string, { headers?: readonly Header[]; key?: string; body?: string; target?: string }, string]>([
    ['a test key', {}, 'test'],
    ['a restricted test key', { key: 'rk_test_1' }, 'test'],
    ['a test key by Basic', { key: '', headers: [['authorization', basic('sk_test_1')]] }, 'test'],
    ['a publishable test key in the body', { key: '', body: 'key=pk_test_1' }, 'test'],
    ['a live key', { key: liveKey }, 'live'],
    ['a restricted live key', { key: restricted }, 'live'],
    ['a live key by Basic', { key: '', headers: [['Authorization', basic(liveKey)]] }, 'live'],
    ['a live key in capitals', { key: liveKey.toUpperCase() }, 'live'],
    ['a live key in the query beside a test key', { target: `/v1/customers?key=${liveKey}` }, 'live'],
    ['an escaped live key in the query', { target: `/v1/customers?key=${liveKey.replaceAll('_', '%5F')}` }, 'live'],
    ['a live key in the body beside a test key', { body: `metadata[x]=${liveKey}` }, 'live'],
    ['an escaped live key in the body', { body: `metadata[x]=${liveKey.replaceAll('_', '%5f')}` }, 'live'],
    ['an escaped live key in the path', { target: `/v1/customers/${liveKey.replaceAll('_', '%5F')}` }, 'live'],
    ['a live key in another header', { headers: [['X-Old-Key', liveKey]] }, 'live'],
    ['a live key in a cookie', { headers: [['Cookie', `stripe=${liveKey}`]] }, 'live'],
    ['no key', { key: '' }, 'unknown'],
    ['a key of no known kind', { key: 'secret' }, 'unknown'],
    ['a test key beside an unknown one in the body', { body: 'key=whatever' }, 'unknown'],
    ['a word that only ends like one', { body: `description=${['task', 'live', '1'].join('_')}` }, 'test'],
  ])('%s', (_, { headers, key, body = 'email=', target = '/v1/customers' }, liveness) => {
    const decoded = stripe.decode(stripeRequest('POST', target, body, { ...(headers === undefined ? {} : { headers }), ...(key === undefined ? {} : { key }) }));
    expect(decoded).toMatchObject({ kind: 'effects', effects: [{ liveness }] });
  });

  it('is live for a key inside an uploaded file', () => {
    const body = `${part('name="purpose"', 'dispute_evidence')}${part('name="file"; filename="f.txt"', `key: ${liveKey}`)}--b--\r\n`;
    expect(stripe.decode(stripeRequest('POST', '/v1/files', body, { type: 'multipart/form-data; boundary=b' }))).toMatchObject({ effects: [{ operation: 'files.create', liveness: 'live' }] });
  });

  it('is told for reads too', () => {
    expect(stripe.decode(stripeRequest('GET', '/v1/customers', '', { key: liveKey }))).toEqual({ kind: 'read', operation: 'customers.list', liveness: 'live' });
  });
});

describe('a Stripe call that could be read two ways is unrecognized', () => {
  it.each<[string, ReturnType<typeof stripeRequest>]>([
    ['two Authorization headers', stripeRequest('POST', '/v1/customers', 'name=a', { headers: [['authorization', 'Bearer sk_test_2']] })],
    ['two Stripe-Account headers', stripeRequest('POST', '/v1/customers', 'name=a', { headers: [['Stripe-Account', 'acct_1'], ['stripe-account', 'acct_2']] })],
    ['a method override', stripeRequest('GET', '/v1/customers', '', { headers: [['X-HTTP-Method-Override', 'POST']] })],
    ['a GET with a body', stripeRequest('GET', '/v1/customers', 'name=a')],
    ['a parameter in query and body', stripeRequest('POST', '/v1/customers?name=b', 'name=a')],
    ['a parameter twice', stripeRequest('POST', '/v1/customers', 'name=a&name=b')],
    ['a scalar that is also nested', stripeRequest('POST', '/v1/customers', 'metadata=a&metadata[b]=c')],
    ['a cut body', stripeRequest('POST', '/v1/payment_intents', 'amount=1099&curr')],
    ['a bad escape', stripeRequest('POST', '/v1/customers', 'name=%zz')],
    ['a control character as it is', stripeRequest('POST', '/v1/customers', 'name=a\u0001b')],
    ['an escaped control character in a name', stripeRequest('POST', '/v1/customers', '%00email=ann%40x.test')],
    ['JSON on v1', stripeRequest('POST', '/v1/customers', '{"name":"a"}', { type: 'application/json' })],
    ['a form on v2', stripeRequest('POST', '/v2/core/accounts', 'a=b')],
    ['an address no address looks like', stripeRequest('POST', '/v1/customers', 'email=ann%40x.test%7D')],
  ])('%s', (_, request) => {
    expect(stripe.decode(request).kind).toBe('unrecognized');
  });
});

const line = (n: number, rest: string): string => `line_items[${n}][price_data][currency]=usd&line_items[${n}][price_data][unit_amount]=1999&line_items[${n}]${rest}`;

describe('what a payment effect tells', () => {
  it.each([
    ['amount=1099&currency=eur', { minor: '1099', exponent: 2, currency: 'EUR' }],
    ['amount=500&currency=JPY', { minor: '500', exponent: 0, currency: 'JPY' }],
    ['amount=5120&currency=kwd', { minor: '5120', exponent: 3, currency: 'KWD' }],
    ['amount=500&currency=mga', { minor: '500', exponent: 0, currency: 'MGA' }],
    ['amount=500&currency=isk', { minor: '500', exponent: 2, currency: 'ISK' }],
    ['amount=500&currency=ugx', { minor: '500', exponent: 2, currency: 'UGX' }],
    ['amount=0010&currency=usd', { minor: '10', exponent: 2, currency: 'USD' }],
    ['amount=10.5&currency=usd', null], ['amount=1e3&currency=usd', null], ['amount=1099', null], ['currency=usd', null], ['amount=10&currency=us', null],
  ])('the amount of %s', (body, amount) => {
    expect(effect(body)).toMatchObject({ amount });
  });

  it('a checkout of several lines is their sum, and null when one line has no price of its own', () => {
    expect(effect(`${line(0, '[quantity]=3')}&${line(1, '[quantity]=1')}`, '/v1/checkout/sessions')).toMatchObject({ amount: { minor: '7996', exponent: 2, currency: 'USD' } });
    expect(effect(`${line(0, '[quantity]=3')}&line_items[1][price]=price_1`, '/v1/checkout/sessions')).toMatchObject({ amount: null });
  });

  it.each([
    ['payment_method=pm_card_mastercard', 'Mastercard 4444'], ['payment_method=pm_1abc', 'pm_1abc'], ['source=tok_amex', 'American Express 0005'],
    ['payment_method_data[type]=card&payment_method_data[card][number]=4000+0000+0000+9995', 'Visa 9995'], ['payment_method_data[type]=sepa_debit', 'sepa_debit'], ['amount=1', null],
  ])('the method of %s is %s', (body, method) => {
    expect(effect(body)).toMatchObject({ method });
  });

  it('shows four digits of a real card number and no more', () => {
    // the sum of this number is right, and it is no test card
    const number = `4539${'5787'}63621486`;
    expect(JSON.stringify(effect(`type=card&card[number]=${number}&card[cvc]=123`, '/v1/payment_methods'))).not.toMatch(/[0-9]{5}/);
  });

  it('finds addresses at any depth, and not in metadata', () => {
    const { recipients } = effect('receipt_email=ann%40x.test&payment_method_data[billing_details][email]=bob%40x.test&metadata[email]=eve%40x.test&shipping[name]=A');
    expect(recipients).toEqual([{ address: 'ann@x.test', kind: 'email', role: 'receipt' }, { address: 'bob@x.test', kind: 'email', role: 'customer' }]);
  });

  it('keeps the keys the caller attached, wherever the metadata stands', () => {
    expect(effect('metadata[order_id]=6735&payment_intent_data[metadata][cart]=9&client_reference_id=c1', '/v1/checkout/sessions').keys).toEqual([
      { name: 'order_id', value: '6735' }, { name: 'cart', value: '9' }, { name: 'client_reference_id', value: 'c1' },
    ]);
  });

  it('names the account by its key and the connected account', () => {
    expect(stripe.account(stripeRequest('GET', '/v1/balance'))).toBe('sk_test_123/');
    expect(stripe.account(stripeRequest('GET', '/v1/balance', '', { headers: [['Stripe-Account', 'acct_1']] }))).toBe('sk_test_123/acct_1');
    expect(stripe.account(stripeRequest('GET', '/v1/balance', '', { key: '', headers: [['Authorization', basic('sk_test_9')]] }))).toBe('sk_test_9/');
    expect(stripe.account(stripeRequest('GET', '/v1/balance', '', { key: '' }))).toBeNull();
    expect(stripe.account(stripeRequest('GET', '/v1/balance', '', { headers: [['Authorization', 'Bearer sk_test_2']] }))).toBeNull();
  });
});

describe('many addresses in one form', () => {
  const emails = (count: number): string => Array.from({ length: count }, (_, at) => `a[${at}][email]=a${at}@example.test`).join('&');

  it('are all found, each once, in the time that reading them takes', () => {
    const began = performance.now();
    expect(effect(`${emails(20_000)}&b[email]=a0@example.test`).recipients).toHaveLength(20_000);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
