import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { brandOf, isLuhn } from './card.ts';
import type { Card, Outcome } from './card.ts';
import { invalid } from './errors.ts';
import type { Books } from './operation.ts';
import { textOf } from './parameters.ts';
import { disputedNumber, fakeNonce, looksTokenized, testNumbers, tokenized } from './test-values.ts';
import type { NonceMeans } from './test-values.ts';
import { customerOf, methodOf } from './vault.ts';

/** What a call is paid with. */
export interface Source {
  readonly card: Card;
  readonly outcome: Outcome;
  /** its token in the vault */
  readonly vaulted: string | null;
  readonly customer: string | null;
  /** a sale on it is disputed at once */
  readonly disputed: boolean;
}

/** A nonce that the application made of a payment method. */
export interface MadeNonce { readonly method: string; readonly consumed: boolean }

interface NonceCodes { readonly at: string; readonly consumed: string; readonly unknown: string }

/** What a nonce stands for, used up by this call; the codes of Braintree's objections differ with what asks. */
export async function consumed(books: Books, nonce: string, codes: NonceCodes): Promise<Omit<Source, 'customer'>> {
  const again = invalid(codes.at, 'payment_method_nonce', codes.consumed, 'Cannot use a payment_method_nonce more than once.');
  const made = await books.ledger.find<MadeNonce>('payment_method_nonce', nonce);
  if (made?.consumed) throw again;
  if (made !== null && made.method !== '') {
    const method = await methodOf(books, made.method);
    if (method === null) throw unknownNonce(codes);
    books.ledger.save('payment_method_nonce', nonce, { ...made, consumed: true } satisfies MadeNonce);
    return { card: method.card, outcome: method.outcome, vaulted: method.id, disputed: false };
  }
  const means: NonceMeans | null = fakeNonce(nonce) ?? (looksTokenized(nonce) || books.context.unknownIds === 'adopt' ? tokenized() : null);
  if (means === null) throw unknownNonce(codes);
  if (means.kind === 'consumed') throw again;
  if (means.kind === 'luhn-invalid') throw invalid([codes.at, 'credit_card'], 'number', '81715', 'Credit card number is invalid.');
  // the sandbox's own nonces can be used for ever, any other one once
  if (fakeNonce(nonce) === null) books.ledger.save('payment_method_nonce', nonce, { method: '', consumed: true } satisfies MadeNonce);
  return { card: means.card, outcome: means.outcome, vaulted: null, disputed: false };
}

function unknownNonce({ at, unknown }: NonceCodes): Error {
  return invalid(at, 'payment_method_nonce', unknown, 'Unknown or expired payment_method_nonce.');
}

const ofTransaction: NonceCodes = { at: 'transaction', consumed: '91564', unknown: '91565' };

/** Nonce, token, card in the clear or the customer's default: a transaction names one of them. */
export async function sourceOf(books: Books, body: JsonObject): Promise<Source> {
  const customerId = textOf(field(body, 'customer_id'));
  const nonce = textOf(field(body, 'payment_method_nonce'));
  if (nonce !== null) return { ...await consumed(books, nonce, ofTransaction), customer: customerId };
  const token = textOf(field(body, 'payment_method_token'));
  if (token !== null) return vaultedSource(books, token);
  const card = asObject(field(body, 'credit_card'));
  if (card !== null && textOf(field(card, 'number')) !== null) return { ...cardSource(card, ['transaction', 'credit_card']), customer: customerId };
  const customer = customerId === null ? null : await customerOf(books, customerId);
  if (customerId !== null && customer === null) throw invalid('transaction', 'customer_id', '91510', 'Customer ID is invalid.');
  const usual = customer?.methods[0];
  if (customer !== null && usual === undefined) throw invalid('transaction', 'customer_id', '91511', 'Customer does not have any credit cards.');
  if (usual === undefined) throw invalid('transaction', 'base', '91508', 'Cannot determine payment method.');
  return vaultedSource(books, usual);
}

async function vaultedSource(books: Books, token: string): Promise<Source> {
  const method = await methodOf(books, token);
  if (method === null) throw invalid('transaction', 'payment_method_token', '91518', 'Payment method token is invalid.');
  return { card: method.card, outcome: method.outcome, vaulted: token, customer: method.customer, disputed: false };
}

/** A card that is given in the clear: no more of its number is kept than stands on a receipt. */
export function cardSource(given: JsonObject, at: readonly string[]): Omit<Source, 'customer'> {
  const number = (textOf(field(given, 'number')) ?? '').replaceAll(/[ -]/g, '');
  if (number === '') throw invalid(at, 'number', '81714', 'Credit card number is required.');
  if (!isLuhn(number)) throw invalid(at, 'number', '81715', 'Credit card number is invalid.');
  const [, month = textOf(field(given, 'expiration_month')), year = textOf(field(given, 'expiration_year'))] = /^([0-9]{1,2})\/((?:[0-9]{2})?[0-9]{2})$/.exec(textOf(field(given, 'expiration_date')) ?? '') ?? [];
  if (month === null || year === null) throw invalid(at, 'expiration_date', '81709', 'Expiration date is required.');
  if (!/^(?:0?[1-9]|1[0-2])$/.test(month) || !/^(?:[0-9]{2})?[0-9]{2}$/.test(year)) throw invalid(at, 'expiration_date', '81710', 'Expiration date is invalid.');
  const card: Card = {
    instrument: 'credit_card', type: brandOf(number), bin: number.slice(0, 6), last4: number.slice(-4), month: month.padStart(2, '0'), year: year.length === 2 ? `20${year}` : year,
    holder: textOf(field(given, 'cardholder_name')), email: null, threeDSecure: null,
  };
  return { card, outcome: testNumbers[number] ?? { kind: 'pays' }, vaulted: null, disputed: number === disputedNumber };
}
