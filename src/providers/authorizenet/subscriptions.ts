import { decimalText } from '../wire/decimal-money.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Money } from '../../model/money.ts';
import { moneyAt, numberOf } from './amount.ts';
import { at, textAt } from './call.ts';
import { AnetFailure, reason, TransactionFailure } from './errors.ts';
import { methodOf, shownMethod } from './method.ts';
import type { Method } from './method.ts';
import { freshNumber, some } from './operation.ts';
import type { Books, Operation, Reached, Work } from './operation.ts';
import { shown, shownAddress } from './profile.ts';
import type { Nodes } from './reply.ts';
import { saveTransaction } from './transaction.ts';
import type { Transaction } from './transaction.ts';
import { told, toldOfTransaction } from './webhook.ts';

export interface Subscription {
  readonly id: string;
  readonly status: 'active' | 'suspended' | 'canceled' | 'terminated' | 'expired';
  readonly amount: Money;
  readonly given: JsonObject;
  readonly method: Method;
  readonly payments: number;
}

const keptFields = ['name', 'paymentSchedule', 'trialAmount', 'order', 'customer', 'billTo', 'shipTo'];
const subscriptionIn = (body: JsonObject): JsonObject | null => asObject(at(body, 'subscription'));

const reached = (body: JsonObject): Reached => {
  const thing = subscriptionIn(body);
  return {
    // what is taken is taken overnight, as long as nobody cancels it
    amount: moneyAt(thing), movesMoney: thing !== null, customer: textAt(thing, 'profile', 'customerProfileId') ?? textAt(thing, 'customer', 'id') ?? textAt(thing, 'customer', 'email'), method: shownMethod(thing),
    object: textAt(body, 'subscriptionId'), description: textAt(thing, 'name'), keysIn: thing,
  };
};

async function subscriptionOf({ ledger }: Pick<Books, 'ledger'>, id: string | null): Promise<Subscription> {
  const found = id === null ? null : await ledger.find<Subscription>('subscription', id);
  if (found === null) throw new AnetFailure('E00035', 'The subscription cannot be found.');
  return found;
}

export function saveSubscription({ ledger, context }: Pick<Books, 'ledger' | 'context'>, subscription: Subscription, event: string): void {
  ledger.save('subscription', subscription.id, subscription, { all: 'yes' });
  const { method } = subscription;
  ledger.tell(told(context, {
    event: `customer.subscription.${event}`, entity: 'subscription', id: subscription.id,
    payload: { name: textAt(subscription.given, 'name') ?? '', amount: decimalText(subscription.amount), status: subscription.status, ...(method.profile === null ? {} : { profile: { customerProfileId: Number(method.profile), customerPaymentProfileId: Number(method.paymentProfile) } }) },
  }));
}

/** One night's payment of a subscription: nothing of one that is over. */
export function charge(books: Pick<Books, 'ledger' | 'context'>, subscription: Subscription): void {
  const { context } = books;
  const number = subscription.payments + 1;
  const transaction: Transaction = {
    id: freshNumber(books, '6', 11), type: 'authCaptureTransaction', status: 'capturedPendingSettlement', amount: subscription.amount, settles: null, method: subscription.method, given: subscription.given, reason: reason('1'),
    authCode: context.id('', { length: 6, alphabet: 'base62' }).toUpperCase(), avs: 'Y', codeMatch: '', refOf: null, refunded: '0', subscription: { id: subscription.id, number }, submittedMs: context.now, changedMs: context.now,
  };
  saveTransaction(books, transaction);
  books.ledger.save('subscription', subscription.id, { ...subscription, payments: number }, { all: 'yes' });
  books.ledger.tell(toldOfTransaction(context, 'authcapture', transaction));
}

async function paidBy(work: Work, thing: JsonObject): Promise<Method> {
  try {
    return await methodOf(work, thing);
  } catch (error) {
    if (!(error instanceof TransactionFailure)) throw error;
    throw new AnetFailure('E00018', error.message);
  }
}

function amountIn(thing: JsonObject): Money {
  const amount = moneyAt(thing);
  if (amount === null || BigInt(amount.minor) <= 0n) throw new AnetFailure('E00003', 'The subscription amount is not a positive amount.');
  return amount;
}

async function create(work: Work) {
  const thing = subscriptionIn(work.body) ?? {};
  const subscription: Subscription = { id: freshNumber(work, '7', 7), status: 'active', amount: amountIn(thing), given: some(thing, keptFields), method: await paidBy(work, thing), payments: 0 };
  saveSubscription(work, subscription, 'created');
  const { profile, paymentProfile } = subscription.method;
  return { body: { subscriptionId: subscription.id, ...(profile === null ? {} : { profile: { customerProfileId: profile, customerPaymentProfileId: paymentProfile ?? '' } }) } };
}

async function update(work: Work) {
  const found = await subscriptionOf(work, textAt(work.body, 'subscriptionId'));
  if (found.status !== 'active' && found.status !== 'suspended') throw new AnetFailure('E00037', 'Subscriptions that are expired, canceled or terminated cannot be updated.');
  const thing = subscriptionIn(work.body) ?? {};
  const pays = field(thing, 'payment') !== undefined || field(thing, 'profile') !== undefined;
  const amount = field(thing, 'amount') === undefined ? found.amount : amountIn(thing);
  saveSubscription(work, { ...found, amount, method: pays ? await paidBy(work, thing) : found.method, given: { ...found.given, ...some(thing, keptFields) } }, 'updated');
  return { body: {} };
}

async function cancel(work: Work) {
  const found = await subscriptionOf(work, textAt(work.body, 'subscriptionId'));
  if (found.status === 'canceled') return { body: {}, message: { code: 'I00002', text: 'The subscription has already been canceled.' } };
  if (found.status === 'terminated' || found.status === 'expired') throw new AnetFailure('E00038', 'Subscriptions that are expired or terminated cannot be canceled.');
  saveSubscription(work, { ...found, status: 'canceled' }, 'cancelled');
  return { body: {} };
}

function show({ amount, given, method, status }: Subscription): Nodes {
  const schedule = asObject(at(given, 'paymentSchedule'));
  return {
    name: textAt(given, 'name') ?? '', paymentSchedule: { interval: shown(asObject(at(schedule, 'interval'))), ...shown(schedule) }, amount: numberOf(amount), trialAmount: Number(textAt(given, 'trialAmount') ?? '0'), status,
    ...shownAddress('order', given), ...(method.profile === null ? {} : { profile: { customerProfileId: method.profile, paymentProfile: { customerPaymentProfileId: method.paymentProfile ?? '' } } }),
  };
}

export const subscriptionOperations: Readonly<Record<string, Operation>> = {
  ARBCreateSubscriptionRequest: { name: () => 'ARBCreateSubscription', effect: reached, run: create }, ARBUpdateSubscriptionRequest: { name: () => 'ARBUpdateSubscription', effect: reached, run: update }, ARBCancelSubscriptionRequest: { name: () => 'ARBCancelSubscription', effect: reached, run: cancel },
  ARBGetSubscriptionStatusRequest: { name: () => 'ARBGetSubscriptionStatus', run: async (work) => ({ body: { status: (await subscriptionOf(work, textAt(work.body, 'subscriptionId'))).status } }) },
  ARBGetSubscriptionRequest: { name: () => 'ARBGetSubscription', run: async (work) => ({ body: { subscription: show(await subscriptionOf(work, textAt(work.body, 'subscriptionId'))) } }) },
};
