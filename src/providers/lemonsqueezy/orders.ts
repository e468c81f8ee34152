import { field } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import type { Books } from './books.ts';
import { invalid, notFound } from './errors.ts';
import { listed } from './list.ts';
import { centsOf } from './objects.ts';
import type { Resource } from './objects.ts';
import { all, byId, one, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { leftOf, refund } from './order.ts';

export async function resourceOf({ ledger }: Pick<Books, 'ledger'>, type: string, id: string): Promise<Resource> {
  const found = await ledger.find<Resource>(type, id);
  if (found === null) throw notFound();
  return found;
}

/** Without an amount all that is left. */
async function giveBack(work: Work, type: 'orders' | 'subscription-invoices'): Promise<Answer> {
  const before = await resourceOf(work, type, work.call.ids[0]!);
  const left = leftOf(before);
  const asked = field(work.given.attributes, 'amount') ?? null;
  const cents = asked === null ? left : centsOf(asked);
  const what = type === 'orders' ? 'order' : 'subscription invoice';
  if (!['paid', 'partial_refund'].includes(String(before.attributes['status']))) throw invalid(`The ${what} cannot be refunded: it is ${String(before.attributes['status'])}.`, '/data/attributes/amount');
  if (cents === null || cents === 0) throw invalid('The amount must be an integer, and at least 1.', '/data/attributes/amount');
  if (cents > left) throw invalid(`The amount must not be greater than ${left}.`, '/data/attributes/amount');
  return one(type, refund(work, type, before, cents));
}

/** The currency is the order's. */
const moves = { movesMoney: true } as const;

export const orderRoutes: readonly JsonRoute[] = [
  operation({ method: 'GET', path: all('orders'), operation: 'orders.list', type: 'orders', run: (work) => listed(work, 'orders', ['store_id', 'user_email']) }),
  operation({ method: 'GET', path: byId('orders'), operation: 'orders.get', type: 'orders', run: async (work) => one('orders', await resourceOf(work, 'orders', work.call.ids[0]!)) }),
  operation({ method: 'POST', path: byId('orders', '/refund'), operation: 'orders.refund', type: 'orders', effect: () => moves, run: (work) => giveBack(work, 'orders') }),
  operation({ method: 'GET', path: all('subscription-invoices'), operation: 'subscription-invoices.list', type: 'subscription-invoices', run: (work) => listed(work, 'subscription-invoices', ['store_id', 'status', 'refunded', 'subscription_id']) }),
  operation({ method: 'GET', path: byId('subscription-invoices'), operation: 'subscription-invoices.get', type: 'subscription-invoices', run: async (work) => one('subscription-invoices', await resourceOf(work, 'subscription-invoices', work.call.ids[0]!)) }),
  operation({ method: 'POST', path: byId('subscription-invoices', '/refund'), operation: 'subscription-invoices.refund', type: 'subscription-invoices', effect: () => moves, run: (work) => giveBack(work, 'subscription-invoices') }),
];
