import type { Money } from '../../model/money.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { AdyenFailure, invalid } from './errors.ts';
import type { Books } from './operation.ts';
import { announce } from './webhook.ts';

/** As it is kept: nothing of the card but its brand. */
export interface Payment {
  readonly psp: string;
  readonly merchantAccount: string;
  readonly reference: string;
  readonly minor: string;
  readonly currency: string;
  /** 'visa', 'ideal' */
  readonly brand: string;
  readonly status: 'pending' | 'authorised' | 'refused' | 'cancelled';
  /** minor units */
  readonly captured: string;
  readonly refunded: string;
  /** of one whose shopper was sent away: where to come back to, and who that is */
  readonly back?: string;
  readonly payer?: string;
  /** sent away for 3-D Secure */
  readonly secure?: boolean;
  readonly refusal?: Refusal;
}

export interface Refusal { readonly resultCode: 'Refused' | 'Error' | 'Cancelled'; readonly reason: string; readonly code: string }

/** https://docs.adyen.com/development-resources/testing/result-code-testing/ and .../refusal-reasons/ */
const outcomes: Readonly<Record<string, Refusal | undefined>> = {
  DECLINED: { resultCode: 'Refused', reason: 'Refused', code: '2' }, ERROR: { resultCode: 'Error', reason: 'Acquirer Error', code: '4' },
  BLOCK_CARD: { resultCode: 'Refused', reason: 'Blocked Card', code: '5' }, CARD_EXPIRED: { resultCode: 'Refused', reason: 'Expired Card', code: '6' },
  INVALID_AMOUNT: { resultCode: 'Refused', reason: 'Invalid Amount', code: '7' }, NOT_ENOUGH_BALANCE: { resultCode: 'Refused', reason: 'Not enough balance', code: '12' },
};
export const shopperCancelled: Refusal = { resultCode: 'Cancelled', reason: 'Shopper Cancelled', code: '16' };
export const unauthenticated: Refusal = { resultCode: 'Refused', reason: '3D Not Authenticated', code: '11' };
const codes: Readonly<Record<string, string | undefined>> = { 2: 'DECLINED', 4: 'ERROR', 5: 'BLOCK_CARD', 6: 'CARD_EXPIRED', 7: 'INVALID_AMOUNT', 12: 'NOT_ENOUGH_BALANCE' };

/** What the call asks to happen: by the holder's name, or by the acquirer's answer. Null: it is paid. */
export function refusalOf(body: JsonObject): Refusal | null {
  const asked = field(asObject(field(body, 'additionalData')), 'RequestedTestAcquirerResponseCode');
  const name = asString(field(asObject(field(body, 'paymentMethod')), 'holderName'));
  return named(typeof asked === 'number' ? String(asked) : asString(asked)) ?? named(name);
}

export function named(text: string | null): Refusal | null {
  const name = text === null ? '' : Object.hasOwn(codes, text) ? codes[text]! : text;
  return Object.hasOwn(outcomes, name) ? outcomes[name]! : null;
}

export const declines = Object.entries(outcomes).flatMap(([name, outcome]) => outcome?.resultCode === 'Refused' ? [name] : []);

/** The payer's bank declines by a rule. */
export function declinedBy(declined: SimulationContext['declined']): Refusal | null {
  return declined === null ? null : named(declined.code) ?? outcomes['DECLINED']!;
}

export function requireMerchant(body: JsonObject): string {
  const merchant = asString(field(body, 'merchantAccount'));
  if (merchant === null || merchant === '') throw new AdyenFailure(403, { errorCode: '901', message: 'Invalid Merchant Account', errorType: 'security' });
  return merchant;
}

export function requireReference(body: JsonObject): string {
  const reference = asString(field(body, 'reference'));
  if (reference === null || reference === '') throw invalid('130', 'Reference Missing');
  return reference;
}

export function newPayment(books: Books, facts: Pick<Payment, 'merchantAccount' | 'reference' | 'brand' | 'status' | 'back' | 'payer' | 'secure'> & { readonly amount: Money }): Payment {
  const { amount, ...rest } = facts;
  return { psp: books.id(), ...rest, minor: amount.minor, currency: amount.currency, captured: '0', refunded: '0' };
}

export function keep({ ledger }: Books, payment: Payment): void {
  ledger.save('payment', payment.psp, payment);
}

/** The shopper's bank has answered. */
export function authorised(books: Books, before: Payment, refusal: Refusal | null): Payment {
  const after: Payment = { ...before, status: refusal === null ? 'authorised' : 'refused', ...(refusal === null ? {} : { refusal }) };
  keep(books, after);
  announce(books, after, { code: 'AUTHORISATION', success: refusal === null, ...(refusal === null ? {} : { reason: refusal.reason }) });
  return after;
}

export async function paymentOf({ ledger }: Books, psp: string): Promise<Payment> {
  const found = await ledger.find<Payment>('payment', psp);
  if (found === null) throw invalid('167', 'Original pspReference required for this operation');
  return found;
}

/** The brand by the number's first digits. */
export function brandOf(method: JsonObject | null): string {
  const type = asString(field(method, 'type')) ?? 'scheme';
  if (type !== 'scheme') return type.slice(0, 60);
  const number = asString(field(method, 'number')) ?? '';
  return /^3[47]/.test(number) ? 'amex' : /^(?:5[1-5]|2[2-7])/.test(number) ? 'mc' : asString(field(method, 'brand'))?.slice(0, 30) || 'visa';
}
