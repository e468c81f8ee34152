import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { saveItem } from './item.ts';
import type { Item } from './item.ts';
import { isOpen } from './link.ts';
import type { Link } from './link.ts';
import { endSession } from './link-session.ts';
import type { Books } from './operation.ts';
import { nextPayment, paymentBecame } from './payment.ts';
import type { BankPayment, Status as PaymentStatus } from './payment.ts';
import { environmentOf } from './place.ts';
import { nextRefund } from './refund.ts';
import type { Refund, RefundStatus } from './refund.ts';
import { refundBecame } from './refunds.ts';
import { announceTransfers } from './telling.ts';
import { failureOf, isDebit, moveOn, nextInLife } from './transfer.ts';
import type { Status, Transfer } from './transfer.ts';
import { announce } from './webhook.ts';

/** Events of transfers and refunds as /transfer/event/sync names them, statuses of payments, and the codes of webhooks of Link and items. */
export const laterEvents = [
  'posted', 'settled', 'funds_available', 'failed', 'returned', 'cancelled', 'refund.posted', 'refund.settled', 'refund.failed', 'refund.returned',
  'PAYMENT_STATUS_AUTHORISING', 'PAYMENT_STATUS_INITIATED', 'PAYMENT_STATUS_EXECUTED', 'PAYMENT_STATUS_SETTLED', 'PAYMENT_STATUS_REJECTED', 'PAYMENT_STATUS_FAILED', 'PAYMENT_STATUS_BLOCKED', 'PAYMENT_STATUS_CANCELLED', 'PAYMENT_STATUS_INSUFFICIENT_FUNDS',
  'SESSION_FINISHED', 'ITEM_LOGIN_REQUIRED',
] as const;

/** It happens to what the call's answer shows. `detail`: the return code ('R03') of what failed or came back; EXITED of a session that nobody finished. */
export async function later({ name, detail }: LaterEvent, { request, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status >= 300 ? null : parseJson(reply.body);
  const answer = json?.kind === 'json' ? asObject(json.value) : null;
  if (answer === null) return {};
  const books: Books = { ledger: openLedger(context), context, now: context.now };
  const environment = environmentOf(request);
  if (name === 'SESSION_FINISHED') await sessionFinished(books, answer, detail);
  else if (name === 'ITEM_LOGIN_REQUIRED') await loginRequired(books, answer, environment);
  else if (name.startsWith('PAYMENT_STATUS_')) await paymentHappened(books, answer, name.slice('PAYMENT_STATUS_'.length) as PaymentStatus);
  else if (name.startsWith('refund.')) await refundHappened(books, answer, name.slice('refund.'.length) as RefundStatus, detail, environment);
  else await transferHappened(books, answer, name as Status, detail, environment);
  return books.ledger.finish();
}

async function transferHappened(books: Books, answer: JsonObject, to: Status, detail: string | null, environment: Transfer['environment']): Promise<void> {
  const transfer = await books.ledger.find<Transfer>('transfer', asString(field(asObject(field(answer, 'transfer')), 'id')) ?? '');
  if (transfer === null || !(nextInLife[transfer.status] ?? []).includes(to) || (to === 'funds_available' && !isDebit(transfer))) return;
  await moveOn(books, transfer, to, to === 'failed' || to === 'returned' ? failureOf(detail) : null);
  announceTransfers(books, environment, null, to);
}

async function refundHappened(books: Books, answer: JsonObject, to: RefundStatus, detail: string | null, environment: Transfer['environment']): Promise<void> {
  const refund = await books.ledger.find<Refund>('refund', asString(field(asObject(field(answer, 'refund')), 'id')) ?? '');
  if (refund === null || !(nextRefund[refund.status] ?? []).includes(to)) return;
  await refundBecame(books, refund, to, to === 'failed' || to === 'returned' ? failureOf(detail) : null);
  announceTransfers(books, environment, null, `refund.${to}`);
}

async function paymentHappened(books: Books, answer: JsonObject, to: PaymentStatus): Promise<void> {
  const payment = await books.ledger.find<BankPayment>('payment', asString(field(answer, 'payment_id')) ?? '');
  if (payment !== null && (nextPayment[payment.status] ?? []).includes(to)) paymentBecame(books, payment, to);
}

/** Tokens are cut out of what is kept of a call: a link is found by the request that made it, an item by its id. */
async function sessionFinished(books: Books, answer: JsonObject, detail: string | null): Promise<void> {
  const request = asString(field(answer, 'request_id'));
  const [found] = request === null ? [] : (await books.context.list('link', { where: { request }, limit: 1 })).items;
  const link = found === undefined ? null : await books.ledger.find<Link>('link', found.id);
  if (link !== null && isOpen(link, books.now)) await endSession(books, link, detail?.toUpperCase() === 'EXITED' ? 'exited' : 'success');
}

async function loginRequired(books: Books, answer: JsonObject, environment: Transfer['environment']): Promise<void> {
  const id = asString(field(answer, 'item_id')) ?? asString(field(asObject(field(answer, 'item')), 'item_id'));
  const [found] = id === null ? [] : (await books.context.list('item', { where: { item: id }, limit: 1 })).items;
  const item = found === undefined ? null : await books.ledger.find<Item | 'removed'>('item', found.id);
  if (item === null || item === 'removed' || item.loginRequired) return;
  saveItem(books, found!.id, { ...item, loginRequired: true });
  announce(books, {
    type: 'ITEM', code: 'ERROR', environment, to: item.webhook, line: item.id, event: 'ITEM_LOGIN_REQUIRED',
    body: { item_id: item.id, error: { error_type: 'ITEM_ERROR', error_code: 'ITEM_LOGIN_REQUIRED', error_message: 'the login details of this item have changed', display_message: null, status: 400 } },
  });
}
