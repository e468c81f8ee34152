import type { JsonObject } from '../wire/json.ts';
import { asObject, field } from '../wire/json.ts';
import { minorOf } from './amount.ts';
import { faultOf, RazorpayFailure } from './errors.ts';
import type { Fault } from './errors.ts';
import { findOf, keep } from './objects.ts';
import type { Link, Order, Payer, Payment } from './objects.ts';
import type { Books } from './operation.ts';
import { seconds } from './operation.ts';
import { announce } from './webhook.ts';

type Status = 'created' | 'authorized' | 'failed';

interface NewPayment {
  readonly id: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly order: string | null;
  readonly status: Status;
  readonly payer: Payer;
  readonly merchant: string;
  readonly proof: string | null;
  readonly fault?: Fault;
  /** 'card', 'upi', 'netbanking' ... with what is told of it; absent: the test card */
  readonly by?: JsonObject;
  readonly more?: JsonObject;
  readonly back?: string | null;
}

const testCard: JsonObject = {
  method: 'card', card_id: 'card_fourthwall0000',
  card: { id: 'card_fourthwall0000', entity: 'card', name: '', last4: '1111', network: 'Visa', type: 'debit', issuer: null, international: false, emi: false, sub_type: 'consumer', token_iin: null },
};

const noFault = { error_code: null, error_description: null, error_source: null, error_step: null, error_reason: null };

export const alreadyPaid = faultOf('Your payment has been declined as the order is already paid', { source: 'business', step: 'payment_initiation' });

export function isPaid(order: Order | null): boolean {
  return order?.view['status'] === 'paid';
}

function newPayment(books: Books, made: NewPayment): Payment {
  const { id, amount, currency, order, status, payer, merchant, proof, fault, by = testCard, more = {}, back = null } = made;
  const view = {
    id, entity: 'payment', amount: Number(amount), currency, status, order_id: order, invoice_id: null, international: false, amount_refunded: 0, refund_status: null, captured: false,
    description: null, card_id: null, bank: null, wallet: null, vpa: null, email: payer.email, contact: payer.contact, ...(payer.customer === null ? {} : { customer_id: payer.customer }),
    notes: [], fee: null, tax: null, ...by, ...more, ...(fault === undefined ? noFault : failed(fault)), acquirer_data: {}, created_at: seconds(books.now),
  };
  return { view, merchant, proof, back };
}

export function failed(fault: Fault): JsonObject {
  return { status: 'failed', error_code: fault.code, error_description: fault.description, error_source: fault.source, error_step: fault.step, error_reason: fault.reason };
}

/** The deliveries about an order and its payments go out in order. */
export function lineOf(payment: Payment): string {
  const order = payment.view['order_id'];
  return typeof order === 'string' ? order : payment.view.id;
}

export function tell(books: Books, event: string, payment: Payment, more: Readonly<Record<string, JsonObject>> = {}): void {
  announce(books, { event, merchant: payment.merchant, payload: { payment: payment.view, ...more }, line: lineOf(payment) });
}

/** One order is paid once, however many payments were begun for it: why this one comes too late, null where it does not. */
export async function tooLate(books: Pick<Books, 'ledger'>, payment: Payment): Promise<Fault | null> {
  return isPaid(await orderOf(books, payment)) ? alreadyPaid : null;
}

/** The payer's bank has said yes; what follows by itself is that an order which asks for it has its payment captured. */
export async function authorized(books: Books, payment: Payment): Promise<Payment> {
  const order = await orderOf(books, payment);
  if (isPaid(order)) return fails(books, payment, alreadyPaid);
  const now = keep(books, 'payment', { ...payment, view: { ...payment.view, status: 'authorized', ...noFault } });
  tell(books, 'payment.authorized', now);
  const expected = order?.next.payment ?? now.view.id;
  if (order !== null) keep(books, 'order', { ...attempted(order), next: expected === now.view.id ? { ...order.next, payment: expected, used: true } : order.next });
  return order?.captures === true ? captured(books, now) : now;
}

export async function fails(books: Books, payment: Payment, fault: Fault): Promise<Payment> {
  const order = await orderOf(books, payment);
  const now = keep(books, 'payment', { ...payment, view: { ...payment.view, ...failed(fault) } });
  if (order !== null) keep(books, 'order', attempted(order));
  tell(books, 'payment.failed', now);
  return now;
}

