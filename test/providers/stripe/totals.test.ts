import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeStep } from '../../../src/providers/stripe/currency.ts';
import { cutLines, sum } from '../../../src/providers/stripe/discounting.ts';
import type { Cut } from '../../../src/providers/stripe/discounting.ts';
import { addMonths, nextBoundary, step } from '../../../src/providers/stripe/period.ts';
import { percentOf, portionOf, rounded, scaled, sharedOut } from '../../../src/providers/stripe/rounding.ts';
import { desk } from './desk.ts';
import type { Desk, Shown } from './desk.ts';

const currency = fc.constantFrom('usd', 'eur', 'jpy', 'krw', 'xaf', 'kwd', 'bhd', 'isk', 'ugx');
/** four decimals at most, as coupons have */
const percent = fc.integer({ min: 1, max: 1_000_000 }).map((value) => value / 10_000);
const amount = fc.integer({ min: 0, max: 99_999_999 });

describe('rounding', () => {
  it.each([
    [rounded(scaled('0.5')), 1], [rounded(scaled('0.499999999999')), 0], [rounded(scaled('33.335') * 3n), 100], [rounded(scaled('123456789012345')), 123_456_789_012_345],
    [percentOf(3998, 12.5), 500], [percentOf(1, 50), 1], [percentOf(1, 49.9999), 0], [percentOf(1999, 33.3333), 666], [percentOf(1240, 12.5, 10), 160], [percentOf(0, 100), 0], [percentOf(99_999_999, 100), 99_999_999],
    [portionOf(-1000, 1, 3), -333], [portionOf(-1, 1, 2), -1], [portionOf(1000, 2, 3), 667], [portionOf(1000, 0, 3), 0],
  ])('%# gives %d', (is, wanted) => {
    expect(is).toBe(wanted);
  });

  it('a percentage is within half a unit of the exact one', () => {
    fc.assert(fc.property(amount, fc.integer({ min: 1, max: 1_000_000 }), (value, tenThousandths) => {
      const off = BigInt(percentOf(value, tenThousandths / 10_000));
      const error = off * 1_000_000n - BigInt(value) * BigInt(tenThousandths);
      expect((error < 0n ? -error : error) * 2n <= 1_000_000n).toBe(true);
    }));
  });

  it('what is shared out adds up, and nobody gets more than their weight', () => {
    fc.assert(fc.property(amount, fc.array(amount, { minLength: 1, maxLength: 8 }), fc.constantFrom(1, 10, 100), (value, weights, by) => {
      const parts = sharedOut(value, weights, by);
      expect(sum(parts)).toBe(Math.min(value, sum(weights)));
      parts.forEach((part, index) => { expect(part >= 0 && part <= weights[index]!).toBe(true); });
    }));
  });

  it('discounts never take more than a line costs, one after the other, and go by the currency\'s steps', () => {
    const cut: fc.Arbitrary<Cut> = fc.record({ id: fc.constant('di'), percent: fc.option(percent), amount: amount.map((value) => value - value % 100), products: fc.option(fc.constant(['a'])) });
    fc.assert(fc.property(currency, fc.array(fc.record({ amount: fc.integer({ min: -9999, max: 999_999 }).map((value) => value * 100), product: fc.constantFrom('a', 'b'), discountable: fc.boolean() }), { minLength: 1, maxLength: 5 }), fc.array(cut, { maxLength: 3 }), (code, lines, cuts) => {
      const taken = cutLines(lines, cuts, code);
      lines.forEach((line, index) => {
        const off = sum(taken[index]!);
        expect(taken[index]).toHaveLength(cuts.length);
        expect(off >= 0 && off <= Math.max(line.amount, 0)).toBe(true);
        if (!line.discountable) expect(off).toBe(0);
        for (const part of taken[index]!) expect(part % chargeStep(code)).toBe(0);
      });
    }));
  });
});

