import type { HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Voice } from '../../model/side-effect.ts';
import { formAll } from '../wire/form.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import { notFound, problem } from './error.ts';
import { iso, only, textOf, withStrangers } from './fields.ts';
import { endpoint, instructions } from './ncco.ts';

const known = fieldPaths(['to/**', 'from/**', 'ncco/**', 'answer_url/**', 'answer_method', 'event_url/**', 'event_method', 'machine_detection', 'advanced_machine_detection/**', 'random_from_number', 'length_timer', 'ringing_timer']);
const item = /^\/v1\/calls\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const quiet = ['hangup', 'mute', 'unmute', 'earmuff', 'unearmuff'];

/** https://developer.vonage.com/en/api/voice */
export const callRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: /^\/v1\/calls$/, operation: 'calls.create', effects, answer: create },
  { method: 'GET', path: item, operation: 'calls.fetch', read: only([]), answer: async (call) => withStored(call, async (stored) => ({ reply: jsonReply(200, shown(stored, call.context.now)) })) },
  { method: 'GET', path: /^\/v1\/calls$/, operation: 'calls.list', read: only(['status', 'page_size', 'record_index', 'order']), answer: list },
  { method: 'PUT', path: item, operation: 'calls.update', effects: updateEffects, answer: update },
];

export const callStatuses = ['started', 'ringing', 'answered', 'completed', 'busy', 'timeout', 'failed', 'rejected', 'unanswered', 'cancelled'] as const;
const ends = ['completed', 'busy', 'timeout', 'failed', 'rejected', 'unanswered', 'cancelled'];
/** ms after its start at which a call that is left alone comes to each status */
const course = [['started', 0], ['ringing', 500], ['answered', 2000], ['completed', 4000]] as const;

export interface StoredCall {
  readonly uuid: string;
  readonly conversation: string;
  readonly to: JsonValue;
  readonly from: JsonValue;
  readonly startsAt: number;
  /** what was made of it; null = it takes its course */
  readonly status: string | null;
  readonly hook: string | null;
  readonly method: 'GET' | 'POST';
}

