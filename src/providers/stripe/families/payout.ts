import type { JsonObject } from '../../wire/json.ts';
import { invalid, notFound } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { orNull, previousOf } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { currency, integer, mergeMetadata, metadata, oneOf, required, text } from '../params.ts';
import type { Work } from '../work.ts';
import { book, requireFunds } from './balance-transaction.ts';

interface Payout extends StripeObject {
  readonly amount: number;
  readonly currency: string;
  readonly metadata: JsonObject;
  readonly status: 'pending' | 'paid' | 'failed' | 'canceled';
}

const day = 24 * 3600;

async function pathPayout(work: Work): Promise<Payout> {
  const payout = await work.find<Payout>('payout', work.ids[0]!);
  if (payout === null) throw notFound('payout', work.ids[0]!, 'payout');
  return payout;
}

function told(work: Work, event: string, before: Payout, change: Partial<Payout>): Payout {
  const after = { ...before, ...change } as Payout;
  work.save(after);
  work.event(event, after);
  return after;
}

/** The bank took it, or gave it back. False where that can no longer happen. */
export async function settlePayout(work: Work, id: string, event: string, detail: string | null): Promise<boolean> {
  const payout = await work.find<Payout>('payout', id);
  // a payout that was paid may still come back
  if (payout === null || payout.status !== 'pending' && !(event === 'payout.failed' && payout.status === 'paid')) return false;
  told(work, event, payout, event === 'payout.paid' ? { status: 'paid' } : {
    status: 'failed', failure_code: detail ?? 'account_closed', failure_message: detail === null ? 'The bank account has been closed.' : `The bank returned ${detail}.`,
    failure_balance_transaction: book(work, { type: 'payout_failure', amount: payout.amount, currency: payout.currency, source: payout.id, atOnce: true }),
  });
  return true;
}

export const payouts: Family = {
  kind: 'payout',
  prefix: 'po_',
  index: (payout) => indexed({ status: payout['status'], destination: payout['destination'] }),
  operations: {
    'payouts.create': operation({
      amount: required(integer({ min: 1 })), currency: required(currency), description: text, destination: text, metadata, method: oneOf('instant', 'standard'), payout_method: text,
      source_type: oneOf('bank_account', 'card', 'fpx'), statement_descriptor: text,
    }, async (given, work) => {
      await requireFunds(work, given.amount, given.currency);
      const id = work.id('po_1', 23);
      const payout: Payout = {
        id, object: 'payout', amount: given.amount, application_fee: null, application_fee_amount: null,
        arrival_date: given.method === 'instant' ? work.now + 1800 : (Math.floor(work.now / day) + 2) * day, automatic: false,
        balance_transaction: book(work, { type: 'payout', amount: -given.amount, currency: given.currency, source: id, atOnce: true }),
        created: work.now, currency: given.currency, description: orNull(given.description), destination: orNull(given.destination), failure_balance_transaction: null, failure_code: null,
        failure_message: null, livemode: work.livemode, metadata: mergeMetadata({}, given.metadata), method: given.method ?? 'standard', original_payout: null, payout_method: orNull(given.payout_method),
        reconciliation_status: 'not_applicable', reversed_by: null, source_type: given.source_type ?? 'card', statement_descriptor: orNull(given.statement_descriptor), status: 'pending',
        trace_id: null, type: given.destination?.startsWith('card_') === true ? 'card' : 'bank_account',
      };
      return ok(told(work, 'payout.created', payout, {}));
    }),
    'payouts.retrieve': operation({}, async (_, work) => ok(await pathPayout(work))),
    'payouts.update': operation({ metadata }, async (given, work) => {
      const before = await pathPayout(work);
      const after = { ...before, metadata: mergeMetadata(before.metadata, given.metadata) };
      work.save(after);
      work.event('payout.updated', after, previousOf(before, after));
      return ok(after);
    }),
    'payouts.cancel': operation({}, async (_, work) => {
      const before = await pathPayout(work);
      if (before.status !== 'pending') throw invalid(`Payouts can only be canceled while they are pending; this one is ${before.status}.`);
      return ok(told(work, 'payout.canceled', before, {
        status: 'canceled', failure_balance_transaction: book(work, { type: 'payout_cancel', amount: before.amount, currency: before.currency, source: before.id, atOnce: true }),
      }));
    }),
    'payouts.list': operation({ ...pageParams, arrival_date: created, created, destination: text, status: text }, async (given, work) => ok(await listPage(work, {
      kind: 'payout', noun: 'payout', url: '/v1/payouts', page: given, where: { destination: given.destination, status: given.status },
      keep: (payout) => (given.created?.(payout) ?? true) && (given.arrival_date?.(payout) ?? true),
    }))),
  },
};
