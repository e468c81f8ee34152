import type { HttpResponse } from '../../model/exchange.ts';
import { list, symbol, xmlReply } from './xml-reply.ts';
import type { Node, Nodes } from './xml-reply.ts';

/** One validation error. `at` is where it stands: ['transaction'], ['transaction', 'credit_card']. */
interface Fault {
  readonly at: readonly string[];
  readonly code: string;
  readonly attribute: string;
  readonly message: string;
}

/** A call that Braintree would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class BraintreeFailure extends Error {
  override readonly name = 'BraintreeFailure';
  readonly status: number;
  readonly faults: readonly Fault[];
  constructor(status: number, message: string, faults: readonly Fault[] = []) {
    super(message);
    this.status = status;
    this.faults = faults;
  }
}

/** https://developer.paypal.com/braintree/docs/reference/general/validation-errors/all */
export function invalid(at: string | readonly string[], attribute: string, code: string, message: string): BraintreeFailure {
  return new BraintreeFailure(422, message, [{ at: typeof at === 'string' ? [at] : at, attribute, code, message }]);
}

/** The SDKs have a type of their own for 404 and look at nothing in it. */
export function notFound(): BraintreeFailure {
  return new BraintreeFailure(404, 'Not Found');
}

/** 422 is a result with `success: false` and `message`; every other status is an error of the SDK's whose text is fixed. */
export function errorReply(status: number, message: string, faults: readonly Fault[] = [], more: Nodes = {}): HttpResponse {
  return xmlReply(status, 'api_error_response', { errors: nested(faults, 0), params: {}, message, ...more });
}

function nested(faults: readonly Fault[], depth: number): Node {
  const here = faults.filter(({ at }) => at.length === depth);
  const below = [...new Set(faults.filter(({ at }) => at.length > depth).map(({ at }) => at[depth]!))];
  return {
    errors: list('error', here.map(({ code, attribute, message }) => ({ code, attribute: symbol(attribute), message }))),
    ...Object.fromEntries(below.map((name) => [name, nested(faults.filter(({ at }) => at[depth] === name), depth + 1)])),
  };
}

/** GraphQL answers 200 with errors; `errorClass` decides what the SDK raises. VALIDATION is left to the caller. */
export function graphQlErrors(errors: readonly { readonly message: string; readonly errorClass: string; readonly legacyCode?: string; readonly path?: readonly string[] }[]): readonly unknown[] {
  return errors.map(({ message, errorClass, legacyCode, path }) => ({
    message, locations: [], ...(path === undefined ? {} : { path }),
    extensions: { errorType: errorClass === 'VALIDATION' ? 'user_error' : 'developer_error', errorClass, ...(legacyCode === undefined ? {} : { legacyCode }) },
  }));
}
