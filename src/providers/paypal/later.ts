import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { ofMinor } from '../wire/decimal-money.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { moneyOf } from './amount.ts';
import type { Order, Part } from './order-object.ts';
import { showOrder } from './order-object.ts';
import { approved } from './paying.ts';
import type { Paying } from './paying.ts';
import { refunded, voided } from './payments.ts';
import { itemsOf, payingMs } from './payout-object.ts';
import type { Payout } from './payout-object.ts';
import { tellItem } from './payouts.ts';
import type { Work } from './operation.ts';
import { apiOf } from './place.ts';
import { announce } from './webhook.ts';

const itemEvents = ['PAYMENT.PAYOUTS-ITEM.UNCLAIMED', 'PAYMENT.PAYOUTS-ITEM.RETURNED', 'PAYMENT.PAYOUTS-ITEM.FAILED', 'PAYMENT.PAYOUTS-ITEM.BLOCKED'] as const;

/** What payer, seller (in the dashboard) and receivers do long after the call. */
export const laterEvents = ['CHECKOUT.ORDER.APPROVED', 'PAYMENT.CAPTURE.REFUNDED', 'PAYMENT.CAPTURE.REVERSED', 'PAYMENT.AUTHORIZATION.VOIDED', ...itemEvents] as const;

type Later = Paying & Pick<Work, 'page'>;

/** Each event happens to the object that the call's answer shows: an order, or what it brought forth, or a batch of payouts. */
export async function later(event: LaterEvent, { request, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const shown = reply.status >= 300 ? null : parseJson(reply.body);
  const answer = shown?.kind === 'json' ? asObject(shown.value) : null;
  if (answer === null) return {};
  const work: Later = {
    ledger: openLedger(context), api: apiOf(request), page: (order) => context.page('order', order), now: context.now,
    id: (length = 17) => context.id('', { length, alphabet: 'base62' }).toUpperCase(),
  };
  await happen(event, answer, work);
  return work.ledger.finish();
}

async function happen({ name, recipient }: LaterEvent, answer: JsonObject, work: Later): Promise<void> {
  switch (name) {
    case 'CHECKOUT.ORDER.APPROVED': return approvedLater(answer, work);
    case 'PAYMENT.CAPTURE.REFUNDED': case 'PAYMENT.CAPTURE.REVERSED': return givenBack(name, answer, work);
    case 'PAYMENT.AUTHORIZATION.VOIDED': return released(answer, work);
    default: return itemBecame(name, recipient, answer, work);
  }
}

async function approvedLater(answer: JsonObject, work: Later): Promise<void> {
  const order = await work.ledger.find<Order>('order', idOf(answer));
  if (order !== null && ['CREATED', 'PAYER_ACTION_REQUIRED'].includes(order.status)) await approved(order, { ...work, refused: false, shown: (each) => showOrder(each, work) });
}

/** The first part of this kind that the answer is, or that the order it is has. */
async function partsOf(kind: 'capture' | 'authorization', answer: JsonObject, work: Later): Promise<readonly Part[]> {
  const order = await work.ledger.find<Order>('order', idOf(answer));
  const ids = order === null ? [idOf(answer)] : order.units.flatMap((unit) => kind === 'capture' ? unit.captures : unit.authorizations);
  return (await Promise.all(ids.map((id) => work.ledger.find<Part>(kind, id)))).filter((part) => part !== null);
}

async function givenBack(name: string, answer: JsonObject, work: Later): Promise<void> {
  const part = (await partsOf('capture', answer, work)).find(({ view }) => view['status'] !== 'REFUNDED');
  if (part === undefined) return;
  const whole = moneyOf(part.view['amount'])!;
  const rest = ofMinor(BigInt(whole.minor) - BigInt(part.used), whole);
  if (name === 'PAYMENT.CAPTURE.REFUNDED') { await refunded(work, part, rest, {}); return; }
  const view: JsonObject = { ...part.view, status: 'REFUNDED' };
  work.ledger.save('capture', String(view['id']), { ...part, used: whole.minor, view } satisfies Part);
  announce(work, { type: name, resourceType: 'capture', resourceVersion: '2.0', summary: 'A payment capture was reversed', resource: view, object: part.order || String(view['id']), atMs: work.now });
}

async function released(answer: JsonObject, work: Later): Promise<void> {
  const part = (await partsOf('authorization', answer, work)).find(({ view }) => view['status'] === 'CREATED');
  if (part !== undefined) voided(work, part);
}

/** `recipient` is whose item it is; null = every item's. */
async function itemBecame(name: string, recipient: string | null, answer: JsonObject, work: Later): Promise<void> {
  const payout = await work.ledger.find<Payout>('payout', asString(field(asObject(field(answer, 'batch_header')), 'payout_batch_id')) ?? '');
  if (payout === null) return;
  const status = name.split('.').at(-1)!;
  for (const item of await itemsOf(work.ledger, payout)) {
    if (recipient !== null && asString(field(item.given, 'receiver'))?.trim() !== recipient || item.status === status) continue;
    const now = { ...item, status };
    work.ledger.save('payout-item', item.id, now);
    tellItem(work, now, payout, Math.max(work.now, payout.createdMs + payingMs));
  }
}

function idOf(answer: JsonObject): string {
  return asString(field(answer, 'id')) ?? '';
}
