import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { answeredOnce } from '../wire/answered-once.ts';
import { bearer } from '../wire/credential.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Ledger } from '../wire/ledger.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { addresseesOf } from './addressees.ts';
import { errorReply, invalid, missing, SquareFailure } from './errors.ts';
import type { Fault } from './errors.ts';
import { livenessOf, mainLocationOf, merchantOf } from './place.ts';

/** What changes something has at hand, in a call and long after it. */
export interface Books {
  readonly ledger: Ledger;
  /** ms since the epoch */
  readonly now: number;
  readonly merchant: string;
  id(length: number): string;
  uuid(): string;
}

export interface Work extends Books {
  readonly call: JsonCallInContext;
  /** the body where there is one, else an empty one */
  readonly body: JsonObject;
  /** the location that the call means where it names none */
  readonly location: string;
  /** our page for one of its objects, where the buyer pays */
  readonly page: SimulationContext['page'];
}

export interface Answer {
  readonly body: JsonObject;
  /** the call went through and failed, as a declined card does */
  readonly fault?: { readonly status: number; readonly fault: Fault };
}

type Effect = Partial<Pick<Payment, 'amount' | 'customer' | 'method' | 'object' | 'description' | 'keys'>> & Pick<Payment, 'movesMoney'>;

export interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  readonly query?: true;
  /** absent: a read */
  readonly effect?: (body: JsonObject, call: JsonCall) => Effect;
  /** whether the call carries an idempotency_key that makes it one call; required: Square refuses it without */
  readonly once?: 'required' | 'optional';
  readonly run: (work: Work) => Promise<Answer>;
}

export function operation({ method, path, operation: name, query, effect, once, run }: Told): JsonRoute {
  return {
    method, path, operation: name,
    ...(query === undefined ? {} : { query }),
    ...(effect === undefined ? {} : {
      effects: (call: JsonCall) => {
        const body = call.body === null ? {} : asObject(call.body);
        if (body === null) return unreadable('the body is not a JSON object');
        return [{
          channel: 'payment', provider: 'square', operation: name, liveness: livenessOf(call.request), recipients: addresseesOf(body),
          amount: null, customer: null, method: null, object: null, description: null, keys: [], ...effect(body, call),
        }];
      },
    }),
    answer: async (call) => {
      if (bearer(call.request.headers) === null) return { reply: errorReply(401, { category: 'AUTHENTICATION_ERROR', code: 'UNAUTHORIZED', detail: 'This request could not be authorized.' }) };
      try {
        return await answered(name, once, run, call);
      } catch (error) {
        if (!(error instanceof SquareFailure)) throw error;
        return { reply: errorReply(error.status, error.fault) };
      }
    },
  };
}

async function answered(name: string, once: Told['once'], run: Told['run'], call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { request, context } = call;
  const body = call.body === null ? {} : asObject(call.body);
  if (body === null) throw invalid('EXPECTED_JSON_BODY', 'The request body must be a JSON object.');
  const key = once === undefined ? null : keyOf(body, once);
  // Square names no end for its keys
  const another = (): Error => invalid('IDEMPOTENCY_KEY_REUSED', 'The idempotency key can only be retried with the same request data.', 'idempotency_key');
  const merchant = merchantOf(request);
  return answeredOnce(context, { key, scope: name, said: body, keptMs: Number.POSITIVE_INFINITY, another }, async (ledger) => {
    const answer = await run({
      call, ledger, body, merchant, now: context.now, location: mainLocationOf(merchant),
      id: (length) => context.id('', { length, alphabet: 'base62' }), uuid: () => context.uuid(), page: context.page,
    });
    return answer.fault === undefined ? jsonReply(200, answer.body) : errorReply(answer.fault.status, answer.fault.fault, answer.body);
  });
}

function keyOf(body: JsonObject, once: 'required' | 'optional'): string | null {
  const key = asString(field(body, 'idempotency_key'));
  if (key === null || key === '') {
    if (once === 'required') throw missing('idempotency_key');
    return null;
  }
  return key;
}

/** The caller's own number of a thing. */
export function referenceOf(object: JsonObject | null): Payment['keys'] {
  const value = asString(field(object, 'reference_id'));
  return value === null || value === '' ? [] : [{ name: 'reference_id', value }];
}

/** The fields of these that were given. */
export function given(from: JsonObject | null, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => {
    const value = field(from, name);
    return value === undefined || value === null ? [] : [[name, value]];
  }));
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Characters of Square's ids, none of which could hide another path. */
export const idIn = (prefix: string, suffix = ''): RegExp => new RegExp(`^${prefix}/([A-Za-z0-9_-]{1,255})${suffix}$`);
