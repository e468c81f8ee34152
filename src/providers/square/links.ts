import { everything } from '../wire/everything.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { moneyOf, requireMoney, shown } from './amount.ts';
import { invalid, missing, notFound, notSimulated } from './errors.ts';
import { paged, parameters } from './list.ts';
import { given, idIn, iso, operation, referenceOf } from './operation.ts';
import type { Work } from './operation.ts';
import { newOrder } from './orders.ts';
import type { Order } from './orders.ts';

/** A link to a page where a buyer pays one order. */
export interface Link {
  readonly id: string;
  readonly order: string;
  readonly merchant: string;
  /** what the call said besides, which comes back */
  readonly given: JsonObject;
  readonly created: string;
}

/** What Square would add to the price, or sell besides. */
const priced = ['shipping_fee', 'subscription_plan_id', 'app_fee_money'] as const;
const back = ['description', 'checkout_options', 'pre_populated_data', 'payment_note'];

export const linkRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v2\/online-checkout\/payment-links$/, operation: 'checkout.payment_links.create', once: 'optional',
    effect: (body) => ({
      movesMoney: false, amount: moneyOf(field(asObject(field(body, 'quick_pay')), 'price_money')), keys: referenceOf(asObject(field(body, 'order'))), description: asString(field(body, 'description')) || null,
      customer: asString(field(asObject(field(body, 'pre_populated_data')), 'buyer_email')) || null,
    }),
    run: create,
  }),
  operation({
    method: 'GET', path: /^\/v2\/online-checkout\/payment-links$/, operation: 'checkout.payment_links.list',
    run: async (work) => {
      const { limit, cursor } = parameters(work, ['limit', 'cursor']);
      return { body: paged('payment_links', (await everything<Link>(work.call.context, 'payment-link')).map((link) => showLink(link, work)), { limit, cursor }) };
    },
  }),
  operation({ method: 'GET', path: idIn('/v2/online-checkout/payment-links'), operation: 'checkout.payment_links.get', run: async (work) => ({ body: { payment_link: showLink(await linkOf(work), work) } }) }),
  operation({
    method: 'DELETE', path: idIn('/v2/online-checkout/payment-links'), operation: 'checkout.payment_links.delete', effect: (_, { ids }) => ({ movesMoney: false, object: ids[0]! }),
    run: async (work) => {
      const link = await linkOf(work);
      const order = await work.ledger.find<Order>('order', link.order);
      work.ledger.save('payment-link', link.id, null);
      const open = order !== null && order.state !== 'COMPLETED';
      if (open) work.ledger.save('order', order.id, { ...order, state: 'CANCELED', version: order.version + 1, updated_at: iso(work.now) } satisfies Order);
      return { body: { id: link.id, ...(open ? { cancelled_order_id: order.id } : {}) } };
    },
  }),
];

async function create(work: Work) {
  const { body } = work;
  const options = asObject(field(body, 'checkout_options'));
  const odd = priced.find((name) => (field(options, name) ?? null) !== null);
  if (odd !== undefined) throw notSimulated(`a payment link with ${odd}`, `checkout_options.${odd}`);
  const order: Order = { ...newOrder(work, ...askedOrder(body)), state: 'DRAFT' };
  if (BigInt(moneyOf(order['total_money'])?.minor ?? '0') <= 0n) throw invalid('INVALID_VALUE', 'The order has nothing to be paid.', 'order.line_items');
  const link: Link = { id: work.id(16).toUpperCase(), order: order.id, merchant: work.merchant, given: given(body, back), created: iso(work.now) };
  work.ledger.save('order', order.id, order);
  work.ledger.save('payment-link', link.id, link);
  return { body: { payment_link: showLink(link, work), related_resources: { orders: [order] } } };
}

/** The order that is asked for, and its location: said whole, or as one thing with a price. */
function askedOrder(body: JsonObject): readonly [JsonObject, string] {
  const [quick, order] = [asObject(field(body, 'quick_pay')), asObject(field(body, 'order'))];
  if ((quick === null) === (order === null)) throw invalid('BAD_REQUEST', 'Exactly one of `quick_pay` and `order` is required.');
  const at = quick === null ? 'order' : 'quick_pay';
  const location = asString(field(quick ?? order, 'location_id'));
  if (location === null || location === '') throw missing(`${at}.location_id`);
  if (quick === null) {
    if ((asArray(field(order, 'line_items'))?.length ?? 0) === 0) throw missing('order.line_items');
    return [order!, location];
  }
  const name = asString(field(quick, 'name'));
  if (name === null || name === '') throw missing('quick_pay.name');
  return [{ line_items: [{ name, quantity: '1', base_price_money: shown(requireMoney(field(quick, 'price_money'), 'quick_pay.price_money')) }] }, location];
}

async function linkOf({ ledger, call }: Work): Promise<Link> {
  const link = await ledger.find<Link>('payment-link', call.ids[0]!);
  if (link === null) throw notFound('payment link', call.ids[0]!);
  return link;
}

function showLink({ id, order, given: said, created }: Link, { page }: Pick<Work, 'page'>): JsonObject {
  const url = page('payment-link', id);
  return { id, version: 1, ...said, order_id: order, url, long_url: url, created_at: created };
}
