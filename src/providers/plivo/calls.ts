import type { HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Simulation } from '../../model/provider.ts';
import type { Voice } from '../../model/side-effect.ts';
import { formText } from '../wire/form.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import { plivoError } from './error.ts';
import { bulkOf, digitsOf, pageOf, queryOf, textOf, timeOf, withStrangers } from './fields.ts';

const base = '/v1/Account/([A-Za-z0-9]+)/Call/';
const item = new RegExp(`^${base}([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/$`);
const known = fieldPaths([
  'from', 'to', 'answer_url', 'answer_method', 'ring_url', 'ring_method', 'hangup_url', 'hangup_method', 'fallback_url', 'fallback_method', 'fallback_answer_url', 'caller_name', 'send_digits',
  'send_on_preanswer', 'time_limit', 'hangup_on_ring', 'machine_detection', 'machine_detection_time', 'machine_detection_url', 'machine_detection_method', 'sip_headers', 'ring_timeout',
  'parent_call_uuid', 'error_if_parent_not_found',
]);

/** https://www.plivo.com/docs/voice/api/call. A transfer is left out: it takes a call to instructions that may dial anybody. */
export const callRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: new RegExp(`^${base}$`), operation: 'calls.create', effects, answer: create },
  { method: 'GET', path: new RegExp(`^${base}$`), operation: 'calls.list', read: queryOf(['limit', 'offset']), answer: list },
  { method: 'GET', path: item, operation: 'calls.get', read: queryOf([]), answer: (call) => withStored(call, async (stored) => ({ reply: jsonReply(200, { api_id: call.context.uuid(), ...shown(stored, call) }) })) },
  {
    method: 'DELETE', path: item, operation: 'calls.hangup', read: queryOf([]),
    effects: () => [{ channel: 'voice', provider: 'plivo', operation: 'calls.hangup', liveness: 'unknown', recipients: [], keys: [], from: null, script: null }],
    answer: (call) => withStored(call, async (stored, version) => ({ reply: emptyReply(204), remember: [{ kind: 'call', id: stored.uuid, expectVersion: version, value: { ...stored, status: 'completed' } satisfies StoredCall }] })),
  },
];

/** How a call goes, as CallStatus tells it: the first to ring_url, any end to hangup_url. */
export const callStatuses = ['ringing', 'completed', 'busy', 'failed', 'timeout', 'no-answer', 'cancel'] as const;
const causes: Readonly<Record<string, readonly [cause: string, name: string, code: string]>> = {
  completed: ['NORMAL_CLEARING', 'Normal Hangup', '4000'], busy: ['USER_BUSY', 'Busy Line', '3010'], failed: ['UNALLOCATED_NUMBER', 'Unknown', '0'], timeout: ['NO_ANSWER', 'Ring Timeout Reached', '3000'],
  'no-answer': ['NO_ANSWER', 'No Answer', '3000'], cancel: ['ORIGINATOR_CANCEL', 'Cancelled', '1000'],
};

interface Hook { readonly url: string; readonly method: 'GET' | 'POST' }

export interface StoredCall {
  readonly uuid: string;
  readonly to: string;
  readonly from: string;
  readonly at: number;
  /** what was made of it; null = it takes its course */
  readonly status: string | null;
  readonly ring: Hook | null;
  readonly hangup: Hook | null;
}

