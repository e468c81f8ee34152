import { createHash } from 'node:crypto';
import type { Verification } from '../../model/side-effect.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { notFound } from './error.ts';
import { iso } from './message.ts';
import { peopleIn, text } from './people.ts';

interface StoredVerification {
  readonly verification: { readonly id: string; readonly phone_number: string; readonly status: string } & Readonly<Record<string, unknown>>;
  readonly code: string;
}

const byId = '/v2/verifications/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})';
const byNumber = '/v2/verifications/by_phone_number/((?:\\+|%2B)?[0-9]{3,15})';

/** https://developers.telnyx.com/docs/identity/verify */
export const verifyRoutes: readonly JsonRoute[] = [
  ...['sms', 'call', 'flashcall', 'whatsapp'].map((by): JsonRoute => ({
    method: 'POST', path: new RegExp(`^/v2/verifications/${by}$`), operation: `verifications.trigger_${by}`, effects: ({ body }) => started(body, by), answer: (call) => start(call, by),
  })),
  { method: 'GET', path: new RegExp(`^${byId}$`), operation: 'verifications.retrieve', answer: async (call) => { const known = await found(call); return { reply: known === null ? notFound() : jsonReply(200, { data: known.stored.verification }) }; } },
  { method: 'GET', path: new RegExp(`^${byNumber}$`), operation: 'verifications.by_phone_number.list', answer: async (call) => { const known = await found(call); return { reply: jsonReply(200, { data: known === null ? [] : [known.stored.verification], meta: { page_number: 1, page_size: 20, total_pages: 1, total_results: known === null ? 0 : 1 } }) }; } },
  { method: 'POST', path: new RegExp(`^${byId}/actions/verify$`), operation: 'verifications.actions.verify', effects: ({ body }) => checked(body, 'verifications.actions.verify'), answer: check },
  { method: 'POST', path: new RegExp(`^${byNumber}/actions/verify$`), operation: 'verifications.by_phone_number.actions.verify', effects: ({ body }) => checked(body, 'verifications.by_phone_number.actions.verify'), answer: check },
];

const known = fieldPaths(['phone_number', 'verify_profile_id', 'custom_code', 'timeout_secs', 'extension']);

function started(value: JsonValue, by: string): readonly Verification[] | Unread {
  const people = peopleIn(value, 'phone_number', { several: false });
  if (people.kind === 'unreadable') return people;
  const { body, recipients } = people;
  return [{
    channel: 'verification', provider: 'telnyx', operation: `verifications.trigger_${by}`, liveness: 'unknown', keys: [], recipients: [...recipients, ...strangers(unknownTexts(body, known), recipients)],
    by, code: codeOf(body, recipients[0]!.address),
  }];
}

/** The caller's own, or one that follows from profile and number, so that a tester reads it off the capture. */
function codeOf(body: JsonObject, number: string): string {
  return text(body, 'custom_code') ?? String(createHash('sha256').update(`${text(body, 'verify_profile_id')} ${number}`).digest().readUInt32BE(0) % 100_000).padStart(5, '0');
}

function checked(value: JsonValue, operation: string): readonly Verification[] | Unread {
  const body = asObject(value);
  if (body === null || (text(body, 'code') === null && text(body, 'status') === null)) return unreadable('neither code nor status is given');
  return [{ channel: 'verification', provider: 'telnyx', operation, liveness: 'unknown', recipients: [], keys: [], by: null, code: text(body, 'code') }];
}

async function start({ body: value, context }: JsonCallInContext, by: string): ReturnType<JsonRoute['answer']> {
  const people = peopleIn(value, 'phone_number', { several: false });
  if (people.kind === 'unreadable') return { reply: notFound() };
  const { body } = people;
  const number = people.recipients[0]!.address;
  const code = codeOf(body, number);
  const verification = {
    id: context.uuid(), type: by, record_type: 'verification', phone_number: number, verify_profile_id: text(body, 'verify_profile_id') ?? '', timeout_secs: Number(field(body, 'timeout_secs') ?? 300), status: 'pending',
    custom_code: text(body, 'custom_code'), created_at: iso(context.now), updated_at: iso(context.now),
  };
  const stored: StoredVerification = { verification, code };
  const previous = await context.recall('verification', keyOf(number));
  return {
    reply: jsonReply(200, { data: verification }),
    remember: [{ kind: 'verification', id: verification.id, expectVersion: 0, value: stored }, { kind: 'verification', id: keyOf(number), expectVersion: previous?.version ?? 0, value: { verification: verification.id } }],
  };
}

/** The running verification of a number is found by the number too. */
function keyOf(number: string): string {
  return `number ${number.replace(/^(?:\+|%2B)/, '')}`;
}

async function found({ ids: [id = ''], context }: JsonCallInContext): Promise<{ readonly stored: StoredVerification; readonly version: number } | null> {
  const direct = id.includes('-') ? id : ((await context.recall('verification', keyOf(id)))?.value as { readonly verification: string } | undefined)?.verification;
  const row = direct === undefined ? null : await context.recall('verification', direct);
  return row === null ? null : { stored: row.value as StoredVerification, version: row.version };
}

async function check(call: JsonCallInContext): ReturnType<JsonRoute['answer']> {
  const row = await found(call);
  if (row === null) return { reply: notFound() };
  const { verification, code } = row.stored;
  const body = asObject(call.body) ?? {};
  const accepted = verification.status === 'pending' && (text(body, 'code') ?? (text(body, 'status') === 'accepted' ? code : '')) === code;
  const reply = jsonReply(200, { data: { phone_number: verification.phone_number, response_code: accepted ? 'accepted' : 'rejected' } });
  if (!accepted) return { reply };
  const value = { ...row.stored, verification: { ...verification, status: 'accepted', updated_at: iso(call.context.now) } };
  return { reply, remember: [{ kind: 'verification', id: verification.id, expectVersion: row.version, value }] };
}
