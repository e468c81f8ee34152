import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { answeredOnce } from '../wire/answered-once.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Ledger } from '../wire/ledger.ts';
import { emailOrPhone, peopleIn } from '../wire/people-in.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { errorReply, missing, PlaidFailure } from './errors.ts';
import { credentialOf, environmentOf, livenessOf } from './place.ts';
import type { Environment } from './place.ts';

/** What changes something has at hand, in a call and long after it. */
export interface Books {
  readonly ledger: Ledger;
  readonly context: SimulationContext;
  /** ms since the epoch */
  readonly now: number;
}

export interface Work extends Books {
  readonly call: JsonCallInContext;
  readonly body: JsonObject;
  readonly environment: Environment;
  readonly requestId: string;
}

export type Reached = Partial<Pick<Payment, 'amount' | 'movesMoney' | 'customer' | 'method' | 'object' | 'description'>>;

export interface Told {
  readonly path: string;
  /** absent: a read */
  readonly effect?: (body: JsonObject) => Reached;
  /** without these Plaid refuses the call */
  readonly required?: readonly string[];
  /** whether an idempotency_key makes it one call, and for how long */
  readonly onceMs?: number;
  /** which answers the key leads to again; absent: all */
  readonly keeps?: (answer: JsonObject) => boolean;
  readonly run: (work: Work) => Promise<JsonObject>;
}

/** Everything of Plaid is a POST with a JSON object; the path says what it does. https://plaid.com/docs/api/ */
export function operation({ path, effect, required = [], onceMs, keeps, run }: Told): JsonRoute {
  const name = path.slice(1).replaceAll('/', '.');
  return {
    method: 'POST', path: new RegExp(`^${path}$`), operation: name,
    ...(effect === undefined ? {} : {
      effects: (call: JsonCall) => {
        const body = asObject(call.body);
        if (body === null) return unreadable('the body is not a JSON object');
        return [{
          channel: 'payment', provider: 'plaid', operation: name, liveness: livenessOf(call.request, body), recipients: peopleOf(body), keys: keysOf(body),
          amount: null, movesMoney: false, customer: customerOf(body), method: null, object: null, description: asString(field(body, 'description')), ...effect(body),
        }];
      },
    }),
    answer: async (call) => {
      const requestId = call.context.id('', { length: 15 });
      try {
        const body = asObject(call.body);
        if (body === null) throw new PlaidFailure('INVALID_REQUEST', 'INVALID_BODY', 'POST body must be a JSON object');
        if (credentialOf(call.request, body) === null) throw missing(['client_id', 'secret']);
        const absent = required.filter((each) => (field(body, each) ?? '') === '');
        if (absent.length > 0) throw missing(absent);
        return await answered({ name, onceMs, keeps, run }, { call, body, requestId });
      } catch (error) {
        if (!(error instanceof PlaidFailure)) throw error;
        return { reply: errorReply({ type: error.type, code: error.code, message: error.message, status: error.status, requestId }) };
      }
    },
  };
}

async function answered({ name, onceMs, keeps = () => true, run }: Pick<Told, 'onceMs' | 'keeps' | 'run'> & { readonly name: string }, { call, body, requestId }: Pick<Work, 'call' | 'body' | 'requestId'>): Promise<Simulation<HttpResponse>> {
  const { context, request } = call;
  const key = onceMs === undefined ? null : asString(field(body, 'idempotency_key'));
  let answer: JsonObject = {};
  return answeredOnce(context, { key, scope: name, said: body, keptMs: onceMs ?? 0, keeps: () => keeps(answer) }, async (ledger) => {
    answer = await run({ ledger, context, now: context.now, call, body, environment: environmentOf(request), requestId });
    return jsonReply(200, { ...answer, request_id: requestId });
  });
}

/** Words of the caller's own, and what Plaid never reaches anybody by; its ids look like telephone numbers. */
const words = /(?:^|\/)(?:(?:account|authorization|transfer|refund|payment|recipient|recurring_transfer|sweep|ledger|from_ledger|to_ledger|funding_account|origination_account|originator_client|institution|item|key|test_clock|intent|transfer_intent|consent)_id|account_ids\/[0-9]+|description|metadata|metadata\/.*|custom_attributes\/.*|legal_name|name|client_name|reference|[a-z_]*uri|webhook|[a-z_]*token|idempotency_key|secret|client_id|client_user_id|[a-z_]*(?:date|time)|iban|account|sort_code|ssn)$/s;

export function peopleOf(body: JsonObject): Payment['recipients'] {
  return peopleIn(body, { words, roleOf: (names) => names.at(-2) ?? 'user', kindOf: (name) => (/_time$|verified/.test(name) ? null : emailOrPhone(name)) });
}

export function keysOf(body: JsonObject): Payment['keys'] {
  const named = ['metadata', 'custom_attributes'].flatMap((name) => Object.entries(asObject(field(body, name)) ?? {}));
  return named.flatMap(([name, value]) => (typeof value === 'string' && value !== '') || typeof value === 'number' ? [{ name, value: String(value) }] : []);
}

function customerOf(body: JsonObject): string | null {
  const user = asObject(field(body, 'user'));
  return asString(field(user, 'client_user_id')) ?? asString(field(user, 'email_address'));
}

/** '2026-11-21T09:00:00Z' */
export function at(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** '2026-11-23' */
export function dateAfter(ms: number, days: number): string {
  return new Date(ms + days * 86_400_000).toISOString().slice(0, 10);
}

/** What a token is remembered by: the token itself opens an account. */
export function hashOf(token: string): string {
  return createHash('sha256').update(`plaid ${token}`).digest('hex').slice(0, 32);
}

/** A UUID that a text always leads to. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function some(from: JsonObject | null, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (field(from, name) ?? null) === null ? [] : [[name, field(from, name)!]]));
}
