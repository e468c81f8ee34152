import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Voice } from '../../model/side-effect.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { trimmed } from '../wire/trim.ts';
import type { Unread } from '../wire/unread.ts';
import { callbacksOf } from './call-events.ts';
import { indexOf, progress } from './call.ts';
import type { StoredCall } from './call.ts';
import { notFound, restError } from './error.ts';
import { recipientKind, requestId } from './messages.ts';
import { page } from './page.ts';
import { one } from './route.ts';
import type { Call, Parameters, Route } from './route.ts';
import { silent } from './silent.ts';
import { rfc2822, wholeSecond } from './time.ts';

const base = '/2010-04-01/Accounts/([A-Za-z0-9]+)/Calls';
const item = new RegExp(`^${base}/(CA[0-9A-Za-z]+)\\.json$`);

export const callRoutes: readonly Route[] = [
  {
    product: 'api', method: 'POST', path: new RegExp(`^${base}\\.json$`), operation: 'calls.create',
    lists: ['StatusCallbackEvent', 'RecordingStatusCallbackEvent', 'AsyncAmdStatusCallbackEvent'], telling: ['To', 'Twiml'],
    effect: callEffect, answer: create,
  },
  {
    product: 'api', method: 'GET', path: new RegExp(`^${base}\\.json$`), operation: 'calls.list',
    answer: async (call) => {
      const to = one(call.fields, 'To');
      const from = one(call.fields, 'From');
      const status = one(call.fields, 'Status');
      return {
        reply: await page(call, {
          kind: 'call', key: 'calls', where: { ...(to === null ? {} : { to }), ...(from === null ? {} : { from }) },
          keep: ({ value }) => status === null || asOf(value as StoredCall, call.context.now).status === status,
          show: ({ value }) => asOf(value as StoredCall, call.context.now),
        }),
      };
    },
  },
  { product: 'api', method: 'GET', path: item, operation: 'calls.fetch', answer: (call) => withStored(call, async (stored) => ({ reply: jsonReply(200, asOf(stored, call.context.now)) })) },
  {
    // New instructions for a running call: whoever is on the line hears them, and they may dial others.
    product: 'api', method: 'POST', path: item, operation: 'calls.update', telling: ['Twiml'],
    effect: ({ fields, ids: [, sid = ''] }) => voice('calls.update', fields, [{ address: `call ${sid}`, kind: 'audience', role: 'call' }]),
    answer: (call) => withStored(call, async (stored, version) => {
      const status = one(call.fields, 'Status');
      const value: StoredCall = { ...stored, call: { ...asOf(stored, call.context.now), ...(status === null ? {} : { status }) } };
      return { reply: jsonReply(200, value.call), remember: [{ kind: 'call', id: value.call.sid, expectVersion: version, value, index: indexOf(value) }] };
    }),
  },
  {
    product: 'api', method: 'DELETE', path: item, operation: 'calls.delete', effect: () => silent('calls.delete'),
    answer: (call) => withStored(call, async ({ call: { sid } }, version) => ({ reply: emptyReply(204), remember: [{ kind: 'call', id: sid, expectVersion: version, value: null }] })),
  },
];

function callEffect({ fields }: Parameters): Voice | Unread {
  const to = trimmed(one(fields, 'To') ?? '');
  return to === '' ? unreadable('no To') : voice('calls.create', fields, [{ address: to, kind: recipientKind(to), role: 'to' }]);
}

/** TwiML that dials or texts reaches more people than the call names; who they are is not read out of it. */
function voice(operation: string, fields: Parameters['fields'], reached: readonly Addressee[]): Voice {
  const twiml = one(fields, 'Twiml');
  const others = twiml !== null && /<\s*(?:dial|sms|message|refer|redirect|enqueue|conference)\b/i.test(twiml);
  return {
    channel: 'voice', provider: 'twilio', operation, liveness: 'unknown', keys: [],
    recipients: others ? [...reached, { address: 'whoever the TwiML dials or texts', kind: 'audience', role: 'twiml' }] : reached,
    from: one(fields, 'From'),
    script: twiml ?? one(fields, 'Url') ?? one(fields, 'ApplicationSid'),
  };
}

async function create(call: Call): Promise<Simulation<HttpResponse>> {
  const { fields, context, ids: [account = ''] } = call;
  const to = one(fields, 'To') ?? '';
  const from = one(fields, 'From');
  if (from === null) return { reply: restError(400, 21213, "'From' phone number is required to create a call") };
  if (one(fields, 'Url') === null && one(fields, 'Twiml') === null && one(fields, 'ApplicationSid') === null) return { reply: restError(400, 21205, 'Url parameter is required.') };
  const sid = context.id('CA', { length: 32, alphabet: 'hex' });
  const uri = `/2010-04-01/Accounts/${account}/Calls/${sid}`;
  const now = wholeSecond(context.now);
  const stored: StoredCall = {
    startsAt: now,
    call: {
      account_sid: account, annotation: null, answered_by: null, api_version: '2010-04-01', caller_name: null, date_created: null, date_updated: null,
      direction: 'outbound-api', duration: null, end_time: null, forwarded_from: null, from, from_formatted: from, group_sid: null, parent_call_sid: null,
      phone_number_sid: `PN${'0'.repeat(32)}`, price: null, price_unit: 'USD', queue_time: '0', sid, start_time: null, status: 'queued',
      subresource_uris: Object.fromEntries(['notifications', 'recordings', 'payments', 'events', 'streams', 'siprec'].map((name) => [name, `${uri}/${name[0]!.toUpperCase()}${name.slice(1)}.json`])),
      to, to_formatted: to, trunk_sid: null, uri: `${uri}.json`,
    },
  };
  return {
    reply: jsonReply(201, stored.call, [requestId(call)]),
    remember: [{ kind: 'call', id: sid, expectVersion: 0, value: stored, index: indexOf(stored) }],
    callbacks: callbacksOf(context, call, stored),
  };
}

/** A call that nobody changed rings, is answered and ends by the clock alone. */
function asOf({ call, startsAt }: StoredCall, now: number): StoredCall['call'] {
  const age = now - startsAt;
  if (call.status !== 'queued' || age < progress.ringing) return call;
  const created = { ...call, date_created: rfc2822(startsAt), date_updated: rfc2822(startsAt + Math.min(wholeSecond(age), progress.completed)) };
  if (age < progress.answered) return { ...created, status: 'ringing' };
  const answered = { ...created, start_time: rfc2822(startsAt + progress.answered) };
  return age < progress.completed ? { ...answered, status: 'in-progress' }
    : { ...answered, status: 'completed', duration: '2', end_time: rfc2822(startsAt + progress.completed) };
}

async function withStored(
  { ids: [, sid = ''], context, request }: Call, answer: (stored: StoredCall, version: number) => Promise<Simulation<HttpResponse>>,
): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('call', sid);
  return known === null || known.value === null ? { reply: notFound(request.path) } : answer(known.value as StoredCall, known.version);
}
