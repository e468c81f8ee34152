import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moneyText } from '../../../src/model/money.ts';
import { amountFault, money, spoken, stripeExponent } from '../../../src/providers/stripe/currency.ts';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { desk, stripeRequest } from './desk.ts';

const currency = fc.constantFrom('usd', 'eur', 'chf', 'jpy', 'krw', 'clp', 'mga', 'xaf', 'kwd', 'bhd', 'tnd', 'isk', 'ugx');
/** whole amounts that Stripe takes in the currency */
const price = fc.tuple(currency, fc.integer({ min: 50, max: 999_999 })).map(([code, units]) => ({ code, amount: units * (stripeExponent(code) === 3 ? 10 : ['isk', 'ugx'].includes(code) ? 100 : 1) }));

describe('amounts', () => {
  it('are read from the call digit by digit', () => {
    fc.assert(fc.property(currency, fc.bigInt({ min: 0n, max: 999_999_999_999_999n }), (code, amount) => {
      const decoded = stripe.decode(stripeRequest('POST', '/v1/payment_intents', `amount=${amount}&currency=${code}`));
      expect(decoded).toMatchObject({ effects: [{ amount: { minor: String(amount), exponent: stripeExponent(code), currency: code.toUpperCase() } }] });
    }));
  });

  it('say the same in words and in digits', () => {
    fc.assert(fc.property(currency, fc.integer({ min: 0, max: 999_999_999 }), (code, amount) => {
      expect(spoken(amount, code).replaceAll(/[^0-9]/g, '')).toBe(moneyText(money(String(amount), code)!).replaceAll(/[^0-9]/g, ''));
    }));
    expect([spoken(123456789, 'usd'), spoken(5, 'usd'), spoken(1234, 'jpy'), spoken(1234567, 'kwd')]).toEqual(['$1,234,567.89', '$0.05', '¥1,234', '1,234.567 kwd']);
  });

  it('paid in parts and refunded in parts add up to nothing, in currencies of 0, 2 and 3 decimals', async () => {
    await fc.assert(fc.asyncProperty(price, fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 }), async ({ code, amount }, weights) => {
      fc.pre(amountFault(amount, code) === null);
      const at = desk();
      const { body: intent } = await at('POST', '/v1/payment_intents', `amount=${amount}&currency=${code}&payment_method=pm_card_visa&confirm=true`);
      expect(intent).toMatchObject({ amount, amount_received: amount, currency: code });
      const total = BigInt(weights.reduce((sum, weight) => sum + weight, 0) + 1);
      let left = amount;
      for (const weight of weights) {
        const part = Number(BigInt(amount) * BigInt(weight) / total);
        if (part === 0) continue;
        expect((await at('POST', '/v1/refunds', `payment_intent=${intent.id}&amount=${part}`)).body.amount).toBe(part);
        left -= part;
      }
      expect((await at('POST', '/v1/refunds', `payment_intent=${intent.id}&amount=${left + 1}`)).status).toBe(400);
      expect((await at('POST', '/v1/refunds', `payment_intent=${intent.id}`)).body.amount).toBe(left);
      const { body: charge } = await at('GET', `/v1/charges/${intent.latest_charge}`);
      expect(charge).toMatchObject({ amount_refunded: amount, refunded: true });
      const { body: { data } } = await at('GET', '/v1/balance_transactions?limit=100');
      const sums = data.reduce((sum, entry) => ({ amount: sum.amount + entry.amount, net: sum.net + entry.net + entry.fee }), { amount: 0, net: 0 });
      expect(sums).toEqual({ amount: 0, net: 0 });
    }), { numRuns: 60 });
  });
});
