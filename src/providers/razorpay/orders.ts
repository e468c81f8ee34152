import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { unreadable } from '../wire/unread.ts';
import { currencyOf, moneyIn, requireAmount } from './amount.ts';
import { bad } from './errors.ts';
import { listed } from './list.ts';
import { keep, requireOf } from './objects.ts';
import type { Order } from './objects.ts';
import { idIn, isYes, notesOf, nothing, operation, seconds, text } from './operation.ts';
import type { Work } from './operation.ts';

export const orderRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v1\/orders$/, operation: 'orders.create', page: 'order',
    effect: (body) => {
      // Route: a part of it goes to somebody else's account once it is paid
      if (field(body, 'transfers') !== undefined) return unreadable('an order with transfers is not simulated');
      return { ...nothing, amount: moneyIn(body), customer: text(body, 'customer_id'), method: text(body, 'method') };
    },
    run: async (work) => keep(work, 'order', made(work)).view,
  }),
  operation({ method: 'GET', path: /^\/v1\/orders$/, operation: 'orders.list', run: (work) => listed(work, 'order', { filters: ['receipt'] }) }),
  operation({ method: 'GET', path: idIn('orders', 'order'), operation: 'orders.get', run: async (work) => (await requireOf(work, 'order', work.call.ids[0]!)).view }),
  operation({
    method: 'GET', path: idIn('orders', 'order', '/payments'), operation: 'orders.payments.list',
    run: async (work) => {
      const { view } = await requireOf(work, 'order', work.call.ids[0]!);
      return listed(work, 'payment', { where: { order_id: view.id } });
    },
  }),
  operation({
    method: 'PATCH', path: idIn('orders', 'order'), operation: 'orders.update', effect: (_, { ids }) => ({ ...nothing, object: ids[0]! }),
    run: async (work) => {
      const order = await requireOf(work, 'order', work.call.ids[0]!);
      return keep(work, 'order', { ...order, view: { ...order.view, notes: notesOf(work.body) } }).view;
    },
  }),
];

function made(work: Work): Order {
  const { body, now, id, merchant, proof } = work;
  const amount = requireAmount(field(body, 'amount'));
  const currency = field(body, 'currency') === undefined ? null : currencyOf(field(body, 'currency'));
  if (currency === null) throw bad(field(body, 'currency') === undefined ? 'currency: is required.' : 'Currency is not supported', { field: 'currency', reason: 'input_validation_failed' });
  const receipt = text(body, 'receipt');
  if (receipt !== null && receipt.length > 40) throw bad('receipt: the length must be no more than 40.', { field: 'receipt', reason: 'input_validation_failed' });
  const order = id('order_');
  const payment = id('pay_');
  const details = asObject(field(body, 'customer_details'));
  const view: JsonObject & { readonly id: string } = {
    id: order, entity: 'order', amount: Number(amount), amount_paid: 0, amount_due: Number(amount), currency, receipt, offer_id: text(body, 'offer_id'), status: 'created', attempts: 0,
    notes: notesOf(body), created_at: seconds(now),
  };
  return {
    view, merchant, link: null, next: { payment, proof: proof(`${order}|${payment}`), used: false },
    captures: isYes(field(body, 'payment_capture')) || isYes(field(asObject(field(body, 'payment')), 'capture')),
    payer: { email: text(details, 'email'), contact: text(details, 'contact'), customer: text(body, 'customer_id') },
  };
}
