import { asObject } from '../../wire/json.ts';
import { newPrice } from '../families/price-making.ts';
import type { Seeding } from '../seeding.ts';

export const priceSeed: Seeding = {
  needs: { currency: 'eur', product: 'prod_1', unit_amount: 1999 },
  holds: { lookup_key: 'text', nickname: 'text', recurring: 'object' },
  complete: (maker, given) => {
    const recurring = asObject(given['recurring'] ?? null);
    const price = newPrice(maker, String(given['product']), { currency: String(given['currency']), unit_amount: Number(given['unit_amount']) });
    return recurring === null ? price : { ...price, recurring: { interval_count: 1, meter: null, trial_period_days: null, usage_type: 'licensed', ...recurring }, type: 'recurring' };
  },
  fault: ({ unit_amount: amount, recurring }) => {
    if (Number(amount) < 0) return `unit_amount must not be below zero; it is ${String(amount)}`;
    const interval = asObject(recurring ?? null)?.['interval'];
    return recurring === null || ['day', 'week', 'month', 'year'].includes(String(interval)) ? null : 'recurring.interval must be day, week, month or year';
  },
};
