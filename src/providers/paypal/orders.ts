import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { sumOf } from '../wire/decimal-money.ts';
import { strangers } from '../wire/strangers.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import { addresseesOf } from './addressees.ts';
import { moneyOf } from './amount.ts';
import { refusedByBank, unprocessable } from './errors.ts';
import { iso, keysOf, moves, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { linksOf, orderOf, paysAtOnce, shownSource, showOrder, urlsIn } from './order-object.ts';
import type { Order } from './order-object.ts';
import { requireOrder } from './order-given.ts';
import { patched } from './order-patch.ts';
import { complete } from './paying.ts';

const one = (after = ''): RegExp => new RegExp(`^/v2/checkout/orders/([A-Za-z0-9]{1,36})${after}$`);

/** 'Visa 4242', 'token', 'paypal'; null where the payer chooses. */
function methodOf(source: JsonObject | null): string | null {
  const name = Object.keys(source ?? {})[0];
  const digits = asString(field(asObject(field(asObject(field(source, 'card')), 'number') === undefined ? undefined : field(source, 'card')), 'number'))?.replaceAll(/[^0-9]/g, '') ?? '';
  return digits.length >= 12 ? `card ${digits.slice(-4)}` : name?.slice(0, 40) ?? null;
}

function units(body: JsonObject): readonly JsonObject[] {
  return (asArray(field(body, 'purchase_units')) ?? []).map(asObject).filter((unit) => unit !== null);
}

/** Who pays, where the call says it: who gets the money is no customer. */
function payerOf(recipients: readonly { readonly address: string; readonly role: string }[]): string | null {
  return recipients.find(({ role }) => role === 'payer')?.address ?? null;
}

export const orderRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v2\/checkout\/orders$/, operation: 'orders.create',
    effect: (body) => {
      const source = asObject(field(body, 'payment_source'));
      const recipients = addresseesOf(body);
      return {
        recipients, keys: units(body).flatMap((unit) => keysOf(unit)),
        amount: sumOf(units(body).map((unit) => moneyOf(field(unit, 'amount')))),
        // with a card or something stored the call itself pays; any other source than PayPal's own page might
        movesMoney: paysAtOnce(source) || Object.keys(source ?? {}).some((name) => name !== 'paypal'),
        customer: payerOf(recipients), method: methodOf(source), object: null,
        description: units(body).map((unit) => asString(field(unit, 'description'))).find(Boolean) ?? null,
      };
    },
    run: create,
  }),
  operation({ method: 'GET', path: one(), operation: 'orders.get', run: async (work) => ({ status: 200, body: await showOrder(await orderOf(work.ledger, work.call.ids[0]!), work) }) }),
  operation({
    method: 'PATCH', path: one(), operation: 'orders.patch',
    effect: (body, { ids }) => {
      const list = asArray(field(body, 'patch'));
      if (list === null || list.length === 0 || !list.every((item) => asString(field(asObject(item), 'op')) !== null && asString(field(asObject(item), 'path')) !== null)) return unreadable('the body is not a list of changes');
      // each value where its path puts it: what stands at '/payer' is a payer's
      const values = Object.fromEntries(list.map((item, index) => {
        const names = (asString(field(asObject(item), 'path')) ?? '').split('/').filter((name) => /^[a-z_]+$/.test(name));
        return [`at ${index}`, names.reduceRight<JsonValue>((value, name) => ({ [name]: value }), field(asObject(item), 'value') ?? null)];
      }));
      const found = addresseesOf(values);
      return { ...moves, recipients: [...found, ...strangers(leaves(list, 'patch'), found)], amount: null, movesMoney: false, object: ids[0]! };
    },
    run: patch,
  }),
  operation({
    method: 'POST', path: one('/capture'), operation: 'orders.capture',
    effect: (body, { ids }) => ({ ...moves, recipients: addresseesOf(body), method: methodOf(asObject(field(body, 'payment_source'))), amount: null, movesMoney: true, object: ids[0]! }),
    run: (work) => finish(work, 'CAPTURE'),
  }),
  operation({
    method: 'POST', path: one('/authorize'), operation: 'orders.authorize',
    effect: (body, { ids }) => ({ ...moves, recipients: addresseesOf(body), method: methodOf(asObject(field(body, 'payment_source'))), amount: null, movesMoney: true, object: ids[0]! }),
    run: (work) => finish(work, 'AUTHORIZE'),
  }),
];

