import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Voice } from '../../model/side-effect.ts';
import { asObject } from '../wire/json.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { notFound } from './error.ts';
import { callCallbacks } from './events.ts';
import type { StoredCall } from './call.ts';
import { iso } from './message.ts';
import { peopleIn, text } from './people.ts';

const control = '(v[0-9]:[A-Za-z0-9_-]+)';
/** What may be done to a running call without anybody new in it. */
const actions = ['answer', 'hangup', 'speak', 'playback_start', 'playback_stop', 'gather', 'gather_using_speak', 'gather_using_audio', 'gather_stop', 'send_dtmf', 'record_start', 'record_stop', 'reject'];

export const callRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: /^\/v2\/calls$/, operation: 'calls.dial', effects: ({ body }) => dialled(body, 'calls.dial'), answer: dial },
  {
    method: 'GET', path: new RegExp(`^/v2/calls/${control}$`), operation: 'calls.retrieve_status',
    answer: async ({ ids: [id = ''], context }) => {
      const known = await context.recall('call', id);
      if (known === null) return { reply: notFound() };
      const { call, startsAt, endedAt } = known.value as StoredCall;
      const ended = endedAt ?? startsAt + 4000;
      const alive = context.now < ended;
      return { reply: jsonReply(200, { data: { ...call, is_alive: alive, start_time: iso(startsAt), ...(alive ? {} : { end_time: iso(ended), call_duration: Math.max(0, Math.round((ended - startsAt) / 1000)) }) } }) };
    },
  },
  {
    method: 'POST', path: new RegExp(`^/v2/calls/${control}/actions/transfer$`), operation: 'calls.actions.transfer',
    effects: ({ body, ids: [id = ''] }) => withCall(dialled(body, 'calls.actions.transfer'), id), answer: async () => ({ reply: jsonReply(200, { data: { result: 'ok' } }) }),
  },
  ...actions.map((action): JsonRoute => ({
    method: 'POST', path: new RegExp(`^/v2/calls/${control}/actions/${action}$`), operation: `calls.actions.${action}`, effects: (call) => acted(call, action),
    answer: async () => ({ reply: jsonReply(200, { data: { result: 'ok' } }) }),
  })),
  {
    method: 'GET', path: /^\/v2\/number_lookup\/(\+?[0-9]{3,15})$/, operation: 'number_lookup.retrieve',
    answer: async ({ ids: [number = ''] }) => {
      const parsed = parsePhoneNumberFromString(number.startsWith('+') ? number : `+${number}`);
      return { reply: parsed === undefined ? notFound() : jsonReply(200, { data: { record_type: 'number_lookup', country_code: parsed.country ?? null, national_format: parsed.formatNational(), phone_number: parsed.number, caller_name: null, carrier: null, portability: null } }) };
    },
  },
];

const known = fieldPaths([
  'to/**', 'from', 'from_display_name', 'connection_id', 'webhook_url', 'webhook_urls/**', 'audio_url', 'media_name', 'client_state', 'command_id', 'custom_headers/**', 'sip_headers/**', 'sip_auth_username', 'sip_auth_password',
  'stream_url', 'link_to', 'billing_group_id', 'diversion', 'payload', 'payload_type', 'voice', 'language', 'service_level', 'supervise_call_control_id', 'invalid_audio_url', 'invalid_payload', 'invalid_media_name',
]);

function dialled(value: JsonCall['body'], operation: string): readonly Voice[] | Unread {
  const people = peopleIn(value, 'to', { several: true });
  if (people.kind === 'unreadable') return people;
  const { body, recipients } = people;
  return [{
    channel: 'voice', provider: 'telnyx', operation, liveness: 'unknown', keys: [], recipients: [...recipients, ...strangers(unknownTexts(body, known), recipients)],
    from: text(body, 'from'), script: text(body, 'audio_url') ?? text(body, 'media_name'),
  }];
}

/** Whoever is in a call hears what is done to it. */
function withCall(effects: readonly Voice[] | Unread, id: string): readonly Voice[] | Unread {
  return 'kind' in effects ? effects : effects.map((effect) => ({ ...effect, recipients: [...effect.recipients, { address: `call ${id}`, kind: 'audience', role: 'audience' }] }));
}

function acted({ body: value, ids: [id = ''] }: JsonCall, action: string): readonly Voice[] | Unread {
  const body = value === null ? {} : asObject(value);
  if (body === null) return unreadable('the body is not a JSON object');
  const effect: Voice = {
    channel: 'voice', provider: 'telnyx', operation: `calls.actions.${action}`, liveness: 'unknown', keys: [], from: null,
    recipients: strangers(unknownTexts(body, known), []), script: text(body, 'payload') ?? text(body, 'audio_url') ?? text(body, 'media_name'),
  };
  return withCall([effect], id);
}

/** Telnyx rings them all and keeps whoever answers first; one call comes back. */
async function dial({ body: value, context }: JsonCallInContext): ReturnType<JsonRoute['answer']> {
  const people = peopleIn(value, 'to', { several: true });
  if (people.kind === 'unreadable') return { reply: notFound() };
  const { body, recipients } = people;
  const state = text(body, 'client_state');
  const call = {
    record_type: 'call', call_control_id: `v3:${context.id('', { length: 76 })}`, call_leg_id: context.uuid(), call_session_id: context.uuid(), is_alive: false,
    ...(state === null ? {} : { client_state: state }),
  } as const;
  const stored: StoredCall = {
    call, startsAt: context.now, endedAt: null, from: text(body, 'from') ?? '', to: recipients[0]!.address, connection_id: text(body, 'connection_id') ?? '', webhook_url: text(body, 'webhook_url'),
  };
  return {
    reply: jsonReply(200, { data: call }), remember: [{ kind: 'call', id: call.call_control_id, expectVersion: 0, value: stored }], callbacks: callCallbacks(context, stored),
  };
}
