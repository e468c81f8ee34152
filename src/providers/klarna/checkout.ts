import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { requirePurchase } from './amount.ts';
import { badValue, notAllowed, noSuchOrder } from './errors.ts';
import { iso, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';

/** A checkout: what the customer sees before there is an order. */
export interface Checkout {
  readonly id: string;
  readonly given: JsonObject;
  readonly complete: boolean;
  readonly startedMs: number;
  readonly changedMs: number;
}

const one = /^\/checkout\/v3\/orders\/([A-Za-z0-9][A-Za-z0-9-]{0,63})$/;

export const checkoutRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: /^\/checkout\/v3\/orders$/, operation: 'checkout.orders.create', does: 'none', run: create }),
  operation({ method: 'GET', path: one, operation: 'checkout.orders.get', run: async (work) => ({ status: 200, body: showCheckout(await checkoutOf(work), work) }) }),
  operation({ method: 'POST', path: one, operation: 'checkout.orders.update', does: 'none', run: update }),
];

async function checkoutOf({ ledger, call }: Work): Promise<Checkout> {
  const checkout = await ledger.find<Checkout>('checkout', call.ids[0]!);
  if (checkout === null) throw noSuchOrder(call.ids[0]!);
  return checkout;
}

async function create(work: Work): Promise<Answer> {
  requirePurchase(work.body);
  const urls = asObject(field(work.body, 'merchant_urls'));
  for (const name of ['terms', 'checkout', 'confirmation', 'push']) if (asString(field(urls, name)) === null) throw badValue(`merchant_urls.${name}`);
  const checkout: Checkout = { id: work.uuid(), given: work.body, complete: false, startedMs: work.now, changedMs: work.now };
  work.ledger.save('checkout', checkout.id, checkout);
  return { status: 201, body: showCheckout(checkout, work), headers: [['Location', `${work.api}/checkout/v3/orders/${checkout.id}`]] };
}

async function update(work: Work): Promise<Answer> {
  const checkout = await checkoutOf(work);
  if (checkout.complete) throw notAllowed('', 'The checkout is complete and cannot be updated');
  const after = { ...checkout, given: { ...checkout.given, ...work.body }, changedMs: work.now };
  requirePurchase(after.given);
  work.ledger.save('checkout', after.id, after);
  return { status: 200, body: showCheckout(after, work) };
}

/** The snippet is a place for Klarna's own script, which is not here: in its place stands a link to a page of ours. */
function showCheckout({ id, given, complete, startedMs, changedMs }: Checkout, { page }: Pick<Work, 'page'>): JsonObject {
  return {
    ...given, order_id: id, status: complete ? 'checkout_complete' : 'checkout_incomplete',
    html_snippet: `<div id="klarna-checkout-container" data-order-id="${id}">${complete ? '' : `<a href="${page('checkout', id)}" target="_top">Klarna Checkout (staging)</a>`}</div>`, started_at: iso(startedMs), last_modified_at: iso(changedMs), ...(complete ? { completed_at: iso(changedMs) } : {}),
  };
}
