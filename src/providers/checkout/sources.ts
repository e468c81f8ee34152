import { createHash } from 'node:crypto';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { codeOfCard } from './declines.ts';
import { invalid } from './errors.ts';
import type { Books, Work } from './operation.ts';
import { iso, text } from './operation.ts';

/** A card that is kept to be charged again, by its id. */
export interface Instrument {
  /** as Checkout.com shows it: of the number six digits and four */
  readonly view: JsonObject & { readonly id: string };
  /** what the bank says to it, where it is a test card; 'amount' = the card of many amounts */
  readonly code: string | null;
  readonly customer: string | null;
}

/** What a payment is made with. `verdict` null: approved. */
interface Source {
  readonly kind: 'card' | 'redirect';
  readonly view: JsonObject;
  readonly code: (amount: bigint) => string | null;
  /** kept once it was approved */
  readonly instrument: Instrument | null;
}

const schemes: readonly (readonly [RegExp, string])[] = [[/^4/, 'Visa'], [/^(?:5[1-5]|2[2-7])/, 'Mastercard'], [/^3[47]/, 'American Express'], [/^(?:6011|64|65)/, 'Discover'], [/^35/, 'JCB'], [/^3(?:0|6|8|9)/, 'Diners Club International']];

/** The number itself goes no further than this. */
export function cardView(digits: string, given: JsonObject): JsonObject {
  return {
    type: 'card', expiry_month: numberOf(given, 'expiry_month') ?? 12, expiry_year: numberOf(given, 'expiry_year') ?? 2030, scheme: schemes.find(([pattern]) => pattern.test(digits))?.[1] ?? 'Visa', last4: digits.slice(-4),
    fingerprint: createHash('sha256').update(`fourthwall ${digits.slice(0, 6)} ${digits.slice(-4)}`).digest('hex').toUpperCase(), bin: digits.slice(0, 6), card_type: 'CREDIT', card_category: 'CONSUMER', issuer_country: 'GB', product_id: 'F', product_type: 'CLASSIC',
    ...(text(given, 'name') === null ? {} : { name: text(given, 'name')! }),
  };
}

function numberOf(given: JsonObject, name: string): number | null {
  const value = Number(field(given, name) ?? Number.NaN);
  return Number.isSafeInteger(value) ? value : null;
}

export function digitsOf(source: JsonObject | null): string | null {
  const digits = text(source, 'number')?.replaceAll(/[ -]/g, '') ?? '';
  return /^[0-9]{12,19}$/.test(digits) ? digits : null;
}

/** 'card 4242', 'tok_...', 'src_...', 'klarna' */
export function sourceText(source: JsonObject | null): string | null {
  const digits = digitsOf(source);
  if (digits !== null) return `card ${digits.slice(-4)}`;
  const named = text(source, 'type') === 'network_token' ? null : text(source, 'token');
  return (text(source, 'id') ?? named ?? text(source, 'type'))?.slice(0, 100) ?? null;
}

/** A token of the card form tells nothing of its card, but one of ours does: its letters are the last digits and what the bank will say. */
export function tokenOf(digits: string, books: Books): string {
  const code = codeOfCard(digits, 0n) ?? (digits === '4242424242424242' ? 'amount' : '');
  const at = tokenCodes.indexOf(code);
  return `tok_fw${lettersOf(digits.slice(-4))}${lettersOf(digits.slice(0, 6))}${lettersOf(String(at < 0 ? 0 : at).padStart(2, '0'))}${books.id('').slice(0, 12)}`;
}

const tokenCodes = ['', 'amount', '20001', '20012', '20014', '20020', '20051', '20057', '20059', '20061', '20062', '20063', '20068', '20154', '2005C', '2009G', '200N7', '30015', '30041', '30043'];
const lettersOf = (digits: string): string => [...digits].map((digit) => 'abcdefghij'[Number(digit)]).join('');
const digitsIn = (letters: string): string => [...letters].map((letter) => 'abcdefghij'.indexOf(letter)).join('');

