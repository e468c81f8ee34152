import { header } from '../../model/exchange.ts';
import type { HttpRequest } from '../../model/exchange.ts';
import type { Payment } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import type { Ledger } from '../wire/ledger.ts';
import { peopleIn } from '../wire/people-in.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { CoinbaseFailure, errorReply } from './errors.ts';

/** What changes something has at hand, in a call and long after it. */
export interface Books {
  readonly ledger: Ledger;
  /** ms since the epoch */
  readonly now: number;
  uuid(): string;
  /** of 8 characters, as in the address of a charge */
  code(): string;
  hash(): string;
  page(kind: string, id: string): string;
}

export interface Work extends Books {
  readonly call: JsonCallInContext;
  readonly body: JsonObject;
}

/** `body` null: 204 */
export interface Answer { readonly status: number; readonly body: JsonObject | null }

export type Reached = Pick<Payment, 'amount' | 'customer' | 'object' | 'description'>;

export interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** absent: a read */
  readonly effect?: (body: JsonObject, call: JsonCall) => Reached;
  readonly run: (work: Work) => Promise<Answer>;
}

export function keyOf(request: HttpRequest): string | null {
  return header(request.headers, 'x-cc-api-key') || null;
}

export function booksOf(context: Pick<JsonCallInContext['context'], 'recall' | 'now' | 'id' | 'uuid' | 'page'>): Books {
  return {
    ledger: openLedger(context), now: context.now, uuid: () => context.uuid(), page: (kind, id) => context.page(kind, id),
    code: () => context.id('', { length: 8 }).toUpperCase(), hash: () => context.id('0x', { length: 64, alphabet: 'hex' }),
  };
}

/**
 * Nothing here moves money by itself: the payer does, on the chain. There is no sandbox and no sort of key for tests: everything is live.
 * https://docs.cdp.coinbase.com/commerce/introduction/welcome
 */
export function operation({ method, path, operation: name, effect, run }: Told): JsonRoute {
  return {
    method, path, operation: name,
    ...(effect === undefined ? {} : {
      effects: (call: JsonCall) => {
        const body = call.body === null ? {} : asObject(call.body);
        if (body === null) return unreadable('the body is not a JSON object');
        return [{ channel: 'payment', provider: 'coinbase', operation: name, liveness: 'live', recipients: peopleOf(body), keys: keysOf(body), method: null, movesMoney: false, ...effect(body, call) }];
      },
    }),
    answer: async (call) => {
      if (keyOf(call.request) === null) return { reply: errorReply(401, 'authentication_error', 'No such API key') };
      const books = booksOf(call.context);
      try {
        const { status, body } = await run({ ...books, call, body: asObject(call.body) ?? {} });
        return { reply: body === null ? emptyReply(status) : jsonReply(status, body), ...books.ledger.finish() };
      } catch (error) {
        if (!(error instanceof CoinbaseFailure)) throw error;
        return { reply: errorReply(error.status, error.type, error.message) };
      }
    },
  };
}

/** Words of the caller's own: an address in them reaches nobody. */
const words = /^(?:name|description|memo|business_name|customer_name|customer_id|metadata|metadata\/.*|redirect_url|cancel_url|logo_url|local_price\/.*)$/s;

export function peopleOf(body: JsonObject): Payment['recipients'] {
  return peopleIn(body, { words, roleOf: (names) => names.at(-1)!.replace(/_?e-?mail.*$/i, '') || 'customer' });
}

export function keysOf(body: JsonObject): Payment['keys'] {
  return Object.entries(asObject(field(body, 'metadata')) ?? {}).flatMap(([name, value]) => (typeof value === 'string' && value !== '') || typeof value === 'number' ? [{ name, value: String(value) }] : []);
}

/** The caller's own name for who pays. */
export function customerOf(body: JsonObject): string | null {
  return asString(field(asObject(field(body, 'metadata')), 'customer_id')) ?? asString(field(body, 'customer_email'));
}

/** '2026-11-21T09:00:00Z' */
export function at(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The fields of these that were given. */
export function some(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (field(from, name) ?? null) === null ? [] : [[name, field(from, name)!]]));
}

/** Characters of ids and codes, none of which could hide another path. */
export const idIn = (prefix: string, suffix = ''): RegExp => new RegExp(`^/${prefix}/([A-Za-z0-9-]{1,64})${suffix}$`);
