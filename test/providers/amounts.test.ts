import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { httpProviders } from '../../src/providers/index.ts';

/** One payment of so many minor units, as each vendor is told it. */
interface Vendor {
  readonly provider: string;
  readonly host: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** what it takes: minor units as a whole number, or decimals */
  readonly body: (minor: bigint, currency: string, decimal: string) => string;
  /** those it knows, with their decimals there */
  readonly currencies: Readonly<Record<string, number>>;
}

const all = { EUR: 2, JPY: 0, KWD: 3 };
/** more than any vendor takes, and less than where a double is no longer exact */
const largest = 10n ** 15n - 1n;
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };
const json = (value: unknown): string => JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? rawJSON(String(each)) : each));
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const vendors: readonly Vendor[] = [
  { provider: 'stripe', host: 'api.stripe.com', path: '/v1/payment_intents', headers: { authorization: `Bearer ${['sk', 'test', 'x'].join('_')}` }, currencies: all,
    body: (minor, currency) => `amount=${minor}&currency=${currency.toLowerCase()}` },
  { provider: 'paypal', host: 'api-m.sandbox.paypal.com', path: '/v2/checkout/orders', currencies: { EUR: 2, JPY: 0 },
    body: (_minor, currency, value) => json({ intent: 'CAPTURE', purchase_units: [{ amount: { currency_code: currency, value } }] }) },
  { provider: 'adyen', host: 'checkout-test.adyen.com', path: '/v72/payments', headers: { 'x-api-key': 'k' }, currencies: all,
    body: (value, currency) => json({ merchantAccount: 'Shop', reference: 'r1', amount: { value, currency }, paymentMethod: { type: 'scheme' }, returnUrl: 'https://shop.test/' }) },
  { provider: 'square', host: 'connect.squareupsandbox.com', path: '/v2/payments', currencies: all,
    body: (amount, currency) => json({ source_id: 'cnon:card-nonce-ok', idempotency_key: 'k', amount_money: { amount, currency } }) },
  { provider: 'mollie', host: 'api.mollie.com', path: '/v2/payments', headers: { authorization: `Bearer ${['test', 'x'].join('_')}` }, currencies: { EUR: 2, JPY: 0 },
    body: (_minor, currency, value) => json({ amount: { currency, value }, description: 'Order', redirectUrl: 'https://shop.test/' }) },
  { provider: 'klarna', host: 'api.playground.klarna.com', path: '/payments/v1/sessions', currencies: { EUR: 2, SEK: 2 },
    body: (amount, currency) => json({ purchase_country: 'DE', purchase_currency: currency, locale: 'de-DE', order_amount: amount, order_tax_amount: 0, order_lines: [{ name: 'Hat', quantity: 1, unit_price: amount, total_amount: amount }] }) },
  { provider: 'razorpay', host: 'api.razorpay.com', path: '/v1/orders', headers: { authorization: basic(`${['rzp', 'test', 'x'].join('_')}:y`) }, currencies: { EUR: 2, INR: 2, JPY: 0, KWD: 3 },
    body: (amount, currency) => json({ amount, currency, receipt: 'r' }) },
  { provider: 'paystack', host: 'api.paystack.co', path: '/transaction/initialize', currencies: { NGN: 2, KES: 2 }, body: (amount, currency) => json({ amount: String(amount), currency, email: 'ada@example.test' }) },
  { provider: 'checkout', host: 'api.sandbox.checkout.com', path: '/payments', currencies: all,
    body: (amount, currency) => json({ source: { type: 'token', token: 'tok_4gzeau5o2uqubbk6fufs3m7p54' }, amount, currency, reference: 'r' }) },
  { provider: 'gocardless', host: 'api-sandbox.gocardless.com', path: '/payments', headers: { 'gocardless-version': '2015-07-06' }, currencies: { EUR: 2, GBP: 2 },
    body: (amount, currency) => json({ payments: { amount, currency, links: { mandate: 'MD123' } } }) },
  { provider: 'braintree', host: 'api.sandbox.braintreegateway.com', path: '/merchants/m1/transactions', headers: { authorization: basic('public:private') }, currencies: { USD: 2 },
    body: (_minor, _currency, amount) => json({ transaction: { type: 'sale', amount, payment_method_nonce: 'fake-valid-nonce' } }) },
  { provider: 'authorizenet', host: 'apitest.authorize.net', path: '/xml/v1/request.api', currencies: { USD: 2, EUR: 2 },
    body: (_minor, currencyCode, amount) => json({ createTransactionRequest: { merchantAuthentication: { name: 'n', transactionKey: 'k' }, transactionRequest: {
      transactionType: 'authCaptureTransaction', amount, currencyCode, payment: { creditCard: { cardNumber: '4111111111111111', expirationDate: '2030-08' } } } } }) },
  { provider: 'paddle', host: 'sandbox-api.paddle.com', path: '/transactions', currencies: { EUR: 2, JPY: 0 }, headers: { authorization: `Bearer ${['pdl', 'sdbx', 'x'].join('_')}` },
    body: (amount, currency_code) => json({ currency_code, collection_mode: 'automatic', items: [{ quantity: 1, price: { product_id: 'pro_01gsz4t5hdjse780zja8vvr7jg', description: 'Hat', unit_price: { amount: String(amount), currency_code } } }] }) },
  { provider: 'wise', host: 'api.wise-sandbox.com', path: '/v3/profiles/1/quotes', currencies: { EUR: 2, JPY: 0 },
    body: (_minor, currency, value) => `{"sourceCurrency":"${currency}","targetCurrency":"GBP","sourceAmount":${value},"targetAmount":null}` },
  { provider: 'plaid', host: 'sandbox.plaid.com', path: '/transfer/authorization/create', headers: { 'plaid-client-id': 'c', 'plaid-secret': 's' }, currencies: { USD: 2 },
    body: (_minor, _currency, amount) => json({ access_token: 'access-sandbox-00000000-0000-4000-8000-000000000000', account_id: '3gE5', type: 'debit', network: 'ach', amount, ach_class: 'ppd', user: { legal_name: 'A' } }) },
  { provider: 'coinbase', host: 'api.commerce.coinbase.com', path: '/charges', headers: { 'x-cc-api-key': 'k' }, currencies: { EUR: 2, JPY: 0 },
    body: (_minor, currency, amount) => json({ name: 'Hat', description: 'A hat', pricing_type: 'fixed_price', local_price: { amount, currency } }) },
];

