import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { answeredOnce } from '../wire/answered-once.ts';
import { bearer } from '../wire/credential.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { Ledger } from '../wire/ledger.ts';
import { emailOrPhone, peopleIn } from '../wire/people-in.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { errorReply, invalid, WiseFailure } from './errors.ts';
import { livenessOf } from './place.ts';

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
  /** the query's parameters; given twice, the first counts: only reads have any */
  readonly query: Readonly<Record<string, string | undefined>>;
}

/** `body` null: none */
export interface Answer { readonly status: number; readonly body: JsonValue }

export type Reached = Partial<Pick<Payment, 'amount' | 'movesMoney' | 'customer' | 'method' | 'object' | 'description' | 'keys'>>;

export interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** absent: a read */
  readonly effect?: (body: JsonObject, call: JsonCall) => Reached;
  /** X-idempotence-uuid makes it one call, and Wise refuses it without */
  readonly once?: true;
  readonly run: (work: Work) => Promise<Answer>;
}

/** https://docs.wise.com/api-reference */
export function operation({ method, path, operation: name, effect, once, run }: Told): JsonRoute {
  return {
    method, path, operation: name,
    ...(effect === undefined ? {} : {
      effects: (call: JsonCall) => {
        const body = call.body === null ? {} : asObject(call.body);
        if (body === null) return unreadable('the body is not a JSON object');
        if (call.query.length > 0) return unreadable('it carries parameters in its query');
        return [{
          channel: 'payment', provider: 'wise', operation: name, liveness: livenessOf(call.request), recipients: peopleOf(body), keys: [],
          amount: null, movesMoney: false, customer: null, method: null, object: null, description: null, ...effect(body, call),
        }];
      },
    }),
    answer: async (call) => {
      if (bearer(call.request.headers) === null) return { reply: jsonReply(401, { error: 'invalid_token', error_description: 'Invalid token' }) };
      try {
        return await answered({ name, once: once === true, run }, call);
      } catch (error) {
        if (!(error instanceof WiseFailure)) throw error;
        return { reply: errorReply(error.status, error.code, error.message, error.path) };
      }
    },
  };
}

/** Wise names no end for its idempotence keys; it keeps them for at least a day. */
const keptMs = 24 * 3600_000;

async function answered({ name, once, run }: { readonly name: string; readonly once: boolean; readonly run: Told['run'] }, call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { request, context } = call;
  const body = call.body === null ? {} : asObject(call.body);
  if (body === null) throw invalid('body', 'The request body must be a JSON object');
  const key = once ? header(request.headers, 'x-idempotence-uuid') : null;
  if (once && !key) throw new WiseFailure(400, 'MISSING_HEADER', 'Required request header X-idempotence-uuid is not present', 'X-idempotence-uuid');
  return answeredOnce(context, { key, scope: `${name} ${call.ids.join('/')}`, said: body, keptMs }, async (ledger) => {
    const answer = await run({ ledger, context, now: context.now, call, body, query: Object.fromEntries(call.query.toReversed()) });
    return answer.body === null ? emptyReply(answer.status) : jsonReply(answer.status, answer.body);
  });
}

/** Words of the caller's own, numbers of banks, and ids, which look like telephone numbers. */
const words = /(?:^|\/)(?:accountHolderName|name|reference|transferPurpose[A-Za-z]*|sourceOfFunds[A-Za-z]*|description|url|customerTransactionId|quoteUuid|quoteId|accountNumber|sortCode|iban|IBAN|bic|BIC|swiftCode|routingNumber|abartn|clabe|cpf|idNumber|cardNumber|postCode|firstLine|city|externalCustomerId|dateOfBirth|taxId)$/s;

export function peopleOf(body: JsonObject): Payment['recipients'] {
  return peopleIn(body, { words, roleOf: (names) => (names.includes('originator') ? 'originator' : 'recipient'), kindOf: emailOrPhone });
}

/** '2026-11-21 09:00:00' of a transfer */
export function at(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** A number of eight digits and more, as Wise's ids are. */
export function newNumber({ context }: Pick<Books, 'context'>): string {
  return context.id('1', { length: 8, alphabet: 'digits' });
}

/** A number that a text always leads to. */
export function numberFor(text: string): string {
  return `2${String(createHash('sha256').update(`wise ${text}`).digest().readUInt32BE(0)).padStart(10, '0').slice(-8)}`;
}

export function some(from: JsonObject | null, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (field(from, name) ?? null) === null ? [] : [[name, field(from, name)!]]));
}

/** An id that may come as a number or as its digits. */
export function idOf(value: JsonValue | undefined): string | null {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : asString(value);
  return text !== null && /^[0-9]{1,18}$/.test(text) ? text : null;
}
