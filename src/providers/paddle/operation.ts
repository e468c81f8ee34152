import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { keysOf, peopleOf } from './addressees.ts';
import { openBooks } from './books.ts';
import type { Books } from './books.ts';
import { errorReply, PaddleFailure } from './errors.ts';
import type { View } from './objects.ts';
import { isOfThisPlace, livenessOf } from './place.ts';

export interface Work extends Books {
  readonly call: JsonCallInContext;
  readonly body: JsonObject;
}

export interface Answer {
  readonly status?: number;
  readonly data: JsonObject | readonly JsonObject[];
  readonly pagination?: JsonObject;
}

export type Reached = Partial<Pick<Payment, 'amount' | 'movesMoney' | 'customer' | 'object' | 'description'>>;

export interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** absent: a read */
  readonly effect?: (body: JsonObject, call: JsonCall) => Reached | Unread;
  readonly run: (work: Work) => Promise<Answer>;
}

/** What a call that changes something may ask in its query: what more is to be shown. */
const shownToo = /^[a-z_,]{1,200}$/;

export function operation({ method, path, operation: name, effect, run }: Told): JsonRoute {
  return {
    method, path, operation: name,
    ...(effect === undefined ? {} : {
      query: true,
      effects: (call: JsonCall) => {
        const body = call.body === null ? {} : asObject(call.body);
        if (body === null) return unreadable('the body is not a JSON object');
        if (call.query.length > 1 || call.query.some(([asked, value]) => asked !== 'include' || !shownToo.test(value))) return unreadable(`a ${method} carries parameters in its query`);
        const one = effect(body, call);
        return 'kind' in one ? one : [{
          channel: 'payment', provider: 'paddle', operation: name, liveness: livenessOf(call.request), recipients: peopleOf(body), keys: keysOf(body),
          amount: null, movesMoney: false, customer: null, method: null, object: call.ids[0] ?? null, description: null, ...one,
        }];
      },
    }),
    answer: async (call) => {
      try {
        return await answered(run, call);
      } catch (error) {
        if (!(error instanceof PaddleFailure)) throw error;
        return { reply: errorReply(error, call.context.uuid()) };
      }
    },
  };
}

async function answered(run: Told['run'], call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { context, request } = call;
  if (bearer(request.headers) === null) throw new PaddleFailure(401, 'authentication_missing', 'Authentication header not included');
  if (!isOfThisPlace(request)) throw new PaddleFailure(403, 'invalid_token', 'The API key included is not of this environment');
  const books = openBooks(context);
  const { status = 200, data, pagination } = await run({ ...books, call, body: asObject(call.body) ?? {} });
  return { reply: jsonReply(status, { data, meta: { request_id: context.uuid(), ...(pagination === undefined ? {} : { pagination }) } }), ...books.ledger.finish() };
}

export function kept(work: Books, kind: string, view: View, index: Readonly<Record<string, string>> = {}): View {
  work.ledger.save(kind, view.id, view, index);
  return view;
}

/** Characters of Paddle's ids, none of which could hide another path. */
export const one = (collection: string, prefix: string, suffix = ''): RegExp => new RegExp(`^/${collection}/(${prefix}_[A-Za-z0-9]{1,40})${suffix}$`);
