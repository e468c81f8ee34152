import { chargeStep } from './currency.ts';
import { percentOf, sharedOut } from './rounding.ts';

/** What one discount takes off. */
export interface Cut {
  /** of the discount object */
  readonly id: string;
  readonly percent: number | null;
  /** in the currency of the lines */
  readonly amount: number | null;
  /** null = every product */
  readonly products: readonly string[] | null;
}

export interface Cuttable {
  readonly amount: number;
  readonly product: string | null;
  readonly discountable: boolean;
}

/**
 * What each cut takes off each line: [line][cut], one cut after the other. A percentage is rounded line by line (the totals are
 * 'aggregate amounts calculated per discount across all line items'); an amount is shared out to the last unit, and never takes more than there is.
 * Both go by the steps in which the currency is charged.
 */
export function cutLines(lines: readonly Cuttable[], cuts: readonly Cut[], currency: string): readonly (readonly number[])[] {
  const step = chargeStep(currency);
  let left = lines.map(({ amount }) => amount);
  const taken: readonly number[][] = lines.map(() => []);
  for (const { percent, amount, products } of cuts) {
    const bases = lines.map((line, index) => (line.discountable && (products === null || line.product !== null && products.includes(line.product)) ? Math.max(left[index]!, 0) : 0));
    const parts = percent === null ? sharedOut(amount ?? 0, bases, step) : bases.map((base) => Math.min(percentOf(base, percent, step), base));
    left = left.map((value, index) => value - parts[index]!);
    parts.forEach((part, index) => { taken[index]!.push(part); });
  }
  return taken;
}

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
