import type { JsonValue } from './json.ts';

/**
 * A JSON number as the decimal text it was written as: 12.5 is '12.5'. Null for anything else, for what is not plain decimal, and beyond the
 * 15 digits up to which a double tells every decimal from the next.
 */
export function decimalNumber(value: JsonValue | undefined): string | null {
  if (typeof value !== 'number') return null;
  const text = String(value);
  const digits = text.replace(/[-.]/g, '').replace(/^0+/, '');
  return /^-?[0-9]+(?:\.[0-9]+)?$/.test(text) && digits.length <= 15 ? text : null;
}
