import { decimalText } from '../wire/decimal-money.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { invalid, notFound } from './errors.ts';
import { freshId, operation } from './operation.ts';
import type { Books, Work } from './operation.ts';
import { under } from './place.ts';
import { saveTransaction, transactionOf } from './transaction.ts';
import type { Transaction } from './transaction.ts';
import { told } from './webhook.ts';
import { day, list, xmlReply } from './xml-reply.ts';
import type { Nodes } from './xml-reply.ts';

type Status = 'open' | 'accepted' | 'won' | 'lost' | 'expired' | 'under_review';

interface Dispute {
  readonly id: string;
  readonly transaction: string;
  readonly amount: Transaction['amount'];
  readonly status: Status;
  readonly openedMs: number;
  readonly changedMs: number;
}

const replyWithinMs = 10 * 24 * 3600 * 1000;

/** The transaction as it is disputed: saving it is the caller's. */
export function openDispute({ ledger, context }: Pick<Books, 'ledger' | 'context'>, transaction: Transaction): Transaction {
  const dispute: Dispute = { id: freshId({ context }), transaction: transaction.id, amount: transaction.amount, status: 'open', openedMs: context.now, changedMs: context.now };
  ledger.save('dispute', dispute.id, dispute, { transaction: transaction.id });
  ledger.tell(told('dispute_opened', dispute.id, { dispute: showDispute(dispute) }, context.now));
  return { ...transaction, disputes: [...transaction.disputes, dispute.id] };
}

/** What the card network, or whoever answers for the seller, has come to. Nothing where the dispute is over. */
export async function disputeBecame({ ledger, context }: Pick<Books, 'ledger' | 'context'>, transaction: Transaction, status: Exclude<Status, 'open'>): Promise<void> {
  for (const id of transaction.disputes.toReversed()) {
    const dispute = await ledger.find<Dispute>('dispute', id);
    if (dispute === null || !['open', 'under_review'].includes(dispute.status)) continue;
    const now: Dispute = { ...dispute, status, changedMs: context.now };
    ledger.save('dispute', id, now, { transaction: now.transaction });
    ledger.tell(told(`dispute_${status}`, id, { dispute: showDispute(now) }, context.now));
    return;
  }
}

/** One that is not there yet is opened. */
export async function disputed(books: Pick<Books, 'ledger' | 'context'>, id: string): Promise<void> {
  const transaction = await transactionOf(books, id);
  if (transaction.type === 'sale' && ['settled', 'settling', 'submitted_for_settlement'].includes(transaction.status)) saveTransaction(books, openDispute(books, transaction));
}

function showDispute(dispute: Dispute): Nodes {
  const amount = decimalText(dispute.amount);
  return {
    id: dispute.id, amount, amount_disputed: amount, amount_won: dispute.status === 'won' ? amount : '0.00', case_number: `CB${dispute.id.toUpperCase()}`, currency_iso_code: dispute.amount.currency,
    created_at: new Date(dispute.openedMs), updated_at: new Date(dispute.changedMs), date_opened: day(dispute.openedMs), date_won: dispute.status === 'won' ? day(dispute.changedMs) : null,
    received_date: day(dispute.openedMs), reply_by_date: day(dispute.openedMs + replyWithinMs), kind: 'chargeback', reason: 'fraud', reason_code: '83', reason_description: null, status: dispute.status,
    merchant_account_id: null, original_dispute_id: null, evidence: list('evidence', []), paypal_messages: list('paypal_message', []),
    status_history: list('status_history', [{ status: 'open', timestamp: new Date(dispute.openedMs), effective_date: day(dispute.openedMs) }]),
    transaction: { id: dispute.transaction, amount },
  };
}

async function disputeOf({ ledger }: Pick<Books, 'ledger'>, id: string): Promise<Dispute> {
  const dispute = await ledger.find<Dispute>('dispute', id);
  if (dispute === null) throw notFound();
  return dispute;
}

async function accept(work: Work): Promise<ReturnType<typeof xmlReply>> {
  const dispute = await disputeOf(work, work.ids[0]!);
  if (dispute.status !== 'open') throw invalid('dispute', 'status', '95704', 'Disputes can only be accepted when they are in an Open state');
  const now: Dispute = { ...dispute, status: 'accepted', changedMs: work.context.now };
  work.ledger.save('dispute', now.id, now, { transaction: now.transaction });
  work.ledger.tell(told('dispute_accepted', now.id, { dispute: showDispute(now) }, work.context.now));
  return xmlReply(200, 'dispute', showDispute(now));
}

export const disputeRoutes: readonly JsonRoute[] = [
  operation({ method: 'GET', path: under('disputes/{id}'), operation: 'dispute.find', root: null, run: async (work) => xmlReply(200, 'dispute', showDispute(await disputeOf(work, work.ids[0]!))) }),
  operation({ method: 'PUT', path: under('disputes/{id}/accept'), operation: 'dispute.accept', root: 'dispute', optional: true, effect: (_body, ids) => ({ movesMoney: true, object: ids[0]! }), run: accept }),
];
