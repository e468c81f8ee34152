import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import { jsonBody } from '../wire/body.ts';
import { formAll } from '../wire/form.ts';
import type { CallContent, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { endAt, receiptOf } from './message.ts';
import type { StoredMessage } from './message.ts';
import { currency, failure, success } from './parts.ts';
import { answerPrice } from './sent.ts';
import type { Kind } from './send.ts';

const id = '([A-Za-z0-9-]{1,64})';

/** What an application asks beside sending. */
export const reads: readonly JsonRoute[] = [
  ...(['sms', 'mms', 'voice'] as const).flatMap((kind): readonly JsonRoute[] => [
    { method: 'POST', path: new RegExp(`^/v3/${kind}/price$`), operation: `${kind}.price`, read: messagesIn, answer: (call) => answerPrice(kind, call) },
    { method: 'GET', path: new RegExp(`^/v3/${kind}/history$`), operation: `${kind}.history`, answer: (call) => page(call, kind, (stored) => historyOf(stored, call.context.now)) },
    { method: 'GET', path: new RegExp(`^/v3/${kind}/receipts$`), operation: `${kind}.receipts`, answer: (call) => page(call, kind, (stored) => { const end = endAt(stored, call.context.now); return end === null ? null : receiptOf(stored, end); }) },
    { method: 'GET', path: new RegExp(`^/v3/${kind}/receipts/${id}$`), operation: `${kind}.receipts.get`, answer: (call) => oneReceipt(call) },
  ]),
  { method: 'GET', path: /^\/v3\/account$/, operation: 'account', answer: async () => ({ reply: success("Here's your account", { user_id: 1, username: 'staging', active: 1, banned: 0, balance: '100.000000', country: 'AU', default_country_sms: 'AU', timezone: 'UTC', _currency: currency }) }) },
  ...['lists', 'sms/templates', 'email/templates', 'email/addresses', 'numbers', 'sms/inbound'].map((what): JsonRoute => ({ method: 'GET', path: new RegExp(`^/v3/${what}$`), operation: what.replace('/', '.'), answer: async (call) => ({ reply: success('Here are your data.', paged(call, [])) }) })),
];

/** A price is asked with the body of a send; anything else is none that is known to send nothing. */
function messagesIn(request: HttpRequest): CallContent | Unread {
  if (request.query !== null && request.query !== '') return unreadable('it carries parameters in its query');
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  return asArray(field(asObject(json.value), 'messages')) === null ? unreadable('there are no messages') : { kind: 'content', body: json.value, query: [] };
}

/** Newest first; `null` leaves one out. */
async function page(call: JsonCallInContext, kind: Kind, show: (stored: StoredMessage) => unknown): Promise<Simulation<HttpResponse>> {
  const all = (await call.context.list('message', { where: { kind }, limit: 1000 })).items.map(({ value }) => show(value as StoredMessage)).filter((each) => each !== null);
  return { reply: success('Here are your data.', paged(call, all)) };
}

function paged({ request, query }: JsonCallInContext, all: readonly unknown[]): unknown {
  const number = (name: string, usual: number): number => Math.min(Math.max(Number.parseInt(formAll(query, name)[0] ?? '', 10) || usual, 1), 10_000);
  const [current, size] = [number('page', 1), Math.min(number('limit', 15), 100)];
  const last = Math.max(Math.ceil(all.length / size), 1);
  const items = all.slice((current - 1) * size, current * size);
  const url = (to: number): string | null => to < 1 || to > last ? null : `${request.path}?page=${to}`;
  return {
    total: all.length, per_page: size, current_page: current, last_page: last, next_page_url: url(current + 1), prev_page_url: url(current - 1),
    from: items.length === 0 ? null : (current - 1) * size + 1, to: items.length === 0 ? null : (current - 1) * size + items.length, data: items,
  };
}

function historyOf(stored: StoredMessage, now: number): unknown {
  const end = endAt(stored, now);
  const { status_code, status_text, error_code, error_text } = end === null ? { status_code: '200', status_text: 'Success: Message received on server.', error_code: null, error_text: null } : receiptOf(stored, end);
  return { ...stored.shown, status: end?.name ?? (stored.sentAt > now ? 'Scheduled' : 'Sent'), status_code, status_text, error_code, error_text };
}

async function oneReceipt({ ids: [messageId = ''], context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const stored = (await context.recall('message', messageId))?.value as StoredMessage | undefined;
  const end = stored === undefined ? null : endAt(stored, context.now);
  return { reply: stored === undefined || end === null ? failure(404, 'NOT_FOUND', 'Record not found.') : success("Here's your data.", receiptOf(stored, end)) };
}
