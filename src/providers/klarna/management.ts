import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { requireLines, requireMinor } from './amount.ts';
import { badValue, notAllowed, notFound, noSuchOrder } from './errors.ts';
import { operation } from './operation.ts';
import type { Answer, Told, Work } from './operation.ts';
import { longer, remaining, showCapture, showOrder, showRefund, statusOf, sum } from './purchase.ts';
import type { Order, Taken } from './purchase.ts';

const id = '([A-Za-z0-9][A-Za-z0-9-]{0,63})';
const at = (after: string): RegExp => new RegExp(`^/ordermanagement/v1/orders/${id}${after}$`);

async function orderOf({ ledger, call }: Work): Promise<Order> {
  const order = await ledger.find<Order>('order', call.ids[0]!);
  if (order === null) throw noSuchOrder(call.ids[0]!);
  return order;
}

/** A change of the order that is answered with nothing. */
function change(method: Told['method'], after: string, name: string, to: (order: Order, work: Work) => Order): JsonRoute {
  return operation({
    method, path: at(after), operation: `ordermanagement.orders.${name}`, does: 'none',
    run: async (work) => {
      const order = await orderOf(work);
      work.ledger.save('order', order.id, to(order, work));
      return { status: 204 };
    },
  });
}

export const managementRoutes: readonly JsonRoute[] = [
  operation({ method: 'GET', path: at(''), operation: 'ordermanagement.orders.get', run: async (work) => ({ status: 200, body: showOrder(await orderOf(work), work.now) }) }),
  operation({ method: 'POST', path: at('/captures'), operation: 'ordermanagement.captures.create', does: 'moves', run: capture }),
  operation({ method: 'POST', path: at('/refunds'), operation: 'ordermanagement.refunds.create', does: 'moves', run: refund }),
  operation({
    method: 'GET', path: at(`/captures/${id}`), operation: 'ordermanagement.captures.get',
    run: async (work) => {
      const order = await orderOf(work);
      return { status: 200, body: showCapture(order, one(order.captures, work, 'Capture')) };
    },
  }),
  operation({ method: 'GET', path: at(`/refunds/${id}`), operation: 'ordermanagement.refunds.get', run: async (work) => ({ status: 200, body: showRefund(one((await orderOf(work)).refunds, work, 'Refund')) }) }),
  change('POST', '/acknowledge', 'acknowledge', (order) => ({ ...order, acknowledged: true })),
  change('POST', '/cancel', 'cancel', (order) => {
    if (order.captures.length > 0) throw notAllowed('CANCEL', 'Order has previous captures. Cancel not possible');
    return { ...order, cancelled: true };
  }),
  change('POST', '/release-remaining-authorization', 'release-remaining-authorization', (order) => ({ ...order, released: true })),
  change('POST', '/extend-authorization-time', 'extend-authorization-time', (order, { now }) => longer(order, now)),
  change('PATCH', '/merchant-references', 'merchant-references', (order, { body }) => ({ ...order, given: { ...order.given, ...only(body, ['merchant_reference1', 'merchant_reference2']) } })),
  change('PATCH', '/authorization', 'authorization', (order, { body }) => {
    const amount = requireMinor(body, 'order_amount', 0n);
    if (field(body, 'order_lines') !== undefined) requireLines(body);
    if (amount < sum(order.captures)) throw notAllowed('', `Resulting authorization amount ${amount} cannot be less than the captured amount ${sum(order.captures)} for order. Order authorization cannot be updated`);
    return { ...order, authorized: String(amount), given: { ...order.given, ...only(body, ['order_lines']) } };
  }),
];

function only(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => field(body, name) === undefined ? [] : [[name, field(body, name)!]]));
}

function one(all: readonly Taken[], { call }: Work, what: string): Taken {
  const found = all.find((each) => each.id === call.ids[1]);
  if (found === undefined) throw notFound(`${what} ${call.ids[1]}`);
  return found;
}

async function capture(work: Work): Promise<Answer> {
  const order = await orderOf(work);
  const amount = requireMinor(work.body, 'captured_amount', 0n);
  if (!['AUTHORIZED', 'PART_CAPTURED'].includes(statusOf(order, work.now)) || order.fraud !== 'ACCEPTED' || amount > remaining(order)) throw notAllowed('CAPTURE', 'Capture not allowed');
  const made: Taken = { id: work.uuid(), minor: String(amount), given: only(work.body, ['description', 'order_lines', 'shipping_info', 'shipping_delay', 'reference']), atMs: work.now };
  work.ledger.save('order', order.id, { ...order, captures: [...order.captures, made] });
  return { status: 201, headers: [['Location', `${work.api}/ordermanagement/v1/orders/${order.id}/captures/${made.id}`], ['Capture-Id', made.id]] };
}

async function refund(work: Work): Promise<Answer> {
  const order = await orderOf(work);
  if (order.captures.length === 0) throw notAllowed('REFUND', 'Order has no captures. Refund not possible');
  const amount = requireMinor(work.body, 'refunded_amount', 0n);
  if (amount === 0n) throw badValue('refunded_amount');
  if (amount > sum(order.captures) - sum(order.refunds)) throw notAllowed('REFUND', 'Refund not allowed');
  const made: Taken = { id: work.uuid(), minor: String(amount), given: only(work.body, ['description', 'order_lines', 'reference']), atMs: work.now };
  work.ledger.save('order', order.id, { ...order, refunds: [...order.refunds, made] });
  return { status: 201, headers: [['Location', `${work.api}/ordermanagement/v1/orders/${order.id}/refunds/${made.id}`], ['Refund-Id', made.id]] };
}
