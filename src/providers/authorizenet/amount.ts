import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { decimalMoney, decimalText } from '../wire/decimal-money.ts';
import type { JsonObject } from '../wire/json.ts';
import { at, textAt, textOf } from './call.ts';
import { fails } from './errors.ts';

/** An account is in one currency, which few calls name: the dollar where none is. */
const usualCurrency = 'USD';

export function moneyAt(thing: JsonObject | null, name = 'amount', currency = textAt(thing, 'currencyCode') ?? usualCurrency): Money | null {
  return decimalMoney(textOf(at(thing, name)), currency, currencyExponent);
}

/** An amount above nothing, or the transaction's objection. */
export function requireAmount(thing: JsonObject | null, currency?: string): Money {
  const money = moneyAt(thing, 'amount', currency);
  if (money === null || BigInt(money.minor) <= 0n) throw fails('5');
  return money;
}

/** JSON has amounts as numbers; they are made of exact ones here, and nothing is counted with them. */
export function numberOf(money: Money): number {
  return Number(decimalText(money));
}
