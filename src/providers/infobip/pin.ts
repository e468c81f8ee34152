import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Decoded, Verification } from '../../model/side-effect.ts';
import { formAll } from '../wire/form.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { msisdn, phoneOf } from '../wire/msisdn.ts';
import { jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { notFound } from './error.ts';
import { bare, named } from './parts.ts';
import { withQuery } from './query.ts';

type By = 'sms' | 'call' | 'email';
interface StoredPin { readonly pinId: string; readonly application: string; readonly to: string; readonly code: string; readonly by: By; readonly sentAt: number; readonly verifiedAt: number | null; readonly left: number }

export const pinId = '([A-Za-z0-9-]{1,64})';
const attempts = 10;
const known = fieldPaths(['applicationId', 'messageId', 'from', 'to', 'placeholders/**', 'trackDelivery']);

/** One-time codes. https://www.infobip.com/docs/api/platform/2fa */
export const pins: readonly JsonRoute[] = [
  ...(['sms', 'call', 'email'] as const).flatMap((by): readonly JsonRoute[] => {
    const suffix = { sms: '', call: '/voice', email: '/email' }[by];
    return [
      { method: 'POST', path: new RegExp(`^/2fa/2/pin${suffix}/?$`), operation: '2fa.pin', read: withQuery('ncNeeded'), effects: (call) => pinEffects(call, by), answer: (call) => send(call, by) },
      { method: 'POST', path: new RegExp(`^/2fa/2/pin/${pinId}/resend${suffix}$`), operation: '2fa.pin.resend', read: withQuery('ncNeeded'), effects: (call) => resendEffects(call, by), answer: (call) => resend(call, by) },
    ];
  }),
  { method: 'POST', path: new RegExp(`^/2fa/2/pin/${pinId}/verify$`), operation: '2fa.pin.verify', effects: ({ body }) => named(asObject(body), 'pin') === null ? unreadable('there is no pin') : [{ ...base('2fa.pin.verify', null), code: named(asObject(body), 'pin') }], answer: verify },
  {
    method: 'GET', path: new RegExp(`^/2fa/2/applications/${pinId}/verifications/?$`), operation: '2fa.verifications',
    answer: async ({ ids: [application = ''], query, context }) => ({ reply: jsonReply(200, { verifications: (await all(context, application, formAll(query, 'msisdn')[0] ?? ''))
      .filter(({ verifiedAt }) => formAll(query, 'verified')[0] !== 'true' || verifiedAt !== null)
      .map(({ to, sentAt, verifiedAt }) => ({ msisdn: bare(to), verified: verifiedAt !== null, ...verifiedAt === null ? {} : { verifiedAt }, sentAt })) }) }),
  },
];

function base(operation: string, by: By | null): Verification {
  return { channel: 'verification', provider: 'infobip', operation, liveness: 'unknown', recipients: [], keys: [], by, code: null };
}

function pinEffects({ body }: Pick<JsonCall, 'body'>, by: By): readonly Verification[] | Unread {
  const object = asObject(body);
  const to = named(object, 'to');
  if (object === null || to === null || lookalike(Object.keys(object), ['to']) !== null) return unreadable('there is no one readable to');
  const recipients = [by === 'email' ? { address: to, kind: 'email', role: 'to' } as const : phoneOf(to, 'to')];
  return [{ ...base('2fa.pin', by), recipients: [...recipients, ...strangers(unknownTexts(object, known), recipients)], code: codeOf(named(object, 'applicationId') ?? '', to) }];
}

/** Whom an earlier code went to is not in the request: see `recalledPin`. */
function resendEffects({ body, ids: [id = ''] }: JsonCall, by: By): readonly Verification[] {
  return [{ ...base('2fa.pin.resend', by), recipients: [{ address: id, kind: 'audience', role: 'pin' }, ...strangers(unknownTexts(body ?? {}, known), [])] }];
}

/** The resend told with the number that the code went to; as it was decoded where that is not known. */
export async function recalledPin(id: string, decoded: Decoded, context: Pick<SimulationContext, 'recall'>): Promise<Decoded> {
  const stored = (await context.recall('pin', id))?.value as StoredPin | undefined;
  const [effect] = decoded.kind === 'effects' ? decoded.effects : [];
  if (stored === undefined || effect?.channel !== 'verification') return decoded;
  const recipient = stored.to.includes('@') ? { address: stored.to, kind: 'email', role: 'to' } as const : phoneOf(stored.to, 'to');
  return { kind: 'effects', effects: [{ ...effect, code: stored.code, recipients: [recipient, ...effect.recipients.filter(({ role }) => role !== 'pin')] }] };
}

/** Follows from application and recipient, so that a tester reads it off the capture. Numeric and of four digits, whatever the message asks for. */
function codeOf(application: string, to: string): string {
  return String(createHash('sha256').update(`infobip ${application} ${msisdn(to)}`).digest().readUInt32BE(0) % 10_000).padStart(4, '0');
}

async function send({ body, context }: JsonCallInContext, by: By): Promise<Simulation<HttpResponse>> {
  const object = asObject(body);
  const [application, to] = [named(object, 'applicationId') ?? '', named(object, 'to') ?? ''];
  const stored: StoredPin = { pinId: context.id('', { length: 32, alphabet: 'hex' }).toUpperCase(), application, to: msisdn(to), code: codeOf(application, to), by, sentAt: context.now, verifiedAt: null, left: attempts };
  return { reply: jsonReply(200, shown(stored, by)), remember: [kept(stored, 0)] };
}

function resend(call: JsonCallInContext, by: By): Promise<Simulation<HttpResponse>> {
  return withPin(call, async (stored, version) => ({ reply: jsonReply(200, shown(stored, by)), remember: [kept({ ...stored, by, sentAt: call.context.now }, version)] }));
}

function shown({ pinId: id, to }: StoredPin, by: By): unknown {
  switch (by) {
    case 'sms': return { pinId: id, to: bare(to), ncStatus: 'NC_DESTINATION_REACHABLE', smsStatus: 'MESSAGE_SENT' };
    case 'call': return { pinId: id, to: bare(to), callStatus: 'PENDING_ACCEPTED' };
    case 'email': return { pinId: id, to, emailStatus: { name: 'PENDING_ACCEPTED', description: 'Message accepted, pending for delivery.' } };
  }
}

function verify(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  return withPin(call, async (stored, version) => {
    const right = stored.left > 0 && stored.verifiedAt === null && named(asObject(call.body), 'pin') === stored.code;
    const after: StoredPin = right ? { ...stored, verifiedAt: call.context.now, left: 0 } : { ...stored, left: Math.max(stored.left - 1, 0) };
    const pinError = stored.verifiedAt !== null ? 'ALREADY_VERIFIED' : stored.left === 0 ? 'NO_MORE_PIN_ATTEMPTS' : 'WRONG_PIN';
    return { reply: jsonReply(200, { pinId: stored.pinId, msisdn: bare(stored.to), verified: right, attemptsRemaining: after.left, ...right ? {} : { pinError } }), remember: [kept(after, version)] };
  });
}

function kept(stored: StoredPin, expectVersion: number) {
  return { kind: 'pin', id: stored.pinId, expectVersion, value: stored, index: { application: stored.application, to: bare(stored.to) } };
}

async function all(context: SimulationContext, application: string, number: string): Promise<readonly StoredPin[]> {
  return (await context.list('pin', { where: { application, to: bare(number) }, limit: 1000 })).items.map(({ value }) => value as StoredPin);
}

async function withPin({ request, ids: [id = ''], context }: JsonCallInContext, then: (stored: StoredPin, version: number) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const before = await context.recall('pin', id);
  return before === null ? { reply: notFound(request, `Pin ${id}`) } : then(before.value as StoredPin, before.version);
}
