import type { SimulationContext } from '../../model/provider.ts';
import type { Decoded, Payment } from '../../model/side-effect.ts';
import { currencyExponent } from '../../model/money.ts';
import type { HttpRequest } from '../../model/exchange.ts';
import { decimalMoney, decimalText } from '../wire/decimal-money.ts';
import { asObject, field } from '../wire/json.ts';
import type { MerchantAccount } from './amount.ts';
import { shownCard } from './card.ts';
import { parametersIn, textOf } from './parameters.ts';
import { keysOf, peopleOf } from './people.ts';
import type { Transaction } from './transaction.ts';
import type { Customer, PaymentMethod } from './vault.ts';

type Recall = Pick<SimulationContext, 'recall'>;

/**
 * A refund names the transaction alone, and a charge of the vault a token: whose they are is remembered, and so is the currency of a merchant
 * account. It only ever adds people to what was decoded.
 */
export async function recalled(request: HttpRequest, decoded: Decoded, context: Recall): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  const effects = await Promise.all(decoded.effects.map((effect) => effect.channel === 'payment' ? told(request, effect, context) : effect));
  return { kind: 'effects', effects };
}

async function told(request: HttpRequest, effect: Payment, context: Recall): Promise<Payment> {
  const about = effect.operation.startsWith('transaction.') || effect.operation.startsWith('graphql.') ? effect.object : null;
  const transaction = about === null ? null : await valueOf<Transaction>(context, 'transaction', about);
  if (transaction !== null) return ofTransaction(effect, transaction);
  const body = bodyOf(request);
  const method = await valueOf<PaymentMethod>(context, 'payment_method', textOf(field(body, 'payment_method_token')) ?? (effect.operation.startsWith('paymentMethod') ? effect.object : null));
  const customer = await valueOf<Customer>(context, 'customer', method?.customer ?? textOf(field(body, 'customer_id')) ?? (effect.operation.startsWith('customer.') ? effect.object : null));
  const account = await valueOf<MerchantAccount>(context, 'merchant_account', textOf(field(body, 'merchant_account_id')));
  const amount = account === null ? effect.amount : decimalMoney(textOf(field(body, 'amount')), account.currency, currencyExponent) ?? effect.amount;
  return {
    ...effect, amount, recipients: [...effect.recipients, ...peopleOf(customer?.given ?? {}).filter((more) => !effect.recipients.some(({ address }) => address === more.address))],
    customer: effect.customer ?? customer?.id ?? null, method: method === null ? effect.method : shownCard(method.card),
  };
}

function ofTransaction(effect: Payment, transaction: Transaction): Payment {
  const { currency } = transaction.amount;
  return {
    ...effect, recipients: [...effect.recipients, ...peopleOf(transaction.given).filter((more) => !effect.recipients.some(({ address, role }) => address === more.address && role === more.role))],
    keys: effect.keys.length > 0 ? effect.keys : keysOf(transaction.given), customer: effect.customer ?? transaction.customer, method: effect.method ?? shownCard(transaction.card),
    amount: effect.amount === null ? transaction.amount : decimalMoney(decimalText(effect.amount), currency, currencyExponent) ?? effect.amount,
  };
}

function bodyOf(request: HttpRequest): ReturnType<typeof asObject> {
  const read = parametersIn(request);
  return read.kind === 'parameters' && read.body !== null ? asObject(Object.values(read.body)[0]) : null;
}

async function valueOf<T>({ recall }: Recall, kind: string, id: string | null): Promise<T | null> {
  const found = id === null || id === '' ? null : await recall(kind, id);
  return found === null ? null : found.value as T;
}
