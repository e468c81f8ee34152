import type { Headers, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { answeredOnce } from '../wire/answered-once.ts';
import { basic } from '../wire/credential.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Ledger } from '../wire/ledger.ts';
import { peopleIn } from '../wire/people-in.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { moneyOf } from './amount.ts';
import { errorReply, KlarnaFailure } from './errors.ts';
import { apiOf, livenessOf } from './place.ts';

export interface Work {
  readonly call: JsonCallInContext;
  readonly body: JsonObject;
  readonly ledger: Ledger;
  readonly api: string;
  readonly now: number;
  uuid(): string;
  /** our page for one of its objects, where the customer pays */
  readonly page: SimulationContext['page'];
}

export interface Answer { readonly status: number; readonly body?: JsonObject; readonly headers?: Headers }

export interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** what the call does to money: 'moves' some, 'none' of it; absent: a read */
  readonly does?: 'moves' | 'none' | ((body: JsonObject) => boolean);
  readonly run: (work: Work) => Promise<Answer>;
}

/** Klarna says of keys only that they are unique: https://docs.klarna.com/api/ordermanagement/ */
const keptMs = 24 * 3600 * 1000;

export function operation({ method, path, operation: name, does, run }: Told): JsonRoute {
  return {
    method, path, operation: name,
    ...(does === undefined ? {} : {
      effects: (call: JsonCall) => {
        const body = call.body === null ? {} : asObject(call.body);
        if (body === null) return unreadable('the body is not a JSON object');
        const moves = typeof does === 'function' ? does(body) : does === 'moves';
        return [{ channel: 'payment', provider: 'klarna', operation: name, liveness: livenessOf(call.request), movesMoney: moves, object: call.ids[0] ?? null, method: 'Klarna', ...told(body) }];
      },
    }),
    answer: async (call) => {
      const correlationId = call.context.uuid();
      if (basic(call.request.headers) === null) return { reply: { ...emptyReply(401, [['Www-Authenticate', 'Basic realm="Klarna API"'], ['Klarna-Correlation-Id', correlationId]]) } };
      try {
        return await answered(name, run, call, correlationId);
      } catch (error) {
        if (!(error instanceof KlarnaFailure)) throw error;
        return { reply: errorReply(error.status, error.code, error.message, correlationId) };
      }
    },
  };
}

/** What the body says of the purchase. A capture or a refund names no currency. */
export function told(body: JsonObject): Pick<Payment, 'recipients' | 'keys' | 'amount' | 'customer' | 'description'> {
  const recipients = peopleIn(body, { words, roleOf });
  const keys = ['merchant_reference1', 'merchant_reference2', 'reference'].flatMap((name) => {
    const value = asString(field(body, name));
    return value === null || value === '' ? [] : [{ name, value }];
  });
  return {
    recipients, keys, amount: moneyOf(field(body, 'order_amount'), field(body, 'purchase_currency')),
    customer: recipients.find(({ role }) => role === 'billing_address')?.address ?? null, description: asString(field(body, 'description')),
  };
}

/** Words of the caller's own: an address in them reaches nobody. */
const words = /(?:^|\/)(?:description|name|reference|merchant_reference[12]|merchant_data|given_name|family_name|organization_name|[a-z_]*url|merchant_urls\/.*|tracking_number|shipping_company)$/s;

function roleOf(names: readonly string[]): string {
  return names.at(-2) ?? names.at(-1)!;
}

async function answered(name: string, run: Told['run'], call: JsonCallInContext, correlationId: string): Promise<Simulation<HttpResponse>> {
  const { request, context, body } = call;
  const key = request.method === 'POST' ? header(request.headers, 'klarna-idempotency-key') : null;
  return answeredOnce(context, { key, scope: `${name} ${call.ids.join('/')}`, said: body, keptMs }, async (ledger) => {
    const answer = await run({ call, ledger, body: asObject(body) ?? {}, api: apiOf(request), now: context.now, uuid: () => context.uuid(), page: context.page });
    const headers: Headers = [['Klarna-Correlation-Id', correlationId], ...(answer.headers ?? [])];
    return answer.body === undefined ? emptyReply(answer.status, headers) : jsonReply(answer.status, answer.body, headers);
  });
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
