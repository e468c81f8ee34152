import type { HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Simulation, SimulationContext } from '../../model/provider.ts';
import type { SideEffect } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { problem } from './error.ts';
import { digitsOf, iso, isNumber, textOf } from './fields.ts';
import { effectOf } from './message.ts';

export const messageRoutes: readonly JsonRoute[] = [{ method: 'POST', path: /^\/v1\/messages$/, operation: 'messages.send', effects: reached, answer: send }];

export const messageStatuses = ['submitted', 'delivered', 'read', 'rejected', 'undeliverable'] as const;

export interface StoredMessage {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly channel: string;
  readonly ref: string | null;
  readonly webhook: string | null;
}

/** A message, and whoever gets it another way should the first one fail: any of them may be the one that arrives. */
function reached({ body }: JsonCall): readonly SideEffect[] | Unread {
  const failover = field(asObject(body), 'failover');
  const others = failover === undefined || failover === null ? [] : asArray(failover);
  if (others === null) return unreadable('failover is not a list of messages');
  // A failover of a failover is not documented, and would be somebody more.
  if (others.some((other) => field(asObject(other), 'failover') !== undefined)) return unreadable('a message of failover has a failover of its own');
  const all = [body, ...others].map(effectOf);
  const effects: SideEffect[] = [];
  for (const effect of all) {
    if ('kind' in effect) return effect;
    effects.push(effect);
  }
  return effects;
}

async function send({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const message = asObject(body) ?? {};
  const channel = asString(field(message, 'channel')) ?? '';
  const to = textOf(field(message, 'to')) ?? '';
  const from = textOf(field(message, 'from'));
  const wrong = [
    ...(['sms', 'mms', 'rcs', 'whatsapp', 'viber_service'].includes(channel) && !isNumber(to) ? [{ name: 'to', reason: 'Must be a valid phone number in E.164 format without a leading +' }] : []),
    ...(from === null ? [{ name: 'from', reason: 'is required' }] : []),
    ...(field(message, 'message_type') === undefined ? [{ name: 'message_type', reason: 'is required' }] : []),
  ];
  if (wrong.length > 0) {
    return { reply: problem(422, { type: '/messages#1150', title: 'Invalid params', detail: 'The value of one or more parameters is invalid.', instance: context.uuid(), more: { invalid_parameters: wrong } }) };
  }
  const stored: StoredMessage = {
    id: context.uuid(), to: digitsOf(to), from: from ?? '', channel, ref: textOf(field(message, 'client_ref')), webhook: textOf(field(message, 'webhook_url')),
  };
  const failover = (asArray(field(message, 'failover')) ?? []).length > 0;
  return {
    reply: jsonReply(202, { message_uuid: stored.id, ...(failover ? { workflow_id: context.id('', { length: 58 }) } : {}) }),
    remember: [{ kind: 'message', id: stored.id, expectVersion: 0, value: stored }],
    callbacks: [status(stored, 'submitted', context.now + 500, context), status(stored, 'delivered', context.now + 2000, context)],
  };
}

/** To the URL of the message, or to the one of the application it was sent with. */
export function status(message: StoredMessage, name: string, at: number, context: SimulationContext, detail: string | null = null): CallbackDraft {
  const failed = name === 'rejected' || name === 'undeliverable';
  const body = {
    message_uuid: message.id, to: message.to, from: message.from, timestamp: iso(at), status: name, channel: message.channel,
    ...(message.ref === null ? {} : { client_ref: message.ref }),
    ...(name === 'submitted' ? { usage: { currency: 'EUR', price: '0.0333' } } : {}),
    ...(failed ? { error: { type: 'https://developer.vonage.com/api-errors/messages#1260', title: '1260', detail: detail ?? 'Destination unreachable', instance: context.uuid() } } : {}),
  };
  return { target: message.webhook ?? 'vonage', object: message.id, event: name, notBeforeMs: at, method: 'POST', headers: [], body: JSON.stringify(body), contentType: 'application/json' };
}
