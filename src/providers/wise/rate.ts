import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { money } from './amount.ts';

/** Units a euro is worth, in millionths: made up, near what they were, and always the same. A currency that is not here is worth a euro. */
const perEuro: Readonly<Record<string, bigint>> = {
  EUR: 1_000_000n, USD: 1_100_000n, GBP: 850_000n, CHF: 950_000n, AUD: 1_650_000n, CAD: 1_500_000n, NZD: 1_800_000n, SGD: 1_450_000n, JPY: 160_000_000n, INR: 92_000_000n, BRL: 6_000_000n, MXN: 20_000_000n,
  PLN: 4_300_000n, SEK: 11_300_000n, NOK: 11_700_000n, DKK: 7_460_000n, CZK: 25_000_000n, HUF: 400_000_000n, RON: 5_000_000n, HKD: 8_600_000n, CNY: 7_900_000n, THB: 38_000_000n, PHP: 63_000_000n, ZAR: 20_000_000n, AED: 4_000_000n, TRY: 36_000_000n,
};
const millionths = 1_000_000n;

/** Target units for one source unit, in millionths. */
function rate(source: string, target: string): bigint {
  const found = (perEuro[target] ?? millionths) * millionths / (perEuro[source] ?? millionths);
  return found > 0n ? found : 1n;
}

export function rateOf(source: string, target: string): number {
  return Number(rate(source, target)) / 1_000_000;
}

export interface Converted { readonly source: Money; readonly target: Money; readonly fee: Money }

const up = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
const ten = (currency: string): bigint => 10n ** BigInt(currencyExponent(currency));
/** 0.41 %, nothing within one currency: made up like the rates. */
const feeOf = (minor: bigint, source: string, target: string): bigint => (source === target ? 0n : up(minor * 41n, 10_000n));

/** So much is paid: the fee is taken out of it, what is left is converted. */
export function fromSource(source: Money, target: string): Converted {
  const fee = feeOf(BigInt(source.minor), source.currency, target);
  const left = BigInt(source.minor) - fee;
  return { source, fee: money(fee, source.currency), target: money(left * rate(source.currency, target) * ten(target) / (millionths * ten(source.currency)), target) };
}

/** So much is to arrive. */
export function fromTarget(target: Money, source: string): Converted {
  const need = up(BigInt(target.minor) * millionths * ten(source), rate(source, target.currency) * ten(target.currency));
  const fee = feeOf(need, source, target.currency);
  return { target, fee: money(fee, source), source: money(need + fee, source) };
}
