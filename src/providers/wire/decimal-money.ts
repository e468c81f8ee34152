import { moneyText } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';

/**
 * The exact amount that a vendor writes as a decimal text ('10.00') and a currency. Null where either is none, and where it is finer than
 * the currency: what the vendor would make of that is not known.
 */
export function decimalMoney(text: string | null, currency: string | null, exponent: (currency: string) => number): Money | null {
  const found = /^(-?)([0-9]{1,15})(?:\.([0-9]{1,15}))?$/.exec(text ?? '');
  if (found === null || currency === null || !/^[A-Za-z]{3}$/.test(currency)) return null;
  const code = currency.toUpperCase();
  const digits = exponent(code);
  const [, sign = '', whole = '', fraction = ''] = found;
  if (/[1-9]/.test(fraction.slice(digits))) return null;
  return ofMinor(BigInt(`${sign}${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`), { currency: code, exponent: digits });
}

/** So many minor units, in the currency of another amount. */
export function ofMinor(minor: bigint, { currency, exponent }: Pick<Money, 'currency' | 'exponent'>): Money {
  return { minor: String(minor), exponent, currency };
}

/** '10.00' */
export function decimalText(money: Money): string {
  return moneyText(money).slice(money.currency.length + 1);
}

/** The sum where all are of one currency; null where they are not, where one is unknown, and of nothing. */
export function sumOf(amounts: readonly (Money | null)[]): Money | null {
  const first = amounts[0] ?? null;
  if (first === null || amounts.some((each) => each === null || each.currency !== first.currency || each.exponent !== first.exponent)) return null;
  return ofMinor(amounts.reduce((sum, each) => sum + BigInt(each!.minor), 0n), first);
}
