import type { SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { listOf } from './mail.ts';

/** What GET /emails/{id} shows; `last_event` is told from the clock until an event was made to happen. */
export interface StoredEmail {
  readonly email: {
    readonly object: 'email';
    readonly id: string;
    readonly message_id: string;
    readonly created_at: string;
    readonly from: string;
    readonly to: readonly string[];
    readonly cc: readonly string[] | null;
    readonly bcc: readonly string[] | null;
    readonly reply_to: readonly string[] | null;
    readonly subject: string;
    readonly html: string | null;
    readonly text: string | null;
    readonly tags: readonly JsonValue[];
    readonly topic_id: string | null;
    readonly scheduled_at: string | null;
  };
  readonly template: string | null;
  /** ms since the epoch */
  readonly startsAt: number;
  /** 'bounced', 'canceled' ...: what was made to happen; null = nothing yet */
  readonly event: string | null;
}

/** from the send to the delivery, as Resend usually takes */
export const untilDelivered = 1_500;

export function storedEmail(value: JsonValue, context: SimulationContext): StoredEmail {
  const body = asObject(value) ?? {};
  const scheduled = asString(field(body, 'scheduled_at'));
  const startsAt = scheduled === null ? context.now : timeOf(scheduled, context.now);
  const id = context.uuid();
  return {
    email: {
      object: 'email', id, message_id: `<${context.id('', { length: 32, alphabet: 'hex' })}@email.amazonses.com>`, created_at: iso(context.now),
      from: asString(field(body, 'from')) ?? '', to: listOf(field(body, 'to')) ?? [], cc: some(body, 'cc'), bcc: some(body, 'bcc'), reply_to: some(body, 'reply_to'),
      subject: asString(field(body, 'subject')) ?? '', html: asString(field(body, 'html')), text: asString(field(body, 'text')),
      tags: asArray(field(body, 'tags')) ?? [], topic_id: asString(field(body, 'topic_id')), scheduled_at: scheduled === null ? null : iso(startsAt),
    },
    template: asString(field(asObject(field(body, 'template')), 'id')),
    startsAt,
    event: null,
  };
}

export function lastEvent({ startsAt, event }: StoredEmail, now: number): string {
  if (event !== null) return event;
  if (now < startsAt) return 'scheduled';
  return now < startsAt + untilDelivered ? 'sent' : 'delivered';
}

/** The mail as a read shows it. */
export function shown(stored: StoredEmail, now: number): JsonObject {
  return { ...stored.email, last_event: lastEvent(stored, now) };
}

/** ISO 8601, or 'in 5 minutes'. Resend understands more of plain English; what is not understood here is an hour away. */
export function timeOf(text: string, now: number): number {
  const relative = /^in (?:(\d{1,6})|an?) (sec|min|hour|day|week)/i.exec(text.trim());
  if (relative !== null) return now + Number(relative[1] ?? 1) * units[relative[2]!.toLowerCase()]!;
  const at = Date.parse(text);
  return Number.isNaN(at) ? now + 3_600_000 : at;
}

const units: Readonly<Record<string, number>> = { sec: 1000, min: 60_000, hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 };

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function some(body: JsonObject, name: string): readonly string[] | null {
  const list = listOf(field(body, name)) ?? [];
  return list.length === 0 ? null : list;
}
