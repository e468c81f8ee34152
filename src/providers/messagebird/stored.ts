import type { CallbackDraft } from '../../model/provider.ts';
import { formText } from '../wire/form.ts';
import { msisdn } from '../wire/msisdn.ts';
import { integerOf, rfc3339 } from './fields.ts';

export type Resource = 'messages' | 'mms' | 'voicemessages';

/** What is kept of a text, an MMS or a spoken message. */
export interface Stored {
  readonly id: string;
  readonly resource: Resource;
  /** as it is shown, but for its recipients */
  readonly object: Readonly<Record<string, unknown>>;
  readonly reference: string | null;
  readonly reportUrl: string | null;
  readonly length: number;
  readonly parts: number;
  /** ms since the epoch from which it is on its way */
  readonly startsAt: number;
  readonly scheduled: boolean;
  /** one for each number; `status` is what was made to happen, null while it takes its course */
  readonly items: readonly { readonly to: string; readonly status: string | null; readonly at: number }[];
}

/** ms after its start at which a message that is left alone has arrived */
export const arrival = 2000;
const course = { messages: ['sent', 'delivered'], mms: ['sent', 'delivered'], voicemessages: ['calling', 'answered'] } as const;
const arrived: readonly string[] = ['delivered', 'answered'];
const failed: readonly string[] = ['delivery_failed', 'expired', 'failed', 'busy', 'machine'];

function statusOf(stored: Stored, item: Stored['items'][number], now: number): { readonly status: string; readonly at: number } {
  if (item.status !== null) return { status: item.status, at: item.at };
  const [first, last] = course[stored.resource];
  if (now < stored.startsAt) return { status: stored.scheduled ? 'scheduled' : first, at: stored.startsAt };
  return now < stored.startsAt + arrival ? { status: first, at: stored.startsAt } : { status: last, at: stored.startsAt + arrival };
}

/** The object as MessageBird shows it by now. */
export function shown(stored: Stored, now: number): Readonly<Record<string, unknown>> {
  const items = stored.items.map((item) => ({ to: item.to, ...statusOf(stored, item, now) }));
  const count = (among: readonly string[]): number => items.filter(({ status }) => among.includes(status)).length;
  return {
    ...stored.object,
    recipients: {
      totalCount: items.length, totalSentCount: items.filter(({ status }) => status !== 'scheduled').length, totalDeliveredCount: count(arrived), totalDeliveryFailedCount: count(failed),
      items: items.map(({ to, status, at }) => ({ recipient: integerOf(to), status, statusDatetime: rfc3339(at), ...(stored.resource === 'messages' ? { messagePartCount: stored.parts } : {}) })),
    },
  };
}

export function statusesOf(stored: Stored, now: number): readonly string[] {
  return stored.items.map((item) => statusOf(stored, item, now).status);
}

const reasons: Readonly<Record<string, readonly [reason: string, code: string]>> = {
  delivered: ['successfully delivered', ''], delivery_failed: ['unknown subscriber', '1'], expired: ['expired', ''], buffered: ['pending DLR', ''], sent: ['pending DLR', ''],
};

/** A status report: a GET with all of it in the query. MessageBird sends none for a message without a reference. */
export function report(stored: Stored, to: string, status: string, at: number, detail: string | null = null): readonly CallbackDraft[] {
  if (stored.resource !== 'messages' || stored.reference === null) return [];
  const [reason, code] = reasons[status] ?? [status, ''];
  const body = formText([
    ['id', stored.id], ['reference', stored.reference], ['recipient', msisdn(to).replace(/^\+/, '')], ['status', status], ['statusReason', detail !== null && !/^\d+$/.test(detail) ? detail : reason],
    ['statusErrorCode', detail !== null && /^\d+$/.test(detail) ? detail : code], ['statusDatetime', rfc3339(at)], ['mccmnc', '20408'], ['ported', '0'],
    ['messageLength', String(stored.length)], ['messagePartCount', String(stored.parts)], ['price[amount]', '0.07'], ['price[currency]', 'EUR'],
  ]);
  return [{ target: stored.reportUrl ?? 'messagebird', object: stored.id, event: status, notBeforeMs: at, method: 'GET', headers: [], body, contentType: 'application/x-www-form-urlencoded' }];
}
