import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import type { Trigger } from './audiences.ts';
import type { Message } from './send.ts';
import { reportsOf } from './webhook.ts';

export function simulateMessage(message: Message, context: SimulationContext): Simulation<HttpResponse> {
  const fault = faultOf(message);
  if (fault !== null) return { reply: failure(400, fault) };
  const delivery = context.id('', { length: 28 });
  const draft = field(message.body, 'queue_draft') === true;
  const sendAt = field(message.body, 'send_at');
  const at = typeof sendAt === 'number' ? Math.max(context.now, sendAt * 1000) : context.now;
  const happened = draft ? ['drafted'] : ['sent', ...message.type === 'email' || message.type === 'sms' ? ['delivered'] : []];
  return {
    reply: jsonReply(200, { delivery_id: delivery, queued_at: Math.floor(context.now / 1000) }),
    remember: [{ kind: 'message', id: delivery, expectVersion: 0, value: shown(message, delivery, context.now, at, draft) }],
    callbacks: happened.flatMap((name, seconds) => reportsOf({ name, recipient: null, detail: null }, message, delivery, context, at + seconds * 1000)),
  };
}

/** GET /v1/messages/{id} */
function shown({ type, body, effect }: Message, id: string, now: number, at: number, draft: boolean): object {
  const to = effect.recipients.filter(({ role }) => role === 'to');
  const identifiers = { id: null, email: null, cio_id: null, ...asObject(field(body, 'identifiers')) };
  return {
    id, type, customer_id: identifiers.id, customer_identifiers: identifiers, recipient: to.map(({ address }) => address).join(', '),
    subject: asString(field(body, 'subject')), transactional_message_id: field(body, 'transactional_message_id') ?? null, created: Math.floor(now / 1000),
    failure_message: null, metrics: draft ? { drafted: Math.floor(now / 1000) } : { created: Math.floor(now / 1000), sent: Math.floor(at / 1000) },
  };
}

/** What the API itself refuses, as far as it is simple. Its words are ours: the documentation has none. */
function faultOf({ type, body }: Message): string | null {
  const has = (name: string): boolean => (field(body, name) ?? '') !== '';
  if (!has('identifiers')) return 'identifiers is required';
  if (has('transactional_message_id')) return null;
  if (type !== 'email') return 'transactional_message_id is required';
  const missing = ['from', 'subject', 'body'].filter((name) => !has(name));
  return missing.length === 0 ? null : `without transactional_message_id, ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} required`;
}

export function simulateTrigger({ operation }: Trigger, context: SimulationContext): Simulation<HttpResponse> {
  if (operation !== 'campaigns.trigger') return { reply: jsonReply(200, {}) };
  return { reply: jsonReply(200, { id: Number(context.id('1', { length: 5, alphabet: 'digits' })) }) };
}

/** Both APIs' errors are read from here by every client. */
export function failure(status: number, error: string): HttpResponse {
  return jsonReply(status, { meta: { error } });
}
