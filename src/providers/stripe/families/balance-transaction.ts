import type { JsonObject } from '../../wire/json.ts';
import { stripeExponent } from '../currency.ts';
import { invalid, noSuch, notFound } from '../errors.ts';
import { created, everyOne, listPage, pageParams } from '../list.ts';
import { orNull } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { text } from '../params.ts';
import type { Work } from '../work.ts';

const twoDays = 2 * 24 * 3600;

/** The types of movement that are booked, with Stripe's category of each in its reports. */
const categories = {
  charge: 'charge', refund: 'refund', payout: 'payout', payout_cancel: 'payout_reversal', payout_failure: 'payout_reversal', transfer: 'transfer', transfer_refund: 'transfer_reversal',
  refund_failure: 'refund_failure', dispute: 'dispute', dispute_reversal: 'dispute_reversal',
} as const;

/**
 * Books a movement on the account's balance. `amount` is signed. A charge costs the US price of a card payment
 * (2.9 % and 30 cents), reckoned in whole minor units; nothing else costs anything, and a refund gives no fee back.
 */
export function book(work: Work, { type, amount, currency, source, atOnce }: {
  readonly type: keyof typeof categories; readonly amount: number; readonly currency: string; readonly source: string; readonly atOnce: boolean;
}): string {
  const fee = type === 'charge' ? cardFee(amount, currency) : 0;
  const transaction: StripeObject = {
    id: work.id('txn_3', 23), object: 'balance_transaction', amount, available_on: atOnce ? work.now : work.now + twoDays, balance_type: 'payments',
    created: work.now, currency, description: null, exchange_rate: null, fee,
    fee_details: fee === 0 ? [] : [{ amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' }],
    net: amount - fee, reporting_category: categories[type], source, status: atOnce ? 'available' : 'pending', type: type.startsWith('dispute') ? 'adjustment' : type,
  };
  work.save(transaction);
  return transaction.id;
}

function cardFee(amount: number, currency: string): number {
  const exponent = stripeExponent(currency);
  const fixed = exponent < 2 ? 0n : 30n * 10n ** BigInt(exponent - 2);
  const fee = (BigInt(amount) * 29n + 500n) / 1000n + fixed;
  return Number(fee < BigInt(amount) ? fee : BigInt(amount));
}

/** As it stands now: what was pending becomes available by time alone. */
function settled(transaction: StripeObject, now: number): StripeObject {
  return { ...transaction, status: Number(transaction['available_on']) <= now ? 'available' : 'pending' };
}

/** Refused when the account has less at hand. What was transferred to a connected account is kept with the platform, so there nothing is known. */
export async function requireFunds(work: Work, amount: number, currency: string): Promise<void> {
  if (work.connected) return;
  const mine = (await everyOne(work, 'balance_transaction', { currency })).filter((transaction) => settled(transaction, work.now)['status'] === 'available');
  if (mine.reduce((sum, transaction) => sum + Number(transaction['net']), 0) >= amount) return;
  throw invalid('You have insufficient funds in your Stripe account for this transfer. Your card balance is too low.  You can use the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).', { code: 'balance_insufficient' });
}

/** Sums by currency of what is available and of what is pending. */
async function balance(work: Work): Promise<JsonObject> {
  const sums = { available: new Map<string, number>(), pending: new Map<string, number>() };
  for (const transaction of await everyOne(work, 'balance_transaction')) {
    const side = sums[settled(transaction, work.now)['status'] === 'available' ? 'available' : 'pending'];
    const currency = String(transaction['currency']);
    side.set(currency, (side.get(currency) ?? 0) + Number(transaction['net']));
  }
  const currencies = new Set([...sums.available.keys(), ...sums.pending.keys()]);
  const listed = (side: Map<string, number>): JsonObject[] => [...(currencies.size === 0 ? ['usd'] : currencies)].toSorted().map((currency) => ({
    amount: side.get(currency) ?? 0, currency, source_types: { card: side.get(currency) ?? 0 },
  }));
  return { object: 'balance', available: listed(sums.available), livemode: work.livemode, pending: listed(sums.pending) };
}

export const balanceTransactions: Family = {
  kind: 'balance_transaction',
  prefix: 'txn_',
  shown: settled,
  index: (transaction) => indexed({ type: transaction['type'], source: transaction['source'], currency: transaction['currency'] }),
  operations: {
    'balance.retrieve': operation({}, async (_, work) => ok(await balance(work))),
    'balance_transactions.retrieve': operation({}, async (_, work) => {
      const found = await work.find('balance_transaction', work.ids[0]!);
      if (found === null) throw notFound('balance transaction', work.ids[0]!, 'id');
      return ok(settled(found, work.now));
    }),
    'balance_transactions.list': operation({ ...pageParams, created, currency: text, source: text, type: text, payout: text }, async (given, work) => {
      // the payouts made here are all the caller's own, and of those Stripe tells no transactions
      if (typeof given.payout === 'string') {
        if (await work.find('payout', given.payout) === null) throw noSuch('payout', given.payout, 'payout');
        throw invalid('Balance transaction history can only be filtered on automatic transfers, not manual.', { param: 'payout' });
      }
      const page = await listPage(work, {
        kind: 'balance_transaction', noun: 'balance transaction', url: '/v1/balance_transactions', page: given, keep: given.created ?? undefined,
        where: { type: orNull(given.type), source: orNull(given.source), currency: orNull(given.currency) },
      });
      return ok({ ...page, data: (page['data'] as readonly StripeObject[]).map((item) => settled(item, work.now)) });
    }),
  },
};
