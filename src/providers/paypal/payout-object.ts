import type { Money } from '../../model/money.ts';
import { decimalText, ofMinor } from '../wire/decimal-money.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Ledger } from '../wire/ledger.ts';
import { moneyOf } from './amount.ts';
import { iso, link } from './operation.ts';

export interface Payout {
  readonly id: string;
  readonly header: JsonObject;
  readonly items: readonly string[];
  readonly amount: JsonObject;
  readonly createdMs: number;
}

export interface PayoutItem {
  readonly id: string;
  readonly payout: string;
  readonly given: JsonObject;
  readonly transaction: string;
  /** what became of it against the usual; null = SUCCESS */
  readonly status: string | null;
}

/** A batch is paid out this long after it was taken. */
export const payingMs = 2_000;
export function money(amount: Money): JsonObject {
  return { currency: amount.currency, value: decimalText(amount) };
}

export function selfOf({ id }: Payout, api: string): readonly JsonObject[] {
  return [link(`${api}/v1/payments/payouts/${id}`, 'self')];
}

export function batchHeader(payout: Payout, now: number): JsonObject {
  const paid = now >= payout.createdMs + payingMs;
  return {
    payout_batch_id: payout.id, batch_status: paid ? 'SUCCESS' : 'PENDING', time_created: iso(payout.createdMs), ...(paid ? { time_completed: iso(payout.createdMs + payingMs) } : {}),
    sender_batch_header: payout.header, funding_source: 'BALANCE', amount: payout.amount, fees: { currency: payout.amount['currency']!, value: noFee(payout.amount) },
  };
}

function noFee(amount: JsonObject): string {
  return decimalText(ofMinor(0n, moneyOf(amount)!));
}

export function showItem(item: PayoutItem, payout: Payout, now: number, api: string): JsonObject {
  const paid = now >= payout.createdMs + payingMs;
  const status = item.status ?? (paid ? 'SUCCESS' : 'PENDING');
  return {
    payout_item_id: item.id, ...(status === 'PENDING' ? {} : { transaction_id: item.transaction, time_processed: iso(payout.createdMs + payingMs) }), transaction_status: status,
    payout_batch_id: payout.id, payout_item_fee: { currency: payout.amount['currency']!, value: noFee(payout.amount) }, payout_item: item.given,
    links: [link(`${api}/v1/payments/payouts-item/${item.id}`, 'item'), link(`${api}/v1/payments/payouts/${payout.id}`, 'batch')],
  };
}

export async function itemsOf(ledger: Ledger, payout: Payout): Promise<readonly PayoutItem[]> {
  return (await Promise.all(payout.items.map((id) => ledger.find<PayoutItem>('payout-item', id)))).filter((item) => item !== null);
}
