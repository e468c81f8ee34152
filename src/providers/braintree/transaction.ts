import type { Money } from '../../model/money.ts';
import { decimalText, ofMinor } from '../wire/decimal-money.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Card } from './card.ts';
import { showCard, showThreeDSecure, showPayPal } from './card-node.ts';
import { notFound } from './errors.ts';
import type { Books } from './operation.ts';
import { textOf } from './parameters.ts';
import type { Response } from './responses.ts';
import { list } from './xml-reply.ts';
import type { Node, Nodes } from './xml-reply.ts';

export type Status = 'authorized' | 'submitted_for_settlement' | 'settling' | 'settlement_pending' | 'settlement_confirmed' | 'settlement_declined' | 'settled' | 'voided' | 'processor_declined' | 'gateway_rejected' | 'failed';

export interface Transaction {
  readonly id: string;
  readonly type: 'sale' | 'credit';
  readonly status: Status;
  readonly amount: Money;
  readonly merchantAccount: string;
  /** what the caller said of it, without what stands for a card */
  readonly given: JsonObject;
  readonly customer: string | null;
  /** the token of its payment method, where it is one of the vault; a field of that name would be masked where it is kept */
  readonly vaulted: string | null;
  readonly card: Card;
  readonly response: Response | null;
  readonly settlement: Response | null;
  readonly rejection: string | null;
  /** ids of refunds, and what they come to in minor units */
  readonly refunds: readonly string[];
  readonly refunded: string;
  readonly refundOf: string | null;
  /** a sale that is settled in parts: ids of the parts, and what they come to */
  readonly parts: readonly string[];
  readonly inParts: string;
  readonly partOf: string | null;
  readonly disputes: readonly string[];
  readonly history: readonly { readonly ms: number; readonly status: Status; readonly amount: string }[];
  readonly createdMs: number;
}

/** Fields of a call that come back. */
export const kept = ['order_id', 'channel', 'customer', 'billing', 'shipping', 'custom_fields', 'descriptor', 'purchase_order_number', 'tax_amount', 'tax_exempt', 'shipping_amount', 'discount_amount', 'service_fee_amount', 'recurring', 'transaction_source'];

/** What was submitted is settled a day later, as the nightly batches of the sandbox do it. */
const settledAfterMs = 24 * 3600 * 1000;

export function became(transaction: Transaction, status: Status, ms: number, more: Partial<Transaction> = {}): Transaction {
  const now = { ...transaction, ...more, status };
  return { ...now, history: [...transaction.history, { ms, status, amount: decimalText(now.amount) }] };
}

/** How it stands at a time: the nightly batch has run without anybody asking. */
export function standing(transaction: Transaction, now: number): Transaction {
  const last = transaction.history.at(-1);
  const due = (last?.ms ?? now) + settledAfterMs;
  return ['submitted_for_settlement', 'settling'].includes(transaction.status) && now >= due ? became(transaction, settlementByAmount(transaction), due) : transaction;
}

/** It waits for the bank. One whose money lies in its parts waits for nothing: they are settled, not it. */
export function awaitsBank({ status, parts }: Transaction): boolean {
  return parts.length === 0 && ['submitted_for_settlement', 'settling', 'settlement_pending', 'settlement_confirmed'].includes(status);
}

/** What the settlement of a sandbox comes to by its amount: 4001 is declined, 4002 waits. */
export function settlementByAmount({ amount }: Transaction): 'settled' | 'settlement_declined' | 'settlement_pending' {
  const [whole, cents = '00'] = decimalText(amount).split('.');
  if (cents !== '00') return 'settled';
  return whole === '4001' ? 'settlement_declined' : whole === '4002' ? 'settlement_pending' : 'settled';
}

export async function transactionOf({ ledger, context }: Pick<Books, 'ledger' | 'context'>, id: string): Promise<Transaction> {
  const found = await ledger.find<Transaction>('transaction', id);
  if (found === null) throw notFound();
  return standing(found, context.now);
}

export function saveTransaction({ ledger }: Pick<Books, 'ledger'>, transaction: Transaction): void {
  ledger.save('transaction', transaction.id, transaction, { all: 'yes', ...orderIndex(transaction) });
}

export function orderIndex({ given }: Pick<Transaction, 'given'>): Readonly<Record<string, string>> {
  const order = textOf(field(given, 'order_id'));
  return order === null ? {} : { order };
}

export function leftToRefund({ amount, refunded }: Transaction): bigint {
  return BigInt(amount.minor) - BigInt(refunded);
}

const addressFields = ['id', 'first_name', 'last_name', 'company', 'street_address', 'extended_address', 'locality', 'region', 'postal_code', 'country_name', 'country_code_alpha2', 'country_code_alpha3', 'country_code_numeric'];
const customerFields = ['id', 'first_name', 'last_name', 'company', 'email', 'website', 'phone', 'fax'];

