import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

export interface SparkPostError {
  readonly message: string;
  readonly description?: string;
  readonly code?: string;
}

/** Every error of the API has this body; its SDK keeps it as `errors`. */
export function errorReply(status: number, ...errors: readonly SparkPostError[]): HttpResponse {
  return jsonReply(status, { errors });
}
