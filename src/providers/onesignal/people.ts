import type { Push } from '../../model/side-effect.ts';
import type { JsonCall, JsonRoute } from '../wire/json-api.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { effectsOf } from './effects.ts';

const base = '^(?:/api/v1)?';
const id = '([0-9A-Za-z][0-9A-Za-z_.:-]{0,127})';

/** Who exists and what they did may start a journey or a welcome message at OneSignal; whether it does is not in the call. */
export const peopleRoutes: readonly JsonRoute[] = [
  {
    method: 'POST', path: new RegExp(`${base}/apps/${id}/users$`), operation: 'users.create', effects: (call) => journeys('users.create', call),
    answer: async ({ body, context }) => {
      const user = asObject(body) ?? {};
      return { reply: jsonReply(201, { properties: field(user, 'properties') ?? {}, identity: { ...asObject(field(user, 'identity')), onesignal_id: context.uuid() } }) };
    },
  },
  {
    method: 'PATCH', path: new RegExp(`${base}/apps/${id}/users/by/${id}/${id}$`), operation: 'users.update', effects: (call) => journeys('users.update', call),
    answer: async ({ body }) => ({ reply: jsonReply(202, { properties: field(asObject(body), 'properties') ?? {} }) }),
  },
  {
    method: 'POST', path: new RegExp(`${base}/apps/${id}(?:/integrations)?/custom_events$`), operation: 'custom_events.create', effects: (call) => journeys('custom_events.create', call),
    answer: async () => ({ reply: jsonReply(200, {}) }),
  },
  {
    method: 'POST', path: new RegExp(`${base}/apps/${id}/live_activities/${id}/notifications$`), operation: 'live_activities.update',
    effects: (call) => audience('live_activities.update', call, `live activity ${call.ids[1] ?? ''}`),
    answer: async ({ context }) => ({ reply: jsonReply(200, { id: context.uuid() }) }),
  },
  {
    method: 'POST', path: new RegExp(`${base}/apps/${id}/activities/activity/${id}$`), operation: 'live_activities.start',
    effects: ({ body }) => asObject(body) === null ? unreadable('the body is not a JSON object') : effectsOf('live_activities.start', asObject(body)!),
    answer: async ({ context }) => ({ reply: jsonReply(201, { notification_id: context.uuid() }) }),
  },
];

function journeys(operation: string, call: JsonCall): readonly Push[] | Unread {
  return audience(operation, call, `journeys of app ${call.ids[0] ?? ''}`);
}

/** The people behind a name, and whoever the body names by address or number. */
function audience(operation: string, { body }: JsonCall, address: string): readonly Push[] | Unread {
  const object: JsonObject | null = asObject(body);
  if (object === null) return unreadable('the body is not a JSON object');
  return [{
    channel: 'push', provider: 'onesignal', operation, liveness: 'unknown', keys: [], title: null, text: null, data: object,
    recipients: [{ address, kind: 'audience', role: 'audience' }, ...strangers(leaves(object, 'body'), [])],
  }];
}
