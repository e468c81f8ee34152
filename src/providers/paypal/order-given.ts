import type { Money } from '../../model/money.ts';
import { sumOf } from '../wire/decimal-money.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { requireMoney, requirePositive } from './amount.ts';
import { malformed, missing, unprocessable, wrongValue } from './errors.ts';
import type { Order } from './order-object.ts';

/** What an order is made of, or PayPal's own objection to it. */
export function requireOrder(body: JsonObject): { readonly intent: Order['intent']; readonly units: readonly JsonObject[] } {
  const intent = asString(field(body, 'intent'));
  if (intent === null) throw missing('/intent');
  if (intent !== 'CAPTURE' && intent !== 'AUTHORIZE') throw wrongValue('/intent', intent);
  const units = asArray(field(body, 'purchase_units'));
  if (units === null || units.length === 0) throw missing('/purchase_units');
  if (units.length > 10) throw malformed({ field: '/purchase_units', location: 'body', issue: 'INVALID_ARRAY_MAX_ITEMS', description: 'The number of items in an array parameter is too large.' });
  const all = units.map((value, index) => {
    const unit = asObject(value);
    if (unit === null) throw missing(`/purchase_units/${index}`);
    return requireUnit(unit, units.length);
  });
  const references = all.map((unit) => asString(field(unit, 'reference_id')));
  if (new Set(references).size !== references.length) throw unprocessable('DUPLICATE_REFERENCE_ID', 'Reference ID must be unique if multiple purchase units are provided.', { field: '/purchase_units', location: 'body' });
  return { intent, units: all };
}

function requireUnit(unit: JsonObject, among: number): JsonObject {
  const reference = asString(field(unit, 'reference_id'));
  if (reference === null && among > 1) throw unprocessable('REFERENCE_ID_REQUIRED', "'reference_id' is required for each 'purchase_unit' if multiple purchase units are provided.", { field: '/purchase_units', location: 'body' });
  const at = `/purchase_units/@reference_id=='${reference ?? 'default'}'/amount`;
  const amount = requirePositive(field(unit, 'amount'), at);
  requireSum(asObject(field(asObject(field(unit, 'amount')), 'breakdown')), amount, at);
  return { reference_id: reference ?? 'default', ...unit };
}

const parts = [['item_total', 1n], ['tax_total', 1n], ['shipping', 1n], ['handling', 1n], ['insurance', 1n], ['shipping_discount', -1n], ['discount', -1n]] as const;

/** The parts of an amount make up the amount. */
export function requireSum(breakdown: JsonObject | null, amount: Money, at: string): void {
  if (breakdown === null) return;
  const given = parts.flatMap(([name, sign]) => {
    const value = field(breakdown, name);
    if (value === undefined) return [];
    const part = requireMoney(value, `${at}/breakdown/${name}`);
    return [{ ...part, minor: String(sign * BigInt(part.minor)) }];
  });
  if (given.length > 0 && sumOf([...given, { ...amount, minor: '0' }])?.minor !== amount.minor) {
    throw unprocessable('AMOUNT_MISMATCH', 'Should equal item_total + tax_total + shipping + handling + insurance - shipping_discount - discount.', { field: `${at}/value`, location: 'body' });
  }
}
