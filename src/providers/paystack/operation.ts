import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { paymentEffect, type Reached } from '../wire/payment-effect.ts';
import { bearer } from '../wire/credential.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { jsonOrForm } from '../wire/json-or-form.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import type { Ledger } from '../wire/ledger.ts';
import { emailOrPhone, peopleIn } from '../wire/people-in.ts';
import { jsonReply } from '../wire/reply.ts';
import type { Unread } from '../wire/unread.ts';
import { livenessOf } from './credential.ts';
import { errorReply, PaystackFailure } from './errors.ts';

export { nothing, type Reached } from '../wire/payment-effect.ts';

/** What changes something has at hand, in a call and long after it. */
export interface Books {
  readonly ledger: Ledger;
  readonly now: number;
  readonly context: SimulationContext;
  /** Paystack's own ids are numbers */
  number(): number;
  code(prefix: string): string;
}

export interface Work extends Books {
  readonly call: JsonCallInContext;
  readonly body: JsonObject;
  readonly domain: 'live' | 'test';
}

export interface Answer { readonly message: string; readonly data: JsonValue; readonly meta?: JsonObject; readonly status?: number }


export interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** absent: a read */
  readonly effect?: (body: JsonObject, call: JsonCall) => Reached | Unread;
  readonly run: (work: Work) => Promise<Answer>;
}

export function operation({ method, path, operation: name, effect, run }: Told): JsonRoute {
  return {
    method, path, operation: name, read: jsonOrForm,
    ...(effect === undefined ? {} : { effects: paymentEffect({ provider: 'paystack', operation: name, effect, livenessOf, peopleOf, keysOf }) }),
    answer: async (call) => {
      if (bearer(call.request.headers) === null) return { reply: errorReply(401, 'Invalid key', 'invalid_Key', 'Ensure that you provide the correct authorization key for the request') };
      try {
        return await answered(run, call);
      } catch (error) {
        if (!(error instanceof PaystackFailure)) throw error;
        return { reply: errorReply(error.status, error.message, error.code, error.nextStep) };
      }
    },
  };
}

async function answered(run: Told['run'], call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const books = booksOf(call.context);
  const { status = 200, message, data, meta } = await run({ ...books, call, body: asObject(call.body) ?? {}, domain: livenessOf(call.request) === 'test' ? 'test' : 'live' });
  return { reply: jsonReply(status, { status: true, message, data, ...(meta === undefined ? {} : { meta }) }), ...books.ledger.finish() };
}

export function booksOf(context: SimulationContext): Books {
  return {
    ledger: openLedger(context), now: context.now, context, number: () => Number(context.id('4', { length: 9, alphabet: 'digits' })),
    code: (prefix) => prefix + context.id('', { length: 15, alphabet: 'base62' }).toLowerCase(),
  };
}

/** Words of the caller's own, ids and account numbers: an address in them reaches nobody. */
const words = /(?:^|\/)(?:metadata(?:\/.*)?|reference|[a-z_]*url|name|first_name|last_name|reason|description|customer_note|merchant_note|[a-z_]*code|account_number|number|transaction|recipient)$/s;

function peopleOf(body: JsonObject): Payment['recipients'] {
  return peopleIn(body, { words, kindOf: emailOrPhone, roleOf: () => 'customer' });
}

/** The caller's own reference and metadata; metadata comes as an object or as its JSON. */
export function keysOf(body: JsonObject): Payment['keys'] {
  const metadata = metadataOf(field(body, 'metadata'));
  const custom = (asArray(field(metadata, 'custom_fields')) ?? []).map((each) => [asString(field(asObject(each), 'variable_name')) ?? '', field(asObject(each), 'value')] as const);
  return [['reference', field(body, 'reference')] as const, ...Object.entries(metadata ?? {}), ...custom]
    .flatMap(([name, value]) => name !== '' && name !== 'cancel_action' && (typeof value === 'string' && value !== '' || typeof value === 'number') ? [{ name, value: String(value) }] : []);
}

export function metadataOf(value: JsonValue | undefined): JsonObject | null {
  if (typeof value !== 'string') return asObject(value);
  const json = parseJson(Buffer.from(value, 'utf8'));
  return json.kind === 'json' ? asObject(json.value) : null;
}

export function text(body: JsonObject | null, name: string): string | null {
  const value = field(body, name);
  return typeof value === 'number' ? String(value) : asString(value) || null;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Paystack's references are letters, digits, '-', '.', '=' and '_'; nothing of them could hide another path. */
export const named = (before: string, after = ''): RegExp => new RegExp(`^/${before}/(?!\\.{1,2}(?:/|$))([A-Za-z0-9._=-]{1,200})${after}$`);
