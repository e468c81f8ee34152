import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

const fcmError = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';

/** https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode */
export function fcmErrorReply(status: number, canonical: string, message: string, errorCode: string | null): HttpResponse {
  const details = errorCode === null ? {} : { details: [{ '@type': fcmError, errorCode }] };
  return jsonReply(status, { error: { code: status, message, status: canonical, ...details } });
}
