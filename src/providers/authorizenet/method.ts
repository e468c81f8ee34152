import { createHash } from 'node:crypto';
import type { JsonObject } from '../wire/json.ts';
import { at, textAt } from './call.ts';
import { asObject } from '../wire/json.ts';
import { AnetFailure, fails } from './errors.ts';
import type { Books } from './operation.ts';
import { methodOfProfile } from './profile.ts';

/** How a call is paid. No whole number is ever kept. */
export interface Method {
  readonly kind: 'card' | 'account';
  /** 'Visa', 'eCheck' */
  readonly type: string;
  /** 'XXXX1111' */
  readonly masked: string;
  readonly profile: string | null;
  readonly paymentProfile: string | null;
}

const brands: readonly (readonly [RegExp, string])[] = [
  [/^4/, 'Visa'], [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 'MasterCard'], [/^3[47]/, 'AmericanExpress'], [/^(?:6011|64[4-9]|65)/, 'Discover'], [/^3(?:0[0-5]|[689])/, 'DinersClub'], [/^(?:35|3088)/, 'JCB'],
];

function brandOf(number: string): string {
  // JCB's test number begins as Diners Club's do
  return number.startsWith('3088') ? 'JCB' : brands.find(([pattern]) => pattern.test(number))?.[1] ?? 'Visa';
}

function isLuhn(number: string): boolean {
  const sum = [...number].toReversed().reduce((total, digit, place) => total + (place % 2 === 0 ? Number(digit) : Number(digit) * 2 > 9 ? Number(digit) * 2 - 9 : Number(digit) * 2), 0);
  return /^[0-9]{13,16}$/.test(number) && sum % 10 === 0;
}

/** The masked form of a number in the clear. */
function masked(number: string): string {
  return `XXXX${number.replaceAll(/[^0-9]/g, '').slice(-4)}`;
}

/** What the payment of a call comes to, where the call itself says it. */
export function shownMethod(thing: JsonObject | null): string | null {
  const number = (textAt(thing, 'payment', 'creditCard', 'cardNumber') ?? '').replaceAll(/[^0-9]/g, '');
  if (number.length >= 12) return `${brandOf(number)} ${number.slice(-4)}`;
  if (number.length === 4) return `card ${number}`;
  if (at(thing, 'payment', 'bankAccount') !== undefined) return `eCheck ${(textAt(thing, 'payment', 'bankAccount', 'accountNumber') ?? '').slice(-4)}`;
  if (at(thing, 'payment', 'opaqueData') !== undefined) return 'opaque data';
  return textAt(thing, 'profile', 'paymentProfile', 'paymentProfileId');
}

/** The card, account, token of a browser or stored profile that a transaction names. */
export async function methodOf(books: Books, thing: JsonObject): Promise<Method> {
  const profile = textAt(thing, 'profile', 'customerProfileId');
  if (profile !== null) return methodOfProfile(books, profile, textAt(thing, 'profile', 'paymentProfile', 'paymentProfileId'));
  return given(books, asObject(at(thing, 'payment')));
}

/** A payment in the clear, or a token made of one. */
export async function given(books: Books, payment: JsonObject | null): Promise<Method> {
  const blank = { profile: null, paymentProfile: null };
  const number = textAt(payment, 'creditCard', 'cardNumber');
  if (number !== null) {
    if (!isLuhn(number.replaceAll(/[ -]/g, ''))) throw fails('6');
    expired(books, textAt(payment, 'creditCard', 'expirationDate') ?? '');
    return { kind: 'card', type: brandOf(number), masked: masked(number), ...blank };
  }
  if (at(payment, 'bankAccount') !== undefined) {
    if (!/^[0-9]{9}$/.test(textAt(payment, 'bankAccount', 'routingNumber') ?? '')) throw fails('9');
    const account = textAt(payment, 'bankAccount', 'accountNumber') ?? '';
    if (!/^[0-9]{4,17}$/.test(account)) throw fails('10');
    return { kind: 'account', type: 'eCheck', masked: masked(account), ...blank };
  }
  const token = textAt(payment, 'opaqueData', 'dataValue');
  if (token === null) throw fails('33');
  // one use, by what it hashes to: the token itself is not kept
  const id = createHash('sha256').update(token).digest('hex').slice(0, 32);
  if (await books.ledger.find('opaque', id) !== null) throw new AnetFailure('E00114', 'Invalid OTS Token.');
  books.ledger.save('opaque', id, { used: true });
  return { kind: 'card', type: 'Visa', masked: 'XXXX1111', ...blank };
}

/** '2030-08', '0830', '08/30', '08/2030' */
function expired({ context }: Pick<Books, 'context'>, date: string): void {
  const found = /^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})$|^(?<month2>[0-9]{2})[/-]?(?<year2>(?:[0-9]{2})?[0-9]{2})$/.exec(date)?.groups;
  const month = Number(found?.['month'] ?? found?.['month2']);
  const year = Number((found?.['year'] ?? found?.['year2'])?.padStart(4, '20'));
  if (!(month >= 1 && month <= 12) || Number.isNaN(year)) throw fails('7');
  if (Date.UTC(year, month) <= context.now) throw fails('8');
}
