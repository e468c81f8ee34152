import { createHash, createHmac } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, Delivery, LaterEvent, PastCall, Remember, SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import { mailboxes } from '../wire/address-field.ts';
import { firstLink, scalar } from '../wire/mail-fields.ts';
import { iso } from './stored-email.ts';
import type { StoredEmail } from './stored-email.ts';

/** https://resend.com/docs/dashboard/webhooks/event-types, those about one mail that was sent */
export const events = [
  'email.sent', 'email.scheduled', 'email.delivered', 'email.delivery_delayed', 'email.bounced', 'email.complained', 'email.opened', 'email.clicked', 'email.failed', 'email.suppressed',
] as const;
type Event = (typeof events)[number];

/** `to`: whom it happened to; null = everybody in To. */
export function draft(context: SimulationContext, type: Event, { email, template }: StoredEmail, at: number, { to = null, detail = null }: { readonly to?: string | null; readonly detail?: string | null } = {}): CallbackDraft {
  const data = {
    created_at: email.created_at, email_id: email.id, message_id: email.message_id, from: email.from, to: to === null ? email.to : [to], subject: email.subject,
    ...(email.tags.length === 0 ? {} : { tags: Object.fromEntries(email.tags.map((tag) => [asString(field(asObject(tag), 'name')) ?? '', scalar(field(asObject(tag), 'value') ?? '')])) }),
    ...(template === null ? {} : { template_id: template }),
    ...more(type, detail, at, firstLink(email.html, email.text)),
  };
  return {
    target: 'resend', object: email.id, event: type, notBeforeMs: at, method: 'POST', headers: [['svix-id', context.id('msg_', { length: 27 })]],
    body: JSON.stringify({ type, created_at: iso(at), data }), contentType: 'application/json',
  };
}

function more(type: Event, detail: string | null, at: number, link: string): object {
  switch (type) {
    case 'email.bounced': return { bounce: { message: detail ?? "The recipient's email address does not exist.", subType: 'General', type: 'Permanent' } };
    case 'email.clicked': return { click: { ipAddress: '192.0.2.1', link: detail ?? link, timestamp: iso(at), userAgent: 'Mozilla/5.0' } };
    case 'email.failed': return { failed: { reason: detail ?? 'reached_daily_quota' } };
    case 'email.suppressed': return { suppressed: { message: detail ?? 'The recipient is on the suppression list.', type: 'OnAccountSuppressionList' } };
    default: return {};
  }
}

/** What happens to the mails of a captured call: each that has the recipient is told of, and a later read shows it. */
export async function later({ name, recipient, detail }: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const type = events.find((event) => event === name);
  if (type === undefined || decoded.kind !== 'effects' || !decoded.effects.every(({ operation }) => operation === 'emails.send' || operation === 'emails.batch')) return {};
  const remember: Remember[] = [];
  const callbacks: CallbackDraft[] = [];
  for (const id of idsOf(reply)) {
    const known = await context.recall('email', id);
    if (known === null) continue;
    const stored = known.value as StoredEmail;
    if (recipient !== null && !reaches(stored, recipient)) continue;
    callbacks.push(draft(context, type, stored, context.now, { to: recipient, detail }));
    remember.push({ kind: 'email', id, expectVersion: known.version, value: { ...stored, event: type.slice('email.'.length) } });
  }
  return { remember, callbacks };
}

/** The ids a send was answered with. */
function idsOf(reply: HttpResponse): readonly string[] {
  const json = parseJson(reply.body);
  const body = json.kind === 'json' ? asObject(json.value) : null;
  return (asArray(field(body, 'data')) ?? [body]).flatMap((each) => asString(field(asObject(each), 'id')) ?? []);
}

function reaches({ email }: StoredEmail, recipient: string): boolean {
  return [...email.to, ...email.cc ?? [], ...email.bcc ?? []].flatMap(mailboxes).some((address) => address.toLowerCase() === recipient.toLowerCase());
}

/** Svix, the scheme of the Standard Webhooks. https://docs.svix.com/receiving/verifying-payloads/how-manual */
export function sign(delivery: Delivery, secret: string, nowMs: number): Delivery {
  const key = /^whsec_([A-Za-z0-9+/]{8,}={0,2})$/.exec(secret)?.[1];
  if (key === undefined) throw new Error("the secret is none of Resend's: right is 'whsec_' and base64 behind it, as the webhook's page in the dashboard shows it");
  const id = header(delivery.headers, 'svix-id') ?? `msg_${createHash('sha256').update(delivery.body).digest('hex').slice(0, 27)}`;
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${timestamp}.${delivery.body}`).digest('base64');
  return {
    ...delivery,
    headers: [...delivery.headers.filter(([name]) => !/^svix-/i.test(name)), ['svix-id', id], ['svix-timestamp', timestamp], ['svix-signature', `v1,${signature}`]],
  };
}
