import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { chargeGiven } from './charges.ts';
import { openCharge } from './charge.ts';
import type { Charge } from './charge.ts';
import { notFound } from './errors.ts';
import { listPage } from './list.ts';
import { customerOf, idIn, operation, some } from './operation.ts';
import type { Books, Work } from './operation.ts';
import { priceOf } from './price.ts';

/** A price tag that anybody pays by: each payer gets a charge of it. */
export interface Checkout {
  readonly id: string;
  readonly given: JsonObject;
}

const fields = ['name', 'description', 'local_price', 'pricing_type', 'requested_info', 'logo_url', 'metadata'];

export const checkoutRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/checkouts$/, operation: 'checkouts.create', effect: (body) => reached(body, null),
    run: async (work) => ({ status: 201, body: { data: save(work, { id: work.uuid(), given: givenOf(work.body) }) } }),
  }),
  operation({ method: 'GET', path: /^\/checkouts$/, operation: 'checkouts.list', run: (work) => listPage<Checkout>(work, { kind: 'checkout', path: 'checkouts', show: showCheckout }) }),
  operation({ method: 'GET', path: idIn('checkouts'), operation: 'checkouts.get', run: async (work) => ({ status: 200, body: { data: showCheckout(await named(work)) } }) }),
  operation({
    method: 'PUT', path: idIn('checkouts'), operation: 'checkouts.update', effect: (body, { ids }) => reached(body, ids[0]!),
    run: async (work) => {
      const checkout = await named(work);
      return { status: 200, body: { data: save(work, { ...checkout, given: givenOf({ ...checkout.given, ...some(work.body, fields) }) }) } };
    },
  }),
  operation({
    method: 'DELETE', path: idIn('checkouts'), operation: 'checkouts.delete', effect: (body, { ids }) => reached(body, ids[0]!),
    run: async (work) => {
      const { id } = await named(work);
      work.ledger.save('checkout', id, null);
      return { status: 204, body: null };
    },
  }),
];

const reached = (body: JsonObject, object: string | null) => ({ amount: priceOf(field(body, 'local_price')), customer: customerOf(body), object, description: asString(field(body, 'description')) });

function givenOf(body: JsonObject): JsonObject {
  const { price, given } = chargeGiven(body);
  return { ...given, ...some(body, ['requested_info']), ...(price === null ? {} : { local_price: price }) };
}

function showCheckout({ id, given }: Checkout): JsonObject {
  return { id, resource: 'checkout', requested_info: [], ...given };
}

function save({ ledger }: Work, checkout: Checkout): JsonObject {
  ledger.save('checkout', checkout.id, checkout);
  return showCheckout(checkout);
}

async function named({ ledger, call }: Work): Promise<Checkout> {
  const checkout = await ledger.find<Checkout>('checkout', call.ids[0]!);
  if (checkout === null) throw notFound();
  return checkout;
}

/** What somebody who opens the checkout's page at Coinbase is to pay. */
export function chargeOfCheckout(books: Books, { id, given }: Checkout): Charge {
  return openCharge(books, given, { checkout: id });
}
