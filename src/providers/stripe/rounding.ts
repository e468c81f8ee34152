/** Decimal digits as a whole number of 10^-12: '10.5' is 10500000000000n. */
export const places = 12;
const unit = 10n ** BigInt(places);

export function scaled(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole) * unit + BigInt(fraction.padEnd(places, '0').slice(0, places));
}

/** The nearest whole number; a half goes away from zero. */
export function divided(numerator: bigint, denominator: bigint): bigint {
  const half = (numerator < 0n ? -numerator : numerator) * 2n + denominator;
  const whole = half / (denominator * 2n);
  return numerator < 0n ? -whole : whole;
}

export function rounded(amount: bigint): number {
  return Number(divided(amount, unit));
}

/** A percentage of whole minor units, rounded to a multiple of `step`. `percent` has four decimals at most, as coupons have. */
export function percentOf(amount: number, percent: number, step = 1): number {
  return step * Number(divided(BigInt(amount) * scaled(String(percent)), 100n * unit * BigInt(step)));
}

/** `amount` times part / whole, rounded to a multiple of `step`. */
export function portionOf(amount: number, part: number, whole: number, step = 1): number {
  return step * Number(divided(BigInt(amount) * BigInt(part), BigInt(whole) * BigInt(step)));
}

/** `amount` shared out by weight, in multiples of `step` where all are such, and to the last one: what rounding leaves goes where most was cut off. Never more than all weights together. */
export function sharedOut(amount: number, weights: readonly number[], step = 1): readonly number[] {
  if (step > 1 && [amount, ...weights].every((value) => value % step === 0)) return sharedOut(amount / step, weights.map((weight) => weight / step)).map((part) => part * step);
  const positive = weights.map((weight) => BigInt(Math.max(weight, 0)));
  const total = positive.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) return weights.map(() => 0);
  const given = BigInt(amount) < total ? BigInt(amount) : total;
  const parts = positive.map((weight) => ({ floor: given * weight / total, rest: given * weight % total }));
  const left = Number(given - parts.reduce((sum, { floor }) => sum + floor, 0n));
  const first = parts.map(({ rest }, index) => ({ rest, index })).toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1)).slice(0, left).map(({ index }) => index);
  return parts.map(({ floor }, index) => Number(floor) + (first.includes(index) ? 1 : 0));
}
