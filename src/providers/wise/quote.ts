import type { Money } from '../../model/money.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { money, moneyOf, numberOf, requireCurrency, requirePositive } from './amount.ts';
import { invalid, notFound } from './errors.ts';
import { idOf, iso, some } from './operation.ts';
import type { Books } from './operation.ts';
import { fromSource, fromTarget, rateOf } from './rate.ts';
import type { Converted } from './rate.ts';

export interface Quote {
  readonly id: string;
  readonly profile: string | null;
  readonly source: string;
  readonly target: string;
  /** the amount that was given, in minor units, and on which side */
  readonly minor: string;
  readonly side: 'SOURCE' | 'TARGET';
  readonly payOut: string;
  readonly targetAccount: string | null;
  readonly given: JsonObject;
  readonly createdMs: number;
}

/** A rate is held for half an hour. https://docs.wise.com/api-reference/quote */
const heldMs = 30 * 60_000;

export function amountGiven(body: JsonObject): Money | null {
  return moneyOf(field(body, 'sourceAmount'), field(body, 'sourceCurrency')) ?? moneyOf(field(body, 'targetAmount'), field(body, 'targetCurrency') ?? null);
}

/** The quote that a call asks for, or Wise's objection. */
export function quoteFrom(books: Books, body: JsonObject, profile: string | null): Quote {
  const [source, target] = [requireCurrency(body, 'sourceCurrency'), requireCurrency(body, 'targetCurrency')];
  const [ofSource, ofTarget] = [field(body, 'sourceAmount') ?? null, field(body, 'targetAmount') ?? null];
  if ((ofSource === null) === (ofTarget === null)) throw invalid('sourceAmount', 'Either sourceAmount or targetAmount must be given, and not both');
  const side = ofSource === null ? 'TARGET' : 'SOURCE';
  const given = requirePositive(ofSource === null ? moneyOf(ofTarget, target) : moneyOf(ofSource, source), ofSource === null ? 'targetAmount' : 'sourceAmount');
  const quote: Quote = {
    id: books.context.uuid(), profile, source, target, minor: given.minor, side, payOut: asString(field(body, 'payOut')) ?? 'BANK_TRANSFER', targetAccount: idOf(field(body, 'targetAccount')),
    given: some(body, ['preferredPayIn', 'paymentMetadata', 'pricingConfiguration']), createdMs: books.now,
  };
  saveQuote(books, quote);
  return quote;
}

export function saveQuote({ ledger }: Pick<Books, 'ledger'>, quote: Quote): void {
  ledger.save('quote', quote.id, quote);
}

export async function quoteOf({ ledger }: Pick<Books, 'ledger'>, id: string): Promise<Quote> {
  const quote = await ledger.find<Quote>('quote', id);
  if (quote === null) throw notFound('Quote');
  return quote;
}

export function convertedBy({ source, target, minor, side }: Pick<Quote, 'source' | 'target' | 'minor' | 'side'>): Converted {
  return side === 'SOURCE' ? fromSource(money(BigInt(minor), source), target) : fromTarget(money(BigInt(minor), target), source);
}

export const isExpired = ({ createdMs }: Quote, now: number): boolean => now >= createdMs + heldMs;

export function showQuote(quote: Quote): JsonObject {
  const { source, target, fee } = convertedBy(quote);
  const option = (payIn: string): JsonObject => ({
    disabled: false, payIn, payOut: quote.payOut, sourceCurrency: quote.source, targetCurrency: quote.target, sourceAmount: numberOf(source), targetAmount: numberOf(target), feePercentage: 0.0041,
    fee: { transferwise: numberOf(fee), payIn: 0, discount: 0, partner: 0, total: numberOf(fee) }, estimatedDelivery: iso(quote.createdMs + 24 * 3600_000), formattedEstimatedDelivery: 'by tomorrow', estimatedDeliveryDelays: [],
    allowedProfileTypes: ['PERSONAL', 'BUSINESS'],
  });
  return {
    id: quote.id, sourceCurrency: quote.source, targetCurrency: quote.target, sourceAmount: quote.side === 'SOURCE' ? numberOf(source) : null, targetAmount: quote.side === 'TARGET' ? numberOf(target) : null,
    payOut: quote.payOut, ...quote.given, rate: rateOf(quote.source, quote.target), createdTime: iso(quote.createdMs), user: 1, profile: quote.profile === null ? null : Number(quote.profile), rateType: 'FIXED',
    rateExpirationTime: iso(quote.createdMs + heldMs), expirationTime: iso(quote.createdMs + heldMs), guaranteedTargetAmountAllowed: false, targetAmountAllowed: true, guaranteedTargetAmount: false, providedAmountType: quote.side,
    ...(quote.targetAccount === null ? {} : { targetAccount: Number(quote.targetAccount) }), paymentOptions: ['BALANCE', 'BANK_TRANSFER'].map(option), status: 'PENDING', notices: [],
  };
}