export function showTransaction(transaction: Transaction): Nodes {
  const { given, card, amount, createdMs, history } = transaction;
  const approved = transaction.response?.code === '1000';
  return {
    id: transaction.id, status: transaction.status, type: transaction.type, currency_iso_code: amount.currency, amount: decimalText(amount), merchant_account_id: transaction.merchantAccount,
    sub_merchant_account_id: null, master_merchant_account_id: null, order_id: textOf(field(given, 'order_id')), created_at: new Date(createdMs), updated_at: new Date(history.at(-1)?.ms ?? createdMs),
    customer: fieldsOf({ ...asObject(field(given, 'customer')), ...(transaction.customer === null ? {} : { id: transaction.customer }) }, customerFields),
    billing: fieldsOf(asObject(field(given, 'billing')), addressFields), shipping: fieldsOf(asObject(field(given, 'shipping')), addressFields),
    refund_id: transaction.refunds[0] ?? null, refund_ids: list('item', transaction.refunds), refunded_transaction_id: transaction.refundOf,
    partial_settlement_transaction_ids: list('item', transaction.parts), authorized_transaction_id: transaction.partOf, settlement_batch_id: transaction.status === 'settled' ? `${new Date(history.at(-1)!.ms).toISOString().slice(0, 10)}_${transaction.merchantAccount}` : null,
    custom_fields: customFields(given), avs_error_response_code: null, avs_postal_code_response_code: 'I', avs_street_address_response_code: 'I', cvv_response_code: 'I',
    gateway_rejection_reason: transaction.rejection, processor_authorization_code: approved ? authorization(transaction.id) : null,
    processor_response_code: transaction.response?.code ?? '', processor_response_text: transaction.response?.text ?? '', processor_response_type: transaction.response === null ? undefined : approved ? 'approved' : hard.has(transaction.response.code) ? 'hard_declined' : 'soft_declined',
    additional_processor_response: approved || transaction.response === null ? null : `${transaction.response.code} : ${transaction.response.text.toUpperCase()}`,
    processor_settlement_response_code: transaction.settlement?.code ?? '', processor_settlement_response_text: transaction.settlement?.text ?? '',
    voice_referral_number: null, purchase_order_number: textOf(field(given, 'purchase_order_number')), tax_amount: textOf(field(given, 'tax_amount')), tax_exempt: field(given, 'tax_exempt') === true,
    [instrumentField[card.instrument]]: card.instrument === 'paypal_account' ? showPayPal(card, transaction.vaulted) : showCard(card, transaction.vaulted),
    status_history: list('status_event', history.map(({ ms, status, amount: at }) => ({ timestamp: new Date(ms), status, amount: at, user: 'api', transaction_source: 'api' }))),
    plan_id: null, subscription_id: null, subscription: { billing_period_end_date: null, billing_period_start_date: null }, add_ons: list('add_on', []), discounts: list('discount', []),
    descriptor: fieldsOf(asObject(field(given, 'descriptor')), ['name', 'phone', 'url']), recurring: field(given, 'recurring') === true, channel: textOf(field(given, 'channel')),
    service_fee_amount: textOf(field(given, 'service_fee_amount')), escrow_status: null, disputes: list('dispute', transaction.disputes.map((id) => ({ id }))), payment_instrument_type: card.instrument,
    disbursement_details: { disbursement_date: null, settlement_amount: null, settlement_currency_iso_code: null, settlement_currency_exchange_rate: null, funds_held: null, success: null },
    three_d_secure_info: showThreeDSecure(card),
  };
}

const instrumentField = { credit_card: 'credit_card', paypal_account: 'paypal', apple_pay_card: 'apple_pay', android_pay_card: 'android_pay_card' } as const;

/** Declines that no second try helps. */
const hard = new Set(['2004', '2005', '2006', '2007', '2008', '2009', '2012', '2013', '2014', '2015', '2017', '2018', '2019', '2020', '2022', '2047', '2053']);

/** Six characters, the same for the same transaction. */
function authorization(id: string): string {
  return id.toUpperCase().padEnd(6, '0').slice(0, 6);
}

/** All of these fields, null where nothing was said. */
export function fieldsOf(from: JsonObject | null, names: readonly string[]): Nodes {
  return Object.fromEntries(names.map((name) => [name, textOf(field(from, name))]));
}

export function customFields(given: JsonObject): Node {
  const fields = asObject(field(given, 'custom_fields'));
  return fields === null ? '' : Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && asArray(value) === null ? [[name, textOf(value)]] : []));
}

/** So much of a transaction's currency. */
export function like({ amount }: Pick<Transaction, 'amount'>, minor: bigint): Money {
  return ofMinor(minor, amount);
}
