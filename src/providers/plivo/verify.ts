import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Verification } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import { plivoError } from './error.ts';
import { bulkOf, digitsOf, pageOf, queryOf, textOf, timeOf, withStrangers } from './fields.ts';

const base = '/v1/Account/[A-Za-z0-9]+/Verify/Session/';
const item = new RegExp(`^${base}([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/$`);
const known = fieldPaths(['app_uuid', 'recipient', 'channel', 'locale', 'url', 'method', 'brand_name', 'app_hash', 'code_length', 'dtmf', 'fraud_check', 'code']);

interface StoredSession { readonly session: Readonly<Record<string, unknown>> & { readonly session_uuid: string; readonly status: string }; readonly code: string }

/** https://www.plivo.com/docs/verify/api/session */
export const verifyRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: new RegExp(`^${base}$`), operation: 'verify.sessions.create', effects, answer: create },
  { method: 'POST', path: item, operation: 'verify.sessions.validate', effects: validateEffects, answer: validate },
  { method: 'GET', path: item, operation: 'verify.sessions.get', read: queryOf([]), answer: (call) => withStored(call, async ({ session }) => ({ reply: jsonReply(200, { api_id: call.context.uuid(), ...session }) })) },
  { method: 'GET', path: new RegExp(`^${base}$`), operation: 'verify.sessions.list', read: queryOf(['limit', 'offset']), answer: list },
];

function effects({ body }: JsonCall): readonly Verification[] | Unread {
  const fields = asObject(body) ?? {};
  const odd = lookalike(Object.keys(fields), ['recipient', 'channel']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Plivo spells it`);
  const recipients = bulkOf(textOf(field(fields, 'recipient')) ?? '');
  if (recipients.length === 0) return unreadable('no recipient');
  const effect: Verification = {
    channel: 'verification', provider: 'plivo', operation: 'verify.sessions.create', liveness: 'unknown', recipients, keys: [], by: textOf(field(fields, 'channel')) ?? 'sms', code: codeOf(fields),
  };
  return [withStrangers(effect, fields, known)];
}

/** The code that will be accepted follows from app and recipient, so that a tester reads it off the capture. */
function codeOf(fields: JsonObject): string {
  const asked = Number(textOf(field(fields, 'code_length')) ?? 6);
  const length = Number.isInteger(asked) && asked >= 4 && asked <= 9 ? asked : 6;
  const hash = createHash('sha256').update(`${textOf(field(fields, 'app_uuid')) ?? ''} ${textOf(field(fields, 'recipient')) ?? ''}`).digest();
  return String(hash.readUIntBE(0, 6) % 10 ** length).padStart(length, '0');
}

async function create({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const fields = asObject(body) ?? {};
  const now = timeOf(context.now);
  const channel = textOf(field(fields, 'channel')) ?? 'sms';
  const uuid = context.uuid();
  const session = {
    session_uuid: uuid, app_uuid: textOf(field(fields, 'app_uuid')), alias: 'Staging', recipient: digitsOf(textOf(field(fields, 'recipient')) ?? ''), channel, locale: textOf(field(fields, 'locale')), status: 'in-progress', count: 1,
    requestor_ip: '192.0.2.1', destination_country_iso2: null, destination_network: null, attempt_details: [{ channel, attempt_uuid: context.uuid(), status: 'delivered', time: now }],
    charges: { total_charge: '0.00000', validation_charge: '0.00000', attempt_charges: [] }, created_at: now, updated_at: now,
  };
  const value: StoredSession = { session, code: codeOf(fields) };
  return { reply: jsonReply(202, { api_id: context.uuid(), message: 'Session initiated', session_uuid: uuid }), remember: [{ kind: 'session', id: uuid, expectVersion: 0, value }] };
}

function validateEffects({ body }: JsonCall): readonly Verification[] | Unread {
  const code = textOf(field(asObject(body), 'otp'));
  return code === null ? unreadable('no otp') : [{ channel: 'verification', provider: 'plivo', operation: 'verify.sessions.validate', liveness: 'unknown', recipients: [], keys: [], by: null, code }];
}

async function validate(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  return withStored(call, async (stored, version) => {
    const apiId = call.context.uuid();
    if (stored.session.status !== 'in-progress') return { reply: plivoError(404, 'session not found or already verified', apiId) };
    if (textOf(field(asObject(call.body), 'otp')) !== stored.code) return { reply: plivoError(400, 'incorrect otp', apiId) };
    const session = { ...stored.session, status: 'verified', updated_at: timeOf(call.context.now) };
    return { reply: jsonReply(200, { api_id: apiId, message: 'session validated successfully.' }), remember: [{ kind: 'session', id: session.session_uuid, expectVersion: version, value: { ...stored, session } satisfies StoredSession }] };
  });
}

async function list({ query, context, request }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { items } = await context.list('session', { limit: 1000 });
  const page = pageOf(items.map(({ value }) => (value as StoredSession).session), query, request.path);
  return { reply: jsonReply(200, { api_id: context.uuid(), meta: page.meta, sessions: page.items }) };
}

async function withStored({ ids: [uuid = ''], context }: JsonCallInContext, answer: (stored: StoredSession, version: number) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const found = await context.recall('session', uuid);
  return found === null || found.value === null ? { reply: plivoError(404, 'not found', context.uuid()) } : answer(found.value as StoredSession, found.version);
}