function decimalOf(minor: bigint, exponent: number): string {
  const digits = String(minor).padStart(exponent + 1, '0');
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

function request({ host, path, headers = {}, body }: Vendor, minor: bigint, [currency, exponent]: readonly [string, number]): HttpRequest {
  const text = body(minor, currency, decimalOf(minor, exponent));
  const type = text.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded';
  return {
    kind: 'http', method: 'POST', scheme: 'https', authority: { host, port: 443 }, path, query: null, version: '1.1', trailers: [], body: Buffer.from(text),
    headers: [['Content-Type', type], ...Object.entries({ authorization: 'Bearer token', ...headers })],
  };
}

describe.each(vendors)('$provider', (vendor) => {
  const provider = httpProviders.find(({ name }) => name === vendor.provider)!;
  const amountsOf = (minor: bigint, currency: readonly [string, number]): readonly unknown[] => {
    const decoded = provider.decode(request(vendor, minor, currency));
    return decoded.kind === 'effects' ? decoded.effects.flatMap((effect) => (effect.channel === 'payment' ? [effect.amount] : [])) : [null];
  };
  const exact = (minor: bigint, [currency, exponent]: readonly [string, number]): object => ({ minor: String(minor), exponent, currency });

  it.each(Object.entries(vendor.currencies))('has an amount in %s to the last digit (%i decimals)', (...currency) => {
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: largest }), (minor) => {
      expect(amountsOf(minor, currency)).toEqual([exact(minor, currency)]);
    }));
  });

  it.each(Object.entries(vendor.currencies))('has none in %s rather than a wrong one, however large (%i decimals)', (...currency) => {
    fc.assert(fc.property(fc.bigInt({ min: largest, max: 10n ** 30n }), (minor) => {
      const [amount] = amountsOf(minor, currency);
      expect(amount ?? exact(minor, currency)).toEqual(exact(minor, currency));
    }));
  });
});

describe('every vendor of payments', () => {
  const paying = httpProviders.filter(({ channels }) => (channels as readonly string[]).includes('payment')).map(({ name }) => name);

  it('is in the table above, or never tells the currency in a call', () => {
    expect(paying.filter((name) => !vendors.some(({ provider }) => provider === name))).toEqual(['lemonsqueezy']);
  });

  it.each(paying)('%s counts money without floating point', (name) => {
    const folder = `src/providers/${name}`;
    const floating = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
      .flatMap((file) => readFileSync(`${folder}/${file}`, 'utf8').split('\n').flatMap((line, index) => (/parseFloat|\.toFixed\(|\* 100\b|\/ 100\b/.test(line.replace(/\/\/.*/, '')) ? [`${file}:${index + 1}`] : [])));
    expect(floating).toEqual([]);
  });
});