describe('periods', () => {
  const at = (text: string): number => Date.parse(text) / 1000;
  it.each([
    ['2027-01-31T09:00:00Z', 1, '2027-02-28T09:00:00Z'], ['2028-01-31T09:00:00Z', 1, '2028-02-29T09:00:00Z'], ['2027-01-31T09:00:00Z', 2, '2027-03-31T09:00:00Z'], ['2028-02-29T00:00:00Z', 12, '2029-02-28T00:00:00Z'], ['2026-12-31T23:59:59Z', 2, '2027-02-28T23:59:59Z'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(addMonths(at(from), months)).toBe(at(to));
  });

  it('follow one another without gaps, and come back to the day of the anchor', () => {
    fc.assert(fc.property(fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }), fc.constantFrom('day', 'week', 'month', 'year'), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 24 }), (anchor, interval, count, steps) => {
      const cadence = { interval, count };
      const from = step(anchor, cadence, steps);
      expect(nextBoundary(anchor, cadence, from)).toBe(step(anchor, cadence, steps + 1));
      expect(nextBoundary(anchor, cadence, from - 1)).toBe(steps === 0 ? anchor : from);
    }));
  });
});

const bought = fc.array(fc.record({ unit: fc.integer({ min: 1, max: 5000 }), quantity: fc.integer({ min: 1, max: 20 }) }), { minLength: 1, maxLength: 4 });
/** in steps of the currency, and enough to be charged */
const priceIn = (code: string, unit: number): number => unit * chargeStep(code) * 10;
const coupon = async (stripe: Desk, code: string, share: number | null, off: number): Promise<string> =>
  (await stripe('POST', '/v1/coupons', share === null ? `amount_off=${off}&currency=${code}` : `percent_off=${share}`)).body.id;

describe('totals, in currencies of 0, 2 and 3 decimals', () => {
  const cuts = fc.record({ share: fc.option(percent), off: fc.integer({ min: 1, max: 2000 }) });

  it('of a Checkout Session are its lines less the coupon, and what is charged', async () => {
    await fc.assert(fc.asyncProperty(currency, bought, cuts, async (code, lines, { share, off }) => {
      const stripe = desk();
      const id = await coupon(stripe, code, share, priceIn(code, off));
      const exact = lines.reduce((total, { unit, quantity }) => total + BigInt(priceIn(code, unit)) * BigInt(quantity), 0n);
      const body = lines.map(({ unit, quantity }, index) => `line_items[${index}][quantity]=${quantity}&line_items[${index}][price_data][currency]=${code}&line_items[${index}][price_data][unit_amount]=${priceIn(code, unit)}&line_items[${index}][price_data][product_data][name]=x`).join('&');
      const made = await stripe('POST', '/v1/checkout/sessions', `mode=payment&success_url=https%3A%2F%2Fx.test&${body}&discounts[0][coupon]=${id}&expand[]=line_items`);
      if (made.status !== 200) {
        expect(made.body.error['code']).toMatch(/^amount_too_(small|large)$/);
        return;
      }
      const { amount_subtotal: subtotal, amount_total: total, total_details: details } = made.body as unknown as { readonly amount_subtotal: number; readonly amount_total: number; readonly total_details: Shown };
      expect(BigInt(subtotal)).toBe(exact);
      expect(total).toBe(subtotal - Number(details['amount_discount']));
      expect(sum((made.body['line_items'] as Shown).data.map((line) => Number(line['amount_total'])))).toBe(total);
      await stripe.choose('checkout.session', made.body.id, 'pay');
      const { body: { data } } = await stripe('GET', '/v1/charges');
      expect(data.map((charge) => [charge.amount, charge['currency']])).toEqual(total === 0 ? [] : [[total, code]]);
    }), { numRuns: 12 });
  });

  it('of an invoice are its lines less the coupon, and nothing is lost between what is due, paid and on the balance', async () => {
    await fc.assert(fc.asyncProperty(currency, bought, cuts, fc.integer({ min: -20_000, max: 20_000 }), async (code, lines, { share, off }, owing) => {
      const stripe = desk();
      const balance = owing * chargeStep(code);
      const customer = (await stripe('POST', '/v1/customers', `balance=${balance}`)).body.id;
      const id = await coupon(stripe, code, share, priceIn(code, off));
      for (const { unit, quantity } of lines) await stripe('POST', '/v1/invoiceitems', `customer=${customer}&currency=${code}&unit_amount=${priceIn(code, unit)}&quantity=${quantity}`);
      const { body: draft } = await stripe('POST', '/v1/invoices', `customer=${customer}&currency=${code}&pending_invoice_items_behavior=include&discounts[0][coupon]=${id}`);
      const { body: final } = await stripe('POST', `/v1/invoices/${draft.id}/finalize`);
      const number = (name: string): number => Number(final[name]);
      expect(number('subtotal')).toBe(sum(lines.map(({ unit, quantity }) => priceIn(code, unit) * quantity)));
      expect(number('total')).toBe(number('subtotal') - sum((final['total_discount_amounts'] as readonly Shown[]).map((one) => one.amount)));
      expect(number('amount_due') + number('ending_balance')).toBe(number('total') + balance);
      const { body: paid } = final['status'] === 'paid' ? { body: final } : await stripe('POST', `/v1/invoices/${draft.id}/pay`, 'payment_method=pm_card_visa');
      expect(paid).toMatchObject({ status: 'paid', amount_paid: number('amount_due'), amount_remaining: 0 });
      expect(sum((await stripe('GET', '/v1/charges')).body.data.map((charge) => charge.amount))).toBe(number('amount_due'));
    }), { numRuns: 12 });
  });

  it('of prorations undo each other when a change is undone, whenever it was', async () => {
    await fc.assert(fc.asyncProperty(currency, fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 2, max: 9 }), fc.integer({ min: 0, max: 30 * 86_400 - 1 }), async (code, unit, quantity, seconds) => {
      const stripe = desk();
      const customer = (await stripe('POST', '/v1/customers', 'payment_method=pm_card_visa')).body.id;
      const method = (await stripe('GET', `/v1/customers/${customer}/payment_methods`)).body.data[0]!.id;
      const { body } = await stripe('POST', '/v1/subscriptions', `customer=${customer}&default_payment_method=${method}&items[0][price_data][currency]=${code}&items[0][price_data][unit_amount]=${priceIn(code, unit)}&items[0][price_data][recurring][interval]=month&items[0][price_data][product_data][name]=x`);
      const item = (body['items'] as Shown).data[0]!.id;
      const later = { later: seconds * 1000 };
      for (const many of [quantity, 1]) await stripe('POST', `/v1/subscription_items/${item}`, `quantity=${many}`, later);
      const amounts = (await stripe('GET', '/v1/invoiceitems?pending=true')).body.data.map((line) => line.amount);
      expect(amounts).toHaveLength(4);
      expect(sum(amounts)).toBe(0);
      for (const one of amounts) expect(one % chargeStep(code)).toBe(one < 0 ? -0 : 0);
    }), { numRuns: 10 });
  });
});

