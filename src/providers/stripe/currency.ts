import { currencyExponent, moneyText } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';

/**
 * Where Stripe's minor units are not those of ISO 4217: MGA has none; ISK and UGX keep two, for compatibility.
 * https://docs.stripe.com/currencies (zero-decimal currencies, special cases)
 */
const exponents: Readonly<Record<string, number | undefined>> = { MGA: 0, ISK: 2, UGX: 2 };

/** The currencies named by Stripe's own 'Invalid currency' message, in its order. */
const known = `usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop
crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf
krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mro mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr
pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sll sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf
xcd xof xpf yer zar zmw`;
export const currencies: readonly string[] = known.split(/\s+/);

export function stripeExponent(currency: string): number {
  return exponents[currency.toUpperCase()] ?? currencyExponent(currency);
}

/** An exact amount from digits; null when the amount is not whole or the currency is not three letters. */
export function money(minor: string, currency: string): Money | null {
  if (!/^-?[0-9]{1,15}$/.test(minor) || !/^[A-Za-z]{3}$/.test(currency)) return null;
  return { minor: minor.replace(/^(-?)0+(?=[0-9])/, '$1'), exponent: stripeExponent(currency), currency: currency.toUpperCase() };
}

const signs: Readonly<Record<string, string | undefined>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥' };

/** As Stripe writes amounts into messages: '$1,020.00', '¥500', '20.00 chf'. */
export function spoken(amount: number, currency: string): string {
  const code = currency.toUpperCase();
  const digits = moneyText({ minor: String(amount), exponent: stripeExponent(currency), currency: code }).slice(4).replaceAll(/\B(?=(?:[0-9]{3})+(?![0-9]))(?<![.][0-9]*)/g, ',');
  const sign = signs[code];
  return sign === undefined ? `${digits} ${currency.toLowerCase()}` : `${sign}${digits}`;
}

/** Smallest charge in minor units, settled in US dollars. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const minimums: Readonly<Record<string, number | undefined>> = {
  usd: 50, aed: 200, aud: 50, bgn: 100, brl: 50, cad: 50, chf: 50, czk: 1500, dkk: 250, eur: 50, gbp: 30, hkd: 400, huf: 17500, inr: 50,
  jpy: 50, mxn: 1000, myr: 200, nok: 300, nzd: 50, pln: 200, ron: 200, sek: 300, sgd: 50, thb: 1000,
};
/** Eight digits, but more where a unit is worth little. */
const roomy = ['clp', 'cop', 'huf', 'idr', 'jpy', 'krw', 'lbp', 'vnd'];

/** What every charge is a multiple of, in minor units: ten fils, a whole krona. */
export function chargeStep(currency: string): number {
  return stripeExponent(currency) === 3 ? 10 : exponents[currency.toUpperCase()] === 2 ? 100 : 1;
}

export type AmountFault = { readonly code: 'amount_too_small' | 'amount_too_large' | null; readonly message: string };

/** Why Stripe would not take this amount; null when it would. */
export function amountFault(amount: number, currency: string): AmountFault | null {
  const least = minimums[currency] ?? 1;
  const most = roomy.includes(currency) ? 999_999_999_999 : 99_999_999;
  if (amount < least) return { code: 'amount_too_small', message: `Amount must be at least ${spoken(least, currency)}${currency === 'usd' ? ' usd' : ''}` };
  if (amount > most) return { code: 'amount_too_large', message: `Amount must be no more than ${spoken(most, currency)}` };
  const step = chargeStep(currency);
  return amount % step === 0 ? null : { code: null, message: `Invalid amount: ${currency} amounts must be divisible by ${step}` };
}
