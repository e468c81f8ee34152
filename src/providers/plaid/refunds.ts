import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import { amountOf, minorOf, requireAmount, textOf } from './amount.ts';
import { changeBalance } from './balance.ts';
import { invalid, notFound, PlaidFailure } from './errors.ts';
import { addEvent } from './events.ts';
import { operation } from './operation.ts';
import type { Books, Work } from './operation.ts';
import { isUndone, saveRefund, showRefund } from './refund.ts';
import type { Refund, RefundStatus } from './refund.ts';
import { announceTransfers } from './telling.ts';
import { eventOf, isDebit, saveTransfer, transferOf } from './transfer.ts';

export const refundRoutes: readonly JsonRoute[] = [
  operation({
    path: '/transfer/refund/create', required: ['transfer_id', 'amount', 'idempotency_key'], onceMs: 48 * 3600_000,
    effect: (body) => ({ amount: amountOf(body), movesMoney: true, object: asString(field(body, 'transfer_id')) }),
    run: create,
  }),
  operation({ path: '/transfer/refund/get', required: ['refund_id'], run: async (work) => ({ refund: showRefund(await refundOf(work)) }) }),
  operation({
    path: '/transfer/refund/cancel', required: ['refund_id'], effect: (body) => ({ object: asString(field(body, 'refund_id')) }),
    run: async (work) => {
      const refund = await refundOf(work);
      if (refund.status !== 'pending') throw new PlaidFailure('TRANSFER_ERROR', 'TRANSFER_REFUND_NOT_CANCELLABLE', 'refund is not cancellable');
      await refundBecame(work, refund, 'cancelled');
      return {};
    },
  }),
];

async function create(work: Work): Promise<{ readonly refund: ReturnType<typeof showRefund> }> {
  const transfer = await transferOf(work, asString(field(work.body, 'transfer_id')));
  const amount = requireAmount(work.body);
  if (!isDebit(transfer)) throw invalid('only debit transfers can be refunded');
  if (['cancelled', 'failed', 'returned'].includes(transfer.status)) throw invalid(`a transfer that is ${transfer.status} cannot be refunded`);
  const earlier = (await Promise.all(transfer.refunds.map((id) => work.ledger.find<Refund>('refund', id)))).filter((each) => each !== null && !isUndone(each.status));
  const left = minorOf(transfer.amount) - earlier.reduce((sum, each) => sum + minorOf(each!.amount), 0n);
  if (BigInt(amount.minor) > left) throw invalid('amount must not be greater than what is left of the transfer to refund');
  const refund: Refund = { id: work.context.uuid(), transfer: transfer.id, amount: textOf(amount), status: 'pending', failure: null, createdMs: work.now };
  saveRefund(work, refund);
  saveTransfer(work, { ...transfer, refunds: [...transfer.refunds, refund.id] });
  await changeBalance(work, { available: -BigInt(amount.minor) });
  await addEvent(work, eventOf(transfer, 'refund.pending', { refund_id: refund.id, event_amount: refund.amount }));
  if (transfer.environment === 'production') announceTransfers(work, transfer.environment, null, 'refund.pending');
  return { refund: showRefund(refund) };
}

async function refundOf({ ledger, body }: Work): Promise<Refund> {
  const refund = await ledger.find<Refund>('refund', asString(field(body, 'refund_id')) ?? '');
  if (refund === null) throw notFound('refund');
  return refund;
}

/** The refund one step on: what does not arrive lies in the ledger again. */
export async function refundBecame(books: Books, refund: Refund, status: RefundStatus, failure: Refund['failure'] = null): Promise<void> {
  saveRefund(books, { ...refund, status, failure });
  if (isUndone(status)) await changeBalance(books, { available: minorOf(refund.amount) });
  const transfer = await transferOf(books, refund.transfer);
  await addEvent(books, eventOf(transfer, `refund.${status}`, { refund_id: refund.id, event_amount: refund.amount, failure_reason: failure === null ? null : { ...failure } }));
}
