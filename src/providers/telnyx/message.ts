import type { SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { segmentsOf } from '../wire/segments.ts';
import { text } from './people.ts';

/** A message as it is remembered: what it says of itself, and when it is or was on its way. */
export interface StoredMessage {
  readonly message: Message;
  readonly startsAt: number;
}

export interface Message {
  readonly id: string;
  readonly to: readonly { readonly phone_number: string; readonly status: string; readonly carrier: string; readonly line_type: string }[];
  readonly webhook_url: string | null;
  readonly [name: string]: unknown;
}

/** ms after its start at which a simulated message counts as sent and as delivered */
export const progress = { sent: 1000, delivered: 2000 };

/** Telnyx names what it found out of a number; nothing here is found out. */
const unknownLine = { carrier: '', line_type: '' };

export function messageOf(body: JsonObject, operation: string, context: SimulationContext): StoredMessage {
  const media = (asArray(field(body, 'media_urls')) ?? []).flatMap((url) => asString(url) ?? []);
  const words = text(body, 'text') ?? '';
  const group = operation === 'messages.send_group_mms';
  const type = text(body, 'type') ?? (media.length > 0 || group ? 'MMS' : 'SMS');
  const sendAt = Date.parse(text(body, 'send_at') ?? '');
  const scheduled = sendAt > context.now;
  const { encoding, count } = segmentsOf(words, { gsm7: 'GSM-7', ucs2: 'UCS-2' }[text(body, 'encoding') ?? ''] as 'GSM-7' | 'UCS-2' | undefined ?? null);
  const to = asArray(field(body, 'to')) ?? [field(body, 'to') ?? ''];
  const startsAt = scheduled ? sendAt : context.now;
  const message: Message = {
    record_type: 'message', direction: 'outbound', id: context.uuid(), type,
    messaging_profile_id: text(body, 'messaging_profile_id') ?? '00000000-0000-4000-8000-000000000001', organization_id: '00000000-0000-4000-8000-000000000002',
    from: { phone_number: text(body, 'from') ?? '+12025550123', ...unknownLine },
    to: to.map((number) => ({ phone_number: (asString(number) ?? '').trim(), status: scheduled ? 'scheduled' : 'queued', ...unknownLine })),
    ...(group ? { cc: [] } : {}),
    ...(operation === 'messages.send_whatsapp' ? { body: asObject(field(body, 'whatsapp_message')) } : {}),
    text: words, subject: text(body, 'subject'), media: media.map((url) => ({ url, content_type: null, sha256: null, size: null })),
    webhook_url: text(body, 'webhook_url'), webhook_failover_url: text(body, 'webhook_failover_url'),
    encoding, parts: count, tags: [], cost: null, received_at: iso(context.now), sent_at: null, completed_at: null, valid_until: iso(startsAt + 3_600_000), errors: [],
  };
  return { message, startsAt };
}

/** The message as of `now`: one that is on its way is sent, then delivered, by the clock alone; any other status stays. */
export function asOf({ message, startsAt }: StoredMessage, now: number): Message {
  if (now < startsAt + progress.sent || !message.to.some(({ status }) => status === 'queued' || status === 'scheduled')) return message;
  return at(message, now >= startsAt + progress.delivered ? 'delivered' : 'sent', startsAt);
}

/** Whoever something else has happened to is left with that. */
export function at(message: Message, status: 'sent' | 'delivered', startsAt: number): Message {
  return {
    ...message, to: message.to.map((each) => ['queued', 'scheduled', 'sent'].includes(each.status) ? { ...each, status } : each), sent_at: iso(startsAt + progress.sent),
    ...(status === 'delivered' ? { completed_at: iso(startsAt + progress.delivered), cost: { amount: '0.0040', currency: 'USD' } } : {}),
  };
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
