import type { SimulationContext } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import { asObject, field } from '../wire/json.ts';
import { notFound } from './errors.ts';
import { announce } from './events.ts';
import { at } from './operation.ts';
import type { Books } from './operation.ts';

export type Status = 'NEW' | 'PENDING' | 'COMPLETED' | 'EXPIRED' | 'UNRESOLVED' | 'RESOLVED' | 'CANCELED';

export interface Moment { readonly status: Status; readonly context?: string; readonly time: string }

export interface Charge {
  readonly id: string;
  readonly code: string;
  /** what the caller said */
  readonly given: JsonObject;
  readonly hosted_url: string;
  /** the last one says how it stands */
  readonly timeline: readonly Moment[];
  readonly payments: readonly JsonObject[];
  readonly checkout: string | null;
  readonly invoice: string | null;
  readonly createdMs: number;
}

/** A charge is there to be paid for an hour. https://docs.cdp.coinbase.com/commerce/introduction/payment-status */
const openMs = 3600_000;
/** Fields that come back as they were given. */
export const chargeFields = ['name', 'description', 'local_price', 'pricing_type', 'metadata', 'redirect_url', 'cancel_url', 'logo_url', 'buyer_locale'];

/** With its expiry, which nobody has to tell it. */
function timelineOf({ timeline, createdMs }: Charge, now: number): readonly Moment[] {
  const last = timeline.at(-1)!;
  return last.status === 'NEW' && now >= createdMs + openMs ? [...timeline, { time: at(createdMs + openMs), status: 'EXPIRED' }] : timeline;
}

export function statusOf(charge: Charge, now: number): Status {
  return timelineOf(charge, now).at(-1)!.status;
}

export function showCharge(charge: Charge, now: number): JsonObject {
  const timeline = timelineOf(charge, now);
  const price = field(charge.given, 'local_price');
  const { local_price: _price, ...given } = charge.given;
  const confirmed = timeline.find(({ status }) => status === 'COMPLETED');
  return {
    id: charge.id, resource: 'charge', code: charge.code, ...given, metadata: field(given, 'metadata') ?? {}, hosted_url: charge.hosted_url,
    created_at: at(charge.createdMs), expires_at: at(charge.createdMs + openMs), ...(confirmed === undefined ? {} : { confirmed_at: confirmed.time }),
    ...(charge.checkout === null ? {} : { checkout: { id: charge.checkout } }), ...(charge.invoice === null ? {} : { invoice: { id: charge.invoice } }),
    timeline: timeline.map((moment) => ({ ...moment })), ...(price === undefined ? {} : { pricing: { local: price } }), payments: charge.payments, addresses: {},
  };
}

function saveCharge({ ledger }: Pick<Books, 'ledger'>, charge: Charge): void {
  ledger.save('charge', charge.id, charge, { code: charge.code, ...(charge.checkout === null ? {} : { checkout: charge.checkout }) });
}

export function openCharge(books: Books, given: JsonObject, of: { readonly checkout?: string; readonly invoice?: string } = {}): Charge {
  const id = books.uuid();
  const charge: Charge = {
    id, code: books.code(), given, hosted_url: books.page('charge', id), timeline: [{ time: at(books.now), status: 'NEW' }], payments: [],
    checkout: of.checkout ?? null, invoice: of.invoice ?? null, createdMs: books.now,
  };
  saveCharge(books, charge);
  announce(books, 'charge:created', showCharge(charge, books.now), id);
  return charge;
}

/** By its id or its code: Coinbase takes either. */
export async function chargeOf({ ledger }: Pick<Books, 'ledger'>, { list }: Pick<SimulationContext, 'list'>, given: string): Promise<Charge> {
  const byId = await ledger.find<Charge>('charge', given);
  if (byId !== null) return byId;
  const [byCode] = (await list('charge', { where: { code: given }, limit: 1 })).items;
  const charge = byCode === undefined ? null : await ledger.find<Charge>('charge', byCode.id);
  if (charge === null) throw notFound();
  return charge;
}

/** The charge with one moment more, kept and told. */
export function moveOn(books: Books, charge: Charge, { event, moments, payment }: { readonly event: string; readonly moments: readonly Omit<Moment, 'time'>[]; readonly payment?: string }): Charge {
  const now: Charge = {
    ...charge, timeline: [...timelineOf(charge, books.now), ...moments.map((moment) => ({ time: at(books.now), ...moment }))],
    payments: payment === undefined ? charge.payments : [paymentOf(books, charge, payment)],
  };
  saveCharge(books, now);
  announce(books, event, showCharge(now, books.now), charge.id);
  return now;
}

function paymentOf(books: Books, charge: Charge, status: string): JsonObject {
  const before = charge.payments[0];
  const price = asObject(field(charge.given, 'local_price')) ?? { amount: '1.00', currency: 'USD' };
  return before === undefined ? {
    network: 'ethereum', transaction_id: books.hash(), status, detected_at: at(books.now),
    // no rate is known here: as many coins as the price has units
    value: { local: price, crypto: { amount: field(price, 'amount') ?? '1.00', currency: 'USDC' } },
  } : { ...before, status };
}
