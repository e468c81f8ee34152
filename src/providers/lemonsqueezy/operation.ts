import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Liveness, Payment } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Unread } from '../wire/unread.ts';
import { customOf, keysOf, peopleOf } from './addressees.ts';
import { openBooks } from './books.ts';
import type { Books } from './books.ts';
import { documentOf, readDocument } from './document.ts';
import type { Document } from './document.ts';
import { documentReply, errorReply, LemonFailure } from './errors.ts';
import { api, shown } from './objects.ts';
import type { Resource } from './objects.ts';

export interface Work extends Books {
  readonly call: JsonCallInContext;
  readonly given: Document;
}

export interface Answer { readonly status?: number; readonly document: JsonObject }

export type Reached = Partial<Pick<Payment, 'amount' | 'movesMoney' | 'customer' | 'object' | 'description'>>;

export interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** the type of its document: 'orders' */
  readonly type: string;
  /** absent: a read */
  readonly effect?: (given: Document, call: JsonCall) => Reached | Unread;
  readonly run: (work: Work) => Promise<Answer>;
}

/** Keys for tests and for money look alike. A checkout alone may say that it is a test, whatever its key is for. */
function livenessOf(what: string, { attributes }: Document): Liveness {
  return what === 'checkouts.create' && field(attributes, 'test_mode') === true ? 'test' : 'unknown';
}

export function operation({ method, path, operation: name, type, effect, run }: Told): JsonRoute {
  return {
    method, path, operation: name, read: readDocument,
    ...(effect === undefined ? {} : {
      effects: (call: JsonCall) => {
        const given = documentOf(call.body, type, call.ids[0] ?? null);
        if ('kind' in given) return given;
        const reached = effect(given, call);
        return 'kind' in reached ? reached : [{
          channel: 'payment', provider: 'lemonsqueezy', operation: name, liveness: livenessOf(name, given), recipients: peopleOf(given.whole), keys: keysOf(customOf(given.attributes)),
          amount: null, movesMoney: false, customer: null, method: null, object: call.ids[0] ?? null, description: null, ...reached,
        }];
      },
    }),
    answer: async (call) => {
      try {
        return await answered(run, type, call);
      } catch (error) {
        if (!(error instanceof LemonFailure)) throw error;
        return { reply: errorReply(error.status, error.message, error.pointer) };
      }
    },
  };
}

async function answered(run: Told['run'], type: string, call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  if (bearer(call.request.headers) === null) throw new LemonFailure(401, 'Unauthenticated.');
  const given = documentOf(call.body, type, call.ids[0] ?? null);
  if ('kind' in given) throw new LemonFailure(400, given.why);
  const books = openBooks(call.context);
  const { status = 200, document } = await run({ ...books, call, given });
  return { reply: documentReply(status, document), ...books.ledger.finish() };
}

export function one(type: string, resource: Resource, status = 200): Answer {
  return { status, document: { links: { self: `${api}/${type}/${resource.id}` }, data: shown(type, resource) } };
}

export const isTest = ({ given }: Work): boolean => field(given.attributes, 'test_mode') === true;

export const all = (type: string): RegExp => new RegExp(`^/v1/${type}$`);
/** ids are numbers */
export const byId = (type: string, suffix = ''): RegExp => new RegExp(`^/v1/${type}/([0-9]{1,18})${suffix}$`);

export function accountOf(request: HttpRequest): string | null {
  return bearer(request.headers);
}