function effects({ body }: JsonCall): readonly Voice[] | Unread {
  const call = asObject(body) ?? {};
  const odd = lookalike(Object.keys(call), ['to', 'ncco', 'answer_url']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Vonage spells it`);
  const reached = (asArray(field(call, 'to')) ?? []).map((end) => endpoint(end, 'to'));
  const recipients: Addressee[] = [];
  for (const end of reached) {
    if (end.kind === 'unreadable') return end;
    recipients.push(end);
  }
  if (recipients.length === 0) return unreadable('to is not a list of endpoints');
  const ncco = field(call, 'ncco');
  const told = ncco === undefined ? null : instructions(ncco);
  if (told?.kind === 'unreadable') return told;
  const effect: Voice = {
    channel: 'voice', provider: 'vonage', operation: 'calls.create', liveness: 'unknown', keys: [], recipients: [...recipients, ...told?.recipients ?? []],
    from: textOf(field(asObject(field(call, 'from')), 'number')), script: told === null ? textOf(asArray(field(call, 'answer_url'))?.[0]) : told.text,
  };
  return [withStrangers(effect, call, known)];
}

async function create({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const call = asObject(body) ?? {};
  if (field(call, 'ncco') === undefined && field(call, 'answer_url') === undefined) {
    return { reply: problem(400, { type: '#bad-request', title: 'Bad Request', detail: 'Either answer_url or ncco is required', instance: context.uuid() }) };
  }
  const stored: StoredCall = {
    uuid: context.uuid(), conversation: `CON-${context.uuid()}`, to: asArray(field(call, 'to'))?.[0] ?? null, from: field(call, 'from') ?? null, startsAt: context.now, status: null,
    hook: textOf(asArray(field(call, 'event_url'))?.[0]), method: asString(field(call, 'event_method'))?.toUpperCase() === 'GET' ? 'GET' : 'POST',
  };
  return {
    reply: jsonReply(201, { uuid: stored.uuid, status: 'started', direction: 'outbound', conversation_uuid: stored.conversation }),
    remember: [{ kind: 'call', id: stored.uuid, expectVersion: 0, value: stored }],
    callbacks: course.map(([status, after]) => callEvent(stored, status, context.now + after)),
  };
}

/** An event is a POST of JSON; who asked for a GET gets it in the query, which is told as a form. */
export function callEvent(call: StoredCall, status: string, at: number): CallbackDraft {
  const number = (end: JsonValue): string => textOf(field(asObject(end), 'number')) ?? textOf(field(asObject(end), 'uri')) ?? textOf(field(asObject(end), 'user')) ?? 'unknown';
  const facts = {
    from: number(call.from), to: number(call.to), uuid: call.uuid, conversation_uuid: call.conversation, status, direction: 'outbound', timestamp: iso(at),
    ...(status === 'completed' ? { network: '12345', duration: '2', rate: '0.01270000', price: '0.00042300', start_time: iso(at - 2000), end_time: iso(at) } : {}),
  };
  const json = call.method === 'POST';
  return {
    target: call.hook ?? 'vonage', object: call.uuid, event: status, notBeforeMs: at, method: call.method, headers: [],
    body: json ? JSON.stringify(facts) : new URLSearchParams(facts).toString(), contentType: json ? 'application/json' : 'application/x-www-form-urlencoded',
  };
}

function statusAt({ status, startsAt }: StoredCall, now: number): string {
  return status ?? course.findLast(([, after]) => now >= startsAt + after)?.[0] ?? 'started';
}

function shown(call: StoredCall, now: number): unknown {
  const status = statusAt(call, now);
  return {
    _links: { self: { href: `/calls/${call.uuid}` } }, uuid: call.uuid, conversation_uuid: call.conversation, to: call.to, from: call.from, status, direction: 'outbound', rate: '0.01270000',
    price: '0.00042300', duration: status === 'completed' ? '2' : '0', start_time: iso(call.startsAt + 2000), end_time: ends.includes(status) ? iso(call.startsAt + 4000) : null, network: '12345',
  };
}

async function list({ query, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const size = Math.min(Math.max(Math.trunc(Number(formAll(query, 'page_size')[0] ?? 10)) || 10, 1), 100);
  const wanted = formAll(query, 'status')[0];
  const { items } = await context.list('call', { limit: 1000 });
  const newest = items.map(({ value }) => value as StoredCall).filter((call) => wanted === undefined || statusAt(call, context.now) === wanted);
  const calls = formAll(query, 'order')[0] === 'desc' ? newest : newest.toReversed();
  const index = Math.max(Math.trunc(Number(formAll(query, 'record_index')[0] ?? 0)) || 0, 0);
  const next = index + size < calls.length ? { next: { href: `https://api.nexmo.com/v1/calls?page_size=${size}&record_index=${index + size}` } } : {};
  return { reply: jsonReply(200, { count: calls.length, page_size: size, record_index: index, _links: { self: { href: '/calls' }, ...next }, _embedded: { calls: calls.slice(index, index + size).map((call) => shown(call, context.now)) } }) };
}

/** Ending and muting reach nobody. A transfer takes the call to other instructions, which may connect anybody. */
function updateEffects({ body, ids: [uuid = ''] }: JsonCall): readonly Voice[] | Unread {
  const action = asString(field(asObject(body), 'action')) ?? '';
  if (action !== 'transfer' && !quiet.includes(action)) return unreadable(`action '${action.slice(0, 40)}' is not simulated`);
  const destination = asObject(field(asObject(body), 'destination'));
  const told = field(destination, 'ncco') === undefined ? null : instructions(field(destination, 'ncco'));
  if (told?.kind === 'unreadable') return told;
  const others: readonly Addressee[] = action === 'transfer' ? [{ address: `call ${uuid}`, kind: 'audience', role: 'call' }, ...told?.recipients ?? []] : [];
  return [{ channel: 'voice', provider: 'vonage', operation: 'calls.update', liveness: 'unknown', keys: [], recipients: others, from: null, script: told?.text ?? textOf(asArray(field(destination, 'url'))?.[0]) }];
}

async function update(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  return withStored(call, async (stored, version) => {
    if (field(asObject(call.body), 'action') !== 'hangup') return { reply: emptyReply(204) };
    const value: StoredCall = { ...stored, status: 'completed' };
    return { reply: emptyReply(204), remember: [{ kind: 'call', id: stored.uuid, expectVersion: version, value }] };
  });
}

async function withStored({ ids: [uuid = ''], context }: JsonCallInContext, answer: (stored: StoredCall, version: number) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const found = await context.recall('call', uuid);
  return found === null || found.value === null ? { reply: notFound(`Call ${uuid} was not found`, context.uuid()) } : answer(found.value as StoredCall, found.version);
}
