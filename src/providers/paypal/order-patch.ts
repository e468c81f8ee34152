import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { requirePositive } from './amount.ts';
import { malformed, missing, unprocessable } from './errors.ts';
import { requireSum } from './order-given.ts';
import { referenceOf } from './order-object.ts';
import type { Order } from './order-object.ts';

/** An order after a list of changes (JSON Patch, with PayPal's own way to name a purchase unit). All of them or none. */
export function patched(order: Order, changes: JsonValue): Order {
  const list = asArray(changes);
  if (list === null || list.length === 0) throw missing('/');
  return list.reduce<Order>((now, change) => patchedOnce(now, asObject(change)), order);
}

function patchedOnce(order: Order, change: JsonObject | null): Order {
  const op = asString(field(change, 'op'));
  const path = asString(field(change, 'path')) ?? '';
  const value = field(change, 'value');
  if (op === null || !['add', 'replace', 'remove'].includes(op)) throw malformed({ field: '/op', location: 'body', issue: 'INVALID_PARAMETER_VALUE', description: 'The value of a field is invalid.' });
  if (op !== 'remove' && value === undefined) throw missing('/value');
  const to = op === 'remove' ? undefined : value;
  if (path === '/intent' && op === 'replace' && (value === 'CAPTURE' || value === 'AUTHORIZE')) return { ...order, intent: value };
  const payer = /^\/payer((?:\/[a-z_]+)*)$/.exec(path);
  if (payer !== null) return { ...order, payer: asObject(changed(order.payer ?? {}, namesOf(payer[1]!), to)) };
  const unit = /^\/purchase_units\/@reference_id=='([^'/]{1,256})'((?:\/[a-z_0-9]+)*)$/.exec(path);
  const at = unit === null ? -1 : order.units.findIndex((each) => referenceOf(each) === unit[1]);
  if (unit === null || at < 0) throw unprocessable('NOT_PATCHABLE', 'Cannot be patched.', { field: path.slice(0, 200), location: 'body' });
  const given = asObject(changed(order.units[at]!.given, namesOf(unit[2]!), to)) ?? {};
  const where = `/purchase_units/@reference_id=='${unit[1]}'/amount`;
  requireSum(asObject(field(asObject(field(given, 'amount')), 'breakdown')), requirePositive(field(given, 'amount'), where), where);
  return { ...order, units: order.units.with(at, { ...order.units[at]!, given }) };
}

function namesOf(path: string): readonly string[] {
  return path.split('/').slice(1);
}

/** The value with what stands at the path replaced; undefined takes it out. */
function changed(value: JsonValue | undefined, names: readonly string[], to: JsonValue | undefined): JsonValue | undefined {
  const [name, ...rest] = names;
  if (name === undefined) return to;
  const list = asArray(value);
  if (list !== null) {
    const index = Number(name);
    if (!/^[0-9]{1,4}$/.test(name) || index >= list.length) throw unprocessable('INVALID_PATCH_OPERATION', 'The operation cannot be honored.', { location: 'body' });
    return list.flatMap((item, position) => position === index ? changed(item, rest, to) ?? [] : [item]);
  }
  const { [name]: before, ...others } = asObject(value) ?? {};
  const after = changed(before, rest, to);
  return after === undefined ? others : { ...others, [name]: after };
}