async function create(work: Work): Promise<Answer> {
  const given = requireOrder(work.body);
  const source = asObject(field(work.body, 'payment_source'));
  const wallet = asObject(Object.values(source ?? {})[0]);
  const order: Order = {
    id: work.id(), intent: given.intent, status: source === null ? 'CREATED' : 'PAYER_ACTION_REQUIRED',
    units: given.units.map((unit) => ({ given: unit, captures: [], authorizations: [], refunds: [] })),
    source: source === null ? null : shownSource(source),
    payer: asObject(field(work.body, 'payer')) ?? null,
    completesOnApproval: [field(work.body, 'processing_instruction'), field(wallet, 'processing_instruction')].includes('ORDER_COMPLETE_ON_PAYMENT_APPROVAL'),
    created: iso(work.now), updated: null, api: work.api, urls: urlsIn(work.body),
  };
  const { declined } = work.call.context;
  if (paysAtOnce(source) && declined !== null) throw refusedByBank(declined.code, null);
  const made = paysAtOnce(source) ? complete(order, work) : order;
  work.ledger.save('order', made.id, made);
  const status = made.status === 'PAYER_ACTION_REQUIRED' ? 200 : 201;
  if (work.whole || made.status === 'COMPLETED') return { status, body: await showOrder(made, work, !work.whole) };
  return { status, body: { id: made.id, status: made.status, ...(made.source === null ? {} : { payment_source: made.source }), links: linksOf(made, work) } };
}

async function patch(work: Work): Promise<Answer> {
  const order = await orderOf(work.ledger, work.call.ids[0]!);
  if (order.status === 'COMPLETED') throw unprocessable('ORDER_ALREADY_COMPLETED', 'The order cannot be patched after it is completed.');
  work.ledger.save('order', order.id, { ...patched(order, work.call.body), updated: iso(work.now) });
  return { status: 204, body: null };
}

async function finish(work: Work, intent: Order['intent']): Promise<Answer> {
  const order = await orderOf(work.ledger, work.call.ids[0]!);
  if (order.intent !== intent) {
    const other = order.intent === 'CAPTURE' ? 'capture' : 'authorize';
    throw unprocessable('ACTION_DOES_NOT_MATCH_INTENT', `Order was created with an intent to '${order.intent}'. Please use v2/checkout/orders/order_id/${other} to complete the order or alternately create an order with an intent of '${intent}'.`);
  }
  if (order.status === 'COMPLETED') {
    throw intent === 'CAPTURE'
      ? unprocessable('ORDER_ALREADY_CAPTURED', "Order already captured. If 'intent=CAPTURE' only one capture per order is allowed.")
      : unprocessable('ORDER_ALREADY_AUTHORIZED', "Order already authorized. If 'intent=AUTHORIZE' only one authorization per order is allowed.");
  }
  const source = asObject(field(work.body, 'payment_source'));
  if (order.status !== 'APPROVED' && !paysAtOnce(source)) {
    throw unprocessable('ORDER_NOT_APPROVED', "Payer has not yet approved the Order for payment. Please redirect the payer to the 'rel':'approve' url returned as part of the HATEOAS links within the Create Order call or provide a valid payment_source in the request.");
  }
  // a card in this call is another way to pay than the one the payer approved
  const declined = work.call.context.declined ?? (order.refused === true && source === null ? { code: null } : null);
  if (declined !== null) throw refusedByBank(declined.code, source === null ? work.page(order.id) : null);
  const done = complete(source === null ? order : { ...order, source: shownSource(source) }, work);
  work.ledger.save('order', done.id, done);
  return { status: 201, body: await showOrder(done, work, !work.whole) };
}
