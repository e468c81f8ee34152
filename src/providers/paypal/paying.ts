import type { Money } from '../../model/money.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { breakdown, moneyOf, shown } from './amount.ts';
import { iso, link } from './operation.ts';
import type { Work } from './operation.ts';
import type { Order, Part, Unit } from './order-object.ts';
import { announce } from './webhook.ts';

export type Paying = Pick<Work, 'ledger' | 'api' | 'now' | 'id'>;

const protection = { status: 'ELIGIBLE', dispute_categories: ['ITEM_NOT_RECEIVED', 'UNAUTHORIZED_TRANSACTION'] } as const;

/** What a part has of its purchase unit or of the call. */
function own(...from: readonly JsonObject[]): JsonObject {
  return Object.fromEntries(['invoice_id', 'custom_id', 'note_to_payer'].flatMap((name) => {
    const value = from.map((object) => asString(field(object, name))).find((text) => text !== null);
    return value === undefined || value === null ? [] : [[name, value]];
  }));
}

/** The money of one unit is taken. */
export function capture(work: Paying, { order, amount, from, authorization, last = true }: {
  readonly order: string;
  readonly amount: Money;
  /** whose invoice and other ids it bears: the first that has one */
  readonly from: readonly JsonObject[];
  readonly authorization: string | null;
  readonly last?: boolean;
}): string {
  const id = work.id();
  const self = `${work.api}/v2/payments/captures/${id}`;
  const time = iso(work.now);
  const view: JsonObject = {
    id, status: 'COMPLETED', amount: shown(amount), final_capture: last, seller_protection: protection, seller_receivable_breakdown: breakdown(amount), ...own(...from),
    supplementary_data: { related_ids: { ...(order === '' ? {} : { order_id: order }), ...(authorization === null ? {} : { authorization_id: authorization }) } },
    create_time: time, update_time: time,
    links: [
      link(self, 'self'), link(`${self}/refund`, 'refund', 'POST'),
      authorization === null ? link(`${work.api}/v2/checkout/orders/${order}`, 'up') : link(`${work.api}/v2/payments/authorizations/${authorization}`, 'up'),
    ],
  };
  work.ledger.save('capture', id, { view, order, used: '0' } satisfies Part);
  announce(work, { type: 'PAYMENT.CAPTURE.COMPLETED', resourceType: 'capture', resourceVersion: '2.0', summary: `Payment completed for ${spoken(amount)}`, resource: view, object: order || id, atMs: work.now });
  return id;
}

/** The money of one unit is held, for 29 days. */
function authorize(work: Paying, order: string, unit: Unit, amount: Money): string {
  const id = work.id();
  const self = `${work.api}/v2/payments/authorizations/${id}`;
  const view: JsonObject = {
    id, status: 'CREATED', amount: shown(amount), seller_protection: protection, ...own(unit.given), supplementary_data: { related_ids: { order_id: order } },
    expiration_time: iso(work.now + 29 * 86_400_000), create_time: iso(work.now), update_time: iso(work.now),
    links: [link(self, 'self'), link(`${self}/capture`, 'capture', 'POST'), link(`${self}/void`, 'void', 'POST'), link(`${work.api}/v2/checkout/orders/${order}`, 'up')],
  };
  work.ledger.save('authorization', id, { view, order, used: '0' } satisfies Part);
  announce(work, { type: 'PAYMENT.AUTHORIZATION.CREATED', resourceType: 'authorization', resourceVersion: '2.0', summary: `A payment authorization is created for ${spoken(amount)}`, resource: view, object: order, atMs: work.now });
  return id;
}

/** Every unit is paid, or its money held, as the order intends. */
export function complete(order: Order, work: Paying): Order {
  return {
    ...order, status: 'COMPLETED', updated: iso(work.now),
    units: order.units.map((unit) => {
      const amount = moneyOf(field(unit.given, 'amount'))!;
      return order.intent === 'CAPTURE'
        ? { ...unit, captures: [...unit.captures, capture(work, { order: order.id, amount, from: [unit.given], authorization: null })] }
        : { ...unit, authorizations: [...unit.authorizations, authorize(work, order.id, unit, amount)] };
    }),
  };
}

/** The payer has said yes on PayPal's page; where the caller named no payer, one of PayPal's making. */
function approve(order: Order, work: Paying): Order {
  const given = order.payer ?? {};
  const wallet = Object.keys(order.source ?? {})[0] ?? 'paypal';
  const address = asString(field(asObject(field(order.source, wallet)), 'email_address')) ?? asString(field(given, 'email_address')) ?? 'buyer@example.com';
  const payer = { name: { given_name: 'John', surname: 'Doe' }, payer_id: work.id(13), address: { country_code: 'US' }, ...given, email_address: address };
  const source = { [wallet]: { email_address: address, account_id: payer.payer_id, account_status: 'VERIFIED', name: payer.name, address: { country_code: 'US' } } };
  return { ...order, status: 'APPROVED', payer, source, updated: iso(work.now) };
}

export interface Approving extends Paying {
  /** the bank behind the payer's account will decline */
  readonly refused: boolean;
  shown(order: Order): Promise<JsonObject>;
}

/** The payer's yes, with what comes of it and what is told. */
export async function approved(order: Order, work: Approving): Promise<Order> {
  const yes: Order = { ...approve(order, work), refused: work.refused };
  announce(work, { type: 'CHECKOUT.ORDER.APPROVED', resourceType: 'checkout-order', resourceVersion: '2.0', summary: 'An order has been approved by buyer', resource: await work.shown(yes), object: order.id, atMs: work.now });
  const after = order.completesOnApproval && !work.refused ? complete(yes, work) : yes;
  work.ledger.save('order', order.id, after);
  return after;
}

export function spoken(amount: Money): string {
  const { value, currency_code: currency } = shown(amount) as { readonly value: string; readonly currency_code: string };
  return `${currency === 'USD' ? '$ ' : ''}${value} ${currency}`;
}

export { own };
