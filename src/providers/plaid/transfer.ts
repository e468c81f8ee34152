import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { minorOf } from './amount.ts';
import { changeBalance } from './balance.ts';
import { notFound } from './errors.ts';
import { addEvent } from './events.ts';
import { at, dateAfter } from './operation.ts';
import type { Books } from './operation.ts';
import type { Environment } from './place.ts';
import type { Refund } from './refund.ts';
import { showRefund } from './refund.ts';

export type Status = 'pending' | 'posted' | 'settled' | 'funds_available' | 'cancelled' | 'failed' | 'returned';

export interface Transfer {
  readonly id: string;
  /** id of its authorization */
  readonly authorized: string;
  readonly account: string;
  /** type, network, user ... as they were authorized */
  readonly given: JsonObject;
  readonly amount: string;
  readonly currency: string;
  readonly description: string;
  readonly metadata: JsonObject | null;
  readonly status: Status;
  readonly failure: { readonly failure_code: string; readonly ach_return_code: string | null; readonly description: string } | null;
  readonly refunds: readonly string[];
  readonly recurring: string | null;
  readonly environment: Environment;
  readonly createdMs: number;
}

/** What Plaid's sandbox lets happen after what. */
export const next: Readonly<Partial<Record<Status, readonly Status[]>>> = { pending: ['posted', 'failed'], posted: ['settled', 'returned'], settled: ['funds_available'] };
/** Banks return an ACH debit for 60 days, when it is long settled. */
export const nextInLife: typeof next = { ...next, pending: ['posted', 'failed', 'cancelled'], settled: ['funds_available', 'returned'], funds_available: ['returned'] };

export const isDebit = ({ given }: Pick<Transfer, 'given'>): boolean => field(given, 'type') === 'debit';

export function saveTransfer({ ledger }: Pick<Books, 'ledger'>, transfer: Transfer): void {
  ledger.save('transfer', transfer.id, transfer, { authorization: transfer.authorized });
}

export async function transferOf({ ledger }: Pick<Books, 'ledger'>, id: string | null): Promise<Transfer> {
  const transfer = await ledger.find<Transfer>('transfer', id ?? '');
  if (transfer === null) throw notFound('transfer');
  return transfer;
}

export async function beginTransfer(books: Books, transfer: Transfer): Promise<void> {
  saveTransfer(books, transfer);
  const minor = minorOf(transfer.amount);
  await changeBalance(books, isDebit(transfer) ? { pending: minor } : { available: -minor });
  await tell(books, transfer, 'pending');
}

/** The transfer one step on: kept, entered in the ledger, and told as an event. */
export async function moveOn(books: Books, transfer: Transfer, to: Status, failure: Transfer['failure'] = null): Promise<Transfer> {
  const now: Transfer = { ...transfer, status: to, failure };
  saveTransfer(books, now);
  const minor = minorOf(transfer.amount);
  const over = ['cancelled', 'failed', 'returned'].includes(to);
  if (isDebit(transfer)) {
    if (to === 'funds_available') await changeBalance(books, { pending: -minor, available: minor });
    if (over) await changeBalance(books, transfer.status === 'funds_available' ? { available: -minor } : { pending: -minor });
  } else if (over) await changeBalance(books, { available: minor });
  await tell(books, now, to);
  return now;
}

async function tell(books: Books, transfer: Transfer, event: Status): Promise<void> {
  await addEvent(books, eventOf(transfer, event, { failure_reason: transfer.failure === null ? null : { ...transfer.failure } }));
}

export function eventOf(transfer: Transfer, type: string, more: JsonObject): JsonObject {
  return {
    event_type: type, account_id: transfer.account, funding_account_id: field(transfer.given, 'funding_account_id') ?? null, ledger_id: field(transfer.given, 'ledger_id') ?? null, transfer_id: transfer.id, origination_account_id: null,
    transfer_type: field(transfer.given, 'type')!, transfer_amount: transfer.amount, failure_reason: null, sweep_id: null, sweep_amount: null, refund_id: null, originator_client_id: null, ...more,
  };
}

export const failureOf = (code: string | null): NonNullable<Transfer['failure']> => {
  const ach = code !== null && /^R[0-9]{2}$/i.test(code) ? code.toUpperCase() : code === null ? 'R01' : null;
  return { failure_code: ach ?? code!, ach_return_code: ach, description: ach === 'R01' ? 'Insufficient funds' : code ?? '' };
};

export async function showTransfer(books: Pick<Books, 'ledger'>, transfer: Transfer): Promise<JsonObject> {
  const refunds = await Promise.all(transfer.refunds.map((id) => books.ledger.find<Refund>('refund', id)));
  return {
    ach_class: null, funding_account_id: null, ledger_id: null, origination_account_id: '', originator_client_id: null, credit_funds_source: null, ...transfer.given,
    id: transfer.id, authorization_id: transfer.authorized, account_id: transfer.account, amount: transfer.amount, iso_currency_code: transfer.currency, description: transfer.description, metadata: transfer.metadata,
    created: at(transfer.createdMs), status: transfer.status, sweep_status: 'unswept', cancellable: transfer.status === 'pending', failure_reason: transfer.failure === null ? null : { ...transfer.failure },
    guarantee_decision: null, guarantee_decision_rationale: null, standard_return_window: dateAfter(transfer.createdMs, 3), unauthorized_return_window: dateAfter(transfer.createdMs, 61),
    expected_settlement_date: asString(field(transfer.given, 'network')) === 'rtp' ? null : dateAfter(transfer.createdMs, 2), expected_funds_available_date: isDebit(transfer) ? dateAfter(transfer.createdMs, 5) : null,
    refunds: refunds.filter((refund) => refund !== null).map(showRefund), recurring_transfer_id: transfer.recurring, network_trace_id: null,
  };
}
