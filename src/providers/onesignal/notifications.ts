import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Remember, Simulation } from '../../model/provider.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { effectsOf } from './effects.ts';

const uuid = '([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})';
/** OneSignal's older address, and the newer one. */
const base = '^(?:/api/v1)?';
/** https://documentation.onesignal.com/docs/idempotent-notification-requests */
const keptFor = 30 * 24 * 3600 * 1000;

/** A notification as it is read back. */
type Stored = JsonObject & { readonly id: string; readonly send_after: number; readonly canceled: boolean };
interface Once { readonly id: string; readonly at: number }

export const notificationRoutes: readonly JsonRoute[] = [
  {
    method: 'POST', path: new RegExp(`${base}/notifications$`), operation: 'notifications.create',
    effects: ({ body }) => asObject(body) === null ? unreadable('the body is not a JSON object') : effectsOf('notifications.create', asObject(body)!),
    answer: create,
  },
  {
    method: 'GET', path: new RegExp(`${base}/notifications$`), operation: 'notifications.list',
    answer: async ({ query, context }) => {
      const given = new Map(query);
      const [limit, offset] = [whole(given.get('limit'), 50), whole(given.get('offset'), 0)];
      const all = (await context.list('notification', { where: { app: given.get('app_id') ?? '' }, limit: 500 })).items.map(({ value }) => shown(value as Stored, context.now));
      return { reply: jsonReply(200, { total_count: all.length, offset, limit, notifications: all.slice(offset, offset + Math.min(limit, 50)) }) };
    },
  },
  {
    method: 'GET', path: new RegExp(`${base}/notifications/${uuid}$`), operation: 'notifications.get',
    answer: async ({ ids: [id = ''], context }) => {
      const known = await context.recall('notification', id);
      return { reply: known === null ? notFound() : jsonReply(200, shown(known.value as Stored, context.now)) };
    },
  },
  {
    // Nobody is reached; whoever was to be is not any more.
    method: 'DELETE', path: new RegExp(`${base}/notifications/${uuid}$`), operation: 'notifications.cancel',
    effects: ({ body }) => body !== null ? unreadable('it carries a body')
      : [{ channel: 'push', provider: 'onesignal', operation: 'notifications.cancel', liveness: 'unknown', recipients: [], keys: [], title: null, text: null, data: null }],
    answer: async ({ ids: [id = ''], context }) => {
      const known = await context.recall('notification', id);
      if (known === null) return { reply: notFound() };
      const stored = known.value as Stored;
      if (stored.canceled || stored.send_after * 1000 <= context.now) return { reply: failure(400, ['Notification has already been sent to all recipients']) };
      return { reply: jsonReply(200, { success: true }), remember: [{ kind: 'notification', id, expectVersion: known.version, value: { ...stored, canceled: true }, index: indexOf(stored) }] };
    },
  },
];

/** Errors of OneSignal are a list of texts. */
export function failure(status: number, errors: readonly string[]): HttpResponse {
  return jsonReply(status, { errors });
}

function notFound(): HttpResponse {
  return failure(404, ['Notification not found']);
}

async function create({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const call = asObject(body) ?? {};
  const fault = faultOf(call);
  if (fault !== null) return { reply: failure(400, [fault]) };
  const key = asString(field(call, 'idempotency_key')) ?? asString(field(call, 'external_id'));
  const once = key === null ? null : createHash('sha256').update(JSON.stringify([field(call, 'app_id') ?? null, key])).digest('hex');
  const before = once === null ? null : await context.recall('idempotency', once);
  if (before !== null && context.now - (before.value as Once).at < keptFor) return { reply: jsonReply(200, { id: (before.value as Once).id, external_id: key }) };
  const stored = storedOf(call, context.uuid(), context.now);
  const remember: readonly Remember[] = once === null ? [] : [{ kind: 'idempotency', id: once, expectVersion: before?.version ?? 0, value: { id: stored.id, at: context.now } satisfies Once }];
  return {
    reply: jsonReply(200, { id: stored.id, external_id: key }),
    remember: [{ kind: 'notification', id: stored.id, expectVersion: 0, value: stored, index: indexOf(stored) }, ...remember],
  };
}

/** What OneSignal refuses by itself, as far as it is simple: a push without a text, a template or the wish to be silent. */
function faultOf(call: JsonObject): string | null {
  const said = (name: string): boolean => (field(call, name) ?? null) !== null;
  if (said('template_id') || said('email_body') || said('email_subject') || field(call, 'content_available') === true) return null;
  return asString(field(asObject(field(call, 'contents')), 'en')) === null ? 'Message Notifications must have English language content' : null;
}

function storedOf(call: JsonObject, id: string, now: number): Stored {
  const at = timeOf(field(call, 'send_after'), now);
  const { idempotency_key: _key, ...rest } = call;
  return { ...rest, id, queued_at: seconds(now), send_after: seconds(at), canceled: false };
}

/** The counts that go with it: everybody got it at the moment it was due. */
function shown(stored: Stored, now: number): JsonObject {
  const sent = !stored.canceled && stored.send_after * 1000 <= now;
  return { ...stored, successful: sent ? 1 : 0, failed: 0, errored: 0, converted: 0, received: 0, remaining: sent || stored.canceled ? 0 : 1, completed_at: sent ? stored.send_after : null };
}

function indexOf(stored: Stored): Readonly<Record<string, string>> {
  return { app: asString(stored['app_id']) ?? '' };
}

/** A date as text, or seconds since the epoch; what is neither is at once. */
function timeOf(value: JsonValue | undefined, now: number): number {
  const ms = typeof value === 'number' ? value * 1000 : Date.parse(asString(value) ?? '');
  return Number.isFinite(ms) ? Math.max(ms, now) : now;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function whole(text: string | undefined, otherwise: number): number {
  return /^\d{1,6}$/.test(text ?? '') ? Number(text) : otherwise;
}
