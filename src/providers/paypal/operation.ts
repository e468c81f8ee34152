import type { HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { answeredOnce } from '../wire/answered-once.ts';
import { basic, bearer } from '../wire/credential.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Ledger } from '../wire/ledger.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import type { Unread } from '../wire/unread.ts';
import { unreadable } from '../wire/unread.ts';
import { errorReply, PayPalFailure, unprocessable } from './errors.ts';
import { apiOf, livenessOf } from './place.ts';

/** What a running operation has at hand. */
export interface Work {
  readonly call: JsonCallInContext;
  /** the body where it is an object, else an empty one */
  readonly body: JsonObject;
  readonly ledger: Ledger;
  readonly api: string;
  /** our page, where the payer approves an order */
  page(order: string): string;
  /** ms since the epoch */
  readonly now: number;
  /** the whole object is wanted in the answer */
  readonly whole: boolean;
  id(length?: number): string;
}

export interface Answer { readonly status: number; readonly body: JsonObject | null }

export interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** absent: a read */
  readonly effect?: (body: JsonObject, call: JsonCall) => Omit<Payment, 'channel' | 'provider' | 'operation' | 'liveness'> | Unread;
  readonly run: (work: Work) => Promise<Answer>;
}

/** A PayPal-Request-Id is kept for 6 hours by orders and longer by others. */
const keptMs = 6 * 3600 * 1000;

export function operation({ method, path, operation: name, effect, run }: Told): JsonRoute {
  return {
    method, path, operation: name,
    ...(effect === undefined ? {} : {
      effects: (call: JsonCall) => {
        const body = call.body === null ? {} : method === 'PATCH' ? { patch: call.body } : asObject(call.body);
        if (body === null) return unreadable('the body is not a JSON object');
        const one = effect(body, call);
        return 'kind' in one ? one : [{ channel: 'payment', provider: 'paypal', operation: name, liveness: livenessOf(call.request), ...one }];
      },
    }),
    answer: async (call) => {
      const debugId = call.context.id('', { length: 13, alphabet: 'hex' });
      if (bearer(call.request.headers) === null && basic(call.request.headers) === null) return { reply: errorReply(401, { name: 'AUTHENTICATION_FAILURE', message: 'Authentication failed due to invalid authentication credentials or a missing Authorization header.' }, debugId) };
      try {
        return await answered(name, run, call, debugId);
      } catch (error) {
        if (!(error instanceof PayPalFailure)) throw error;
        return { reply: errorReply(error.status, error.fault, debugId) };
      }
    },
  };
}

async function answered(name: string, run: Told['run'], call: JsonCallInContext, debugId: string): Promise<Simulation<HttpResponse>> {
  const { request, context, body } = call;
  const key = request.method === 'POST' ? header(request.headers, 'paypal-request-id') : null;
  // whatever the second call says: https://developer.paypal.com/api/rest/reference/idempotency/
  return answeredOnce(context, { key, scope: `${name} ${call.ids.join('/')}`, said: null, keptMs }, async (ledger) => {
    requireNoMock(call);
    const answer = await run({
      call, ledger, body: asObject(body) ?? {}, api: apiOf(request), page: (order) => context.page('order', order), now: context.now,
      whole: /(?:^|[,;\s])return=representation/i.test(header(request.headers, 'prefer') ?? ''),
      id: (length = 17) => context.id('', { length, alphabet: 'base62' }).toUpperCase(),
    });
    const headers = [['Paypal-Debug-Id', debugId]] as const;
    return answer.body === null ? emptyReply(answer.status, headers) : jsonReply(answer.status, answer.body, headers);
  });
}

/** Negative testing, which only the sandbox has. https://developer.paypal.com/tools/sandbox/negative-testing/ */
function requireNoMock({ request }: JsonCallInContext): void {
  const asked = livenessOf(request) === 'test' ? header(request.headers, 'paypal-mock-response') : null;
  const json = asked === null ? null : parseJson(Buffer.from(asked, 'latin1'));
  const issue = json?.kind === 'json' ? asString(field(asObject(json.value), 'mock_application_codes')) : null;
  if (issue !== null && /^[A-Z0-9_]{1,64}$/.test(issue)) throw unprocessable(issue, 'This is what PayPal-Mock-Response asked for.');
}

export const moves = { recipients: [], keys: [], customer: null, method: null, description: null } as const;

/** The caller's own numbers of a payment; 'default' is PayPal's own for the one purchase unit there is. */
export function keysOf(object: JsonObject, names: readonly string[] = ['custom_id', 'invoice_id', 'reference_id']): Payment['keys'] {
  return names.flatMap((name) => {
    const value = asString(field(object, name));
    return value === null || value === '' || value === 'default' ? [] : [{ name, value }];
  });
}

export function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.[0-9]{3}Z$/, 'Z');
}

export function link(href: string, rel: string, method = 'GET'): JsonObject {
  return { href, rel, method };
}
