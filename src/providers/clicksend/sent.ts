import { parsePhone } from '../../model/address/phone.ts';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, LaterEvent, PastCall, Remember, Simulation, SimulationContext } from '../../model/provider.ts';
import type { JsonCallInContext } from '../wire/json-api.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { segmentsOf } from '../wire/segments.ts';
import { events, receipt } from './message.ts';
import type { StoredMessage } from './message.ts';
import { currency, failure, named, success, text } from './parts.ts';
import { recipientsOf } from './send.ts';
import type { Kind } from './send.ts';

const price = 0.077;
const takes = 2000;

/** Each message has a status of its own; one that is refused does not keep back the others. A message to a list is told as one. */
export async function answerSend(kind: Kind, { body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const messages = messagesOf(body);
  if (messages.length > 1000) return { reply: failure(400, 'BAD_REQUEST', 'The number of messages exceeds 1000.') };
  const all = messages.map((message) => storedOf(kind, message, context));
  const taken = all.filter(({ shown }) => shown['status'] === 'SUCCESS');
  const reply = success('Messages queued for delivery.', {
    total_price: round(taken.length * price), total_count: all.length, queued_count: taken.length, messages: all.map(({ shown }) => shown), _currency: currency,
  });
  return { reply, remember: taken.map((stored) => keep(stored, 0)), callbacks: taken.map((stored) => receipt(stored, { name: 'Delivered', at: stored.dueAt, detail: null })) };
}

/** What they would cost; nothing is sent. */
export async function answerPrice(kind: Kind, { body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const all = messagesOf(body).map((message) => storedOf(kind, message, context).shown);
  return { reply: success('Price calculated.', { total_price: round(all.filter(({ status }) => status === 'SUCCESS').length * price), total_count: all.length, queued_count: 0, messages: all, _currency: currency }) };
}

function messagesOf(body: JsonCallInContext['body']): readonly JsonObject[] {
  return (asArray(field(asObject(body), 'messages')) ?? []).map(asObject).filter((each) => each !== null);
}

function storedOf(kind: Kind, message: JsonObject, context: SimulationContext): StoredMessage {
  const planned = Number(named(message, 'schedule') ?? 0) * 1000;
  const sentAt = Number.isFinite(planned) ? Math.max(planned, context.now) : context.now;
  const seconds = Math.floor(sentAt / 1000);
  const status = statusOf(message);
  const shown = {
    direction: 'out', date: Math.floor(context.now / 1000), to: named(message, 'to') ?? '', body: text(message, 'body') ?? '', from: named(message, 'from') ?? '', schedule: seconds, message_id: context.uuid().toUpperCase(),
    ...kind === 'voice' ? { voice: named(message, 'voice') ?? 'female', lang: named(message, 'lang') ?? 'en-us' } : { message_parts: segmentsOf(text(message, 'body') ?? '').count },
    message_price: status === 'SUCCESS' ? price : 0, custom_string: named(message, 'custom_string') ?? '', ...named(message, 'list_id') === null ? {} : { list_id: named(message, 'list_id') },
    user_id: 1, subaccount_id: 1, country: named(message, 'country') ?? 'AU', carrier: '', status,
  };
  return { kind, shown, sentAt, end: null, dueAt: sentAt + takes };
}

/** A number with a plus must be one; any other may be written for the message's country. */
function statusOf(message: JsonObject): 'SUCCESS' | 'INVALID_RECIPIENT' | 'EMPTY_MESSAGE' {
  const to = named(message, 'to');
  if (to !== null && (to.startsWith('+') ? parsePhone(to).kind === 'invalid' : !/^[0-9 ()-]{6,20}$/.test(to))) return 'INVALID_RECIPIENT';
  return (recipientsOf(message) ?? []).length === 0 ? 'INVALID_RECIPIENT' : text(message, 'body') === null || text(message, 'body') === '' ? 'EMPTY_MESSAGE' : 'SUCCESS';
}

/** What has become of each message of the call that has the recipient. */
export async function whatFollows(event: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const name = events.find((each) => each === event.name);
  const json = parseJson(reply.body);
  const messages = json.kind === 'json' ? asArray(field(asObject(field(asObject(json.value), 'data')), 'messages')) ?? [] : [];
  const remember: Remember[] = [];
  const callbacks: CallbackDraft[] = [];
  for (const each of messages) {
    const known = await context.recall('message', asString(field(asObject(each), 'message_id')) ?? '');
    const stored = known?.value as StoredMessage | undefined;
    if (name === undefined || known === null || stored === undefined) continue;
    const listed = typeof stored.shown['list_id'] === 'string' ? `list ${stored.shown['list_id']}` : null;
    if (event.recipient !== null && event.recipient !== stored.shown.to && event.recipient !== listed) continue;
    const end = { name, at: context.now, detail: event.detail };
    remember.push(keep({ ...stored, end }, known.version));
    callbacks.push(receipt(stored, end));
  }
  return { remember, callbacks };
}

function keep(value: StoredMessage, expectVersion: number): Remember {
  return { kind: 'message', id: value.shown.message_id, expectVersion, value, index: { kind: value.kind } };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
