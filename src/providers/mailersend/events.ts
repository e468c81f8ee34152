import { createHmac } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, Delivery, LaterEvent, PastCall, Remember, SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import { firstLink } from '../wire/mail-fields.ts';
import { iso } from './effects.ts';

/** https://developers.mailersend.com/api/v1/webhooks.html#available-events, those about one mail; each is told to `activity.*` webhooks. */
export const events = [
  'activity.sent', 'activity.delivered', 'activity.deferred', 'activity.soft_bounced', 'activity.hard_bounced', 'activity.opened', 'activity.opened_unique', 'activity.clicked',
  'activity.clicked_unique', 'activity.unsubscribed', 'activity.spam_complaint',
] as const;
type Event = (typeof events)[number];

/** A message, with one mail for each recipient: GET /v1/messages/{id}. */
export interface StoredMessage {
  readonly id: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly tags: readonly string[];
  readonly template: string | null;
  /** ms since the epoch */
  readonly at: number;
  readonly startsAt: number;
  readonly emails: readonly { readonly id: string; readonly recipient: string; readonly address: string; /** what was made to happen; null = nothing yet */ readonly event: string | null }[];
}

export function draft(context: SimulationContext, type: Event, message: StoredMessage, email: StoredMessage['emails'][number], at: number, detail: string | null = null): CallbackDraft {
  const name = type.slice('activity.'.length);
  const time = iso(at);
  const created = iso(message.at);
  const data = {
    object: 'activity', id: context.id('', { length: 24, alphabet: 'hex' }), type: name, created_at: time,
    email: {
      object: 'email', id: email.id, created_at: created, from: message.from, subject: message.subject, status: status[name] ?? 'delivered', tags: message.tags.length === 0 ? null : message.tags,
      message: { object: 'message', id: message.id, created_at: created },
      recipient: { object: 'recipient', id: email.recipient, email: email.address, created_at: created },
    },
    morph: morph(type, detail, time, firstLink(message.html, message.text)),
    template_id: message.template ?? '',
  };
  const body = { type, domain_id: domain, created_at: time, webhook_id: webhook, url: 'https://staging.example.com/', data };
  return { target: 'mailersend', object: email.id, event: type, notBeforeMs: at, method: 'POST', headers: [], body: JSON.stringify(body), contentType: 'application/json' };
}

/** ids of one domain and one webhook: everything comes from one staging account */
const domain = '000000000000000000000001';
const webhook = '000000000000000000000002';
const status: Readonly<Record<string, string>> = { sent: 'sent', deferred: 'sent', soft_bounced: 'soft_bounced', hard_bounced: 'hard_bounced' };

function morph(type: Event, detail: string | null, time: string, link: string): object | null {
  switch (type) {
    case 'activity.hard_bounced': return { object: 'recipient_bounce', reason: detail ?? '550 5.1.1 The mailbox does not exist', readable_reason: detail ?? 'The mailbox does not exist', created_at: time };
    case 'activity.soft_bounced': return { object: 'recipient_bounce', reason: detail ?? '452 4.2.2 The mailbox is full', readable_reason: detail ?? 'The mailbox is full', created_at: time };
    case 'activity.clicked': case 'activity.clicked_unique': return { object: 'click', id: webhook, created_at: time, ip: '192.0.2.1', url: detail ?? link };
    case 'activity.opened': case 'activity.opened_unique': return { object: 'open', id: webhook, created_at: time, ip: '192.0.2.1' };
    default: return null;
  }
}

/** Every person of a message has events of their own. */
export async function later({ name, recipient, detail }: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const type = events.find((event) => event === name);
  if (type === undefined || decoded.kind !== 'effects' || !decoded.effects.every(({ operation }) => operation === 'email.send' || operation === 'bulk-email.send')) return {};
  const remember: Remember[] = [];
  const callbacks: CallbackDraft[] = [];
  for (const id of await idsOf(reply, context)) {
    const known = await context.recall('message', id);
    if (known === null) continue;
    const message = known.value as StoredMessage;
    const isHit = ({ address }: StoredMessage['emails'][number]): boolean => recipient === null || address.toLowerCase() === recipient.toLowerCase();
    if (!message.emails.some(isHit)) continue;
    callbacks.push(...message.emails.filter(isHit).map((email) => draft(context, type, message, email, context.now, detail)));
    remember.push({ kind: 'message', id, expectVersion: known.version, value: { ...message, emails: message.emails.map((email) => isHit(email) ? { ...email, event: type.slice('activity.'.length) } : email) } satisfies StoredMessage });
  }
  return { remember, callbacks };
}

async function idsOf(reply: HttpResponse, context: SimulationContext): Promise<readonly string[]> {
  const single = header(reply.headers, 'x-message-id');
  if (single !== null) return [single];
  const json = parseJson(reply.body);
  const bulk = json.kind === 'json' ? asString(field(asObject(json.value), 'bulk_email_id')) : null;
  const known = bulk === null ? null : await context.recall('bulk', bulk);
  return known === null ? [] : (asArray((known.value as { readonly messages_id: readonly string[] }).messages_id) ?? []).flatMap((id) => asString(id) ?? []);
}

/** https://developers.mailersend.com/api/v1/webhooks.html#security */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (secret.trim() === '') throw new Error("the signing secret is empty: right is the one that the webhook's page in MailerSend shows");
  const signature = createHmac('sha256', secret).update(delivery.body).digest('hex');
  return { ...delivery, headers: [...delivery.headers.filter(([name]) => name.toLowerCase() !== 'signature'), ['Signature', signature]] };
}
