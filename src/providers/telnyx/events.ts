import { createPrivateKey, sign as signBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, Delivery, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { StoredCall } from './call.ts';
import { at, iso, progress } from './message.ts';
import type { Message, StoredMessage } from './message.ts';

/** What a message's `to[].status` comes to. https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks */
const statuses = ['sent', 'delivered', 'delivery_unconfirmed', 'sending_failed', 'delivery_failed'] as const;
/** https://developers.telnyx.com/docs/voice/programmable-voice/receiving-webhooks */
const courses = ['call.initiated', 'call.answered', 'call.hangup'] as const;
type Status = (typeof statuses)[number];
type Course = (typeof courses)[number];

export const events = [...statuses, ...courses];

/** Sent, then delivered: what a message comes to by itself. */
export function messageCallbacks(context: SimulationContext, { message, startsAt }: StoredMessage): readonly CallbackDraft[] {
  return [told(context, at(message, 'sent', startsAt), 'sent', startsAt + progress.sent), told(context, at(message, 'delivered', startsAt), 'delivered', startsAt + progress.delivered)];
}

function told(context: SimulationContext, message: Message, status: Status, when: number): CallbackDraft {
  const event = status === 'sent' ? 'message.sent' : 'message.finalized';
  return draft({ target: message.webhook_url, object: message.id, event: status, when, data: { event_type: event, id: context.uuid(), occurred_at: iso(when), payload: message, record_type: 'event' } });
}

/** A call rings, is answered and ends. */
export function callCallbacks(context: SimulationContext, stored: StoredCall): readonly CallbackDraft[] {
  return courses.map((course, index) => toldOfCall(context, stored, course, { when: stored.startsAt + index * 2000, cause: null }));
}

function toldOfCall(context: SimulationContext, { call, startsAt, from, to, connection_id, webhook_url }: StoredCall, course: Course, { when, cause }: { readonly when: number; readonly cause: string | null }): CallbackDraft {
  const { record_type: _type, is_alive: _alive, ...ids } = call;
  const more = {
    'call.initiated': { direction: 'outgoing', state: 'bridging' },
    'call.answered': { start_time: iso(startsAt), state: 'answered' },
    'call.hangup': { start_time: iso(startsAt), end_time: iso(when), state: 'hangup', hangup_cause: cause ?? 'normal_clearing', hangup_source: 'callee', sip_hangup_cause: '200' },
  }[course];
  return draft({
    target: webhook_url, object: call.call_control_id, event: course, when,
    data: { record_type: 'event', event_type: course, id: context.uuid(), occurred_at: iso(when), payload: { connection_id, ...ids, from, to, ...more } },
  });
}

/** Without an address of its own in the call, the profile's or the connection's is meant: the target of that name. */
function draft({ target, object, event, when, data }: { readonly target: string | null; readonly object: string; readonly event: string; readonly when: number; readonly data: object }): CallbackDraft {
  const to = target === null || target === '' ? 'telnyx' : target;
  return { target: to, object, event, notBeforeMs: when, method: 'POST', headers: [], body: JSON.stringify({ data, meta: { attempt: 1, delivered_to: to } }), contentType: 'application/json' };
}

export async function later({ name, recipient, detail }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status === 200 ? parseJson(reply.body) : null;
  const data = json?.kind === 'json' ? asObject(field(asObject(json.value), 'data')) : null;
  const status = statuses.find((each) => each === name);
  const course = courses.find((each) => each === name);
  if (status !== undefined) {
    const found = await context.recall('message', asString(field(data, 'id')) ?? '');
    return found === null ? {} : happenedToMessage(status, { recipient, detail }, found.value as StoredMessage, found.version, context);
  }
  const found = course === undefined ? null : await context.recall('call', asString(field(data, 'call_control_id')) ?? '');
  if (course === undefined || found === null) return {};
  const stored = found.value as StoredCall;
  if (recipient !== null && recipient !== stored.to) return {};
  const value: StoredCall = course === 'call.hangup' ? { ...stored, endedAt: context.now } : stored;
  return {
    remember: [{ kind: 'call', id: stored.call.call_control_id, expectVersion: found.version, value }],
    callbacks: [toldOfCall(context, stored, course, { when: context.now, cause: detail })],
  };
}

/** A code of Telnyx's own, or words for the usual one. https://developers.telnyx.com/docs/messaging/messages/error-codes */
function happenedToMessage(status: Status, { recipient, detail }: { readonly recipient: string | null; readonly detail: string | null }, stored: StoredMessage, version: number, context: SimulationContext): Consequences {
  const { message } = stored;
  if (recipient !== null && !message.to.some(({ phone_number }) => phone_number === recipient)) return {};
  const code = detail !== null && /^[0-9]{5}$/.test(detail) ? detail : '40008';
  const failed = status === 'sending_failed' || status === 'delivery_failed';
  const after: Message = {
    ...message, to: message.to.map((each) => recipient === null || each.phone_number === recipient ? { ...each, status } : each),
    sent_at: message['sent_at'] ?? (status === 'sending_failed' ? null : iso(context.now)), completed_at: status === 'sent' ? null : iso(context.now),
    errors: failed ? [{ code, title: code === '40008' ? 'Undeliverable' : 'Delivery error', detail: detail ?? 'Carrier did not accept the message.', meta: {} }] : [],
  };
  return {
    remember: [{ kind: 'message', id: message.id, expectVersion: version, value: { ...stored, message: after } satisfies StoredMessage }],
    callbacks: [told(context, after, status, context.now)],
  };
}

/**
 * Ed25519 over 'timestamp|body', both in headers. The secret is the private key whose public one the application is given instead of
 * Telnyx's own: PEM (PKCS #8), or the 32 bytes of the key in base64.
 */
export function sign(delivery: Delivery, secret: string, nowMs: number): Delivery {
  const key = keyOf(secret);
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = signBytes(null, Buffer.from(`${timestamp}|${delivery.body}`), key).toString('base64');
  return { ...delivery, headers: [...delivery.headers.filter(([name]) => !/^telnyx-(?:timestamp|signature)/i.test(name)), ['telnyx-timestamp', timestamp], ['telnyx-signature-ed25519', signature]] };
}

/** PKCS #8 of an Ed25519 key is these sixteen bytes before the key itself (RFC 8410 §7). */
const header = Buffer.from('302e020100300506032b657004220420', 'hex');

function keyOf(secret: string): KeyObject {
  const raw = /^[A-Za-z0-9+/]{43}=$/.test(secret) ? Buffer.from(secret, 'base64') : null;
  try {
    const key = raw === null ? createPrivateKey(secret) : createPrivateKey({ key: Buffer.concat([header, raw]), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // No key at all is said the same way as a key of another kind.
  }
  throw new Error('Telnyx signs with an Ed25519 key: right is a private one as PEM (PKCS #8), or its 32 bytes in base64');
}
