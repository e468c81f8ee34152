import type { Money } from '../../model/money.ts';
import type { Addressee } from '../../model/recipient.ts';
import { sumOf } from '../wire/decimal-money.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonCall, JsonRoute } from '../wire/json-api.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import { addresseesOf } from './addressees.ts';
import { moneyOf } from './amount.ts';
import { noSuchResource, PayPalFailure } from './errors.ts';
import { keysOf, moves, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { batchHeader, itemsOf, money, payingMs, selfOf, showItem } from './payout-object.ts';
import type { Payout, PayoutItem } from './payout-object.ts';
import { announce } from './webhook.ts';

/** A sender_batch_id cannot be used again for 30 days. */
const batchIdMs = 30 * 86_400_000;

const header = (body: JsonObject): JsonObject => asObject(field(body, 'sender_batch_header')) ?? {};
const items = (body: JsonObject): readonly JsonObject[] => (asArray(field(body, 'items')) ?? []).map(asObject).filter((item) => item !== null);

export const payoutRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v1\/payments\/payouts$/, operation: 'payouts.create',
    effect: (body) => {
      const all = items(body);
      if (all.length !== (asArray(field(body, 'items')) ?? []).length) return unreadable('an item is no object');
      const receivers = all.flatMap((item) => receiverOf(item, header(body)) ?? []);
      return {
        ...moves, movesMoney: true, object: null, amount: sumOf(all.map((item) => moneyOf(field(item, 'amount')))),
        recipients: addresseesOf(body, distinct(receivers)),
        keys: [...keysOf(header(body), ['sender_batch_id']), ...all.flatMap((item) => keysOf(item, ['sender_item_id']))],
        description: asString(field(header(body), 'email_subject')) ?? asString(field(header(body), 'note')),
      };
    },
    run: create,
  }),
  operation({ method: 'GET', path: /^\/v1\/payments\/payouts\/([A-Za-z0-9]{1,36})$/, operation: 'payouts.get', run: get }),
  operation({
    method: 'GET', path: /^\/v1\/payments\/payouts-item\/([A-Za-z0-9]{1,36})$/, operation: 'payouts-item.get',
    run: async ({ ledger, call, now, api }) => {
      const item = await ledger.find<PayoutItem>('payout-item', call.ids[0]!);
      const payout = item === null ? null : await ledger.find<Payout>('payout', item.payout);
      if (item === null || payout === null) throw noSuchResource();
      return { status: 200, body: { ...showItem(item, payout, now, api), sender_batch_id: field(payout.header, 'sender_batch_id') ?? '' } };
    },
  }),
];

/** By the type that the item or the batch says; where neither does, by its look. */
function receiverOf(item: JsonObject, batch: JsonObject): Addressee | null {
  const given = asString(field(item, 'receiver'));
  if (given === null || trimmed(given) === '') return null;
  const address = trimmed(given);
  const type = (asString(field(item, 'recipient_type')) ?? asString(field(batch, 'recipient_type')) ?? '').toUpperCase();
  const kind = type === 'EMAIL' || address.includes('@') ? 'email' : type === 'PHONE' ? 'phone' : 'customer';
  return { address, kind, role: 'receiver' };
}

function distinct(all: readonly Addressee[]): readonly Addressee[] {
  return [...new Map(all.map((one) => [`${one.kind} ${one.address}`, one])).values()];
}

function invalid(where: string, issue: string): PayPalFailure {
  return new PayPalFailure(400, { name: 'VALIDATION_ERROR', message: 'Invalid request - see details.', details: [{ field: where, location: 'body', issue }] });
}

