/** How a call is paid. No whole number is ever kept. */
export interface Card {
  readonly instrument: 'credit_card' | 'paypal_account' | 'apple_pay_card' | 'android_pay_card';
  readonly type: string;
  readonly bin: string;
  readonly last4: string;
  readonly month: string;
  readonly year: string;
  readonly holder: string | null;
  /** of a PayPal account */
  readonly email: string | null;
  /** the status of its 3D Secure authentication */
  readonly threeDSecure: string | null;
}

export type Outcome =
  | { readonly kind: 'pays' }
  | { readonly kind: 'declines'; readonly code: string }
  | { readonly kind: 'rejected'; readonly reason: string };

const brands: readonly (readonly [RegExp, string])[] = [
  [/^4/, 'Visa'], [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 'MasterCard'], [/^3[47]/, 'American Express'], [/^(?:6011|64[4-9]|65)/, 'Discover'],
  [/^35(?:2[89]|[3-8])/, 'JCB'], [/^(?:30[0-5]|36|38|39)/, 'Diners Club'], [/^(?:50|5[6-9]|63|67)/, 'Maestro'], [/^62/, 'China UnionPay'],
];

export function brandOf(number: string): string {
  return brands.find(([pattern]) => pattern.test(number))?.[1] ?? 'Unknown';
}

export function isLuhn(number: string): boolean {
  const sum = [...number].toReversed().reduce((total, digit, at) => total + (at % 2 === 0 ? Number(digit) : (Number(digit) * 2 > 9 ? Number(digit) * 2 - 9 : Number(digit) * 2)), 0);
  return /^[0-9]{12,19}$/.test(number) && sum % 10 === 0;
}

/** 'Visa 1881', for whoever reads the capture. */
export function shownCard({ type, last4, instrument }: Card): string {
  return instrument === 'paypal_account' ? 'PayPal' : `${type} ${last4}`;
}
