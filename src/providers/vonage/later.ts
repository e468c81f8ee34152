import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { msisdn } from '../wire/msisdn.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import { callEvent, callStatuses } from './calls.ts';
import type { StoredCall } from './calls.ts';
import { messageStatuses, status } from './messages.ts';
import type { StoredMessage } from './messages.ts';
import { receipt, receiptStatuses } from './receipts.ts';
import type { StoredSms } from './receipts.ts';

/** Statuses of SMS receipts, of messages and of calls; some are of more than one. */
export const events: readonly string[] = [...new Set([...receiptStatuses, ...messageStatuses, ...callStatuses])];

/** Each kind of object has statuses of its own; what it cannot come to does not happen to it. */
export async function later({ name, recipient, detail }: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const operation = decoded.kind === 'effects' ? decoded.effects[0]?.operation ?? '' : '';
  const json = parseJson(reply.body);
  const answer = json.kind === 'json' ? asObject(json.value) : null;
  const isHit = (to: string): boolean => recipient === null || recipient === to || recipient === msisdn(to);
  const has = (statuses: readonly string[]): boolean => statuses.includes(name);
  if (operation === 'sms.send' && has(receiptStatuses)) {
    const parts = await Promise.all((asArray(field(answer, 'messages')) ?? []).map((part) => context.recall('sms', asString(field(asObject(part), 'message-id')) ?? '')));
    return { callbacks: parts.flatMap((part) => (part === null || !isHit((part.value as StoredSms).to) ? [] : [receipt(part.value as StoredSms, name, context.now, detail)])) };
  }
  if (operation.startsWith('messages.send.') && has(messageStatuses)) {
    const known = await context.recall('message', asString(field(answer, 'message_uuid')) ?? '');
    return known === null || !isHit((known.value as StoredMessage).to) ? {} : { callbacks: [status(known.value as StoredMessage, name, context.now, context, detail)] };
  }
  if (operation !== 'calls.create' || !has(callStatuses)) return {};
  const known = await context.recall('call', asString(field(answer, 'uuid')) ?? '');
  const call = known?.value as StoredCall | undefined;
  if (known === null || call === undefined || !isHit(numberOf(call))) return {};
  return { remember: [{ kind: 'call', id: call.uuid, expectVersion: known.version, value: { ...call, status: name } satisfies StoredCall }], callbacks: [callEvent(call, name, context.now)] };
}

function numberOf({ to }: StoredCall): string {
  const end = asObject(to);
  return ['number', 'uri', 'user', 'extension'].map((name) => asString(field(end, name))).find((text) => text !== null) ?? '';
}
