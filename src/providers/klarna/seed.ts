import type { Remember } from '../../model/provider.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { minorOf } from './amount.ts';
import type { Order, Taken } from './purchase.ts';

const madeMs = Date.UTC(2026, 0, 1, 9);
/** captures of a seeded order are never too late */
const endsMs = Date.UTC(2036, 0, 1, 9);

/** An order as order management shows it; what is left out is a usual one. */
export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value'> {
  if (kind !== 'order') throw new Error(`Klarna has no '${kind}' to be seeded; it has order`);
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(id)) throw new Error(`'${id}' is no id of a Klarna order: it is letters, digits and '-'`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`Klarna order ${id}: the value is an object with the fields that Klarna shows`);
  const amount = minorsOf(id, given, 'order_amount');
  const [captured, refunded] = [minorsOf(id, given, 'captured_amount', 0n), minorsOf(id, given, 'refunded_amount', 0n)];
  if (captured > amount || refunded > captured) throw new Error(`Klarna order ${id}: captured_amount is no more than order_amount, refunded_amount no more than captured_amount`);
  if (!/^[A-Z]{3}$/.test(asString(field(given, 'purchase_currency')) ?? '')) throw new Error(`Klarna order ${id}: purchase_currency is a code of three capitals, such as EUR`);
  const order: Order = {
    id, given: { purchase_country: 'SE', ...given }, authorized: String(amount), original: String(amount), captures: taken(id, captured, 'capture'), refunds: taken(id, refunded, 'refund'),
    cancelled: asString(field(given, 'status')) === 'CANCELLED', released: false, fraud: 'ACCEPTED', acknowledged: true, createdMs: madeMs, expiresMs: endsMs,
  };
  return { value: order };
}

function minorsOf(id: string, given: JsonObject, name: string, usual?: bigint): bigint {
  const minor = field(given, name) === undefined && usual !== undefined ? usual : minorOf(field(given, name));
  if (minor === null || minor < 0n) throw new Error(`Klarna order ${id}: ${name} is whole minor units, such as 10000 for SEK 100.00`);
  return minor;
}

function taken(order: string, minor: bigint, what: string): readonly Taken[] {
  return minor === 0n ? [] : [{ id: `${order.slice(0, 50)}-${what}`, minor: String(minor), given: {}, atMs: madeMs }];
}
