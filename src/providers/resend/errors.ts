import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** Every error of the API has this body; its SDK hands it out as `error`. https://resend.com/docs/api-reference/errors */
export interface ResendFault {
  readonly statusCode: number;
  readonly name: string;
  readonly message: string;
}

export function errorReply(fault: ResendFault): HttpResponse {
  return jsonReply(fault.statusCode, fault);
}

export function notFound(what: string): HttpResponse {
  return errorReply({ statusCode: 404, name: 'not_found', message: `${what} not found` });
}

export function missing(field: string): ResendFault {
  return { statusCode: 422, name: 'missing_required_field', message: `Missing \`${field}\` field.` };
}

export function invalid(message: string): ResendFault {
  return { statusCode: 422, name: 'validation_error', message };
}
