import type { Card, Outcome } from './card.ts';

/** What the sandbox does with its own nonces and amounts. https://developer.paypal.com/braintree/docs/reference/general/testing */
export type NonceMeans = { readonly kind: 'method'; readonly card: Card; readonly outcome: Outcome } | { readonly kind: 'consumed' } | { readonly kind: 'luhn-invalid' };

const visa = ['Visa', '401288', '1881'] as const;
const cards: Readonly<Record<string, readonly [type: string, bin: string, last4: string]>> = {
  visa, amex: ['American Express', '378282', '0005'], mastercard: ['MasterCard', '555555', '4444'], discover: ['Discover', '601111', '1117'], jcb: ['JCB', '353011', '0000'],
  maestro: ['Maestro', '630495', '0000'], dinersclub: ['Diners Club', '385200', '3237'],
};

const pays: Outcome = { kind: 'pays' };
const declines: Outcome = { kind: 'declines', code: '2000' };

function card([type, bin, last4]: readonly [string, string, string], more: Partial<Card> = {}): Card {
  return { instrument: 'credit_card', type, bin, last4, month: '12', year: '2030', holder: null, email: null, threeDSecure: null, ...more };
}

function method(found: Card, outcome: Outcome = pays): NonceMeans {
  return { kind: 'method', card: found, outcome };
}

const named: Readonly<Record<string, NonceMeans>> = {
  'fake-valid-nonce': method(card(visa)), 'fake-consumed-nonce': { kind: 'consumed' }, 'fake-luhn-invalid-nonce': { kind: 'luhn-invalid' },
  'fake-paypal-one-time-nonce': method(paypal()), 'fake-paypal-billing-agreement-nonce': method(paypal()),
  'fake-android-pay-nonce': method(card(visa, { instrument: 'android_pay_card' })),
  'fake-processor-failure-jcb-nonce': method(card(cards['jcb']!), { kind: 'declines', code: '3000' }),
  'fake-gateway-rejected-fraud-nonce': method(card(visa), { kind: 'rejected', reason: 'fraud' }), 'fake-gateway-rejected-risk-thresholds-nonce': method(card(visa), { kind: 'rejected', reason: 'risk_threshold' }),
};

export function paypal(): Card {
  return card(['PayPal', '', ''], { instrument: 'paypal_account', email: 'jane.doe@paypal.example.com' });
}

/** 'Y' is authenticated; the SDK names the other ways of it. */
const threeDSecure: Readonly<Record<string, string>> = {
  'fake-three-d-secure-visa-full-authentication-nonce': 'authenticate_successful', 'fake-three-d-secure-visa-lookup-timeout-nonce': 'lookup_error', 'fake-three-d-secure-visa-failed-signature-nonce': 'authenticate_signature_verification_failed',
  'fake-three-d-secure-visa-failed-authentication-nonce': 'authenticate_failed', 'fake-three-d-secure-visa-attempts-non-participating-nonce': 'authenticate_attempt_successful',
  'fake-three-d-secure-visa-not-enrolled-nonce': 'lookup_not_enrolled', 'fake-three-d-secure-visa-unavailable-nonce': 'authentication_unavailable',
  'fake-three-d-secure-visa-authentication-unavailable-nonce': 'authenticate_unable_to_authenticate', 'fake-three-d-secure-visa-bypassed-authentication-nonce': 'lookup_bypassed',
  'fake-three-d-secure-two-visa-successful-frictionless-authentication-nonce': 'authenticate_frictionless_successful', 'fake-three-d-secure-two-visa-successful-step-up-authentication-nonce': 'authenticate_successful',
};

/** What a nonce of the sandbox's own means; null for any other. */
export function fakeNonce(nonce: string): NonceMeans | null {
  if (Object.hasOwn(named, nonce)) return named[nonce]!;
  if (Object.hasOwn(threeDSecure, nonce)) return method(card(visa, { threeDSecure: threeDSecure[nonce]! }));
  const [, what = '', brand = ''] = /^fake-(valid|processor-declined|apple-pay|android-pay)-([a-z]+)-nonce$/.exec(nonce) ?? [];
  if (!Object.hasOwn(cards, brand)) return null;
  const found = card(cards[brand]!, what === 'apple-pay' ? { instrument: 'apple_pay_card' } : what === 'android-pay' ? { instrument: 'android_pay_card' } : {});
  return method(found, what === 'processor-declined' ? declines : pays);
}

/** A nonce of the form that Braintree's scripts hand out in a browser: no application makes one up. */
export function looksTokenized(nonce: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(nonce) || /^token[a-z]{2,4}_[a-z0-9_]{16,80}$/.test(nonce);
}

export function tokenized(): NonceMeans {
  return method(card(visa));
}

/** 'SettlementDeclined' and the like are told when the transaction is settled. */
export function amountMeans(decimal: string): Outcome {
  const [whole = '', cents = '00'] = decimal.split('.');
  if (/^2[0-9]{3}$/.test(whole)) return { kind: 'declines', code: whole };
  if (whole === '3000') return { kind: 'declines', code: '3000' };
  if (whole === '5001' && cents === '00') return { kind: 'rejected', reason: 'application_incomplete' };
  return pays;
}

/** Cards that are told apart by the sandbox, and what comes of a sale. */
export const testNumbers: Readonly<Record<string, Outcome>> = {
  4000111111111115: declines, 5105105105105100: declines, 378734493671000: declines, 6011000990139424: declines, 3566002020360505: { kind: 'declines', code: '3000' },
  4000111111111511: { kind: 'rejected', reason: 'fraud' }, 4111130000000003: { kind: 'rejected', reason: 'risk_threshold' },
};

/** A sale on it is disputed at once. */
export const disputedNumber = '4023898493988028';
