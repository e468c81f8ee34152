import type { JsonObject } from '../../wire/json.ts';
import { spoken } from '../currency.ts';
import { invalid, notFound } from '../errors.ts';
import { listPage, pageParams } from '../list.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { flag, integer, mergeMetadata, metadata, text } from '../params.ts';
import type { Work } from '../work.ts';
import { book } from './balance-transaction.ts';
import { pathTransfer } from './transfer.ts';
import type { Transfer } from './transfer.ts';

interface Reversal extends StripeObject { readonly metadata: JsonObject; readonly transfer: string }

/** The ten newest stand in the transfer itself. */
function withReversal(transfer: Transfer, reversal: StripeObject): Transfer {
  const others = transfer.reversals.data.filter(({ id }) => id !== reversal.id);
  const known = others.length < transfer.reversals.data.length;
  const data = known ? transfer.reversals.data.map((other) => (other.id === reversal.id ? reversal : other)) : [reversal, ...others];
  return { ...transfer, reversals: { ...transfer.reversals, data: data.slice(0, 10), has_more: transfer.reversals.has_more || data.length > 10 } };
}

async function pathReversal(work: Work, transfer: Transfer): Promise<Reversal> {
  const id = work.ids[1]!;
  const reversal = await work.find<Reversal>('transfer_reversal', id);
  if (reversal === null || reversal.transfer !== transfer.id) throw notFound('transfer reversal', id, 'id');
  return reversal;
}

export const transferReversals: Family = {
  kind: 'transfer_reversal',
  prefix: 'trr_',
  index: (reversal) => indexed({ transfer: reversal['transfer'] }),
  operations: {
    'transfers.create_reversal': operation({ amount: integer({ min: 1 }), description: text, metadata, refund_application_fee: flag }, async (given, work) => {
      const before = await pathTransfer(work);
      const left = before.amount - before.amount_reversed;
      const amount = given.amount ?? left;
      if (left === 0) throw invalid(`Transfer ${before.id} has already been fully reversed.`);
      if (amount > left) throw invalid(`Reversal amount (${spoken(amount, before.currency)}) is greater than unreversed amount on transfer (${spoken(left, before.currency)})`, { param: 'amount' });
      const id = work.id('trr_1', 23);
      const reversal: Reversal = {
        id, object: 'transfer_reversal', amount, balance_transaction: book(work, { type: 'transfer_refund', amount, currency: before.currency, source: id, atOnce: true }), created: work.now,
        currency: before.currency, destination_payment_refund: null, metadata: mergeMetadata({}, given.metadata), source_refund: null, transfer: before.id,
      };
      const after: Transfer = { ...withReversal(before, reversal), amount_reversed: before.amount_reversed + amount, reversed: amount === left };
      work.save(reversal);
      work.save(after);
      work.event('transfer.reversed', after, { amount_reversed: before.amount_reversed, ...(after.reversed ? { reversed: false } : {}) });
      return ok(reversal);
    }),
    'transfers.retrieve_reversal': operation({}, async (_, work) => ok(await pathReversal(work, await pathTransfer(work)))),
    'transfers.update_reversal': operation({ metadata }, async (given, work) => {
      const transfer = await pathTransfer(work);
      const before = await pathReversal(work, transfer);
      const after: Reversal = { ...before, metadata: mergeMetadata(before.metadata, given.metadata) };
      work.save(after);
      if (transfer.reversals.data.some(({ id }) => id === after.id)) work.save(withReversal(transfer, after));
      return ok(after);
    }),
    'transfers.list_reversals': operation({ ...pageParams }, async (given, work) => {
      const transfer = await pathTransfer(work);
      return ok(await listPage(work, { kind: 'transfer_reversal', noun: 'transfer reversal', url: transfer.reversals.url, page: given, where: { transfer: transfer.id } }));
    }),
  },
};
