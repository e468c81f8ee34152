import { createHash } from 'node:crypto';
import type { Headers, HttpResponse } from '../../model/exchange.ts';
import type { Remember, SimulationContext } from '../../model/provider.ts';
import type { JsonValue } from './json.ts';

const kind = 'idempotency';

interface Saved {
  readonly fingerprint: string;
  readonly at: number;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface SavedReply {
  /** what the first call with this key was answered; null when this is the first */
  readonly reply: HttpResponse | null;
  /** the first call with this key said something else */
  readonly another: boolean;
  /** what to remember of this call's answer */
  saving(reply: HttpResponse): Remember;
}

/** The answer kept for an idempotency key. `said` is what two calls have in common when they are one: operation, path, body. */
export async function savedReply(context: Pick<SimulationContext, 'recall' | 'now'>, { key, scope, said, keptMs }: {
  readonly key: string;
  /** keys are told apart within it */
  readonly scope: string;
  readonly said: JsonValue;
  readonly keptMs: number;
}): Promise<SavedReply> {
  const id = hash([scope, key]);
  const fingerprint = hash(inOneOrder(said));
  const found = await context.recall(kind, id);
  const saved = found === null ? null : found.value as Saved;
  const before = saved !== null && context.now - saved.at < keptMs ? saved : null;
  return {
    reply: before === null ? null : { kind: 'http', status: before.status, headers: before.headers, trailers: [], body: Buffer.from(before.body, 'utf8') },
    another: before !== null && before.fingerprint !== fingerprint,
    saving: ({ status, headers, body }) => ({
      kind, id, expectVersion: found?.version ?? 0,
      value: { fingerprint, at: context.now, status, headers, body: Buffer.from(body).toString('utf8') } satisfies Saved,
    }),
  };
}

function hash(value: JsonValue): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Fields in one order, whatever order they came in. */
function inOneOrder(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOneOrder);
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, inOneOrder(item)]));
}