function fromToken(token: string, id: string, given: JsonObject): Instrument {
  const known = /^tok_fw([a-j]{4})([a-j]{6})([a-j]{2})[a-z2-7]{12}$/.exec(token);
  const [last4, bin, at] = known === null ? ['4242', '424242', 1] : [digitsIn(known[1]!), digitsIn(known[2]!), Number(digitsIn(known[3]!))];
  return { view: { id, ...cardView(`${bin}000000${last4}`, given), last4, bin }, code: tokenCodes[at] || null, customer: null };
}

/** An instrument by a card or its token, not kept yet. */
export function newInstrument(books: Books, source: JsonObject): Instrument {
  const digits = digitsOf(source);
  if (digits !== null) return { view: { id: books.id('src_'), ...cardView(digits, source) }, code: codeOfCard(digits, 0n) ?? (digits === '4242424242424242' ? 'amount' : null), customer: null };
  const token = text(source, 'token');
  if (token === null || !/^(?:tok|card_tok)_[A-Za-z0-9]{1,60}$/.test(token)) throw invalid(token === null ? 'token_required' : 'token_invalid');
  return fromToken(token, books.id('src_'), source);
}

const byCard = (instrument: Instrument, isNew: boolean): Source => ({
  kind: 'card', view: instrument.view, code: (amount) => instrument.code === 'amount' ? codeOfCard('4242424242424242', amount) : instrument.code, instrument: isNew ? instrument : null,
});

export async function sourceOf(work: Work, source: JsonObject | null): Promise<Source> {
  const type = text(source, 'type');
  if (source === null || type === null) throw invalid('payment_source_required');
  switch (type) {
    case 'card': {
      if (digitsOf(source) === null) throw invalid('card_number_invalid');
      const [month, year] = [numberOf(source, 'expiry_month'), numberOf(source, 'expiry_year')];
      if (month === null || month < 1 || month > 12) throw invalid('card_expiry_month_invalid');
      if (year === null) throw invalid('card_expiry_year_invalid');
      const made = newInstrument(work, source);
      return byCard(Date.UTC(year < 100 ? 2000 + year : year, month) <= work.now ? { ...made, code: '20054' } : made, true);
    }
    case 'token': return byCard(newInstrument(work, source), true);
    case 'network_token': return byCard({ view: { id: work.id('src_'), ...cardView('4242424242424242', source) }, code: null, customer: null }, true);
    case 'id': return byCard(await instrumentOf(work, text(source, 'id') ?? '') ?? unknown(), false);
    case 'customer': {
      const { items } = await work.context.list('instrument', { where: { customer: text(source, 'id') ?? '' }, limit: 1 });
      return byCard(items[0]?.value as Instrument | undefined ?? unknown(), false);
    }
    // a bank's, a wallet's: the payer says yes there
    default: return { kind: 'redirect', view: { type }, code: () => null, instrument: null };
  }
}

function unknown(): never {
  throw invalid('payment_source_invalid');
}

export async function instrumentOf({ ledger, context, now }: Books, id: string): Promise<Instrument | null> {
  const found = await ledger.find<Instrument>('instrument', id);
  if (found !== null || context.unknownIds !== 'adopt' || !/^src_[a-z0-9]{1,60}$/.test(id)) return found;
  return saveInstrument({ ledger }, { view: { id, ...cardView('4242424242424242', {}), created_on: iso(now) }, code: null, customer: null });
}

export function saveInstrument({ ledger }: Pick<Books, 'ledger'>, instrument: Instrument): Instrument {
  ledger.save('instrument', instrument.view.id, instrument, instrument.customer === null ? {} : { customer: instrument.customer });
  return instrument;
}

export function sourceIn(body: JsonObject): JsonObject | null {
  return asObject(field(body, 'source'));
}
