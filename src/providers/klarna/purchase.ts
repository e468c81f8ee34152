import type { JsonObject } from '../wire/json.ts';
import { field } from '../wire/json.ts';
import { minorOf } from './amount.ts';
import { iso } from './operation.ts';
import type { Work } from './operation.ts';

export interface Taken {
  readonly id: string;
  readonly minor: string;
  readonly given: JsonObject;
  readonly atMs: number;
}

/** An order as order management has it, whatever it came from. Amounts in minor units. */
export interface Order {
  readonly id: string;
  readonly given: JsonObject;
  readonly authorized: string;
  readonly original: string;
  readonly captures: readonly Taken[];
  readonly refunds: readonly Taken[];
  readonly cancelled: boolean;
  /** what is left may no longer be captured */
  readonly released: boolean;
  readonly fraud: 'ACCEPTED' | 'PENDING' | 'REJECTED';
  readonly acknowledged: boolean;
  readonly createdMs: number;
  readonly expiresMs: number;
}

const days = 86_400_000;

export function sum(taken: readonly Taken[]): bigint {
  return taken.reduce((total, { minor }) => total + BigInt(minor), 0n);
}

export function remaining(order: Order): bigint {
  return order.cancelled || order.released ? 0n : BigInt(order.authorized) - sum(order.captures);
}

export function statusOf(order: Order, now: number): string {
  if (order.cancelled) return 'CANCELLED';
  if (order.captures.length === 0) return now >= order.expiresMs ? 'EXPIRED' : 'AUTHORIZED';
  return remaining(order) > 0n && now < order.expiresMs ? 'PART_CAPTURED' : 'CAPTURED';
}

/** A purchase becomes an order; with `auto_capture` its money is taken at once. `declined`: Klarna takes it for fraud, and no money of it can be had. */
export function place(work: Pick<Work, 'ledger' | 'now' | 'uuid'>, given: JsonObject, { id = work.uuid(), declined = false }: { readonly id?: string; readonly declined?: boolean } = {}): Order {
  const amount = String(minorOf(field(given, 'order_amount'))!);
  const order: Order = {
    id, given, authorized: amount, original: amount, refunds: [], cancelled: false, released: false, fraud: declined ? 'REJECTED' : 'ACCEPTED', acknowledged: false, createdMs: work.now, expiresMs: work.now + 28 * days,
    captures: field(given, 'auto_capture') === true && !declined ? [{ id: work.uuid(), minor: amount, given: {}, atMs: work.now }] : [],
  };
  work.ledger.save('order', id, order);
  return order;
}

export function longer(order: Order, now: number): Order {
  return { ...order, expiresMs: now + 28 * days };
}

/** As a short name for people: of the id, so that it is the same every time. */
export function referenceOf({ id }: Order): string {
  return id.replaceAll('-', '').slice(0, 8).toUpperCase();
}

const shownFields = ['purchase_country', 'purchase_currency', 'locale', 'order_lines', 'billing_address', 'shipping_address', 'merchant_reference1', 'merchant_reference2', 'merchant_data', 'customer'];

export function showOrder(order: Order, now: number): JsonObject {
  return {
    ...Object.fromEntries(shownFields.flatMap((name) => field(order.given, name) === undefined ? [] : [[name, field(order.given, name)!]])),
    order_id: order.id, klarna_reference: referenceOf(order), status: statusOf(order, now), fraud_status: order.fraud,
    order_amount: Number(order.authorized), original_order_amount: Number(order.original), captured_amount: Number(sum(order.captures)), refunded_amount: Number(sum(order.refunds)),
    remaining_authorized_amount: Number(remaining(order)), created_at: iso(order.createdMs), expires_at: iso(order.expiresMs),
    captures: order.captures.map((capture) => showCapture(order, capture)), refunds: order.refunds.map(showRefund),
    initial_payment_method: { type: 'INVOICE', description: 'Pay later' },
  };
}

export function showCapture(order: Order, { id, minor, given, atMs }: Taken): JsonObject {
  return { ...given, capture_id: id, klarna_reference: `${referenceOf(order)}-${order.captures.findIndex((each) => each.id === id) + 1}`, captured_amount: Number(minor), captured_at: iso(atMs) };
}

export function showRefund({ id, minor, given, atMs }: Taken): JsonObject {
  return { ...given, refund_id: id, refunded_amount: Number(minor), refunded_at: iso(atMs) };
}
