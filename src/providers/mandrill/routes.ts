import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { trimmed } from '../wire/trim.ts';
import { textOf } from './body.ts';
import { errorReply, unknownMessage } from './error.ts';
import { rememberReject, time } from './stored.ts';

export interface Call { readonly body: JsonObject; readonly context: SimulationContext }

/** A call beside the sending ones. `recipients` is given where it changes what Mandrill keeps; null: the body does not tell whom it is about. */
export interface OtherCall {
  readonly recipients?: (body: JsonObject) => readonly Addressee[] | null;
  answer(call: Call): Promise<Simulation<HttpResponse>>;
}

/**
 * The name of a call, 'messages/send'. Every version answers alike; '.json' may stand behind it. The other formats (xml, php, yaml)
 * are answered in another language, which is not simulated.
 */
export function callName({ method, path, query }: HttpRequest): string | null {
  if (method !== 'POST' || query !== null) return null;
  return /^\/api\/1\.[0-4]\/([a-z]+\/[a-z0-9-]+)(?:\.json)?$/.exec(path)?.[1] ?? null;
}

/**
 * What reads list is what was remembered, or seeded by a test through the simulators API under the kind named here; an account
 * without anything stored looks like a new one.
 */
export const otherCalls: Readonly<Record<string, OtherCall>> = {
  'users/ping': fixed('PONG!'),
  'users/ping2': fixed({ PING: 'PONG!' }),
  'users/info': fixed({ username: 'staging', created_at: '2026-01-01 00:00:00', public_id: 'staging', reputation: 100, hourly_quota: 10_000, backlog: 0, stats: Object.fromEntries(['today', 'last_7_days', 'last_30_days', 'last_60_days', 'last_90_days', 'all_time'].map((name) => [name, { sent: 0, hard_bounces: 0, soft_bounces: 0, rejects: 0, complaints: 0, unsubs: 0, opens: 0, unique_opens: 0, clicks: 0, unique_clicks: 0 }])) }),
  'users/senders': listed('sender'),
  'senders/list': listed('sender'),
  'senders/domains': listed('sending_domain'),
  'senders/check-domain': {
    answer: async ({ body, context }) => ({ reply: jsonReply(200, { domain: textOf(body, 'domain') ?? '', created_at: time(context.now), last_tested_at: time(context.now), spf: { valid: true, valid_after: null, error: null }, dkim: { valid: true, valid_after: null, error: null }, verified_at: time(context.now), valid_signing: true }) }),
  },
  'templates/list': listed('template'),
  'templates/info': {
    answer: async ({ body, context }) => {
      const name = textOf(body, 'name') ?? '';
      const known = await context.recall('template', name);
      return { reply: known === null ? errorReply('Unknown_Template', 5, `No such template "${name}"`) : jsonReply(200, known.value) };
    },
  },
  'tags/list': listed('tag'),
  'subaccounts/list': listed('subaccount'),
  'webhooks/list': listed('webhook'),
  'allowlists/list': listed('allowed'),
  'ips/list': listed('ip'),
  'rejects/list': {
    answer: async ({ body, context }) => {
      const email = textOf(body, 'email')?.toLowerCase();
      const known = (await context.list('reject', { limit: 500 })).items.filter(({ id }) => email === undefined || id === email);
      return { reply: jsonReply(200, known.map(({ value }) => value)) };
    },
  },
  'rejects/add': {
    recipients: (body) => (textOf(body, 'email') === null ? null : []),
    answer: async ({ body, context }) => {
      const email = trimmed(textOf(body, 'email') ?? '');
      return { reply: jsonReply(200, { email, added: true }), remember: [await rememberReject(email, 'custom', textOf(body, 'comment') ?? '', context.now, context)] };
    },
  },
  'rejects/delete': {
    recipients: (body) => (textOf(body, 'email') === null ? null : []),
    answer: async ({ body, context }) => {
      const email = trimmed(textOf(body, 'email') ?? '');
      const known = await context.recall('reject', email.toLowerCase());
      if (known === null) return { reply: errorReply('Invalid_Reject', 3, `The email '${email}' is not on your rejection denylist`) };
      return { reply: jsonReply(200, { email, deleted: true, subaccount: null }), remember: [{ kind: 'reject', id: known.id, expectVersion: known.version, value: null }] };
    },
  },
  'messages/info': {
    answer: async ({ body, context }) => {
      const id = textOf(body, 'id') ?? '';
      const known = await context.recall('message', id);
      return { reply: known === null ? unknownMessage(id) : jsonReply(200, known.value) };
    },
  },
  'messages/list-scheduled': {
    answer: async ({ body, context }) => {
      const to = textOf(body, 'to')?.toLowerCase();
      return { reply: jsonReply(200, (await context.list('scheduled', { limit: 500, ...(to === undefined ? {} : { where: { to } }) })).items.map(({ value }) => value)) };
    },
  },
  'messages/cancel-scheduled': {
    recipients: (body) => (textOf(body, 'id') === null ? null : []),
    answer: (call) => scheduled(call, (value, version) => ({ reply: jsonReply(200, value), remember: [{ kind: 'scheduled', id: value._id, expectVersion: version, value: null }] })),
  },
  'messages/reschedule': {
    // It may be made to leave at once.
    recipients: (body) => (textOf(body, 'id') === null ? null : [{ address: `scheduled message ${textOf(body, 'id')!.slice(0, 60)}`, kind: 'audience', role: 'audience' }]),
    answer: (call) => scheduled(call, (value, version) => {
      const moved = { ...value, send_at: textOf(call.body, 'send_at') ?? value.send_at };
      return { reply: jsonReply(200, moved), remember: [{ kind: 'scheduled', id: value._id, expectVersion: version, value: moved, index: { to: value.to.toLowerCase() } }] };
    }),
  },
  'senders/verify-domain': {
    // A mail goes to MAILBOX@DOMAIN, to be confirmed there.
    recipients: (body) => {
      const [domain, mailbox] = [textOf(body, 'domain'), textOf(body, 'mailbox')];
      return domain === null || mailbox === null ? null : [{ address: `${trimmed(mailbox)}@${trimmed(domain)}`, kind: 'email', role: 'to' }];
    },
    answer: async ({ body }) => ({ reply: jsonReply(200, { status: 'sent', domain: field(body, 'domain') ?? '', email: `${textOf(body, 'mailbox') ?? ''}@${textOf(body, 'domain') ?? ''}` }) }),
  },
};

interface Scheduled { readonly _id: string; readonly send_at: string; readonly to: string }

async function scheduled({ body, context }: Call, answer: (value: Scheduled, version: number) => Simulation<HttpResponse>): Promise<Simulation<HttpResponse>> {
  const id = textOf(body, 'id') ?? '';
  const known = await context.recall('scheduled', id);
  return known === null ? { reply: unknownMessage(id) } : answer(known.value as Scheduled, known.version);
}

function fixed(value: unknown): OtherCall {
  return { answer: async () => ({ reply: jsonReply(200, value) }) };
}

function listed(kind: string): OtherCall {
  return { answer: async ({ context }) => ({ reply: jsonReply(200, (await context.list(kind, { limit: 500 })).items.map(({ value }) => value)) }) };
}
