import type { Decoded } from '../../../src/model/side-effect.ts';
import type { Header, HttpRequest } from '../../../src/model/exchange.ts';
import { header } from '../../../src/model/exchange.ts';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { fixedNow, memory } from '../../support/simulation-context.ts';

/** Any JSON that came back, with the names that tests follow; whether they are there is for the test to find out. */
export interface Shown {
  readonly id: string;
  readonly type: string;
  readonly message: string;
  readonly customer: string;
  readonly charge: string;
  readonly latest_charge: string;
  readonly payment_method: string;
  readonly fingerprint: string;
  readonly amount: number;
  readonly fee: number;
  readonly net: number;
  readonly data: readonly Shown[];
  readonly error: Shown;
  readonly card: Shown;
  readonly next_action: Shown;
  readonly payment_intent: Shown;
  readonly [name: string]: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body: Shown;
  readonly decoded: Decoded;
  /** types of the events sent back, in order */
  readonly events: readonly string[];
  readonly webhooks: readonly Shown[];
  header(name: string): string | null;
}

export interface CallOptions { readonly headers?: readonly Header[]; readonly key?: string; readonly later?: number; readonly type?: string }

export function stripeRequest(method: string, target: string, body = '', { headers = [], key = 'sk_test_123', type = 'application/x-www-form-urlencoded' }: CallOptions = {}): HttpRequest {
  const [path = '', query] = target.split('?', 2);
  return {
    kind: 'http', method, scheme: 'https', authority: { host: 'api.stripe.com', port: 443 }, path, query: query ?? null, version: '1.1', trailers: [],
    headers: [
      ...(key === '' ? [] : [['Authorization', `Bearer ${key}`] as const]),
      ...(body === '' ? [] : [['Content-Type', type] as const]), ...headers,
    ],
    body: Buffer.from(body),
  };
}

/** Stripe with a memory, and no socket: each call is decoded, simulated and what it remembers is kept. */
export function desk(): (method: string, target: string, body?: string, options?: CallOptions) => Promise<Reply> {
  const kept = memory();
  let calls = 0;
  return async (method, target, body = '', options = {}) => {
    const request = stripeRequest(method, target, body, options);
    const decoded = stripe.decode(request);
    const liveness = decoded.kind === 'effects' ? decoded.effects[0]!.liveness : decoded.kind === 'read' ? decoded.liveness : 'unknown';
    calls += 1;
    const simulation = await stripe.simulate(request, decoded, kept.context({ call: calls, liveness, now: fixedNow + (options.later ?? 0) }));
    kept.keep(simulation.remember ?? []);
    const webhooks = (simulation.callbacks ?? []).map((callback) => JSON.parse(callback.body) as Shown);
    return {
      status: simulation.reply.status, decoded, webhooks, events: webhooks.map((event) => event.type),
      body: JSON.parse(Buffer.from(simulation.reply.body).toString('utf8')) as Shown,
      header: (name) => header(simulation.reply.headers, name),
    };
  };
}