function effects({ body }: JsonCall): readonly Voice[] | Unread {
  const call = asObject(body) ?? {};
  const odd = lookalike(Object.keys(call), ['to', 'answer_url']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Plivo spells it`);
  const recipients = bulkOf(textOf(field(call, 'to')) ?? '');
  if (recipients.length === 0) return unreadable('no to');
  const effect: Voice = { channel: 'voice', provider: 'plivo', operation: 'calls.create', liveness: 'unknown', recipients, keys: [], from: textOf(field(call, 'from')), script: textOf(field(call, 'answer_url')) };
  return [withStrangers(effect, call, known)];
}

async function create({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const call = asObject(body) ?? {};
  const apiId = context.uuid();
  const missing = ['from', 'answer_url'].find((name) => textOf(field(call, name)) === null);
  if (missing !== undefined) return { reply: plivoError(400, `${missing} parameter not present`, apiId) };
  const stored = bulkOf(textOf(field(call, 'to')) ?? '').map(({ address }): StoredCall => ({
    uuid: context.uuid(), to: digitsOf(address), from: digitsOf(textOf(field(call, 'from')) ?? ''), at: context.now, status: null, ring: hookOf(call, 'ring'), hangup: hookOf(call, 'hangup'),
  }));
  const ids = stored.map(({ uuid }) => uuid);
  return {
    reply: jsonReply(201, { message: ids.length === 1 ? 'call fired' : 'calls fired', request_uuid: ids.length === 1 ? ids[0] : ids, api_id: apiId }),
    remember: stored.map((value) => ({ kind: 'call', id: value.uuid, expectVersion: 0, value })),
    callbacks: stored.flatMap((each) => [...callCallback(each, 'ringing', context.now + 500), ...callCallback(each, 'completed', context.now + 4000)]),
  };
}

function hookOf(call: JsonObject, name: 'ring' | 'hangup'): Hook | null {
  const url = textOf(field(call, `${name}_url`));
  return url === null ? null : { url, method: asString(field(call, `${name}_method`))?.toUpperCase() === 'GET' ? 'GET' : 'POST' };
}

export function callCallback(stored: StoredCall, status: string, at: number): readonly CallbackDraft[] {
  const hook = status === 'ringing' ? stored.ring : stored.hangup;
  if (hook === null) return [];
  const [cause, name, code] = causes[status] ?? ['', '', ''];
  const done = status === 'completed';
  const ended = status === 'ringing' ? [] : [
    ['HangupCause', cause], ['HangupCauseName', name], ['HangupCauseCode', code], ['Duration', done ? '2' : '0'], ['BillDuration', done ? '60' : '0'], ['TotalCost', done ? '0.01000' : '0.00000'],
    ['StartTime', timeOf(stored.at)], ['EndTime', timeOf(at)],
  ] as const;
  const body = formText([
    ['CallUUID', stored.uuid], ['RequestUUID', stored.uuid], ['From', stored.from], ['To', stored.to], ['Direction', 'outbound'], ['CallStatus', status], ['Event', status === 'ringing' ? 'Ring' : 'Hangup'], ...ended,
  ]);
  return [{ target: hook.url, object: stored.uuid, event: status, notBeforeMs: at, method: hook.method, headers: [], body, contentType: 'application/x-www-form-urlencoded' }];
}

function shown(stored: StoredCall, { ids: [account = ''], context }: JsonCallInContext): object {
  const status = stored.status ?? (context.now >= stored.at + 4000 ? 'completed' : 'ringing');
  const [, name, code] = causes[status] ?? [null, null, null];
  const done = status === 'completed';
  return {
    answer_time: done ? timeOf(stored.at + 2000) : null, bill_duration: done ? 2 : 0, billed_duration: done ? 60 : 0, call_direction: 'outbound', call_duration: done ? 2 : 0, call_state: done ? 'ANSWER' : status.toUpperCase(), call_status: status,
    call_uuid: stored.uuid, end_time: code === null ? null : timeOf(stored.at + 4000), from_number: stored.from, hangup_cause_code: code === null ? null : Number(code), hangup_cause_name: name, hangup_source: code === null ? null : 'Callee',
    initiation_time: timeOf(stored.at), parent_call_uuid: null, resource_uri: `/v1/Account/${account}/Call/${stored.uuid}/`, to_number: stored.to, total_amount: done ? '0.01000' : '0.00000', total_rate: '0.01000',
  };
}

async function list(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { items } = await call.context.list('call', { limit: 1000 });
  const page = pageOf(items.map(({ value }) => value as StoredCall), call.query, `/v1/Account/${call.ids[0] ?? ''}/Call/`);
  return { reply: jsonReply(200, { api_id: call.context.uuid(), meta: page.meta, objects: page.items.map((stored) => shown(stored, call)) }) };
}

async function withStored({ ids: [, uuid = ''], context }: JsonCallInContext, answer: (stored: StoredCall, version: number) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const found = await context.recall('call', uuid);
  return found === null || found.value === null ? { reply: plivoError(404, 'not found', context.uuid()) } : answer(found.value as StoredCall, found.version);
}
