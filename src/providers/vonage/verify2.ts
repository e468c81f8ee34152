import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Verification } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { phoneOf } from '../wire/msisdn.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import { codeFor, mostAttempts } from './code.ts';
import type { StoredVerification } from './code.ts';
import { notFound, problem } from './error.ts';
import { keysOf, textOf, withStrangers } from './fields.ts';

const uuid = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})';
const item = new RegExp(`^/v2/verify/${uuid}$`);
const step = ['channel', 'to', 'from', 'app_hash', 'content_id', 'entity_id', 'redirect_url', 'sandbox', 'reuse_code', 'mode', 'template_id'].map((name) => `workflow/*/${name}`);
const known = fieldPaths(['brand', 'locale', 'channel_timeout', 'client_ref', 'code', 'code_length', 'fraud_check', 'template_id', ...step]);
const channels = ['sms', 'voice', 'whatsapp', 'whatsapp_interactive', 'rcs', 'email', 'silent_auth'];

/** https://developer.vonage.com/en/api/verify.v2 */
export const verify2Routes: readonly JsonRoute[] = [
  { method: 'POST', path: /^\/v2\/verify$/, operation: 'verify2.create', effects: createEffects, answer: create },
  { method: 'POST', path: item, operation: 'verify2.check', effects: checkEffects, answer: check },
  {
    method: 'POST', path: new RegExp(`^/v2/verify/${uuid}/next[_-]workflow$`), operation: 'verify2.next',
    effects: ({ ids: [id = ''] }) => [silent('verify2.next', null, [{ address: `verification ${id}`, kind: 'audience', role: 'verification' }])],
    answer: (call) => withRunning(call, async () => ({ reply: jsonReply(200, {}) })),
  },
  {
    method: 'DELETE', path: item, operation: 'verify2.cancel', effects: () => [silent('verify2.cancel', null)],
    answer: (call) => withRunning(call, async (stored, version) => ({ reply: emptyReply(204), remember: [{ kind: 'verify2', id: stored.id, expectVersion: version, value: { ...stored, status: 'cancelled' } satisfies StoredVerification }] })),
  },
];

function silent(operation: string, code: string | null, recipients: readonly Addressee[] = []): Verification {
  return { channel: 'verification', provider: 'vonage', operation, liveness: 'unknown', recipients, keys: [], by: null, code };
}

function checkEffects({ body }: JsonCall): readonly Verification[] | Unread {
  const code = textOf(field(asObject(body), 'code'));
  return code === null ? unreadable('no code') : [silent('verify2.check', code)];
}

/** Each step of the workflow reaches somebody, should the one before it fail. */
function createEffects({ body }: JsonCall): readonly Verification[] | Unread {
  const fields = asObject(body) ?? {};
  const odd = lookalike(Object.keys(fields), ['workflow']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Vonage spells it`);
  const steps = asArray(field(fields, 'workflow')) ?? [];
  if (steps.length === 0) return unreadable('workflow is not a list of steps');
  const effects: Verification[] = [];
  for (const each of steps) {
    const one = asObject(each);
    const channel = asString(field(one, 'channel')) ?? '';
    const to = textOf(field(one, 'to'));
    const other = lookalike(Object.keys(one ?? {}), ['to', 'channel']);
    if (to === null || !channels.includes(channel) || other !== null) return unreadable('a step of the workflow has no to, or a channel or field that is not simulated');
    effects.push({
      channel: 'verification', provider: 'vonage', operation: 'verify2.create', liveness: 'unknown', keys: keysOf(fields, ['client_ref']),
      recipients: [channel === 'email' ? { address: to, kind: 'email', role: 'to' } : phoneOf(to, 'to')], by: channel,
      code: channel === 'silent_auth' || channel === 'whatsapp_interactive' ? null : codeOf(fields),
    });
  }
  const [first, ...rest] = effects;
  return first === undefined ? [] : [withStrangers(first, fields, known), ...rest];
}

/** One code for all steps, unless the caller brought its own. */
function codeOf(fields: JsonObject): string {
  const length = Number(textOf(field(fields, 'code_length')) ?? 4);
  return textOf(field(fields, 'code')) ?? codeFor(textOf(field(fields, 'brand')) ?? '', firstTo(fields), Number.isInteger(length) && length >= 4 && length <= 10 ? length : 4);
}

function firstTo(fields: JsonObject): string {
  return textOf(field(asObject(asArray(field(fields, 'workflow'))?.[0]), 'to')) ?? '';
}

async function create({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const fields = asObject(body) ?? {};
  if (textOf(field(fields, 'brand')) === null) {
    return { reply: problem(422, { type: '/verify#invalid-params', title: 'Invalid params', detail: 'The value of one or more parameters is invalid', instance: context.uuid(), more: { invalid_parameters: [{ name: 'brand', reason: 'is required' }] } }) };
  }
  const value: StoredVerification = { id: context.uuid(), to: firstTo(fields), code: codeOf(fields), status: 'running', attempts: 0, at: context.now };
  return { reply: jsonReply(202, { request_id: value.id }), remember: [{ kind: 'verify2', id: value.id, expectVersion: 0, value }] };
}

async function check(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  return withRunning(call, async (stored, version) => {
    const keep = (value: StoredVerification): Simulation<HttpResponse>['remember'] => [{ kind: 'verify2', id: stored.id, expectVersion: version, value }];
    if (textOf(field(asObject(call.body), 'code')) === stored.code) return { reply: jsonReply(200, { request_id: stored.id, status: 'completed' }), remember: keep({ ...stored, status: 'done' }) };
    const attempts = stored.attempts + 1;
    const over = attempts >= mostAttempts;
    const [status, detail] = over ? [410, 'An incorrect code has been provided too many times. Workflow terminated.'] as const : [400, 'The code you provided does not match the expected value.'] as const;
    return { reply: problem(status, { type: '/verify#invalid-code', title: 'Invalid Code', detail, instance: call.context.uuid() }), remember: keep({ ...stored, attempts, status: over ? 'failed' : 'running' }) };
  });
}

async function withRunning({ ids: [id = ''], context }: JsonCallInContext, answer: (stored: StoredVerification, version: number) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const found = await context.recall('verify2', id);
  const stored = found?.value as StoredVerification | null | undefined;
  if (found === null || stored === null || stored === undefined || stored.status !== 'running') return { reply: notFound(`Request '${id}' was not found or it has been verified already.`, context.uuid()) };
  return answer(stored, found.version);
}
