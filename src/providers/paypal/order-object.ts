import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { Ledger } from '../wire/ledger.ts';
import { noSuchResource } from './errors.ts';
import { link } from './operation.ts';
import type { Work } from './operation.ts';

/** One purchase unit: what the caller gave, and the ids of what came of it. */
export interface Unit {
  readonly given: JsonObject;
  readonly captures: readonly string[];
  readonly authorizations: readonly string[];
  readonly refunds: readonly string[];
}

export interface Order {
  readonly id: string;
  readonly intent: 'CAPTURE' | 'AUTHORIZE';
  readonly status: 'CREATED' | 'PAYER_ACTION_REQUIRED' | 'APPROVED' | 'COMPLETED';
  readonly units: readonly Unit[];
  /** as it is shown: never a card number */
  readonly source: JsonObject | null;
  readonly payer: JsonObject | null;
  /** completed by the approval itself */
  readonly completesOnApproval: boolean;
  readonly created: string;
  readonly updated: string | null;
  /** where it was made; absent in what older versions kept */
  readonly api?: string;
  /** the application's own, to which the payer goes back */
  readonly urls?: Urls;
  /** the payer has approved, and the bank behind will decline */
  readonly refused?: boolean;
}

export interface Urls {
  readonly back: string | null;
  readonly cancel: string | null;
}

export function urlsOf({ urls }: Order): Urls {
  return urls ?? { back: null, cancel: null };
}

export function apiOfOrder({ api }: Order): string {
  return api ?? 'https://api-m.sandbox.paypal.com';
}

/** The wallet's own experience_context before the older application_context. */
export function urlsIn(body: JsonObject): Urls {
  const wallets = Object.values(asObject(field(body, 'payment_source')) ?? {}).map((wallet) => asObject(field(asObject(wallet), 'experience_context')));
  const said = (name: string): string | null => [...wallets, asObject(field(body, 'application_context'))].map((context) => asString(field(context, name))).find((url) => url !== null) ?? null;
  return { back: said('return_url'), cancel: said('cancel_url') };
}

/** What an order brought forth: as it is shown, and what is counted apart. */
export interface Part {
  readonly view: JsonObject;
  readonly order: string;
  /** of an authorization captured, of a capture refunded: in minor units */
  readonly used: string;
}

export type PartKind = 'capture' | 'authorization' | 'refund';

export async function orderOf(ledger: Ledger, id: string): Promise<Order> {
  return await ledger.find<Order>('order', id) ?? fail();
}

export async function partOf(ledger: Ledger, kind: PartKind, id: string): Promise<Part> {
  return await ledger.find<Part>(kind, id) ?? fail();
}

function fail(): never {
  throw noSuchResource();
}

export function referenceOf(unit: Unit): string {
  return asString(field(unit.given, 'reference_id')) ?? 'default';
}

/** The answer's links: what can be done with the order now. */
export function linksOf(order: Order, { api, page: pageOf }: Pick<Work, 'api' | 'page'>): readonly JsonObject[] {
  const self = `${api}/v2/checkout/orders/${order.id}`;
  const finish = order.intent === 'CAPTURE' ? link(`${self}/capture`, 'capture', 'POST') : link(`${self}/authorize`, 'authorize', 'POST');
  const page = pageOf(order.id);
  switch (order.status) {
    case 'CREATED': return [link(self, 'self'), link(page, 'approve'), link(self, 'update', 'PATCH'), finish];
    case 'PAYER_ACTION_REQUIRED': return [link(self, 'self'), link(page, 'payer-action')];
    case 'APPROVED': return [link(self, 'self'), link(self, 'update', 'PATCH'), finish];
    case 'COMPLETED': return [link(self, 'self')];
  }
}

/** Everything PayPal shows of an order; `brief` leaves out what the caller said itself. */
export async function showOrder(order: Order, work: Pick<Work, 'api' | 'page' | 'ledger'>, brief = false): Promise<JsonObject> {
  const units = await Promise.all(order.units.map(async (unit) => {
    const parts: [string, JsonValue][] = [];
    for (const [name, kind, ids] of [['authorizations', 'authorization', unit.authorizations], ['captures', 'capture', unit.captures], ['refunds', 'refund', unit.refunds]] as const) {
      if (ids.length > 0) parts.push([name, await Promise.all(ids.map(async (id) => withoutRelated((await partOf(work.ledger, kind, id)).view)))]);
    }
    return { ...(brief ? {} : unit.given), reference_id: referenceOf(unit), ...(parts.length === 0 ? {} : { payments: Object.fromEntries(parts) }) };
  }));
  return {
    id: order.id, ...(brief ? {} : { intent: order.intent }), status: order.status,
    ...(order.source === null ? {} : { payment_source: order.source }),
    purchase_units: units,
    ...(order.payer === null ? {} : { payer: order.payer }),
    ...(brief ? {} : { create_time: order.created, ...(order.updated === null ? {} : { update_time: order.updated }) }),
    links: linksOf(order, work),
  };
}

/** Inside an order it goes without saying which order it is of. */
function withoutRelated(view: JsonObject): JsonObject {
  const { supplementary_data: _, ...rest } = view;
  return rest;
}

/** The source of a payment as it is shown and kept: of a card the last digits only. */
export function shownSource(source: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(source).map(([name, value]) => {
    const given = asObject(value);
    const digits = asString(field(given, 'number'))?.replaceAll(/[^0-9]/g, '') ?? '';
    if (name === 'card') return [name, digits.length < 12 ? {} : { last_digits: digits.slice(-4), brand: brandOf(digits) }];
    const email = asString(field(given, 'email_address'));
    return [name, email === null ? {} : { email_address: email }];
  }));
}

export function brandOf(digits: string): string {
  if (digits.startsWith('4')) return 'VISA';
  if (/^3[47]/.test(digits)) return 'AMEX';
  return /^(?:5[1-5]|2[2-7])/.test(digits) ? 'MASTERCARD' : 'UNKNOWN';
}

/** Paid without anybody approving: a card, or something stored. Everything else sends the payer to a page first. */
export function paysAtOnce(source: JsonObject | null): boolean {
  return source !== null && Object.entries(source).some(([name, value]) => name === 'card' || name === 'token' || ['vault_id', 'billing_agreement_id'].some((id) => field(asObject(value), id) !== undefined));
}
