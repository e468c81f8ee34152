import type { HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { answeredOnce } from '../wire/answered-once.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Ledger } from '../wire/ledger.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { addresseesOf } from './addressees.ts';
import { moneyOf } from './amount.ts';
import { AdyenFailure, errorReply } from './errors.ts';
import { accountOf, livenessOf } from './place.ts';

/** What changes something has at hand, in a call and long after it. */
export interface Books {
  readonly ledger: Ledger;
  /** ms since the epoch */
  readonly now: number;
  readonly live: boolean;
  /** upper-case letters and digits */
  id(length?: number): string;
}

export interface Work extends Books {
  /** our page for one of its objects, where the shopper pays */
  readonly page: SimulationContext['page'];
  readonly call: JsonCallInContext;
  readonly body: JsonObject;
}

export interface Answer { readonly status: number; readonly body: JsonObject }

interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** absent: a read */
  readonly effect?: { readonly movesMoney: boolean };
  readonly run: (work: Work) => Promise<Answer>;
}

/** Adyen names seven days as the least. https://docs.adyen.com/development-resources/api-idempotency */
const keptMs = 7 * 86_400_000;

export function operation({ method, path, operation: name, effect, run }: Told): JsonRoute {
  return {
    method, path, operation: name,
    ...(effect === undefined ? {} : {
      effects: (call: JsonCall) => {
        const body = asObject(call.body);
        if (body === null) return unreadable('the body is not a JSON object');
        return [{
          channel: 'payment', provider: 'adyen', operation: name, liveness: livenessOf(call.request), recipients: addresseesOf(body), keys: keysOf(body),
          amount: moneyOf(field(body, 'amount')), movesMoney: effect.movesMoney, customer: asString(field(body, 'shopperReference')) || asString(field(body, 'shopperEmail')) || null,
          method: methodOf(asObject(field(body, 'paymentMethod'))), object: call.ids[0] ?? (asString(field(body, 'paymentReference')) || null), description: asString(field(body, 'shopperStatement')) || null,
        }];
      },
    }),
    answer: async (call) => {
      if (accountOf(call.request) === null) return { reply: errorReply(401, { errorCode: '000', message: 'HTTP Status Response - Unauthorized', errorType: 'security' }) };
      try {
        return await answered(name, run, call);
      } catch (error) {
        if (!(error instanceof AdyenFailure)) throw error;
        return { reply: errorReply(error.status, error.fault) };
      }
    },
  };
}

async function answered(name: string, run: Told['run'], call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { request, context, ids } = call;
  const key = request.method === 'POST' ? header(request.headers, 'idempotency-key') : null;
  return answeredOnce(context, { key, scope: `${name} ${ids.join('/')}`, said: null, keptMs }, async (ledger) => {
    const { status, body } = await run({ call, ledger, page: context.page, body: asObject(call.body) ?? {}, now: context.now, live: livenessOf(request) === 'live', id: (length = 16) => context.id('', { length, alphabet: 'base62' }).toUpperCase() });
    const psp = asString(field(body, 'pspReference'));
    return jsonReply(status, body, [...(psp === null ? [] : [['pspReference', psp] as const]), ...(key === null || key === '' ? [] : [['Idempotency-Key', key] as const])]);
  });
}

function keysOf(body: JsonObject): Payment['keys'] {
  const own = ['reference', 'merchantOrderReference'].map((name) => [name, field(body, name)] as const);
  return [...own, ...Object.entries(asObject(field(body, 'metadata')) ?? {})].flatMap(([name, value]) => typeof value === 'string' && value !== '' ? [{ name, value }] : []);
}

/** 'scheme 1111', 'ideal'. Of a number never more than four digits. */
function methodOf(method: JsonObject | null): string | null {
  const type = asString(field(method, 'type'))?.slice(0, 60) || null;
  const number = asString(field(method, 'number'))?.replaceAll(/[ -]/g, '') ?? '';
  return /^[0-9]{8,19}$/.test(number) ? `${type ?? 'scheme'} ${number.slice(-4)}` : type;
}

export function given(from: JsonObject | null, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => {
    const value = field(from, name);
    return value === undefined || value === null ? [] : [[name, value]];
  }));
}
