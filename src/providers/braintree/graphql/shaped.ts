import { asObject, field } from '../../wire/json.ts';
import type { JsonValue } from '../../wire/json.ts';
import type { Selection } from './document.ts';

/** What was asked for of what there is; null for what is not. Fields of a fragment on another type are left out. */
export function shaped(value: unknown, selections: readonly Selection[]): unknown {
  if (Array.isArray(value)) return value.map((each) => shaped(each, selections));
  if (selections.length === 0 || typeof value !== 'object' || value === null) return value ?? null;
  const object = asObject(value as JsonValue);
  const type = field(object, '__typename');
  const asked = selections.filter(({ on }) => on === null || type === undefined || on === type || !String(type).endsWith('Details') && !['Refund', 'Transaction'].includes(on));
  return Object.fromEntries(asked.map(({ key, name, selections: inside }) => [key, shaped(field(object, name), inside)]));
}
