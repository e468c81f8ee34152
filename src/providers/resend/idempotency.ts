import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import { jsonReply } from '../wire/reply.ts';
import type { JsonCallInContext } from '../wire/json-api.ts';
import type { JsonValue } from '../wire/json.ts';
import { errorReply } from './errors.ts';

const kept = 24 * 3600 * 1000;

interface Saved { readonly fingerprint: string; readonly at: number; readonly body: JsonValue }

/** https://resend.com/docs/dashboard/emails/idempotency-keys: a day long the same call has the same answer; another body is refused. */
export async function once(call: JsonCallInContext, answer: () => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const { request, context } = call;
  const key = header(request.headers, 'idempotency-key');
  if (key === null) return answer();
  if (key.length < 1 || key.length > 256) return { reply: errorReply({ statusCode: 400, name: 'invalid_idempotency_key', message: 'The key must be between 1-256 chars.' }) };
  const id = `${request.path} ${key}`;
  const fingerprint = createHash('sha256').update(JSON.stringify(sorted(call.body))).digest('hex');
  const found = await context.recall('idempotency', id);
  const before = found === null ? null : found.value as Saved;
  if (before !== null && context.now - before.at < kept) {
    return { reply: before.fingerprint === fingerprint ? jsonReply(200, before.body) : errorReply({ statusCode: 409, name: 'invalid_idempotent_request', message: 'Same idempotency key used with a different request payload.' }) };
  }
  const simulation = await answer();
  if (simulation.reply.status !== 200) return simulation;
  const body = JSON.parse(Buffer.from(simulation.reply.body).toString('utf8')) as JsonValue;
  return { ...simulation, remember: [...simulation.remember ?? [], { kind: 'idempotency', id, expectVersion: found?.version ?? 0, value: { fingerprint, at: context.now, body } satisfies Saved }] };
}

/** Fields in one order, whatever order they came in. */
function sorted(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, sorted(item)]));
}
