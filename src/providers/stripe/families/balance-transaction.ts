import type { JsonObject } from '../../wire/json.ts';
import { stripeExponent } from '../currency.ts';
import { notFound } from '../errors.ts';
import { created, everyOne, listPage, pageParams } from '../list.ts';
import { orNull } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { text } from '../params.ts';
import type { Work } from '../work.ts';

const twoDays = 2 * 24 * 3600;

/**
 * Books a movement on the account's balance. `amount` is signed. A charge costs the US price of a card payment
 * (2.9 % and 30 cents), reckoned in whole minor units; a refund gives no fee back.
 */
export function book(work: Work, { type, amount, currency, source, atOnce }: {
  readonly type: 'charge' | 'refund'; readonly amount: number; readonly currency: string; readonly source: string; readonly atOnce: boolean;
}): string {
  const fee = type === 'refund' ? 0 : cardFee(amount, currency);
  const transaction: StripeObject = {
    id: work.id('txn_3', 23), object: 'balance_transaction', amount, available_on: atOnce ? work.now : work.now + twoDays, balance_type: 'payments',
    created: work.now, currency, description: null, exchange_rate: null, fee,
    fee_details: fee === 0 ? [] : [{ amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' }],
    net: amount - fee, reporting_category: type, source, status: atOnce ? 'available' : 'pending', type,
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
  index: (transaction) => indexed({ type: transaction['type'], source: transaction['source'], currency: transaction['currency'] }),
  operations: {
    'balance.retrieve': operation({}, async (_, work) => ok(await balance(work))),
    'balance_transactions.retrieve': operation({}, async (_, work) => {
      const found = await work.find('balance_transaction', work.ids[0]!);
      if (found === null) throw notFound('balance transaction', work.ids[0]!, 'id');
      return ok(settled(found, work.now));
    }),
    'balance_transactions.list': operation({ ...pageParams, created, currency: text, source: text, type: text, payout: text }, async (given, work) => {
      const page = await listPage(work, {
        kind: 'balance_transaction', noun: 'balance transaction', url: '/v1/balance_transactions', page: given, keep: given.created ?? undefined,
        where: { type: orNull(given.type), source: orNull(given.source), currency: orNull(given.currency) },
      });
      return ok({ ...page, data: (page['data'] as readonly StripeObject[]).map((item) => settled(item, work.now)) });
    }),
  },
};
