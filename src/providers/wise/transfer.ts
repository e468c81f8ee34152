import type { Money } from '../../model/money.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { money, numberOf } from './amount.ts';
import { changed, standardBalance } from './balance.ts';
import { notFound } from './errors.ts';
import { at, iso } from './operation.ts';
import type { Books } from './operation.ts';
import { rateOf } from './rate.ts';
import { announce } from './webhook.ts';

export type Status = 'incoming_payment_waiting' | 'processing' | 'funds_converted' | 'outgoing_payment_sent' | 'bounced_back' | 'funds_refunded' | 'cancelled' | 'charged_back';

export interface Transfer {
  readonly id: string;
  readonly profile: string;
  readonly account: string;
  readonly quote: string;
  readonly source: string;
  readonly target: string;
  /** in minor units; what is paid, and what arrives */
  readonly paid: string;
  readonly arrives: string;
  readonly details: JsonObject;
  readonly customerTransactionId: string;
  readonly status: Status;
  /** the balance it was paid from, to which a refund goes */
  readonly paidFrom: string | null;
  readonly batch: string | null;
  readonly createdMs: number;
}

/** https://docs.wise.com/guides/product/send-money/tracking-transfers */
export const next: Readonly<Partial<Record<Status, readonly Status[]>>> = {
  incoming_payment_waiting: ['processing', 'cancelled'], processing: ['processing', 'funds_converted', 'cancelled'], funds_converted: ['outgoing_payment_sent', 'cancelled'],
  outgoing_payment_sent: ['bounced_back', 'charged_back'], bounced_back: ['processing', 'funds_refunded', 'cancelled'], cancelled: ['funds_refunded'],
};

export function saveTransfer({ ledger }: Pick<Books, 'ledger'>, transfer: Transfer): void {
  ledger.save('transfer', transfer.id, transfer, { profile: transfer.profile, status: transfer.status, ...(transfer.batch === null ? {} : { batch: transfer.batch }) });
}

export async function transferOf({ ledger }: Pick<Books, 'ledger'>, id: string): Promise<Transfer> {
  const transfer = await ledger.find<Transfer>('transfer', id);
  if (transfer === null) throw notFound('Transfer');
  return transfer;
}

export const paidOf = ({ paid, source }: Transfer): Money => money(BigInt(paid), source);

/** The transfer one step on, kept and told. What was paid and is refunded lies in the balance again. */
export async function moveOn(books: Books, transfer: Transfer, to: Status): Promise<Transfer> {
  const refunded = transfer.paidFrom !== null && (to === 'funds_refunded' || (to === 'cancelled' && transfer.status !== 'bounced_back'));
  const balance = refunded ? await standardBalance(books, transfer.profile, transfer.source) : null;
  if (balance !== null) changed(books, balance, BigInt(transfer.paid));
  const now: Transfer = { ...transfer, status: to, paidFrom: refunded ? null : transfer.paidFrom };
  saveTransfer(books, now);
  if (to !== transfer.status) await tell(books, now, transfer.status);
  return now;
}

/** `before` null: it is new */
export async function tell(books: Books, { id, profile, account, status }: Transfer, before: Status | null): Promise<void> {
  await announce(books, {
    type: 'transfers#state-change', profile, line: id, event: status,
    data: { resource: { type: 'transfer', id: Number(id), profile_id: Number(profile), account_id: Number(account) }, current_state: status, previous_state: before, occurred_at: iso(books.now) },
  });
}

export function showTransfer(transfer: Transfer): JsonObject {
  return {
    id: Number(transfer.id), user: 1, targetAccount: Number(transfer.account), sourceAccount: null, quote: null, quoteUuid: transfer.quote, status: transfer.status, reference: asString(field(transfer.details, 'reference')) ?? '',
    rate: rateOf(transfer.source, transfer.target), created: at(transfer.createdMs), business: Number(transfer.profile), transferRequest: null, details: transfer.details, hasActiveIssues: false,
    sourceCurrency: transfer.source, sourceValue: numberOf(paidOf(transfer)), targetCurrency: transfer.target, targetValue: numberOf(money(BigInt(transfer.arrives), transfer.target)), customerTransactionId: transfer.customerTransactionId, originator: null,
  };
}
