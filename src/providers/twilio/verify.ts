import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Verification } from '../../model/side-effect.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { trimmed } from '../wire/trim.ts';
import type { Unread } from '../wire/unread.ts';
import { accountSid } from './account-sid.ts';
import { notFound, restError } from './error.ts';
import { one } from './route.ts';
import type { Call, Parameters, Route } from './route.ts';
import { iso, wholeSecond } from './time.ts';

const base = '/v2/Services/(VA[0-9A-Za-z]+)';
/** by its id, or by whom it was sent to; nothing that a server could take for another path */
const item = new RegExp(`^${base}/Verifications/(VE[0-9A-Za-z]+|(?:\\+|%2[Bb])[0-9]+|[\\w.+-]+(?:@|%40)[\\w.-]+)$`);

/** https://www.twilio.com/docs/verify/api/verification */
export const verifyRoutes: readonly Route[] = [
  { product: 'verify', method: 'POST', path: new RegExp(`^${base}/Verifications$`), operation: 'verifications.create', telling: ['To', 'Channel'], effect: startEffect, answer: start },
  {
    product: 'verify', method: 'GET', path: item, operation: 'verifications.fetch',
    answer: (call) => withStored(call, call.ids[1] ?? '', async (stored) => ({ reply: jsonReply(200, stored.verification) })),
  },
  {
    product: 'verify', method: 'POST', path: item, operation: 'verifications.update', effect: () => silent('verifications.update', null),
    answer: (call) => withStored(call, call.ids[1] ?? '', async (stored, version) => ended(call, stored, version, one(call.fields, 'Status') ?? 'canceled')),
  },
  {
    product: 'verify', method: 'POST', path: new RegExp(`^${base}/VerificationCheck$`), operation: 'verification_checks.create',
    effect: ({ fields }) => one(fields, 'To') === null && one(fields, 'VerificationSid') === null ? unreadable('neither To nor VerificationSid is given') : silent('verification_checks.create', one(fields, 'Code')),
    answer: check,
  },
];

interface StoredVerification {
  readonly verification: Readonly<Record<string, unknown>> & { readonly sid: string; readonly to: string; readonly status: string };
  readonly code: string;
}

function startEffect({ fields, ids: [service = ''] }: Parameters): Verification | Unread {
  const to = trimmed(one(fields, 'To') ?? '');
  const channel = one(fields, 'Channel');
  if (to === '' || channel === null) return unreadable('no To or no Channel');
  return {
    channel: 'verification', provider: 'twilio', operation: 'verifications.create', liveness: 'unknown', keys: [],
    recipients: [{ address: to, kind: channel === 'email' ? 'email' : 'phone', role: 'to' }],
    by: channel, code: codeOf(service, fields),
  };
}

function silent(operation: string, code: string | null): Verification {
  return { channel: 'verification', provider: 'twilio', operation, liveness: 'unknown', recipients: [], keys: [], by: null, code };
}

/**
 * The code that will be approved: the caller's own, or one that follows from service and recipient, so that a tester reads
 * it off the capture and a fixture stays exact.
 */
function codeOf(service: string, fields: Parameters['fields']): string {
  return one(fields, 'CustomCode')
    ?? String(createHash('sha256').update(`${service} ${one(fields, 'To')?.trim()}`).digest().readUInt32BE(0) % 1_000_000).padStart(6, '0');
}

async function start(call: Call): Promise<Simulation<HttpResponse>> {
  const { fields, context, ids: [service = ''], request } = call;
  const to = trimmed(one(fields, 'To') ?? '');
  const channel = one(fields, 'Channel') ?? '';
  if (!['sms', 'call', 'email', 'whatsapp', 'sna', 'rcs', 'auto'].includes(channel)) return { reply: restError(400, 60200, `Invalid parameter \`Channel\`: ${channel}`) };
  const now = iso(wholeSecond(context.now));
  const known = await context.recall('verification', pending(service, to));
  const sid = context.id('VE', { length: 32, alphabet: 'hex' });
  const verification = {
    sid, service_sid: service, account_sid: accountSid(request), to, channel, status: 'pending', valid: false,
    date_created: now, date_updated: now, lookup: {}, amount: null, payee: null,
    send_code_attempts: [{ time: now, channel: channel.toUpperCase(), attempt_sid: context.id('VL', { length: 32, alphabet: 'hex' }) }],
    sna: null, url: `https://verify.twilio.com/v2/Services/${service}/Verifications/${sid}`,
  };
  const value: StoredVerification = { verification, code: codeOf(service, fields) };
  return {
    reply: jsonReply(201, verification),
    remember: [
      { kind: 'verification', id: sid, expectVersion: 0, value },
      { kind: 'verification', id: pending(service, to), expectVersion: known?.version ?? 0, value },
    ],
  };
}

/** The running verification of a number is found by the number too. */
function pending(service: string, to: string): string {
  return `${service} ${to}`;
}

async function check(call: Call): Promise<Simulation<HttpResponse>> {
  const sid = one(call.fields, 'VerificationSid');
  const key = sid ?? one(call.fields, 'To')?.trim() ?? '';
  return withStored(call, key, async (stored, version) => {
    if (stored.verification.status !== 'pending') return { reply: notFound(call.request.path) };
    if (one(call.fields, 'Code') === stored.code) return ended(call, stored, version, 'approved');
    return { reply: jsonReply(200, checked(stored.verification)) };
  });
}

async function ended(call: Call, stored: StoredVerification, version: number, status: string): Promise<Simulation<HttpResponse>> {
  const verification = { ...stored.verification, status, valid: status === 'approved', date_updated: iso(wholeSecond(call.context.now)) };
  const value: StoredVerification = { ...stored, verification };
  const ids = [stored.verification.sid, pending(call.ids[0] ?? '', stored.verification.to)];
  const known = await Promise.all(ids.map((id) => call.context.recall('verification', id)));
  return {
    reply: jsonReply(200, call.request.path.endsWith('/VerificationCheck') ? checked(verification) : verification),
    remember: ids.map((id, index) => ({ kind: 'verification', id, expectVersion: known[index]?.version ?? version, value })),
  };
}

function checked({ send_code_attempts: _attempts, lookup: _lookup, sna: _sna, url: _url, ...rest }: Readonly<Record<string, unknown>>): unknown {
  return { ...rest, sna_attempts_error_codes: [] };
}

async function withStored(
  { ids: [service = ''], context, request }: Call, key: string, answer: (stored: StoredVerification, version: number) => Promise<Simulation<HttpResponse>>,
): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('verification', key.startsWith('VE') ? key : pending(service, decoded(key)));
  return known === null || known.value === null ? { reply: notFound(request.path) } : answer(known.value as StoredVerification, known.version);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Only which object is looked up depends on it.
    return text;
  }
}
