import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { decimalMoney } from '../wire/decimal-money.ts';
import type { JsonValue } from '../wire/json.ts';
import { invalid } from './errors.ts';
import type { Books } from './operation.ts';
import { textOf } from './parameters.ts';

/** No call names a currency: the merchant account has one. One that nobody has described is in dollars, as a new sandbox's is. */
export const usualCurrency = 'USD';

export function moneyOf(value: JsonValue | undefined, currency = usualCurrency): Money | null {
  return decimalMoney(textOf(value), currency, currencyExponent);
}

/** An amount above nothing in the merchant account's currency, or Braintree's objection. */
export function requireAmount(value: JsonValue | undefined, currency: string): Money {
  const text = textOf(value);
  if (text === null) throw invalid('transaction', 'amount', '81502', 'Amount is required.');
  const money = moneyOf(value, currency);
  const [, fraction = ''] = text.split('.');
  if (money === null || fraction.length > currencyExponent(currency)) throw invalid('transaction', 'amount', '81503', 'Amount is an invalid format.');
  if (BigInt(money.minor) < 0n) throw invalid('transaction', 'amount', '81501', 'Amount cannot be negative.');
  if (BigInt(money.minor) === 0n) throw invalid('transaction', 'amount', '81531', 'Amount must be greater than zero.');
  return money;
}

/** A merchant account that a seed has described. */
export interface MerchantAccount { readonly currency: string }

export async function currencyOf({ ledger }: Pick<Books, 'ledger'>, merchantAccount: string | null): Promise<string> {
  const described = merchantAccount === null ? null : await ledger.find<MerchantAccount>('merchant_account', merchantAccount);
  return described?.currency ?? usualCurrency;
}
