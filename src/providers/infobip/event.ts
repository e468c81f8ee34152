import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, LaterEvent, PastCall, Remember, SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import { segmentsOf } from '../wire/segments.ts';
import { time } from './parts.ts';
import { endOf, enroute, events } from './status.ts';
import type { EventName } from './status.ts';

/** A message as it is remembered: for its report, the logs, and what happens to it later. */
export interface StoredMessage {
  readonly channel: 'sms' | 'whatsapp';
  /** of the API it came by: v3 has other names for the same */
  readonly version: 1 | 3;
  readonly bulkId: string | null;
  readonly messageId: string;
  readonly to: string;
  /** as decoded */
  readonly address: string;
  readonly from: string | null;
  readonly text: string | null;
  readonly sentAt: number;
  /** when it is delivered, if nothing else happens to it */
  readonly dueAt: number;
  readonly end: { readonly name: EventName; readonly at: number; readonly detail: string | null } | null;
  /** its report was fetched: each is given once */
  readonly told: boolean;
  readonly notifyUrl: string | null;
  readonly contentType: string | null;
  readonly callbackData: string | null;
}

/** A delivery report to the URL of the message, else to the target 'infobip'. Infobip signs none but where a subscription says how. */
export function report(stored: StoredMessage, { name, at, detail }: NonNullable<StoredMessage['end']>): readonly CallbackDraft[] {
  // Asked for as XML, it would be something else than what is drafted here.
  if (/xml/i.test(stored.contentType ?? '')) return [];
  return [{
    target: stored.notifyUrl ?? 'infobip', object: stored.messageId, event: name, notBeforeMs: at, method: 'POST', headers: [['User-Agent', 'Infobip']], contentType: 'application/json',
    body: JSON.stringify({ results: [resultOf({ ...stored, end: { name, at, detail } }, at)] }),
  }];
}

/** A line of a report or of the logs, as of `now`. */
export function resultOf(stored: StoredMessage, now: number): Readonly<Record<string, unknown>> {
  const end = endAt(stored, now);
  const outcome = end === null ? { status: enroute, error: undefined } : endOf(end.name, end.detail);
  const count = segmentsOf(stored.text ?? '').count;
  return {
    ...stored.bulkId === null ? {} : { bulkId: stored.bulkId }, price: { pricePerMessage: 0.01, currency: 'EUR' }, status: outcome.status, ...outcome.error === undefined ? {} : { error: outcome.error },
    messageId: stored.messageId, ...end === null ? {} : { doneAt: time(end.at) }, [stored.version === 3 || stored.channel === 'whatsapp' ? 'messageCount' : 'smsCount']: count, sentAt: time(stored.sentAt),
    to: stored.to, ...stored.from === null ? {} : { [stored.version === 3 ? 'sender' : 'from']: stored.from }, ...stored.callbackData === null ? {} : { callbackData: stored.callbackData },
  };
}

/** What has become of a message: delivered by the clock alone, unless something else happened. */
export function endAt({ end, dueAt }: StoredMessage, now: number): StoredMessage['end'] {
  return end ?? (now >= dueAt ? { name: 'DELIVERED', at: dueAt, detail: null } : null);
}

/** The end of every message of the call that goes to the recipient; read back with it from then on. */
export async function whatFollows(event: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const name = events.find((each) => each === event.name);
  const json = parseJson(reply.body);
  if (name === undefined || json.kind === 'unreadable') return {};
  const answer = asObject(json.value);
  const answered = asArray(field(answer, 'messages')) ?? [answer];
  const ids = new Set(answered.flatMap((each) => asString(field(asObject(each), 'messageId')) ?? []));
  const remember: Remember[] = [];
  const callbacks: CallbackDraft[] = [];
  for (const id of ids) {
    const known = await context.recall('message', id);
    if (known === null) continue;
    const stored = known.value as StoredMessage;
    if (event.recipient !== null && event.recipient !== stored.address) continue;
    const end = { name, at: context.now, detail: event.detail };
    remember.push({ kind: 'message', id, expectVersion: known.version, value: { ...stored, end, told: false }, index: { to: stored.to, ...stored.bulkId === null ? {} : { bulkId: stored.bulkId } } });
    callbacks.push(...report(stored, end));
  }
  return { remember, callbacks };
}