describe('what a price costs', () => {
  const total = async (price: string, quantity: number): Promise<unknown> => {
    const stripe = desk();
    const { body } = await stripe('POST', '/v1/prices', `currency=eur&product_data[name]=x&recurring[interval]=month&${price}`);
    return (await stripe('POST', '/v1/checkout/sessions', `mode=subscription&success_url=https%3A%2F%2Fx.test&line_items[0][price]=${body.id}&line_items[0][quantity]=${quantity}`)).body['amount_total'];
  };
  const tiers = 'billing_scheme=tiered&tiers[0][up_to]=10&tiers[0][unit_amount]=500&tiers[1][up_to]=20&tiers[1][unit_amount]=400&tiers[1][flat_amount]=1000&tiers[2][up_to]=inf&tiers[2][unit_amount_decimal]=33.5';
  it.each([
    ['unit_amount=1000', 3, 3000], ['unit_amount_decimal=0.25', 1001, 250], ['unit_amount_decimal=0.5', 201, 101],
    ['unit_amount=1000&transform_quantity[divide_by]=12&transform_quantity[round]=up', 25, 3000], ['unit_amount=1000&transform_quantity[divide_by]=12&transform_quantity[round]=down', 25, 2000],
    [`tiers_mode=graduated&${tiers}`, 10, 5000], [`tiers_mode=graduated&${tiers}`, 11, 5000 + 400 + 1000], [`tiers_mode=graduated&${tiers}`, 23, 5000 + 4000 + 1000 + 101],
    [`tiers_mode=volume&${tiers}`, 10, 5000], [`tiers_mode=volume&${tiers}`, 11, 4400 + 1000], [`tiers_mode=volume&${tiers}`, 23, 771],
  ])('%s × %i is %i', async (price, quantity, wanted) => {
    expect(await total(price, quantity)).toBe(wanted);
  });
});
