import type { CallbackDraft, Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Email } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { long, remembered } from './message.ts';
import type { StoredMessage } from './message.ts';
import { longJson } from './reply.ts';

/** As the Event API names them. https://dev.mailjet.com/email/guides/webhooks/ */
export const events = ['sent', 'open', 'click', 'bounce', 'blocked', 'spam', 'unsub'] as const;
type EventName = typeof events[number];

/** How GET message tells what happened last. */
const statusOf: Readonly<Record<EventName, string>> = { sent: 'sent', open: 'opened', click: 'clicked', bounce: 'hardbounced', blocked: 'blocked', spam: 'spam', unsub: 'unsub' };

/** One event as one object; Mailjet signs nothing (it relies on a secret URL). */
export function eventDraft(name: EventName, at: number, message: StoredMessage, detail: string | null, mail: Email | null): CallbackDraft {
  const body = {
    event: name, time: Math.floor(at / 1000), MessageID: long(message.id), Message_GUID: message.uuid, email: message.email, mj_campaign_id: 0, mj_contact_id: long(message.contact),
    customcampaign: message.campaign, ...particulars(name, detail, message, mail), CustomID: message.customId, Payload: message.payload,
  };
  return { target: 'mailjet', object: message.id, event: name, notBeforeMs: at, method: 'POST', headers: [], contentType: 'application/json', body: longJson(body) };
}

function particulars(name: EventName, detail: string | null, message: StoredMessage, mail: Email | null): Readonly<Record<string, unknown>> {
  const reader = { ip: '192.0.2.1', geo: 'US', agent: 'Mozilla/5.0 (X11; Linux x86_64)' };
  switch (name) {
    case 'sent': return { mj_message_id: message.id, smtp_reply: detail ?? 'sent (250 2.0.0 OK)' };
    case 'open': return reader;
    case 'click': return { url: detail ?? /https?:\/\/[^\s"'<>]{1,2000}/.exec(mail?.html ?? mail?.text ?? '')?.[0] ?? 'https://example.com/', ...reader };
    case 'bounce': return { blocked: false, hard_bounce: true, error_related_to: 'recipient', error: detail ?? 'user unknown', comment: '' };
    case 'blocked': return { error_related_to: 'recipient', error: detail ?? 'user unknown' };
    case 'spam': return { source: detail ?? 'JMRPP' };
    case 'unsub': return { mj_list_id: 0, ...reader };
  }
}

/** What happens to one recipient of a captured send (or to each): found by the ids the reply gave it. */
export async function laterEvent({ name, recipient, detail }: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const event = events.find((each) => each === name);
  const body = parseJson(reply.body);
  if (event === undefined || decoded.kind !== 'effects' || body.kind === 'unreadable') return {};
  const mail = decoded.effects.find((effect): effect is Email => effect.channel === 'email' && (recipient === null || effect.recipients.some(({ address }) => address.toLowerCase() === recipient.toLowerCase()))) ?? null;
  const remember = [];
  const callbacks = [];
  for (const uuid of uuidsIn(body.value)) {
    const [known] = (await context.list('message', { where: { uuid }, limit: 1 })).items;
    const message = known?.value as StoredMessage | undefined;
    if (known === undefined || message === undefined || (recipient !== null && message.email.toLowerCase() !== recipient.toLowerCase())) continue;
    remember.push(remembered({ ...message, status: statusOf[event] }, known.version));
    callbacks.push(eventDraft(event, context.now, message, detail, mail));
  }
  return { remember, callbacks };
}

/** Every MessageUUID of a reply to v3 (Sent) or v3.1 (Messages with To, Cc, Bcc). */
function uuidsIn(value: JsonValue): readonly string[] {
  const items = asArray(value);
  if (items !== null) return items.flatMap(uuidsIn);
  const object = asObject(value);
  if (object === null) return [];
  const own = asString(field(object, 'MessageUUID'));
  return own === null ? Object.values(object).flatMap(uuidsIn) : [own];
}
