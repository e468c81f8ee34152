import { createHash } from 'node:crypto';

/** What a test card does when it is charged. https://docs.stripe.com/testing */
export type CardOutcome =
  | { readonly kind: 'approve'; readonly risk: 'normal' | 'elevated'; readonly cvc: 'pass' | 'fail' }
  /** `attaches`: the card can be saved to a customer, and fails only when charged */
  | { readonly kind: 'decline'; readonly decline: Decline; readonly attaches: boolean }
  /** 3-D Secure: the payment waits for the customer */
  | { readonly kind: 'authenticate' };

export interface Decline {
  /** Stripe's error code: 'card_declined', 'expired_card' */
  readonly code: string;
  readonly declineCode: string;
  readonly message: string;
  readonly advice: 'try_again_later' | 'do_not_try_again' | 'confirm_card_data';
}

export interface TestCard {
  readonly number: string;
  readonly brand: string;
  readonly funding: 'credit' | 'debit' | 'prepaid';
  readonly country: string;
  /** what follows 'pm_card_' and 'tok_' */
  readonly tokens: readonly string[];
  readonly outcome: CardOutcome;
  /** names the number without telling it; the same for every object made from this card, as at Stripe */
  readonly fingerprint: string;
}

const approve: CardOutcome = { kind: 'approve', risk: 'normal', cvc: 'pass' };

function card(number: string, brand: string, options: Partial<Pick<TestCard, 'funding' | 'country' | 'tokens' | 'outcome'>> = {}): TestCard {
  return { number, brand, funding: 'credit', country: 'US', tokens: [], outcome: approve, ...options, fingerprint: fingerprintOf(number) };
}

function declines(number: string, token: string, code: string, declineCode: string, message: string, advice: Decline['advice'], attaches = false): TestCard {
  const tokens = token.startsWith('chargeDeclined') ? [token, `visa_${token}`] : [token];
  return card(number, 'visa', { tokens, outcome: { kind: 'decline', decline: { code, declineCode, message, advice }, attaches } });
}

const declined = 'Your card was declined.';

/** https://docs.stripe.com/testing, and the decline codes of https://docs.stripe.com/declines/codes */
export const testCards: readonly TestCard[] = [
  card('4242424242424242', 'visa', { tokens: ['visa', 'us'] }),
  card('4000056655665556', 'visa', { tokens: ['visa_debit'], funding: 'debit' }),
  card('5555555555554444', 'mastercard', { tokens: ['mastercard'] }),
  card('2223003122003222', 'mastercard'),
  card('5200828282828210', 'mastercard', { tokens: ['mastercard_debit'], funding: 'debit' }),
  card('5105105105105100', 'mastercard', { tokens: ['mastercard_prepaid'], funding: 'prepaid' }),
  card('378282246310005', 'amex', { tokens: ['amex'] }),
  card('371449635398431', 'amex'),
  card('6011111111111117', 'discover', { tokens: ['discover'] }),
  card('6011000990139424', 'discover'),
  card('6011981111111113', 'discover', { funding: 'debit' }),
  card('3056930009020004', 'diners', { tokens: ['diners'] }),
  card('36227206271667', 'diners'),
  card('3566002020360505', 'jcb', { tokens: ['jcb'], country: 'JP' }),
  card('6200000000000005', 'unionpay', { tokens: ['unionpay'], country: 'CN' }),
  card('4000000000000077', 'visa', { tokens: ['bypassPending'] }),
  card('4000000000000259', 'visa', { tokens: ['createDispute'] }),
  card('4000000000009235', 'visa', { tokens: ['riskLevelElevated'], outcome: { kind: 'approve', risk: 'elevated', cvc: 'pass' } }),
  card('4000000000000101', 'visa', { tokens: ['cvcCheckFail'], outcome: { kind: 'approve', risk: 'normal', cvc: 'fail' } }),
  declines('4000000000000002', 'chargeDeclined', 'card_declined', 'generic_decline', declined, 'try_again_later'),
  declines('4000000000009995', 'chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds', 'Your card has insufficient funds.', 'try_again_later'),
  declines('4000000000009987', 'chargeDeclinedLostCard', 'card_declined', 'lost_card', declined, 'do_not_try_again'),
  declines('4000000000009979', 'chargeDeclinedStolenCard', 'card_declined', 'stolen_card', declined, 'do_not_try_again'),
  declines('4100000000000019', 'chargeDeclinedFraudulent', 'card_declined', 'fraudulent', declined, 'do_not_try_again'),
  declines('4000000000000069', 'chargeDeclinedExpiredCard', 'expired_card', 'expired_card', 'Your card has expired.', 'do_not_try_again'),
  declines('4000000000000127', 'chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc', "Your card's security code is incorrect.", 'confirm_card_data'),
  declines('4000000000000119', 'chargeDeclinedProcessingError', 'processing_error', 'processing_error', 'An error occurred while processing your card. Try again in a little bit.', 'try_again_later'),
  declines('4000000000006975', 'chargeDeclinedVelocityLimitExceeded', 'card_declined', 'card_velocity_exceeded', 'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.', 'try_again_later'),
  declines('4000000000000341', 'chargeCustomerFail', 'card_declined', 'generic_decline', declined, 'try_again_later', true),
  card('4000000000003220', 'visa', { tokens: ['threeDSecure2Required'], outcome: { kind: 'authenticate' } }),
  card('4000002760003184', 'visa', { tokens: ['authenticationRequired'], country: 'DE', outcome: { kind: 'authenticate' } }),
  card('4000002500003155', 'visa', { tokens: ['authenticationRequiredOnSetup'], country: 'FR', outcome: { kind: 'authenticate' } }),
];

