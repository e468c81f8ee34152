import { createHash } from 'node:crypto';
import type { Remember, Remembered, SimulationContext } from '../../model/provider.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { StripeFailure } from './errors.ts';
import type { Answer } from './operation.ts';
import type { StripeCall } from './request.ts';

const kind = 'idempotency';
/** Keys may be pruned once they are a day old; a pruned one is new again. https://docs.stripe.com/api/idempotent_requests */
const kept = 24 * 3600 * 1000;

interface Saved extends Answer {
  /** hash of method, path and parameters */
  readonly fingerprint: string;
  /** request id of the first call */
  readonly request: string;
  /** ms since the epoch */
  readonly at: number;
}

export interface Idempotency {
  /** the saved result, when this call repeats another */
  readonly replay: Saved | null;
  /** what to remember of this call, once it has begun */
  saved(answer: Answer, request: string): Remember;
}

/** Looks the key up. The same key with other parameters is refused. Null for calls that take no key (GET, DELETE, none given). */
export async function idempotency(call: StripeCall, key: string | null, context: SimulationContext): Promise<Idempotency | null> {
  if (key === null || call.route.method !== 'POST') return null;
  if (key.length > 255) {
    throw new StripeFailure(400, { type: 'invalid_request_error', message: 'Keys for idempotent requests can be up to 255 characters long.' });
  }
  const fingerprint = fingerprintOf(call);
  const found: Remembered | null = await context.recall(kind, key);
  const before = found === null ? null : found.value as Saved;
  const fresh = before !== null && context.now - before.at < kept ? before : null;
  if (fresh !== null && fresh.fingerprint !== fingerprint) {
    throw new StripeFailure(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  }
  return {
    replay: fresh,
    saved: ({ status, body }, request) => ({
      kind, id: key, expectVersion: found?.version ?? 0, value: { fingerprint, request, at: context.now, status, body } satisfies Saved,
    }),
  };
}

function fingerprintOf(call: StripeCall): string {
  return createHash('sha256').update(JSON.stringify([call.route.method, call.route.pattern, call.ids, sorted(call.params), call.uploads.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'))])).digest('hex');
}

/** Parameters in one order, whatever order they came in. */
function sorted(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(Object.entries(value as JsonObject).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, sorted(item)]));
}
