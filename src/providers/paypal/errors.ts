import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

export interface Detail {
  readonly issue: string;
  readonly description?: string;
  readonly field?: string;
  readonly value?: string;
  readonly location?: 'body' | 'path' | 'header';
}

export interface Fault {
  readonly name: string;
  readonly message: string;
  readonly details?: readonly Detail[];
  /** where the payer can choose anew */
  readonly redirect?: string;
}

/** A call that PayPal would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class PayPalFailure extends Error {
  override readonly name = 'PayPalFailure';
  readonly status: number;
  readonly fault: Fault;
  constructor(status: number, fault: Fault) {
    super(fault.message);
    this.status = status;
    this.fault = fault;
  }
}

/** https://developer.paypal.com/api/rest/responses/#link-errors */
export function errorReply(status: number, { name, message, details, redirect }: Fault, debugId: string): HttpResponse {
  const links = [{ href: `https://developer.paypal.com/api/rest/reference/orders/v2/errors/#${name}`, rel: 'information_link', method: 'GET' }, ...(redirect === undefined ? [] : [{ href: redirect, rel: 'redirect', method: 'GET' }])];
  return jsonReply(status, { name, message, debug_id: debugId, ...(details === undefined ? {} : { details }), links }, [['Paypal-Debug-Id', debugId]]);
}

/** 400: the call is not of the right form. */
export function malformed(...details: readonly Detail[]): PayPalFailure {
  return new PayPalFailure(400, { name: 'INVALID_REQUEST', message: 'Request is not well-formed, syntactically incorrect, or violates schema.', details });
}

export function missing(field: string): PayPalFailure {
  return malformed({ field, location: 'body', issue: 'MISSING_REQUIRED_PARAMETER', description: 'A required field / parameter is missing.' });
}

export function wrongValue(field: string, value: string): PayPalFailure {
  return malformed({ field, value: value.slice(0, 100), location: 'body', issue: 'INVALID_PARAMETER_VALUE', description: 'The value of a field is invalid.' });
}

/** 422: well-formed, and not possible. */
export function unprocessable(issue: string, description: string, more: Omit<Detail, 'issue' | 'description'> = {}): PayPalFailure {
  return new PayPalFailure(422, {
    name: 'UNPROCESSABLE_ENTITY', message: 'The requested action could not be performed, semantically incorrect, or failed business validation.', details: [{ ...more, issue, description }],
  });
}

/** What a bank says no with. https://developer.paypal.com/api/rest/reference/orders/v2/errors/ */
const refusals = {
  INSTRUMENT_DECLINED: "The instrument presented was either declined by the processor or bank, or it can't be used for this payment.",
  PAYER_CANNOT_PAY: 'Payer cannot pay for this transaction.',
  TRANSACTION_REFUSED: 'The request was refused.',
} as const;
export const declines = Object.keys(refusals) as readonly (keyof typeof refusals)[];

/** `redirect`: the page where the payer can choose another way to pay; null where no page is part of it. */
export function refusedByBank(code: string | null, redirect: string | null): PayPalFailure {
  const issue = declines.find((each) => each === code) ?? 'INSTRUMENT_DECLINED';
  const failure = unprocessable(issue, refusals[issue]);
  return redirect === null || issue !== 'INSTRUMENT_DECLINED' ? failure : new PayPalFailure(failure.status, { ...failure.fault, redirect });
}

export function noSuchResource(): PayPalFailure {
  return new PayPalFailure(404, {
    name: 'RESOURCE_NOT_FOUND', message: 'The specified resource does not exist.',
    details: [{ issue: 'INVALID_RESOURCE_ID', description: 'Specified resource ID does not exist. Please check the resource ID and try again.' }],
  });
}

export function oauthError(status: number, error: string, description: string): HttpResponse {
  return jsonReply(status, { error, error_description: description });
}
