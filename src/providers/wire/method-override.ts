import type { Headers } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';

const names = ['x-http-method-override', 'x-http-method', 'x-method-override'];

/** True when a header asks to take the call for another method than it has: which one the vendor takes cannot be told. */
export function asksForAnotherMethod(headers: Headers): boolean {
  return names.some((name) => header(headers, name) !== null);
}
