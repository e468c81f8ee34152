import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, Delivery, LaterEvent, PastCall, Remember, SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import { firstLink } from '../wire/mail-fields.ts';

/** https://developers.brevo.com/docs/transactional-webhooks: the value of `event` in the body, not the name in the webhook's settings. */
export const events = ['request', 'delivered', 'deferred', 'soft_bounce', 'hard_bounce', 'blocked', 'invalid_email', 'error', 'spam', 'opened', 'unique_opened', 'click', 'unsubscribed'] as const;
type Event = (typeof events)[number];

/** One message as GET /v3/smtp/emails lists it, once for each recipient. */
export interface StoredMessage {
  readonly messageId: string;
  readonly uuid: string;
  readonly from: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly body: string;
  readonly tags: readonly string[];
  readonly custom: string | null;
  readonly templateId: number | null;
  readonly batchId: string | null;
  readonly attachmentCount: number;
  /** ms since the epoch */
  readonly at: number;
  readonly startsAt: number;
  readonly events: readonly { readonly name: string; readonly email: string; readonly at: number }[];
}

/** what a read may ask for */
export function indexOf({ messageId, uuid, batchId }: StoredMessage): Readonly<Record<string, string>> {
  return { messageId, uuid, ...(batchId === null ? {} : { batchId }) };
}

/** The number of the webhook in the account. */
const webhookId = 1;

export function draft(type: Event, message: StoredMessage, email: string, at: number, detail: string | null = null): CallbackDraft {
  const seconds = Math.floor(at / 1000);
  const reasoned = ['deferred', 'soft_bounce', 'hard_bounce', 'blocked', 'error'].includes(type);
  const body = {
    event: type, email, id: webhookId, date: paris.format(at), ts: seconds, 'message-id': message.messageId, ts_event: seconds, subject: message.subject,
    ...(message.custom === null ? {} : { 'X-Mailin-custom': message.custom }),
    sending_ip: '192.0.2.1', ts_epoch: at, ...(message.templateId === null ? {} : { template_id: message.templateId }),
    ...(message.tags.length === 0 ? {} : { tag: JSON.stringify(message.tags), tags: message.tags }),
    ...(reasoned ? { reason: detail ?? usual[type] ?? '' } : {}),
    ...(type === 'click' ? { link: detail ?? firstLink(message.body) } : {}),
  };
  return { target: 'brevo', object: `${message.messageId} ${email}`, event: type, notBeforeMs: at, method: 'POST', headers: [], body: JSON.stringify(body), contentType: 'application/json' };
}

const usual: Readonly<Record<string, string>> = {
  deferred: '450 4.2.1 The mailbox is busy, try again later', soft_bounce: '452 4.2.2 The mailbox is full', hard_bounce: '550 5.1.1 The mailbox does not exist',
  blocked: 'blocked : due to blacklist user', error: 'error',
};

/** 'YYYY-MM-DD HH:MM:SS' of Paris, as Brevo writes it. */
const paris = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'medium' });

/** Every person of a message has events of their own. */
export async function later({ name, recipient, detail }: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const type = events.find((event) => event === name);
  if (type === undefined || decoded.kind !== 'effects' || !decoded.effects.every(({ operation }) => operation === 'smtp.email')) return {};
  const remember: Remember[] = [];
  const callbacks: CallbackDraft[] = [];
  for (const id of idsOf(reply)) {
    const known = await context.recall('message', id);
    if (known === null) continue;
    const message = known.value as StoredMessage;
    const hit = message.recipients.filter((email) => recipient === null || email.toLowerCase() === recipient.toLowerCase());
    if (hit.length === 0) continue;
    callbacks.push(...hit.map((email) => draft(type, message, email, context.now, detail)));
    remember.push({
      kind: 'message', id, expectVersion: known.version, index: indexOf(message),
      value: { ...message, events: [...message.events, ...hit.map((email) => ({ name: type, email, at: context.now }))] } satisfies StoredMessage,
    });
  }
  return { remember, callbacks };
}

function idsOf(reply: HttpResponse): readonly string[] {
  const json = parseJson(reply.body);
  const body = json.kind === 'json' ? asObject(json.value) : null;
  return [field(body, 'messageId'), ...asArray(field(body, 'messageIds')) ?? []].flatMap((id) => asString(id) ?? []);
}

/** Brevo signs nothing; a webhook may be given a token, which it then sends along. https://developers.brevo.com/docs/secured-webhooks-call */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (!/^[\x21-\x7e]+$/.test(secret)) throw new Error("the secret is no bearer token: right is the token of the webhook's `auth`, in visible ASCII without blanks");
  return { ...delivery, headers: [...delivery.headers.filter(([name]) => name.toLowerCase() !== 'authorization'), ['Authorization', `Bearer ${secret}`]] };
}
