import type { JsonObject } from '../wire/json.ts';

/** The fields of Stripe's error object. https://docs.stripe.com/api/errors */
export interface ErrorFields {
  readonly type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
  readonly decline_code?: string;
  readonly [more: string]: unknown;
}

/**
 * A call that Stripe would refuse without having changed anything. Thrown by whatever finds it, caught once, in
 * simulate.ts: nothing that was to be remembered is kept.
 */
export class StripeFailure extends Error {
  override readonly name = 'StripeFailure';
  readonly status: number;
  readonly fields: ErrorFields;
  constructor(status: number, fields: ErrorFields) {
    super(fields.message);
    this.status = status;
    this.fields = fields;
  }
}

/** The body of an error reply. */
export function errorBody(fields: ErrorFields): JsonObject {
  const documented = fields.code === undefined || fields.code.startsWith('fourthwall') ? {} : { doc_url: `https://stripe.com/docs/error-codes/${fields.code.replaceAll('_', '-')}` };
  return { error: { ...documented, ...fields } } as unknown as JsonObject;
}

export function invalid(message: string, more: { readonly code?: string; readonly param?: string; readonly [field: string]: unknown } = {}): StripeFailure {
  return new StripeFailure(400, { type: 'invalid_request_error', message, ...more });
}

/** An id in a parameter that is not known: 400. */
export function noSuch(what: string, id: string, param: string): StripeFailure {
  return invalid(`No such ${what}: '${id}'`, { code: 'resource_missing', param });
}

/** An id in the path that is not known: 404. */
export function notFound(what: string, id: string, param: string): StripeFailure {
  return new StripeFailure(404, { type: 'invalid_request_error', message: `No such ${what}: '${id}'`, code: 'resource_missing', param });
}

/** A decline that leaves nothing behind (a card that cannot be saved). */
export function cardError(fields: Omit<ErrorFields, 'type'> & { readonly message: string }): StripeFailure {
  return new StripeFailure(402, { ...fields, type: 'card_error' });
}

/** '/v1/customers/' and '/v1/charges//capture': an id that was not there when the URL was made. */
const emptySegment = /\/(?:\/|$)/;
const noId = 'If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. ';

export function unknownUrl(method: string, path: string): StripeFailure {
  return new StripeFailure(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}). ${emptySegment.test(path) ? noId : ''}Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  });
}

/** Said plainly, and never as a success: nobody may believe that it worked. */
export function notSimulated(what: string): StripeFailure {
  return invalid(`fourthwall does not simulate ${what} yet; the call was recorded and nothing was done`, { code: 'fourthwall_not_simulated' });
}
