import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { paymentEffect, type Reached } from '../wire/payment-effect.ts';
import { answeredOnce } from '../wire/answered-once.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import type { Ledger } from '../wire/ledger.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import type { Unread } from '../wire/unread.ts';
import { addresseesOf } from './addressees.ts';
import { CheckoutFailure, errorReply } from './errors.ts';
import { keyOf, livenessOf } from './place.ts';

export { nothing, type Reached } from '../wire/payment-effect.ts';

/** What changes something has at hand, in a call and long after it. */
export interface Books {
  readonly ledger: Ledger;
  readonly now: number;
  readonly context: SimulationContext;
  /** 'pay_' and 26 letters and digits of base32, as all of Checkout.com's */
  id(prefix: string): string;
}

export interface Work extends Books {
  readonly call: JsonCallInContext;
  readonly body: JsonObject;
  /** 'https://api.sandbox.checkout.com' */
  readonly base: string;
}

/** `body` null: none; `page`: told beside the answer, where Checkout.com names no URL that is paid at */
export interface Answer { readonly status: number; readonly body: JsonValue; readonly page?: string }


interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** absent: a read */
  readonly effect?: (body: JsonObject, call: JsonCall) => Reached | Unread;
  /** Cko-Idempotency-Key makes two calls one */
  readonly once?: true;
  readonly run: (work: Work) => Promise<Answer>;
}

/** https://www.checkout.com/docs/developer-resources/api/idempotency */
const keptMs = 24 * 3600 * 1000;

export function operation({ method, path, operation: name, effect, once, run }: Told): JsonRoute {
  return {
    method, path, operation: name,
    ...(effect === undefined ? {} : { effects: paymentEffect({ provider: 'checkout', operation: name, effect, livenessOf, peopleOf: addresseesOf, keysOf }) }),
    answer: async (call) => {
      const request = requestId(call.context.capture);
      if (keyOf(call.request.headers) === null) return { reply: errorReply(401, request, []) };
      try {
        return await answered(name, once, run, call, request);
      } catch (error) {
        if (!(error instanceof CheckoutFailure)) throw error;
        return { reply: errorReply(error.status, request, error.codes) };
      }
    },
  };
}

async function answered(name: string, once: true | undefined, run: Told['run'], call: JsonCallInContext, requested: string): Promise<Simulation<HttpResponse>> {
  const { request, context } = call;
  const key = once === undefined ? null : header(request.headers, 'cko-idempotency-key');
  return answeredOnce(context, { key, scope: `${name} ${call.ids.join('/')}`, said: null, keptMs }, async (ledger) => {
    const { status, body, page } = await run({ ...booksOf(context, ledger), call, body: asObject(call.body) ?? {}, base: `https://${request.authority.host}` });
    const headers = [['Cko-Request-Id', requested] as const, ...(page === undefined ? [] : [['X-Fourthwall-Page', page] as const])];
    return body === null ? emptyReply(status, headers) : jsonReply(status, body, headers);
  });
}

export function booksOf(context: SimulationContext, ledger = openLedger(context)): Books {
  const base32 = (letters: string): string => letters.toLowerCase().replaceAll(/[0189]/g, (digit) => ({ 0: 'a', 1: 'b', 8: 'c', 9: 'd' })[digit as '0' | '1' | '8' | '9']);
  return { ledger, now: context.now, context, id: (prefix) => prefix + base32(context.id('', { length: 26, alphabet: 'base62' })) };
}

/** The same for the same call: no identifier is drawn for it, so that what is answered does not hang on it. */
function requestId(capture: string): string {
  const hex = createHash('sha256').update(capture).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The caller's own reference and metadata. */
export function keysOf(body: JsonObject): Payment['keys'] {
  return [['reference', field(body, 'reference')] as const, ...Object.entries(asObject(field(body, 'metadata')) ?? {})]
    .flatMap(([name, value]) => typeof value === 'string' && value !== '' || typeof value === 'number' ? [{ name, value: String(value) }] : []);
}

export function text(body: JsonObject | null, name: string): string | null {
  return asString(field(body, name)) || null;
}

/** Whole fields of `from` that are there. */
export function some(from: JsonObject | null, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (field(from, name) ?? null) === null ? [] : [[name, field(from, name)!]]));
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export const href = (url: string): JsonObject => ({ href: url });

/** Ids of some kinds, none of which could hide another path. */
export const idIn = (before: string, prefixes: string, after = ''): RegExp => new RegExp(`^/${before}/((?:${prefixes})_[A-Za-z0-9]{1,60})${after}$`);