/** The money is taken: the order is paid, and the link it belongs to. */
export async function captured(books: Books, payment: Payment): Promise<Payment> {
  const late = await tooLate(books, payment);
  if (late !== null) throw new RazorpayFailure(400, late);
  // only like Razorpay's: 2 %, and 18 % tax on it
  const fee = BigInt(payment.view['amount'] as number) * 2n / 100n;
  const tax = fee * 18n / 100n;
  const now = keep(books, 'payment', { ...payment, view: { ...payment.view, status: 'captured', captured: true, fee: Number(fee + tax), tax: Number(tax) } });
  tell(books, 'payment.captured', now);
  const order = await orderOf(books, now);
  if (order === null) return now;
  const whole = minorOf(field(order.view, 'amount')) ?? 0n;
  const paid = (minorOf(field(order.view, 'amount_paid')) ?? 0n) + BigInt(now.view['amount'] as number);
  const after = keep(books, 'order', { ...order, view: { ...order.view, amount_paid: Number(paid), amount_due: Number(whole > paid ? whole - paid : 0n), status: paid >= whole ? 'paid' : 'attempted' } });
  if (after.view['status'] === 'paid') tell(books, 'order.paid', now, { order: after.view });
  const link = order.link === null ? null : await findOf(books, 'payment_link', order.link);
  if (link !== null) linkPaid(books, link, after, now);
  return now;
}

function linkPaid(books: Books, link: Link, order: Order, payment: Payment): void {
  const entry: JsonObject = { amount: payment.view['amount']!, created_at: seconds(books.now), method: payment.view['method']!, payment_id: payment.view.id, plink_id: link.view.id, status: 'captured', updated_at: seconds(books.now) };
  const after = keep(books, 'payment_link', { ...link, view: { ...link.view, amount_paid: payment.view['amount']!, status: 'paid', order_id: order.view.id, payments: [entry], updated_at: seconds(books.now) } });
  tell(books, 'payment_link.paid', payment, { order: order.view, payment_link: after.view });
}

async function orderOf(books: Pick<Books, 'ledger'>, payment: Payment): Promise<Order | null> {
  const id = payment.view['order_id'];
  return typeof id === 'string' ? findOf(books, 'order', id) : null;
}

function attempted(order: Order): Order {
  return { ...order, view: { ...order.view, attempts: (order.view['attempts'] as number) + 1, status: order.view['status'] === 'paid' ? 'paid' : 'attempted' } };
}

/** The order behind a link is made when somebody first tries to pay it. */
export async function orderBehind(books: Books, link: Link): Promise<Order> {
  const id = link.view['order_id'];
  const known = typeof id === 'string' ? await findOf(books, 'order', id) : null;
  if (known !== null) return known;
  const customer = asObject(field(link.view, 'customer'));
  const order: Order = {
    view: {
      id: books.id('order_'), entity: 'order', amount: link.view['amount']!, amount_paid: 0, amount_due: link.view['amount']!, currency: link.view['currency']!, receipt: link.view['reference_id'] ?? null,
      offer_id: null, status: 'created', attempts: 0, notes: link.view['notes'] ?? [], created_at: seconds(books.now),
    },
    merchant: link.merchant, captures: true, link: link.view.id, next: link.next,
    payer: { email: textOf(customer, 'email'), contact: textOf(customer, 'contact'), customer: null },
  };
  keep(books, 'payment_link', { ...link, view: { ...link.view, order_id: order.view.id } });
  return keep(books, 'order', order);
}

function textOf(object: JsonObject | null, name: string): string | null {
  const value = field(object, name);
  return typeof value === 'string' ? value : null;
}

/** Somebody tries to pay an order where no call of the application says so. What fails leaves the prepared id for the payment that will pay it. */
export function attempt(books: Books, order: Order, status: Status, more: Partial<NewPayment> = {}): Payment {
  const next = status === 'failed' || order.next.used ? null : order.next;
  return newPayment(books, {
    id: next?.payment ?? books.id('pay_'), proof: next?.proof ?? null, amount: BigInt(order.view['amount_due'] as number), currency: order.view['currency'] as string,
    order: order.view.id, status, payer: order.payer, merchant: order.merchant, ...more,
  });
}
