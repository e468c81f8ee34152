import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, parseJson } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { parseXml } from '../wire/xml.ts';
import type { XmlElement } from '../wire/xml.ts';
import { textAt } from './call.ts';
import { charge, saveSubscription } from './subscriptions.ts';
import type { Subscription } from './subscriptions.ts';
import { saveTransaction, standing } from './transaction.ts';
import type { Transaction } from './transaction.ts';

const ofSubscription = { 'net.authorize.customer.subscription.suspended': 'suspended', 'net.authorize.customer.subscription.terminated': 'terminated', 'net.authorize.customer.subscription.expired': 'expired', 'net.authorize.customer.subscription.expiring': 'active' } as const;

/** The first is a night's payment of a subscription; what is settled or returned is told by no webhook, and found when it is read. */
export const laterEvents = ['net.authorize.payment.authcapture.created', ...Object.keys(ofSubscription), 'settledSuccessfully', 'returnedItem'] as const;

/** It happens to the transaction or the subscription that the call's answer names. */
export async function later({ name }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const ledger = openLedger(context);
  const books = { ledger, context };
  const named = namedIn(reply);
  const subscription = named.subscription === null ? null : await ledger.find<Subscription>('subscription', named.subscription);
  const found = named.transaction === null ? null : await ledger.find<Transaction>('transaction', named.transaction);
  if (subscription !== null && (subscription.status === 'active' || subscription.status === 'suspended')) {
    if (name === laterEvents[0] && subscription.status === 'active') charge(books, subscription);
    else if (Object.hasOwn(ofSubscription, name)) saveSubscription(books, { ...subscription, status: ofSubscription[name as keyof typeof ofSubscription] }, name.split('.').at(-1)!);
  }
  if (found === null) return ledger.finish();
  const transaction = standing(found, context.now);
  if (name === 'settledSuccessfully' && transaction.status === 'capturedPendingSettlement') saveTransaction(books, { ...transaction, status: 'settledSuccessfully', changedMs: context.now });
  if (name === 'settledSuccessfully' && transaction.status === 'refundPendingSettlement') saveTransaction(books, { ...transaction, status: 'refundSettledSuccessfully', changedMs: context.now });
  // a bank sends back what was taken from an account, never from a card
  if (name === 'returnedItem' && transaction.method.kind === 'account' && transaction.status === 'settledSuccessfully') saveTransaction(books, { ...transaction, status: 'returnedItem', changedMs: context.now });
  return ledger.finish();
}

function namedIn({ body }: HttpResponse): { readonly transaction: string | null; readonly subscription: string | null } {
  // behind the byte order mark
  const bytes = body.subarray(3);
  const json = parseJson(bytes);
  if (json.kind === 'json') return { transaction: known(textAt(asObject(json.value), 'transactionResponse', 'transId')), subscription: textAt(asObject(json.value), 'subscriptionId') };
  const xml = parseXml(bytes);
  const root = xml.kind === 'xml' ? xml.root : null;
  return { transaction: known(below(below(root, 'transactionResponse'), 'transId')?.text ?? null), subscription: below(root, 'subscriptionId')?.text ?? null };
}

function below(element: XmlElement | null, name: string): XmlElement | null {
  return element?.children.find((child) => child.name === name) ?? null;
}

/** A failed transaction has the number 0. */
function known(id: string | null): string | null {
  return id === null || id === '' || id === '0' ? null : id;
}
