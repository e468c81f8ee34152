import type { Money } from '../../model/money.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { money, moneyOf, requireMoney, shown, sum } from './amount.ts';
import { invalid, missing, notFound, notSimulated } from './errors.ts';
import { given, idIn, iso, operation, referenceOf } from './operation.ts';
import type { Books, Work } from './operation.ts';
import type { PaymentView } from './payment-object.ts';
import { announce } from './webhook.ts';

export type Order = JsonObject & { readonly id: string; readonly version: number; readonly state: string; readonly location_id: string };

/** What Square would add to the price or take off it: not calculated here, so refused. */
const priced = ['taxes', 'discounts', 'service_charges', 'rewards', 'pricing_options'] as const;
const pricedLine = ['catalog_object_id', 'modifiers', 'applied_taxes', 'applied_discounts', 'applied_service_charges', 'quantity_unit'] as const;
const fromCaller = ['reference_id', 'customer_id', 'fulfillments', 'metadata', 'ticket_name'] as const;

export const orderRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v2\/orders$/, operation: 'orders.create', once: 'optional',
    effect: (body) => {
      const order = asObject(field(body, 'order'));
      const metadata = Object.entries(asObject(field(order, 'metadata')) ?? {}).flatMap(([name, value]) => typeof value === 'string' && value !== '' ? [{ name, value }] : []);
      return { movesMoney: false, keys: [...referenceOf(order), ...metadata], customer: asString(field(order, 'customer_id')) || null };
    },
    run: async (work) => {
      const asked = asObject(field(work.body, 'order'));
      if (asked === null) throw missing('order');
      const location = asString(field(asked, 'location_id'));
      if (location === null || location === '') throw missing('order.location_id');
      const order = newOrder(work, asked, location);
      work.ledger.save('order', order.id, order);
      announce(work, { type: 'order.created', about: { type: 'order_created', id: order.id }, object: { order_created: { ...given(order, ['location_id', 'state', 'version', 'created_at']), order_id: order.id } }, line: order.id });
      return { body: { order } };
    },
  }),
  operation({
    method: 'GET', path: idIn('/v2/orders'), operation: 'orders.get',
    run: async ({ ledger, call }) => {
      const order = await ledger.find<Order>('order', call.ids[0]!);
      if (order === null) throw notFound('order', call.ids[0]!);
      return { body: { order } };
    },
  }),
];

export function newOrder(work: Work, asked: JsonObject, location: string): Order {
  const odd = priced.find((name) => (asArray(field(asked, name))?.length ?? Object.keys(asObject(field(asked, name)) ?? {}).length) > 0);
  if (odd !== undefined) throw notSimulated(`an order with ${odd}`, `order.${odd}`);
  const items = (asArray(field(asked, 'line_items')) ?? []).map((item, index) => line(work, item, `order.line_items[${index}]`));
  const currency = items[0]?.total.currency ?? 'USD';
  if (items.some(({ total }) => total.currency !== currency)) throw invalid('CURRENCY_MISMATCH', 'All line items must be in one currency.', 'order.line_items');
  const none = shown(money(0n, currency));
  const total = shown(items.reduce((all, { total: one }) => sum(all, one), money(0n, currency)));
  return {
    id: work.id(29), location_id: location, ...given(asked, fromCaller), ...(items.length === 0 ? {} : { line_items: items.map(({ view }) => view) }),
    created_at: iso(work.now), updated_at: iso(work.now), state: 'OPEN', version: 1,
    total_money: total, total_tax_money: none, total_discount_money: none, total_tip_money: none, total_service_charge_money: none,
    net_amounts: { total_money: total, tax_money: none, discount_money: none, tip_money: none, service_charge_money: none }, net_amount_due_money: total, source: { name: 'Staging' },
  };
}

function line(work: Work, item: JsonValue, at: string): { readonly view: JsonObject; readonly total: Money } {
  const asked = asObject(item);
  if (asked === null) throw invalid('EXPECTED_OBJECT', 'Expected an object.', at);
  const odd = pricedLine.find((name) => field(asked, name) !== undefined && field(asked, name) !== null && asArray(field(asked, name))?.length !== 0);
  if (odd !== undefined) throw notSimulated(`a line item with ${odd}`, `${at}.${odd}`);
  const quantity = asString(field(asked, 'quantity'));
  if (quantity === null) throw missing(`${at}.quantity`);
  // parts of a unit would have to be rounded as Square does
  if (!/^[1-9][0-9]{0,5}$/.test(quantity)) throw /^[0-9]+\.[0-9]+$/.test(quantity) ? notSimulated('a quantity that is no whole number', `${at}.quantity`) : invalid('INVALID_VALUE', 'Invalid quantity.', `${at}.quantity`);
  const price = requireMoney(field(asked, 'base_price_money'), `${at}.base_price_money`, 0n);
  const total = money(BigInt(price.minor) * BigInt(quantity), price.currency);
  requireMoney(shown(total), `${at}.total_money`, 0n);
  const none = shown(money(0n, price.currency));
  const view = {
    uid: asString(field(asked, 'uid')) ?? work.id(22), quantity, ...given(asked, ['name', 'note', 'variation_name', 'metadata']), item_type: asString(field(asked, 'item_type')) ?? 'ITEM',
    base_price_money: shown(price), variation_total_price_money: shown(total), gross_sales_money: shown(total), total_tax_money: none, total_discount_money: none, total_money: shown(total),
  };
  return { view, total };
}

/** An order that is known takes no more than is due. One that is not known may be older than this staging environment. */
export async function requireDue({ ledger }: Books, id: string, total: Money): Promise<void> {
  const order = await ledger.find<Order>('order', id);
  const due = order === null ? null : moneyOf(order['net_amount_due_money']);
  if (due === null) return;
  if (due.currency !== total.currency) throw invalid('CURRENCY_MISMATCH', `The order is in ${due.currency}, the payment in ${total.currency}.`, 'amount_money.currency');
  if (BigInt(total.minor) > BigInt(due.minor)) throw invalid('PAYMENT_AMOUNT_MISMATCH', 'The payment is more than what is due for the order.', 'amount_money');
}

/** What is completed counts; an order of which nothing is due any more is completed. */
export async function payOrder(books: Books, payment: PaymentView): Promise<void> {
  const id = asString(field(payment, 'order_id'));
  const order = id === null || id === '' ? null : await books.ledger.find<Order>('order', id);
  const [due, paid] = [moneyOf(order?.['net_amount_due_money']), moneyOf(payment['total_money'])];
  if (order === null || due === null || paid === null) return;
  const left = BigInt(due.minor) - BigInt(paid.minor);
  const closed = left <= 0n;
  const after: Order = {
    ...order, version: order.version + 1, updated_at: iso(books.now), net_amount_due_money: shown(money(closed ? 0n : left, due.currency)),
    tenders: [...asArray(field(order, 'tenders')) ?? [], { id: payment.id, payment_id: payment.id, location_id: order.location_id, created_at: iso(books.now), amount_money: shown(paid), type: payment['source_type'] === 'CASH' ? 'CASH' : payment['source_type'] === 'CARD' ? 'CARD' : 'OTHER' }],
    ...(closed ? { state: 'COMPLETED', closed_at: iso(books.now) } : {}),
  };
  books.ledger.save('order', order.id, after);
  announce(books, { type: 'order.updated', about: { type: 'order_updated', id: order.id }, object: { order_updated: { ...given(after, ['location_id', 'state', 'version', 'created_at', 'updated_at']), order_id: order.id } }, line: order.id });
}