const byNumber = new Map(testCards.map((entry) => [entry.number, entry]));
const byToken = new Map(testCards.flatMap((entry) => entry.tokens.map((token) => [token, entry] as const)));
const byFingerprint = new Map(testCards.map((entry) => [entry.fingerprint, entry]));

export function cardByNumber(number: string): TestCard | null {
  return byNumber.get(number.replaceAll(/[ -]/g, '')) ?? null;
}

/** 'pm_card_visa' and 'tok_visa' alike. */
export function cardByToken(token: string): TestCard | null {
  const name = /^(?:pm_card_|tok_)(.+)$/.exec(token)?.[1];
  return name === undefined ? null : byToken.get(name) ?? null;
}

/** How a stored card behaves. A fingerprint that is none of ours (a seeded object) behaves like a good card. */
export function outcomeOf(fingerprint: string | null): CardOutcome {
  return (fingerprint === null ? null : byFingerprint.get(fingerprint)?.outcome) ?? approve;
}

/** Every code that a decline can be made with: Stripe's decline codes, and what is told of each. https://docs.stripe.com/declines/codes */
const byCode: ReadonlyMap<string, Decline> = new Map([
  ...testCards.toReversed().flatMap(({ outcome }) => (outcome.kind === 'decline' ? [[outcome.decline.declineCode, outcome.decline] as const] : [])),
  ...([
    ['do_not_honor', 'try_again_later'], ['call_issuer', 'try_again_later'], ['currency_not_supported', 'do_not_try_again'], ['card_not_supported', 'do_not_try_again'],
    ['pickup_card', 'do_not_try_again'], ['restricted_card', 'do_not_try_again'], ['transaction_not_allowed', 'do_not_try_again'], ['try_again_later', 'try_again_later'],
    ['withdrawal_count_limit_exceeded', 'try_again_later'],
  ] as const).map(([code, advice]) => [code, { code: 'card_declined', declineCode: code, message: declined, advice }] as const),
  ['authentication_required', { code: 'authentication_required', declineCode: 'authentication_required', message: 'Your card was declined. This transaction requires authentication.', advice: 'try_again_later' }],
]);

export const declineCodes: readonly string[] = [...byCode.keys()].toSorted();

/** The decline of a code; null = a usual one. A code that is not known here is told as the bank's own. */
export function declineOf(code: string | null): Decline {
  return byCode.get(code ?? 'generic_decline') ?? { code: 'card_declined', declineCode: code ?? 'generic_decline', message: declined, advice: 'try_again_later' };
}

/** The check digit of ISO/IEC 7812. */
export function luhn(number: string): boolean {
  const sum = [...number].toReversed().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return /^[0-9]{12,19}$/.test(number) && sum % 10 === 0;
}

const brandNames: Readonly<Record<string, string | undefined>> = {
  visa: 'Visa', mastercard: 'Mastercard', amex: 'American Express', discover: 'Discover', diners: 'Diners Club', jcb: 'JCB', unionpay: 'UnionPay',
};

/** 'Visa 4242', for a person. Tells four digits of any number and never more. */
export function cardText(entry: Pick<TestCard, 'brand' | 'number'>): string {
  return `${brandNames[entry.brand] ?? 'Card'} ${entry.number.slice(-4)}`;
}

/** The brand by the number's first digits. */
export function brandOf(number: string): string {
  const found = ([
    [/^4/, 'visa'], [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 'mastercard'], [/^3[47]/, 'amex'],
    [/^(?:6011|64[4-9]|65)/, 'discover'], [/^(?:30[0-5]|36|38|39)/, 'diners'], [/^35(?:2[89]|[3-8])/, 'jcb'], [/^62/, 'unionpay'],
  ] as const).find(([pattern]) => pattern.test(number));
  return found?.[1] ?? 'unknown';
}

function fingerprintOf(number: string): string {
  return createHash('sha256').update(`test card ${number}`).digest('base64').replaceAll(/[+/=]/g, '').slice(0, 16);
}
