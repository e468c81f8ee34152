/** An exact amount. No floating point anywhere. */
export interface Money {
  /** whole number of minor units as decimal digits, optional leading '-' */
  readonly minor: string;
  /** digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD */
  readonly exponent: number;
  /** ISO 4217, upper-case */
  readonly currency: string;
}

/** ISO 4217 minor units that are not 2. Source: ISO 4217 list one. */
const exponents: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
};

export function currencyExponent(currency: string): number {
  return exponents[currency.toUpperCase()] ?? 2;
}

/** 'EUR 42.00' */
export function moneyText(money: Money): string {
  const negative = money.minor.startsWith('-');
  const digits = (negative ? money.minor.slice(1) : money.minor).padStart(money.exponent + 1, '0');
  const whole = digits.slice(0, digits.length - money.exponent);
  const fraction = money.exponent === 0 ? '' : `.${digits.slice(-money.exponent)}`;
  return `${money.currency} ${negative ? '-' : ''}${whole}${fraction}`;
}