/** The whole batch's money, or PayPal's objection. */
function requireItems(body: JsonObject): Money {
  const all = items(body);
  if (asString(field(header(body), 'sender_batch_id')) === null) throw invalid('sender_batch_header.sender_batch_id', 'Required field is missing');
  if (all.length === 0) throw invalid('items', 'Required field is missing');
  if (all.length > 15_000) throw invalid('items', 'A payout has at most 15000 items');
  const amounts = all.map((item, index) => {
    if (receiverOf(item, header(body)) === null) throw invalid(`items[${index}].receiver`, 'Required field is missing');
    const amount = moneyOf(field(item, 'amount'));
    if (amount === null || BigInt(amount.minor) <= 0n) throw invalid(`items[${index}].amount`, 'Amount is missing, not positive or finer than its currency');
    return amount;
  });
  return sumOf(amounts) ?? refuse('items', 'All items of a payout must be in the same currency');
}

function refuse(where: string, issue: string): never {
  throw invalid(where, issue);
}

async function create(work: Work): Promise<Answer> {
  const { ledger, now, api, body } = work;
  const total = requireItems(body);
  const senderId = asString(field(header(body), 'sender_batch_id'))!;
  const before = await ledger.find<{ readonly at: number; readonly id: string }>('sender-batch', senderId);
  if (before !== null && now - before.at < batchIdMs) {
    throw new PayPalFailure(400, { name: 'USER_BUSINESS_ERROR', message: 'User business error.', details: [{ field: 'SENDER_BATCH_ID', location: 'body', issue: 'Batch with given sender_batch_id already exists' }] });
  }
  const id = work.id(13);
  const made = items(body).map((given): PayoutItem => ({ id: work.id(13), payout: id, given: { ...(field(header(body), 'recipient_type') === undefined ? {} : { recipient_type: field(header(body), 'recipient_type')! }), ...given }, transaction: work.id(), status: null }));
  const payout: Payout = { id, header: header(body), items: made.map((item) => item.id), amount: money(total), createdMs: now };
  ledger.save('sender-batch', senderId, { at: now, id });
  ledger.save('payout', id, payout);
  for (const item of made) ledger.save('payout-item', item.id, item);
  const paid = now + payingMs;
  announce(work, { type: 'PAYMENT.PAYOUTSBATCH.SUCCESS', resourceType: 'payouts', resourceVersion: '1.0', summary: 'Payouts batch completed successfully.', resource: { batch_header: batchHeader(payout, paid), links: selfOf(payout, api) }, object: id, atMs: paid });
  for (const item of made) tellItem(work, item, payout, paid);
  return { status: 201, body: { batch_header: { payout_batch_id: id, batch_status: 'PENDING', sender_batch_header: payout.header }, links: selfOf(payout, api) } };
}

const told: Readonly<Record<string, string>> = { SUCCESS: 'SUCCEEDED' };

/** What became of one item. */
export function tellItem(work: Pick<Work, 'ledger' | 'api' | 'id'>, item: PayoutItem, payout: Payout, atMs: number): void {
  const status = item.status ?? 'SUCCESS';
  const type = `PAYMENT.PAYOUTS-ITEM.${told[status] ?? status}`;
  announce(work, { type, resourceType: 'payouts_item', resourceVersion: '1.0', summary: `A payout item has ${(told[status] ?? status).toLowerCase()}`, resource: showItem(item, payout, atMs, work.api), object: payout.id, atMs });
}

async function get({ ledger, call, now, api }: Work): Promise<Answer> {
  const payout = await ledger.find<Payout>('payout', call.ids[0]!);
  if (payout === null) throw noSuchResource();
  const [page, size] = [numberIn(call, 'page', 1), Math.min(numberIn(call, 'page_size', 1000), 1000)];
  const all = (await itemsOf(ledger, payout)).map((item) => showItem(item, payout, now, api));
  const total = all.length;
  const counted: JsonObject = call.query.some(([name, value]) => name === 'total_required' && value === 'true') ? { total_items: total, total_pages: Math.ceil(total / size) } : {};
  return { status: 200, body: { ...counted, batch_header: batchHeader(payout, now), items: all.slice((page - 1) * size, page * size), links: selfOf(payout, api) } };
}

function numberIn({ query }: JsonCall, name: string, otherwise: number): number {
  const given = query.find(([each]) => each === name)?.[1] ?? '';
  return /^[1-9][0-9]{0,5}$/.test(given) ? Number(given) : otherwise;
}
