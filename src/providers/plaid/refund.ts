import type { JsonObject } from '../wire/json.ts';
import { at } from './operation.ts';
import type { Books } from './operation.ts';

export type RefundStatus = 'pending' | 'posted' | 'settled' | 'cancelled' | 'failed' | 'returned';

export interface Refund {
  readonly id: string;
  readonly transfer: string;
  readonly amount: string;
  readonly status: RefundStatus;
  readonly failure: { readonly failure_code: string; readonly ach_return_code: string | null; readonly description: string } | null;
  readonly createdMs: number;
}

export const nextRefund: Readonly<Partial<Record<RefundStatus, readonly RefundStatus[]>>> = { pending: ['posted', 'failed'], posted: ['settled', 'returned'] };

/** Those that come to nothing, or came back. */
export const isUndone = (status: RefundStatus): boolean => ['cancelled', 'failed', 'returned'].includes(status);

export function saveRefund({ ledger }: Pick<Books, 'ledger'>, refund: Refund): void {
  ledger.save('refund', refund.id, refund, { transfer: refund.transfer });
}

export function showRefund({ id, transfer, amount, status, failure, createdMs }: Refund): JsonObject {
  return { id, transfer_id: transfer, amount, status, failure_reason: failure === null ? null : { ...failure }, ledger_id: null, created: at(createdMs), network_trace_id: null };
}
