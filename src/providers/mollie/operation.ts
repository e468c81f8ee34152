import type { HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { answeredOnce } from '../wire/answered-once.ts';
import { bearer } from '../wire/credential.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { Ledger } from '../wire/ledger.ts';
import { peopleIn } from '../wire/people-in.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { livenessOf } from './credential.ts';
import { errorReply, MollieFailure } from './errors.ts';

export const api = 'https://api.mollie.com/v2';

export interface Work {
  readonly call: JsonCallInContext;
  readonly body: JsonObject;
  readonly ledger: Ledger;
  readonly mode: 'live' | 'test';
  readonly now: number;
  id(prefix: string): string;
  /** the page where the customer pays */
  checkout(payment: string): string;
}

/** `body` null: 204 */
export interface Answer { readonly status: number; readonly body: JsonObject | null }

export type Reached = Pick<Payment, 'amount' | 'movesMoney' | 'customer' | 'method' | 'object' | 'description'>;

export interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** absent: a read */
  readonly effect?: (body: JsonObject, call: JsonCall) => Reached | Unread;
  readonly run: (work: Work) => Promise<Answer>;
}

/** An Idempotency-Key is kept for an hour. https://docs.mollie.com/reference/api-idempotency */
const keptMs = 3600 * 1000;

export function operation({ method, path, operation: name, effect, run }: Told): JsonRoute {
  return {
    method, path, operation: name,
    ...(effect === undefined ? {} : {
      effects: (call: JsonCall) => {
        const body = call.body === null ? {} : asObject(call.body);
        if (body === null) return unreadable('the body is not a JSON object');
        const one = effect(body, call);
        return 'kind' in one ? one : [{ channel: 'payment', provider: 'mollie', operation: name, liveness: livenessOf(call.request), recipients: peopleOf(body), keys: keysOf(field(body, 'metadata')), ...one }];
      },
    }),
    answer: async (call) => {
      if (bearer(call.request.headers) === null) return { reply: errorReply(401, 'Missing authentication, or failed to authenticate') };
      try {
        return await answered(name, run, call);
      } catch (error) {
        if (!(error instanceof MollieFailure)) throw error;
        return { reply: errorReply(error.status, error.message, error.field) };
      }
    },
  };
}

async function answered(name: string, run: Told['run'], call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { request, context, body } = call;
  const key = ['POST', 'DELETE'].includes(request.method) ? header(request.headers, 'idempotency-key') : null;
  return answeredOnce(context, { key, scope: `${name} ${call.ids.join('/')}`, said: body, keptMs }, async (ledger) => {
    const answer = await run({
      call, ledger, body: asObject(body) ?? {}, now: context.now, mode: livenessOf(request) === 'test' ? 'test' : 'live',
      id: (prefix) => context.id(prefix, { length: 10, alphabet: 'base62' }), checkout: (payment) => context.page('payment', payment),
    });
    return answer.body === null ? emptyReply(answer.status) : { ...jsonReply(answer.status, answer.body), headers: [['Content-Type', 'application/hal+json']] as const };
  });
}

/** Words of the caller's own: an address in them reaches nobody. */
const words = /(?:^|\/)(?:description|metadata|metadata\/.*|name|sku|[A-Za-z]*Url|cardToken|applePayPaymentToken|mandateReference|consumerName|givenName|familyName)$/s;

export function peopleOf(body: JsonObject): Payment['recipients'] {
  return peopleIn(body, { words, roleOf });
}

/** 'billing' of billingAddress.email and billingEmail; 'customer' of a customer's own. */
function roleOf(names: readonly string[]): string {
  const name = names.at(-1)!.replace(/e-?mail.*$/i, '') || names.at(-2) || 'customer';
  return name.replace(/Address$/, '');
}

/** Metadata is any JSON: of an object each value, of anything else the whole. */
export function keysOf(metadata: JsonValue | undefined): Payment['keys'] {
  if (typeof metadata === 'string' || typeof metadata === 'number') return [{ name: 'metadata', value: String(metadata) }];
  const entries: readonly (readonly [string, JsonValue])[] = asArray(metadata)?.map((value) => ['metadata', value] as const) ?? Object.entries(asObject(metadata) ?? {});
  return entries.flatMap(([name, value]) => typeof value === 'string' && value !== '' || typeof value === 'number' ? [{ name, value: String(value) }] : []);
}

export function hal(path: string): JsonObject {
  return { href: path.startsWith('https:') ? path : `${api}${path}`, type: 'application/hal+json' };
}

export function page(href: string): JsonObject {
  return { href, type: 'text/html' };
}

/** '2026-11-21T09:00:00+00:00' */
export function at(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}

/** Whole fields of `from` that are there. */
export function some(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => field(from, name) === undefined ? [] : [[name, field(from, name)!]]));
}
