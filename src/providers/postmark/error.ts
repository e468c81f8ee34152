import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** What Postmark says of a call or of one message in a batch. https://postmarkapp.com/developer/api/overview#error-codes */
export interface PostmarkFault {
  readonly ErrorCode: number;
  readonly Message: string;
}

/** The status decides which error its SDKs raise: 422 ApiInputError, 401 InvalidAPIKeyError, 404 PostmarkError. */
export function errorReply(status: 401 | 404 | 422, fault: PostmarkFault): HttpResponse {
  return jsonReply(status, fault);
}

export function invalidRequest(Message: string): PostmarkFault {
  return { ErrorCode: 300, Message };
}

export const noToken: PostmarkFault = { ErrorCode: 10, Message: 'Request does not contain a valid Server token.' };
