import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Liveness, Verification } from '../../model/side-effect.ts';
import { formAll } from '../wire/form.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { phoneOf } from '../wire/msisdn.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import { apiError, notFound } from './error.ts';
import { contentOf, integerOf, livenessOf, rfc3339, textOf, withStrangers } from './fields.ts';
import { queryOf } from './messages.ts';

const item = /^\/verify\/([0-9a-f]{32})$/;
const known = fieldPaths(['recipient', 'originator', 'reference', 'type', 'template', 'datacoding', 'timeout', 'tokenLength', 'voice', 'language', 'maxAttempts', 'subject', 'access_key']);

interface StoredVerification {
  readonly object: Readonly<Record<string, unknown>> & { readonly id: string; readonly status: string };
  readonly token: string;
}

/** https://developers.messagebird.com/api/verify. A GET with a token is its check, which uses it up; without one it is taken for the same here. */
export const verifyRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: /^\/verify$/, operation: 'verify.create', read: contentOf, effects, answer: create },
  { method: 'GET', path: item, operation: 'verify.verify', read: queryOf(['token']), effects: ({ request, query }) => [nobody('verify.verify', livenessOf(request), formAll(query, 'token')[0] ?? null)], answer: check },
  {
    method: 'DELETE', path: item, operation: 'verify.delete', effects: ({ request }) => [nobody('verify.delete', livenessOf(request), null)],
    answer: (call) => withStored(call, async ({ object }, version) => ({ reply: emptyReply(204), remember: [{ kind: 'verify', id: object.id, expectVersion: version, value: null }] })),
  },
];

function nobody(operation: string, liveness: Liveness, code: string | null): Verification {
  return { channel: 'verification', provider: 'messagebird', operation, liveness, recipients: [], keys: [], by: null, code };
}

function effects({ body, request }: JsonCall): readonly Verification[] | Unread {
  const fields = asObject(body) ?? {};
  const odd = lookalike(Object.keys(fields), ['recipient', 'type']);
  const to = textOf(field(fields, 'recipient'));
  if (odd !== null || to === null) return unreadable(odd === null ? 'no recipient' : `field '${odd.slice(0, 40)}' is not spelt as MessageBird spells it`);
  const reference = textOf(field(fields, 'reference'));
  const effect: Verification = {
    channel: 'verification', provider: 'messagebird', operation: 'verify.create', liveness: livenessOf(request), recipients: [to.includes('@') ? { address: to, kind: 'email', role: 'to' } : phoneOf(to, 'to')],
    keys: reference === null ? [] : [{ name: 'reference', value: reference }], by: textOf(field(fields, 'type')) ?? 'sms', code: tokenOf(fields),
  };
  return [withStrangers(effect, fields, known)];
}

/** The token that will be accepted follows from who it is for, so that a tester reads it off the capture. */
function tokenOf(fields: JsonObject): string {
  const asked = Number(textOf(field(fields, 'tokenLength')) ?? 6);
  const length = Number.isInteger(asked) && asked >= 6 && asked <= 10 ? asked : 6;
  const hash = createHash('sha256').update(`${textOf(field(fields, 'originator')) ?? ''} ${textOf(field(fields, 'recipient')) ?? ''}`).digest();
  return String(hash.readUIntBE(0, 6) % 10 ** length).padStart(length, '0');
}

async function create({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const fields = asObject(body) ?? {};
  const id = context.id('', { length: 32, alphabet: 'hex' });
  const type = textOf(field(fields, 'type')) ?? 'sms';
  const recipient = textOf(field(fields, 'recipient')) ?? '';
  const at = type === 'tts' ? 'voicemessages' : type === 'email' ? 'verify/messages/email' : 'messages';
  const timeout = Number(textOf(field(fields, 'timeout')) ?? 30) || 30;
  const object = {
    id, href: `https://rest.messagebird.com/verify/${id}`, recipient: integerOf(recipient), reference: textOf(field(fields, 'reference')),
    messages: { href: `https://rest.messagebird.com/${at}/${context.id('', { length: 32, alphabet: 'hex' })}` }, status: 'sent',
    createdDatetime: rfc3339(context.now), validUntilDatetime: rfc3339(context.now + Math.min(timeout, 172_800) * 1000),
  };
  return { reply: jsonReply(201, object), remember: [{ kind: 'verify', id, expectVersion: 0, value: { object, token: tokenOf(fields) } satisfies StoredVerification }] };
}

async function check(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const token = formAll(call.query, 'token')[0];
  return withStored(call, async (stored, version) => {
    if (token === undefined) return { reply: jsonReply(200, stored.object) };
    if (token !== stored.token || stored.object.status !== 'sent') return { reply: apiError(422, 10, 'The token is invalid.', 'token') };
    const object = { ...stored.object, status: 'verified' };
    return { reply: jsonReply(200, object), remember: [{ kind: 'verify', id: object.id, expectVersion: version, value: { ...stored, object } satisfies StoredVerification }] };
  });
}

async function withStored({ ids: [id = ''], context }: JsonCallInContext, answer: (stored: StoredVerification, version: number) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const found = await context.recall('verify', id);
  return found === null || found.value === null ? { reply: notFound('verify', id) } : answer(found.value as StoredVerification, found.version);
}
