import type { Money } from '../../model/money.ts';
import { everything } from '../wire/everything.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { money, moneyOf, requireMoney, shown } from './amount.ts';
import { missing, notFound, notSimulated, refundError } from './errors.ts';
import { paged, parameters, sorted, within } from './list.ts';
import { given, idIn, iso, operation } from './operation.ts';
import type { Answer, Books, Work } from './operation.ts';
import { becomes, paymentOf } from './payment-object.ts';
import { announce } from './webhook.ts';

/** After so long a refund is through. At Square it takes from seconds to days. */
export const refundingMs = 2_000;

export interface Refund {
  /** as it was at first: PENDING */
  readonly view: JsonObject & { readonly id: string; readonly payment_id: string };
  readonly completesMs: number;
  /** what became of it instead, if something did */
  readonly instead: { readonly status: 'FAILED' | 'REJECTED'; readonly atMs: number } | null;
}

const filters = ['begin_time', 'end_time', 'sort_order', 'cursor', 'location_id', 'status', 'source_type', 'limit'] as const;

export const refundRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v2\/refunds$/, operation: 'refunds.create', once: 'required', run: refund,
    effect: (body) => ({
      movesMoney: true, amount: moneyOf(field(body, 'amount_money')), object: asString(field(body, 'payment_id')) || null,
      customer: asString(field(body, 'customer_id')) || null, description: asString(field(body, 'reason')) || null,
    }),
  }),
  operation({ method: 'GET', path: /^\/v2\/refunds$/, operation: 'refunds.list', run: list }),
  operation({
    method: 'GET', path: idIn('/v2/refunds'), operation: 'refunds.get',
    run: async (work) => {
      const found = await work.ledger.find<Refund>('refund', work.call.ids[0]!);
      if (found === null) throw notFound('refund', work.call.ids[0]!);
      return { body: { refund: viewOf(found, work.now) } };
    },
  }),
];

async function refund(work: Work): Promise<Answer> {
  const { body } = work;
  if (field(body, 'unlinked') === true || field(body, 'destination_id')) throw notSimulated('a refund to another destination than the payment');
  const of = asString(field(body, 'payment_id'));
  if (of === null || of === '') throw missing('payment_id');
  const amount = requireMoney(field(body, 'amount_money'), 'amount_money');
  const payment = await paymentOf(work, of);
  const total = moneyOf(payment['total_money'])!;
  if (payment.status === 'APPROVED') throw refundError('REFUND_ERROR_PAYMENT_NEEDS_COMPLETION', 'The payment must be completed before it can be refunded.');
  if (payment.status !== 'COMPLETED') throw refundError('PAYMENT_NOT_REFUNDABLE', `A payment in the state ${payment.status} cannot be refunded.`);
  if (amount.currency !== total.currency) throw refundError('CURRENCY_MISMATCH', `The payment is in ${total.currency}, the refund in ${amount.currency}.`);
  const back = refundedOf(payment) + BigInt(amount.minor);
  if (back > BigInt(total.minor)) throw refundError('REFUND_AMOUNT_INVALID', 'The requested refund amount exceeds the amount available to refund.');
  const made = newRefund(work, payment, amount);
  tell(work, 'refund.created', made, work.now);
  becomes(work, payment, { refunded_money: shown(money(back, total.currency)), refund_ids: [...(payment['refund_ids'] as readonly string[] | undefined ?? []), made.view.id] });
  tell(work, 'refund.updated', made, made.completesMs);
  return { body: { refund: viewOf(made, work.now) } };
}

function newRefund({ ledger, body, id, now }: Work, payment: JsonObject & { readonly id: string }, amount: Money): Refund {
  const view = {
    id: `${payment.id}_${id(43)}`, status: 'PENDING', amount_money: shown(amount), payment_id: payment.id, ...given(payment, ['order_id', 'location_id']), ...given(body, ['reason', 'team_member_id']),
    destination_type: payment['source_type']!, created_at: iso(now), updated_at: iso(now),
  };
  const made: Refund = { view, completesMs: now + refundingMs, instead: null };
  ledger.save('refund', view.id, made);
  return made;
}

export function refundedOf(payment: JsonObject): bigint {
  return BigInt(moneyOf(payment['refunded_money'])?.minor ?? '0');
}

/** As Square shows it at a time. */
export function viewOf({ view, completesMs, instead }: Refund, now: number): JsonObject {
  if (instead !== null && now >= instead.atMs) return { ...view, status: instead.status, updated_at: iso(instead.atMs) };
  return now < completesMs ? view : { ...view, status: 'COMPLETED', updated_at: iso(completesMs) };
}

/** Told at a time, as it is then. */
export function tell(books: Books, type: 'refund.created' | 'refund.updated', of: Refund, atMs: number): void {
  announce(books, { type, about: { type: 'refund', id: of.view.id }, object: { refund: viewOf(of, atMs) }, line: of.view.payment_id, atMs });
}

async function list(work: Work): Promise<Answer> {
  const asked = parameters(work, filters);
  const views = (await everything<Refund>(work.call.context, 'refund')).map((each) => viewOf(each, work.now)).filter((view) => [
    [asked['location_id'], view['location_id']], [asked['status'], view['status']], [asked['source_type'], view['destination_type']],
  ].every(([wanted, is]) => wanted === undefined || is === wanted) && within(view['created_at'], asked['begin_time'], asked['end_time']));
  return { body: paged('refunds', sorted(views, asked['sort_order']), { limit: asked['limit'], cursor: asked['cursor'] }) };
}
