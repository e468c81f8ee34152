import type { HttpRequest } from '../../model/exchange.ts';
import { jsonBody } from '../wire/body.ts';
import { parseQuery } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { CallContent, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { createOutputBudget } from '../wire/output-budget.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { segmentsOf } from '../wire/segments.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { batchOf, digits, isNumber, iso, ulid } from './batch.ts';
import type { StoredBatch } from './batch.ts';
import { errorReply, notFound } from './error.ts';
import { batchCallbacks } from './events.ts';
import { blank, messagesOf, readBatch, valuesFor } from './message.ts';
import type { ReadBatch } from './message.ts';
import { base, idPattern, pageOf } from './paths.ts';
import { recipientReport, reportOf } from './report.ts';

const item = `${base}/batches/(${idPattern})`;

export const batchRoutes: readonly JsonRoute[] = [
  {
    method: 'POST', path: new RegExp(`^${base}/batches$`), operation: 'batches.send',
    effects: ({ body }) => { const batch = readBatch(body, 'to'); return batch.kind === 'unreadable' ? batch : messagesOf(batch, 'batches.send', { role: 'to' }); },
    answer: (call) => save(call, null, 201),
  },
  // Nothing is sent: only the parts of each message are counted.
  { method: 'POST', path: new RegExp(`^${base}/batches/dry_run$`), operation: 'batches.dry_run', read: dryRunContent, answer: dryRun },
  { method: 'GET', path: new RegExp(`^${base}/batches$`), operation: 'batches.list', answer: list },
  { method: 'GET', path: new RegExp(`^${item}$`), operation: 'batches.get', answer: (call) => withStored(call, async ({ batch }) => ({ reply: jsonReply(200, batch) })) },
  {
    method: 'PUT', path: new RegExp(`^${item}$`), operation: 'batches.replace',
    effects: ({ body }) => { const batch = readBatch(body, 'to'); return batch.kind === 'unreadable' ? batch : messagesOf(batch, 'batches.replace', { role: 'to' }); },
    answer: (call) => withStored(call, async (stored, version) => save(call, { stored, version }, 200)),
  },
  {
    // Whoever was in the batch before gets what it says now.
    method: 'POST', path: new RegExp(`^${item}$`), operation: 'batches.update',
    effects: ({ body, ids: [, id = ''] }) => {
      const batch = readBatch(body, 'to_add');
      return batch.kind === 'unreadable' ? batch : messagesOf(batch, 'batches.update', { role: 'to_add', more: [{ address: `batch ${id}`, kind: 'audience', role: 'audience' }] });
    },
    answer: (call) => withStored(call, async (stored, version) => update(call, stored, version)),
  },
  {
    method: 'DELETE', path: new RegExp(`^${item}$`), operation: 'batches.cancel', effects: () => [{ ...blank, operation: 'batches.cancel' }],
    answer: (call) => withStored(call, async (stored, version) => {
      const batch = { ...stored.batch, canceled: true, modified_at: iso(call.context.now) };
      return { reply: jsonReply(200, batch), remember: [{ kind: 'batch', id: batch.id, expectVersion: version, value: { ...stored, batch } satisfies StoredBatch }] };
    }),
  },
  {
    // Tells Sinch that somebody got it, and nobody else.
    method: 'POST', path: new RegExp(`^${item}/delivery_feedback$`), operation: 'batches.send_delivery_feedback',
    effects: ({ body }) => asArray(field(asObject(body), 'recipients')) === null ? unreadable('recipients is no list') : [{ ...blank, operation: 'batches.send_delivery_feedback' }],
    answer: (call) => withStored(call, async () => ({ reply: emptyReply(202) })),
  },
  {
    method: 'GET', path: new RegExp(`^${item}/delivery_report$`), operation: 'delivery_reports.get',
    answer: (call) => withStored(call, async (stored) => ({ reply: jsonReply(200, reportOf(stored, call.query.some(([name, value]) => name === 'type' && value === 'full'), call.context.now)) })),
  },
  {
    method: 'GET', path: new RegExp(`^${item}/delivery_report/((?:\\+|%2B)?[0-9]{3,18})$`), operation: 'delivery_reports.get_for_number',
    answer: (call) => withStored(call, async (stored) => {
      const number = (call.ids[2] ?? '').replace(/^(?:\+|%2B)/, '');
      return { reply: stored.batch.to.includes(number) ? jsonReply(200, recipientReport(stored, number, call.context.now)) : notFound() };
    }),
  },
  {
    method: 'GET', path: new RegExp(`^${base}/delivery_reports$`), operation: 'delivery_reports.list',
    answer: async (call) => {
      const { items } = await call.context.list('batch', { limit: 100 });
      const reports = items.map(({ value }) => value as StoredBatch).flatMap((stored) => stored.batch.to.filter(isNumber).map((number) => recipientReport(stored, number, call.context.now)));
      return { reply: jsonReply(200, pageOf(call.query, 'delivery_reports', reports)) };
    },
  },
  { method: 'GET', path: new RegExp(`^${base}/inbounds$`), operation: 'inbounds.list', answer: async ({ query }) => ({ reply: jsonReply(200, pageOf(query, 'inbounds', [])) }) },
];

/** 1 to 1000 recipients, 2000 characters. */
function faultOf({ body, to }: ReadBatch): ReturnType<typeof errorReply> | null {
  if (to.length > 1000) return errorReply(400, 'syntax_constraint_violation', '[to] must have between 1 and 1000 elements');
  const text = asString(field(body, 'body'));
  if (asObject(field(body, 'body')) === null && (text === null || text === '')) return errorReply(400, 'syntax_constraint_violation', '[body] must not be empty');
  return text !== null && text.length > 2000 ? errorReply(400, 'syntax_constraint_violation', '[body] must have at most 2000 characters') : null;
}

async function save(call: JsonCallInContext, before: { readonly stored: StoredBatch; readonly version: number } | null, status: number): ReturnType<JsonRoute['answer']> {
  const read = readBatch(call.body, 'to');
  if (read.kind === 'unreadable') return { reply: notFound() };
  const fault = faultOf(read);
  if (fault !== null) return { reply: fault };
  const { context } = call;
  const stored = batchOf(read.body, read.to, before?.stored.batch.id ?? ulid(context), context);
  return {
    reply: jsonReply(status, stored.batch), remember: [{ kind: 'batch', id: stored.batch.id, expectVersion: before?.version ?? 0, value: stored }],
    // None for a scheduled batch: it may still be cancelled.
    callbacks: stored.startsAt > context.now ? [] : batchCallbacks(context, stored),
  };
}

async function update(call: JsonCallInContext, stored: StoredBatch, version: number): ReturnType<JsonRoute['answer']> {
  const read = readBatch(call.body, 'to_add');
  if (read.kind === 'unreadable') return { reply: notFound() };
  if (stored.startsAt <= call.context.now) return { reply: errorReply(403, 'batch_already_dispatched', 'The batch has already been dispatched') };
  const removed = new Set((asArray(field(read.body, 'to_remove')) ?? []).flatMap((each) => asString(each) ?? []).map(digits));
  const { to_add: _added, to_remove: _removed, ...changes } = read.body;
  const to = [...new Set([...stored.batch.to, ...read.to.map(digits)])].filter((each) => !removed.has(each));
  const value: StoredBatch = { ...stored, batch: { ...stored.batch, ...changes, to, modified_at: iso(call.context.now) } };
  return { reply: jsonReply(200, value.batch), remember: [{ kind: 'batch', id: value.batch.id, expectVersion: version, value }] };
}

async function list(call: JsonCallInContext): ReturnType<JsonRoute['answer']> {
  const one = (name: string): string | null => wants(call.query, name);
  const [from, to] = [one('from')?.split(',').map(digits), one('to')?.split(',').map(digits)];
  const { items } = await call.context.list('batch', { limit: 1000 });
  const batches = items.map(({ value }) => (value as StoredBatch).batch).filter((batch) =>
    (from === undefined || from.includes(String(batch['from']))) && (to === undefined || batch.to.some((each) => to.includes(each))) && (one('client_reference') ?? batch['client_reference']) === batch['client_reference']);
  return { reply: jsonReply(200, pageOf(call.query, 'batches', batches)) };
}

/** A batch with its two parameters; what is no batch is no dry run either. */
function dryRunContent(request: HttpRequest): CallContent | Unread {
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return query;
  const allowed: Readonly<Record<string, RegExp>> = { per_recipient: /^(?:true|false)$/, number_of_recipients: /^[0-9]{1,4}$/ };
  const names = new Set(query.fields.map(([name]) => name));
  if (names.size !== query.fields.length || query.fields.some(([name, value]) => !Object.hasOwn(allowed, name) || !allowed[name]!.test(value))) return unreadable('its query holds something else than per_recipient and number_of_recipients');
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const batch = readBatch(json.value, 'to');
  return batch.kind === 'unreadable' ? batch : { kind: 'content', body: json.value, query: query.fields };
}

async function dryRun({ body: value, query }: JsonCallInContext): ReturnType<JsonRoute['answer']> {
  const read = readBatch(value, 'to');
  if (read.kind === 'unreadable') return { reply: notFound() };
  const fault = faultOf(read);
  if (fault !== null) return { reply: fault };
  const text = asString(field(read.body, 'body')) ?? asString(field(asObject(field(read.body, 'body')), 'message')) ?? '';
  const parameters = Object.entries(asObject(field(read.body, 'parameters')) ?? {});
  const budget = createOutputBudget();
  const each = read.to.filter(isNumber).map((to) => {
    const body = budget.render(text, valuesFor(to, parameters)) ?? text;
    const { encoding, count } = segmentsOf(body);
    return { recipient: digits(to), number_of_parts: count, body, encoding: encoding === 'GSM-7' ? 'GSM' : 'UNICODE' };
  });
  return {
    reply: jsonReply(200, {
      number_of_recipients: each.length, number_of_messages: each.reduce((sum, { number_of_parts }) => sum + number_of_parts, 0),
      ...(wants(query, 'per_recipient') === 'true' ? { per_recipient: each.slice(0, Number(wants(query, 'number_of_recipients') ?? 100)) } : {}),
    }),
  };
}

function wants(query: readonly FormField[], name: string): string | null {
  return query.find(([each]) => each === name)?.[1] ?? null;
}

async function withStored({ ids: [, id = ''], context }: JsonCallInContext, answer: (stored: StoredBatch, version: number) => ReturnType<JsonRoute['answer']>): ReturnType<JsonRoute['answer']> {
  const known = await context.recall('batch', id);
  return known === null ? { reply: notFound() } : answer(known.value as StoredBatch, known.version);
}

