import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { isBodiless } from '../wire/body.ts';
import { parseQuery } from '../wire/form.ts';
import type { CallContent, JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import type { Ledger } from '../wire/ledger.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { BraintreeFailure, errorReply } from './errors.ts';
import { parametersIn } from './parameters.ts';
import { keysOf, peopleOf } from './people.ts';
import { accountOf, livenessOf } from './place.ts';

/** What changes something has at hand, by REST, by GraphQL and long after a call. */
export interface Books {
  readonly ledger: Ledger;
  readonly context: SimulationContext;
  readonly request: HttpRequest;
}

export interface Work extends Books {
  readonly ids: readonly string[];
  /** what stands under the root that the operation names; an empty object where there is no body */
  readonly body: JsonObject;
}

export type Reached = Partial<Pick<Payment, 'amount' | 'customer' | 'method' | 'object' | 'description' | 'keys'>> & Pick<Payment, 'movesMoney'>;

export interface Told {
  readonly method: JsonRoute['method'];
  /** below `/merchants/{id}` */
  readonly path: RegExp;
  readonly operation: string;
  /** the one name that the body may have at its root; null = the call has no body */
  readonly root: string | null;
  /** the body may be left out */
  readonly optional?: true;
  /** parameters that the query may carry */
  readonly query?: readonly string[];
  /** what a body has to be for the call to be what it seems: why it is not */
  readonly check?: (body: JsonObject) => string | null;
  /** absent: a read */
  readonly effect?: (body: JsonObject, ids: readonly string[]) => Reached;
  readonly run: (work: Work) => Promise<HttpResponse>;
}

export function operation({ method, path, operation: name, root, optional, query, check, effect, run }: Told): JsonRoute {
  const read = (request: HttpRequest): CallContent | Unread => {
    const asked = parseQuery(request.query);
    if (asked.kind === 'unreadable') return asked;
    const unknown = asked.fields.filter(([each]) => !(query ?? []).includes(each));
    if (unknown.length > 0 || new Set(asked.fields.map(([each]) => each)).size !== asked.fields.length) return unreadable('a query with parameters that are not known here');
    if (root === null) return isBodiless(request) ? { kind: 'content', body: null, query: asked.fields } : unreadable(`a ${method} that carries a body`);
    const given = parametersIn(request);
    if (given.kind === 'unreadable') return given;
    if (given.body === null) return optional === true ? { kind: 'content', body: null, query: asked.fields } : unreadable('no body');
    const names = Object.keys(given.body);
    const value = field(given.body, root);
    const inside = value === '' || value === undefined && names.length === 0 ? {} : asObject(value);
    if (names.some((each) => each !== root) || inside === null) return unreadable(`the body is not one ${root}`);
    const fault = check?.(inside) ?? null;
    return fault === null ? { kind: 'content', body: inside, query: asked.fields } : unreadable(fault);
  };
  return {
    method, path, operation: name, read,
    ...(effect === undefined ? {} : {
      effects: (call: JsonCall) => {
        const body = asObject(call.body) ?? {};
        return [{
          channel: 'payment', provider: 'braintree', operation: name, liveness: livenessOf(call.request), recipients: peopleOf(body), keys: keysOf(body),
          amount: null, customer: null, method: null, object: null, description: null, ...effect(body, call.ids),
        }];
      },
    }),
    answer: (call) => answered(run, call),
  };
}

async function answered(run: Told['run'], { request, context, ids, body }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  if (accountOf(request) === null) return { reply: errorReply(401, 'Authentication Error') };
  const ledger = openLedger(context);
  try {
    const reply = await run({ ledger, context, request, ids, body: asObject(body) ?? {} });
    return { reply, ...ledger.finish() };
  } catch (error) {
    if (!(error instanceof BraintreeFailure)) throw error;
    return { reply: errorReply(error.status, error.message, error.faults) };
  }
}

/** Eight characters of what Braintree makes its ids of. */
export function freshId({ context }: Pick<Books, 'context'>): string {
  return context.id('', { length: 8, alphabet: 'base62' }).toLowerCase();
}

/** Whole fields of `from` that are there. */
export function some(from: JsonObject | null, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => {
    const value = field(from, name);
    return value === undefined || value === null ? [] : [[name, value]];
  }));
}
