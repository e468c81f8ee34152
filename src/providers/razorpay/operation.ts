import { createHmac } from 'node:crypto';
import type { HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { answeredOnce } from '../wire/answered-once.ts';
import { basic } from '../wire/credential.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { jsonOrForm } from '../wire/json-or-form.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Ledger } from '../wire/ledger.ts';
import { paymentEffect, type Reached } from '../wire/payment-effect.ts';
import { peopleIn } from '../wire/people-in.ts';
import { jsonReply } from '../wire/reply.ts';
import type { Unread } from '../wire/unread.ts';
import { accountOf, livenessOf, merchantOf } from './credential.ts';
import { bad, errorReply, faultOf, RazorpayFailure } from './errors.ts';

export { nothing, type Reached } from '../wire/payment-effect.ts';

/** What changes something has at hand, in a call and long after it. */
export interface Books {
  readonly ledger: Ledger;
  /** ms since the epoch */
  readonly now: number;
  /** 14 characters, as all of Razorpay's */
  id(prefix: string): string;
}

export interface Work extends Books {
  readonly call: JsonCallInContext;
  /** the body where there is one, else an empty one */
  readonly body: JsonObject;
  readonly merchant: string;
  /**
   * What Razorpay's checkout would hand the payer's browser as `razorpay_signature`. The key's secret stands in every call: the proof is made
   * while the call is answered and is kept instead of the secret. Null for a caller with an OAuth token.
   */
  proof(said: string): string | null;
}


interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** absent: a read */
  readonly effect?: (body: JsonObject, call: JsonCall) => Reached | Unread;
  /** the header that makes two calls one */
  readonly once?: string;
  /** the vendor names no URL where it is paid: ours is told beside the answer */
  readonly page?: string;
  readonly run: (work: Work) => Promise<JsonObject>;
}

export function operation({ method, path, operation: name, effect, once, page, run }: Told): JsonRoute {
  return {
    method, path, operation: name, read: jsonOrForm,
    ...(effect === undefined ? {} : { effects: paymentEffect({ provider: 'razorpay', operation: name, effect, livenessOf, peopleOf, keysOf }) }),
    answer: async (call) => {
      if (accountOf(call.request) === null) return { reply: errorReply(401, faultOf('Authentication failed')) };
      try {
        return await answered({ operation: name, once, page, run }, call);
      } catch (error) {
        if (!(error instanceof RazorpayFailure)) throw error;
        return { reply: errorReply(error.status, error.fault) };
      }
    },
  };
}

async function answered({ operation: name, once, page, run }: Pick<Told, 'operation' | 'run'> & { readonly once: string | undefined; readonly page: string | undefined }, call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { request, context } = call;
  const another = (): Error => bad('The idempotency key was used before with another request.');
  const secret = basic(request.headers)?.password ?? '';
  return answeredOnce(context, { key: once === undefined ? null : header(request.headers, once), scope: `${name} ${call.ids.join('/')}`, said: call.body, keptMs: Number.POSITIVE_INFINITY, another }, async (ledger) => {
    try {
      const body = await run({
        call, ledger, body: asObject(call.body) ?? {}, now: context.now, merchant: merchantOf(request), id: idsOf(context),
        proof: (said) => secret === '' ? null : createHmac('sha256', secret).update(said).digest('hex'),
      });
      return jsonReply(200, body, page === undefined ? [] : [['X-Fourthwall-Page', context.page(page, String(body['id']))]]);
    } catch (error) {
      if (!(error instanceof RazorpayFailure) || !error.keeps) throw error;
      return errorReply(error.status, error.fault);
    }
  });
}

export function idsOf(context: Pick<JsonCallInContext['context'], 'id'>): Books['id'] {
  return (prefix) => context.id(prefix, { length: 14, alphabet: 'base62' });
}

/** Words of the caller's own, ids and bank details: an address in them reaches nobody. */
const words = /(?:^|\/)(?:notes(?:\/.*)?|receipt|description|name|reference_id|[a-z_]*url|[a-z_]*id|user_agent|referer|ip|token|gstin|account_number|number|vpa)$|^notify\/[a-z]+$/s;

export function peopleOf(body: JsonObject): Payment['recipients'] {
  return peopleIn(body, {
    words, roleOf: (names) => names.length > 1 ? names.at(-2)! : 'customer',
    kindOf: (name) => /email/i.test(name) ? 'email' : /contact|phone/i.test(name) ? 'phone' : null,
  });
}

/** The caller's own numbers of a thing, and its notes. */
export function keysOf(body: JsonObject): Payment['keys'] {
  const own = ['receipt', 'reference_id'].map((name) => [name, field(body, name)] as const);
  return [...own, ...Object.entries(asObject(field(body, 'notes')) ?? {})]
    .flatMap(([name, value]) => typeof value === 'string' && value !== '' || typeof value === 'number' ? [{ name, value: String(value) }] : []);
}

/** Razorpay's notes are an empty list where there are none. */
export function notesOf(body: JsonObject): JsonObject | readonly [] {
  const notes = asObject(field(body, 'notes'));
  return notes === null || Object.keys(notes).length === 0 ? [] : notes;
}

export function text(body: JsonObject | null, name: string): string | null {
  const value = field(body, name);
  return typeof value === 'number' ? String(value) : asString(value) || null;
}

/** As JSON, as a form, and as old integrations write it: true, 1, 'true', '1', 'automatic'. */
export function isYes(value: unknown): boolean {
  return value === true || value === 1 || value === 'true' || value === '1' || value === 'automatic';
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** Ids of one kind, none of which could hide another path. */
export const idIn = (before: string, prefix: string, after = ''): RegExp => new RegExp(`^/v1/${before}/(${prefix}_[A-Za-z0-9]{1,40})${after}$`);
