import type { JsonObject } from '../../wire/json.ts';
import { spoken } from '../currency.ts';
import { invalid, noSuch, notFound } from '../errors.ts';
import { created, everyOne, listPage, pageParams } from '../list.ts';
import { or, orNull, previousOf } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { currency, integer, mergeMetadata, metadata, oneOf, required, text } from '../params.ts';
import type { Given } from '../params.ts';
import type { Work } from '../work.ts';
import type { Account } from './account-standing.ts';
import { book, requireFunds } from './balance-transaction.ts';
import type { Charge } from './charging.ts';

export interface Transfer extends StripeObject {
  readonly amount: number;
  readonly amount_reversed: number;
  readonly currency: string;
  readonly metadata: JsonObject;
  readonly reversals: { readonly object: 'list'; readonly data: readonly StripeObject[]; readonly has_more: boolean; readonly url: string };
  readonly reversed: boolean;
}

const create = {
  amount: integer({ min: 1 }), currency: required(currency), description: text, destination: required(text), metadata, source_transaction: text, source_type: oneOf('bank_account', 'card', 'fpx'), transfer_group: text,
};

export async function pathTransfer(work: Work): Promise<Transfer> {
  const transfer = await work.find<Transfer>('transfer', work.ids[0]!);
  if (transfer === null) throw notFound('transfer', work.ids[0]!, 'id');
  return transfer;
}

/** Whoever gets the money: an account that was made here and may get transfers. */
async function requireDestination(work: Work, id: string): Promise<void> {
  const account = await work.find<Account>('account', id);
  if (account === null || account['deleted'] === true) throw noSuch('destination', id, 'destination');
  if (['transfers', 'crypto_transfers', 'legacy_payments'].some((name) => account.capabilities[name] === 'active')) return;
  throw invalid('Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments', { code: 'insufficient_capabilities_for_transfer', param: 'destination' });
}

/** The charge that a transfer shares out: no more than it, and in its currency. */
async function sourceOf(work: Work, { source_transaction: id, amount, currency: code }: Given<typeof create>): Promise<Charge | null> {
  if (typeof id !== 'string') return null;
  const charge = await work.find<Charge>('charge', id);
  if (charge === null) throw noSuch('charge', id, 'source_transaction');
  if (charge.status !== 'succeeded' || !charge.captured) throw invalid(`Charge ${id} was not paid and cannot be transferred.`, { param: 'source_transaction' });
  if (charge.currency !== code) throw invalid(`The currency of source_transaction's balance transaction (${charge.currency}) must be the same as the transfer currency (${code})`, { param: 'currency' });
  const before = (await everyOne(work, 'transfer', { source_transaction: id })).reduce((sum, transfer) => sum + Number(transfer['amount']) - Number(transfer['amount_reversed']), 0);
  const left = charge.amount_captured - before;
  if ((amount ?? charge.amount_captured) > left) throw invalid(`Transfer amount (${spoken(amount ?? charge.amount_captured, code)}) is greater than what is left of charge ${id} (${spoken(left, code)})`, { param: 'amount' });
  return charge;
}

export const transfers: Family = {
  kind: 'transfer',
  prefix: 'tr_',
  index: (transfer) => indexed({ destination: transfer['destination'], transfer_group: transfer['transfer_group'], source_transaction: transfer['source_transaction'] }),
  operations: {
    'transfers.create': operation(create, async (given, work) => {
      await requireDestination(work, given.destination);
      const charge = await sourceOf(work, given);
      const amount = given.amount ?? charge?.amount_captured;
      if (amount === undefined) throw invalid('Missing required param: amount.', { code: 'parameter_missing', param: 'amount' });
      if (charge === null) await requireFunds(work, amount, given.currency);
      const id = work.id('tr_1', 23);
      const transfer: Transfer = {
        id, object: 'transfer', amount, amount_reversed: 0, balance_transaction: book(work, { type: 'transfer', amount: -amount, currency: given.currency, source: id, atOnce: true }), created: work.now,
        currency: given.currency, description: orNull(given.description), destination: given.destination, livemode: work.livemode, metadata: mergeMetadata({}, given.metadata),
        reversals: { object: 'list', data: [], has_more: false, url: `/v1/transfers/${id}/reversals` }, reversed: false, source_transaction: charge?.id ?? null, source_type: given.source_type ?? 'card',
        transfer_group: given.transfer_group ?? (charge === null ? null : charge['transfer_group'] ?? `group_${charge.payment_intent ?? charge.id}`),
      };
      work.save(transfer);
      work.event('transfer.created', transfer);
      return ok(transfer);
    }),
    'transfers.retrieve': operation({}, async (_, work) => ok(await pathTransfer(work))),
    'transfers.update': operation({ description: text, metadata }, async (given, work) => {
      const before = await pathTransfer(work);
      const after: Transfer = { ...before, description: or(given.description, before['description']!), metadata: mergeMetadata(before.metadata, given.metadata) };
      work.save(after);
      work.event('transfer.updated', after, previousOf(before, after));
      return ok(after);
    }),
    'transfers.list': operation({ ...pageParams, created, destination: text, transfer_group: text }, async (given, work) => ok(await listPage(work, {
      kind: 'transfer', noun: 'transfer', url: '/v1/transfers', page: given, keep: given.created ?? undefined, where: { destination: given.destination, transfer_group: given.transfer_group },
    }))),
  },
};
