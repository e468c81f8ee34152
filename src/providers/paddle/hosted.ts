import type { Chosen, HostedPage, Hosting, PayerChoice } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { openBooks } from './books.ts';
import { itemsOf, minorOf, money, partOf, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { field } from '../wire/json.ts';
import { complete } from './subscription.ts';
import { failAttempt, isPayable, totalOf } from './transaction.ts';
import type { Transaction } from './transaction.ts';

/** Paddle's decline codes of a payment attempt. https://developer.paddle.com/api-reference/transactions/overview */
export const declines = ['declined', 'not_enough_balance', 'expired_card', 'blocked_card', 'declined_not_retryable', 'fraud', 'invalid_payment_details', 'issuer_unavailable', 'transaction_not_permitted', 'authentication_failed', 'canceled', 'psp_error', 'system_error', 'unknown'] as const;

async function show(id: string, context: SimulationContext): Promise<HostedPage | null> {
  const { ledger } = openBooks(context);
  const transaction = await ledger.find<Transaction>('transaction', id);
  if (transaction === null) return null;
  const customer = await ledger.find<View>('customer', textOf(transaction, 'customer_id') ?? '');
  return {
    title: `Transaction ${id}`, amount: totalOf(transaction), payer: textOf(customer, 'email'),
    lines: itemsOf(partOf(transaction, 'details'), 'line_items').map((line, index) => ({
      text: `${textOf(partOf(line, 'product'), 'name') ?? textOf(partOf(itemsOf(transaction)[index] ?? null, 'price'), 'description') ?? 'An item'} × ${String(field(line, 'quantity'))}`,
      amount: money(minorOf(field(partOf(line, 'totals'), 'total')) ?? 0n, totalOf(transaction).currency),
    })),
    choices: isPayable(transaction) ? ['pay', 'pay-authenticated', 'decline', 'fail-authentication'] : [], status: isPayable(transaction) ? null : `This transaction is ${textOf(transaction, 'status') ?? ''}.`,
  };
}

/** Where the payer goes then is up to the page with Paddle's checkout on it: here they stay. */
async function choose(id: string, choice: PayerChoice, context: SimulationContext): Promise<Chosen | null> {
  const books = openBooks(context);
  const transaction = await books.ledger.find<Transaction>('transaction', id);
  if (transaction === null) return null;
  if (!isPayable(transaction)) return { goTo: null, says: `This transaction is ${textOf(transaction, 'status') ?? ''}.` };
  const error = choice === 'fail-authentication' ? 'authentication_failed' : choice === 'decline' || choice === 'cancel' ? 'declined' : null;
  if (error === null) await complete(books, transaction);
  else failAttempt(books, transaction, error);
  return { ...books.ledger.finish(), goTo: null, says: error === null ? 'Thank you. Your payment was taken.' : 'The payment was not taken. Try another card.' };
}

export const hosted: Hosting = {
  show: async ({ kind, id }, context) => kind === 'transaction' ? show(id, context) : null,
  choose: async ({ kind, id }, choice, context) => kind === 'transaction' ? choose(id, choice, context) : null,
};

