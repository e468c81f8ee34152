import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, field, parseJson } from '../wire/json.ts';
import { chargeBack, decide } from './adjustments.ts';
import { openBooks } from './books.ts';
import type { Books } from './books.ts';
import { declines } from './hosted.ts';
import { partOf, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { bill, complete, itemsIn, keepSubscription, renew } from './subscription.ts';
import type { Subscription } from './subscription.ts';
import { canceled, paused } from './subscriptions.ts';
import { failAttempt, isPayable, tellTransaction } from './transaction.ts';
import type { Transaction } from './transaction.ts';
import { kept } from './operation.ts';

/** What payers, banks, Paddle and time do. `subscription.updated`: the next billing date has come. `adjustment.created`: a chargeback. */
export const laterEvents = [
  'transaction.completed', 'transaction.payment_failed', 'transaction.past_due', 'subscription.updated', 'subscription.past_due', 'subscription.canceled', 'adjustment.updated', 'adjustment.created',
] as const;

/** It happens to the object that the call's answer shows, or to the subscription that came of it. `detail`: a decline code; approved or rejected. */
export async function later({ name, detail }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status >= 300 ? null : parseJson(reply.body);
  const data = json?.kind === 'json' ? field(asObject(json.value), 'data') : undefined;
  const shown = asArray(data) === null ? asObject(data) : null;
  const books = openBooks(context);
  const id = textOf(shown, 'id') ?? '';
  const transaction = await books.ledger.find<Transaction>('transaction', id.startsWith('adj_') ? textOf(shown, 'transaction_id') ?? '' : id);
  if (name.startsWith('transaction.')) await onTransaction(books, name, transaction, detail);
  else if (name === 'adjustment.created') await onChargeback(books, transaction);
  else if (name === 'adjustment.updated') await onAdjustment(books, id, detail);
  else await onSubscription(books, name, await books.ledger.find<Subscription>('subscription', id.startsWith('sub_') ? id : textOf(transaction, 'subscription_id') ?? ''), detail);
  return books.ledger.finish();
}

const codeOf = (detail: string | null): string => declines.find((each) => each === detail) ?? 'declined';

async function onTransaction(books: Books, name: string, transaction: Transaction | null, detail: string | null): Promise<void> {
  if (transaction === null || !isPayable(transaction)) return;
  if (name === 'transaction.completed') await complete(books, transaction);
  else if (name === 'transaction.payment_failed') failAttempt(books, transaction, codeOf(detail));
  else if (transaction['status'] === 'billed') tellTransaction(books, 'past_due', kept(books, 'transaction', { ...transaction, status: 'past_due' }));
}

async function onChargeback(books: Books, transaction: Transaction | null): Promise<void> {
  if (transaction?.['status'] === 'completed') chargeBack(books, transaction);
}

async function onAdjustment(books: Books, id: string, detail: string | null): Promise<void> {
  const adjustment = await books.ledger.find<View>('adjustment', id);
  if (adjustment?.['status'] === 'pending_approval') await decide(books, adjustment, detail === 'rejected' ? 'rejected' : 'approved');
}

async function onSubscription(books: Books, name: string, subscription: Subscription | null, detail: string | null): Promise<void> {
  if (subscription === null || !['active', 'trialing', 'past_due'].includes(textOf(subscription, 'status') ?? '')) return;
  const change = textOf(partOf(subscription, 'scheduled_change'), 'action');
  if (name === 'subscription.canceled' || change === 'cancel') canceled(books, subscription);
  else if (change === 'pause') paused(books, subscription);
  else if (name === 'subscription.updated') keepSubscription(books, await renew(books, subscription, 'subscription_recurring'), {});
  else {
    const owed = failAttempt(books, await bill(books, subscription, itemsIn(subscription), 'subscription_recurring'), codeOf(detail), { status: 'past_due' });
    tellTransaction(books, 'past_due', owed);
    keepSubscription(books, subscription, { status: 'past_due' }, 'past_due');
  }
}
