import type { CallbackDraft, Consequences, LaterEvent, SimulationContext } from '../../model/provider.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import { failureOf, sidOf, statusCallback } from './callback.ts';
import type { Message, StoredMessage } from './message.ts';
import { one } from './route.ts';
import type { Parameters } from './route.ts';
import { rfc2822, wholeSecond } from './time.ts';

/** The statuses that Twilio calls back for, in the order they may come. The first status of all is told by the reply itself. */
export const messageEvents = ['queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'read'] as const;

/** the codes Twilio gives most often: unreachable handset, unknown error */
const usualCode: Readonly<Record<string, number>> = { undelivered: 30003, failed: 30008 };

interface Failure { readonly code: number; readonly message: string | null }

export function messageCallback(context: SimulationContext, target: string, { sid, to, from, account_sid, messaging_service_sid, api_version }: Message, status: string, at: number, failure: Failure | null = null): CallbackDraft {
  return statusCallback(context, {
    target, object: sid, event: status, notBeforeMs: at,
    fields: [
      ['SmsSid', sid], ['SmsStatus', status], ['MessageStatus', status], ['To', to], ['MessageSid', sid],
      ['AccountSid', account_sid], ...(from === null ? [] : [['From', from] as const]),
      ...(messaging_service_sid === null ? [] : [['MessagingServiceSid', messaging_service_sid] as const]),
      ['ApiVersion', api_version],
      ...(failure === null ? [] : [['ErrorCode', String(failure.code)] as const]),
      ...(failure?.message === null || failure === null ? [] : [['ErrorMessage', failure.message] as const]),
    ],
  });
}

/** A message reaches a status: it is read back with it, and who asked for callbacks is told. */
export async function laterMessage(event: LaterEvent, { fields }: Parameters, reply: HttpResponse, context: SimulationContext): Promise<Consequences> {
  const sid = sidOf(reply);
  const known = sid === null ? null : await context.recall('message', sid);
  const stored = known?.value as StoredMessage | null | undefined;
  if (known === null || stored === null || stored === undefined || stored.message.status === 'canceled') return {};
  const usual = usualCode[event.name];
  const failure = usual === undefined ? null : failureOf(event.detail, usual);
  const now = rfc2822(wholeSecond(context.now));
  const message: Message = {
    ...stored.message, status: event.name, date_updated: now, date_sent: ['queued', 'sending', 'failed'].includes(event.name) ? stored.message.date_sent : stored.message.date_sent ?? now,
    error_code: failure?.code ?? null, error_message: failure?.message ?? null,
  };
  const target = one(fields, 'StatusCallback');
  return {
    remember: [{
      kind: 'message', id: message.sid, expectVersion: known.version, value: { ...stored, message },
      index: { to: message.to, ...(message.from === null ? {} : { from: message.from }) },
    }],
    callbacks: target === null ? [] : [messageCallback(context, target, message, event.name, context.now, failure)],
  };
}
