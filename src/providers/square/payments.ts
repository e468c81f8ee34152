import { everything } from '../wire/everything.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { money, moneyOf, requireMoney, sum } from './amount.ts';
import { invalid, missing } from './errors.ts';
import { paged, parameters, sorted, within } from './list.ts';
import { idIn, operation, referenceOf } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { payOrder, requireDue } from './orders.ts';
import { keep, newPayment, paymentOf, settled, tell } from './payment-object.ts';
import type { PaymentView } from './payment-object.ts';
import { declinedSource, sourceOf, sourceText } from './sources.ts';

const filters = ['begin_time', 'end_time', 'updated_at_begin_time', 'updated_at_end_time', 'sort_order', 'sort_field', 'cursor', 'location_id', 'total', 'last_4', 'card_brand', 'limit'] as const;

export const paymentRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v2\/payments$/, operation: 'payments.create', once: 'required', run: create,
    effect: (body) => {
      const [amount, tip] = [moneyOf(field(body, 'amount_money')), moneyOf(field(body, 'tip_money'))];
      const source = asString(field(body, 'source_id'));
      return {
        movesMoney: true, keys: referenceOf(body), description: asString(field(body, 'note')) || null,
        // a tip that cannot be told makes the whole unknown
        amount: amount === null || field(body, 'tip_money') === undefined ? amount : tip?.currency === amount.currency ? sum(amount, tip) : null,
        customer: asString(field(body, 'customer_id')) || asString(field(body, 'buyer_email_address')) || null,
        method: source === null ? null : sourceText(source), object: asString(field(body, 'order_id')) || null,
      };
    },
  }),
  operation({
    method: 'GET', path: /^\/v2\/payments$/, operation: 'payments.list', run: list,
  }),
  operation({
    method: 'POST', path: /^\/v2\/payments\/cancel$/, operation: 'payments.cancel_by_idempotency_key', effect: () => ({ movesMoney: false }),
    run: async (work) => {
      const key = asString(field(work.body, 'idempotency_key'));
      if (key === null || key === '') throw missing('idempotency_key');
      const made = await work.ledger.find<{ readonly payment: string }>('payment-key', key);
      if (made !== null) await cancel(work, made.payment);
      return { body: {} };
    },
  }),
  operation({ method: 'GET', path: idIn('/v2/payments'), operation: 'payments.get', run: async (work) => ({ body: { payment: await paymentOf(work, work.call.ids[0]!) } }) }),
  operation({
    method: 'POST', path: idIn('/v2/payments', '/complete'), operation: 'payments.complete', effect: (_, { ids }) => ({ movesMoney: true, object: ids[0]! }),
    run: async (work) => {
      const before = await held(work, work.call.ids[0]!);
      const payment = settled(work, before, 'COMPLETED');
      await payOrder(work, payment);
      return { body: { payment } };
    },
  }),
  operation({
    method: 'POST', path: idIn('/v2/payments', '/cancel'), operation: 'payments.cancel', effect: (_, { ids }) => ({ movesMoney: false, object: ids[0]! }),
    run: async (work) => ({ body: { payment: await cancel(work, work.call.ids[0]!) } }),
  }),
];

async function create(work: Work): Promise<Answer> {
  const { body, ledger } = work;
  const id = asString(field(body, 'source_id'));
  if (id === null || id === '') throw missing('source_id');
  const amount = requireMoney(field(body, 'amount_money'), 'amount_money');
  const tip = asObject(field(body, 'tip_money')) === null ? null : requireMoney(field(body, 'tip_money'), 'tip_money', 0n);
  if (tip !== null && tip.currency !== amount.currency) throw invalid('CURRENCY_MISMATCH', 'The currencies of `amount_money` and `tip_money` must be the same.', 'tip_money.currency');
  const total = sum(amount, tip ?? money(0n, amount.currency));
  requireDetails(body, id);
  const { declined } = work.call.context;
  const source = declined === null ? sourceOf(id) : declinedSource(sourceOf(id), declined.code);
  const order = asString(field(body, 'order_id'));
  if (order !== null && order !== '') await requireDue(work, order, total);
  const made = newPayment(work, { body, amount, tip, total, source, location: asString(field(body, 'location_id')) || work.location, status: source.fault === null ? 'APPROVED' : 'FAILED' });
  tell(work, 'payment.created', made);
  if (source.fault !== null) {
    keep(work, made);
    return { body: { payment: made }, fault: { status: 400, fault: source.fault } };
  }
  ledger.save('payment-key', asString(field(body, 'idempotency_key'))!, { payment: made.id });
  if (field(body, 'autocomplete') === false) {
    keep(work, made);
    return { body: { payment: made } };
  }
  const payment = settled(work, made, 'COMPLETED');
  await payOrder(work, payment);
  return { body: { payment } };
}

function requireDetails(body: JsonObject, source: string): void {
  if (source === 'CASH') requireMoney(field(asObject(field(body, 'cash_details')), 'buyer_supplied_money'), 'cash_details.buyer_supplied_money');
  if (source !== 'EXTERNAL') return;
  const details = asObject(field(body, 'external_details'));
  for (const name of ['type', 'source']) if (!asString(field(details, name))) throw missing(`external_details.${name}`);
}

const past = { COMPLETED: 'DELAYED_TRANSACTION_CAPTURED', CANCELED: 'DELAYED_TRANSACTION_CANCELED', FAILED: 'DELAYED_TRANSACTION_FAILED' } as const;

/** A payment that is approved and neither completed nor canceled. */
async function held(work: Work, id: string): Promise<PaymentView> {
  const payment = await paymentOf(work, id);
  const token = asString(field(work.body, 'version_token'));
  if (token !== null && token !== payment['version_token']) throw invalid('VERSION_MISMATCH', 'The payment has another version than the given `version_token`.', 'version_token');
  if (payment.status !== 'APPROVED') throw invalid(past[payment.status], `The payment is in the state ${payment.status}, only one that is APPROVED can be completed or canceled.`);
  return payment;
}

async function cancel(work: Work, id: string): Promise<PaymentView> {
  return settled(work, await held(work, id), 'CANCELED');
}

async function list(work: Work): Promise<Answer> {
  const asked = parameters(work, filters);
  if (asked['sort_field'] !== undefined && asked['sort_field'] !== 'CREATED_AT') throw invalid('INVALID_VALUE', 'Only CREATED_AT is sorted by.', 'sort_field');
  const found = (await everything<PaymentView>(work.call.context, 'payment')).filter((payment) => {
    const card = asObject(field(asObject(field(payment, 'card_details')), 'card'));
    return [
      [asked['location_id'], field(payment, 'location_id')], [asked['total'], field(asObject(field(payment, 'total_money')), 'amount')],
      [asked['last_4'], field(card, 'last_4')], [asked['card_brand'], field(card, 'card_brand')],
    ].every(([wanted, is]) => wanted === undefined || String(is) === wanted)
      && within(payment['created_at'], asked['begin_time'], asked['end_time']) && within(payment['updated_at'], asked['updated_at_begin_time'], asked['updated_at_end_time']);
  });
  return { body: paged('payments', sorted(found, asked['sort_order']), { limit: asked['limit'], cursor: asked['cursor'] }) };
}
