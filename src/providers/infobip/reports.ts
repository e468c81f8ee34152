import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Remember, Simulation } from '../../model/provider.ts';
import { formAll } from '../wire/form.ts';
import type { CallContent, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { segmentsOf } from '../wire/segments.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { ibError } from './error.ts';
import { endAt, resultOf } from './event.ts';
import type { StoredMessage } from './event.ts';
import { text, time } from './parts.ts';
import { withQuery } from './query.ts';

/** What is told of messages that were sent, and what of the account is asked beside. */
export const reports: readonly JsonRoute[] = [
  { method: 'GET', path: /^\/(?:sms\/[123]|whatsapp\/1)\/reports\/?$/, operation: 'reports', answer: ended },
  { method: 'GET', path: /^\/(?:sms\/[123]|whatsapp\/1)\/logs\/?$/, operation: 'logs', answer: async (call) => ({ reply: jsonReply(200, { results: (await chosen(call)).map((stored) => ({ ...resultOf(stored, call.context.now), text: stored.text ?? '' })) }) }) },
  { method: 'GET', path: /^\/sms\/1\/inbox\/reports\/?$/, operation: 'sms.inbox', answer: async () => ({ reply: jsonReply(200, { results: [], messageCount: 0, pendingMessageCount: 0 }) }) },
  { method: 'GET', path: /^\/sms\/1\/bulks\/?$/, operation: 'sms.bulks', answer: (call) => ofBulk(call, ({ bulkId, sentAt }) => ({ bulkId, sendAt: time(sentAt) })) },
  { method: 'GET', path: /^\/sms\/1\/bulks\/status\/?$/, operation: 'sms.bulks.status', answer: (call) => ofBulk(call, ({ bulkId, sentAt }) => ({ bulkId, status: call.context.now < sentAt ? 'PENDING' : 'FINISHED' })) },
  { method: 'POST', path: /^\/sms\/1\/preview$/, operation: 'sms.preview', read: previewed, answer: preview },
  { method: 'GET', path: /^\/account\/1\/balance$/, operation: 'account.balance', answer: async () => ({ reply: jsonReply(200, { balance: 100, currency: 'EUR' }) }) },
];

/** Each report is given once, and none of a message whose report was posted. */
async function ended(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { context } = call;
  const fresh = (await chosen(call)).filter((stored) => !stored.told && stored.notifyUrl === null && endAt(stored, context.now) !== null);
  const remember: Remember[] = [];
  for (const stored of fresh) {
    const known = await context.recall('message', stored.messageId);
    if (known !== null) remember.push({ kind: 'message', id: stored.messageId, expectVersion: known.version, value: { ...stored, told: true }, index: { to: stored.to, ...stored.bulkId === null ? {} : { bulkId: stored.bulkId } } });
  }
  return { reply: jsonReply(200, { results: fresh.map((stored) => resultOf(stored, context.now)) }), remember };
}

async function chosen({ request, query, context }: JsonCallInContext): Promise<readonly StoredMessage[]> {
  const channel = request.path.startsWith('/sms/') ? 'sms' : 'whatsapp';
  const [bulks, ids, numbers] = ['bulkId', 'messageId', 'to'].map((name) => formAll(query, name).flatMap((value) => value.split(',')));
  const limit = Math.min(Math.max(Number.parseInt(formAll(query, 'limit')[0] ?? '50', 10) || 50, 1), 1000);
  const all = (await context.list('message', { limit: 1000 })).items.map(({ value }) => value as StoredMessage);
  const asked = (values: readonly string[], value: string | null): boolean => values.length === 0 || (value !== null && values.includes(value));
  return all.filter((stored) => stored.channel === channel && asked(bulks!, stored.bulkId) && asked(ids!, stored.messageId) && asked(numbers!, stored.to)).slice(0, limit);
}

async function ofBulk({ request, query, context }: JsonCallInContext, shown: (stored: StoredMessage) => unknown): Promise<Simulation<HttpResponse>> {
  const bulkId = formAll(query, 'bulkId')[0] ?? '';
  const [first] = (await context.list('message', { where: { bulkId }, limit: 1 })).items;
  return { reply: first === undefined ? ibError(request, 404, 'NOT_FOUND', `Bulk ${bulkId} does not exist`) : jsonReply(200, shown(first.value as StoredMessage)) };
}

/** A text and how it is to be written; whatever else stands there is none of a preview. */
function previewed(request: HttpRequest): CallContent | Unread {
  const read = withQuery()(request);
  const odd = read.kind === 'unreadable' ? null : Object.keys(asObject(read.body) ?? { none: null }).find((name) => !['text', 'languageCode', 'transliteration', 'type'].includes(name));
  return odd === null || odd === undefined ? read : unreadable('it has fields that a preview has none of');
}

async function preview({ body, request }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const original = text(asObject(body), 'text');
  if (original === null || original === '') return { reply: ibError(request, 400, 'BAD_REQUEST', 'Bad Request: text must not be empty') };
  const { encoding, count } = segmentsOf(original);
  const size = encoding === 'GSM-7' ? (count === 1 ? 160 : 153) : (count === 1 ? 70 : 67);
  return { reply: jsonReply(200, { originalText: original, previews: [{ textPreview: original, messageCount: count, charactersRemaining: Math.max(count * size - original.length, 0), configuration: {} }] }) };
}
