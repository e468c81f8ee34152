import type { Decoded, Liveness } from '../../../src/model/side-effect.ts';
import type { Chosen, HostedPage, PayerChoice } from '../../../src/model/hosted-page.ts';
import type { Header, HttpRequest, HttpResponse } from '../../../src/model/exchange.ts';
import type { Consequences, PastCall, Remember, SimulationContext } from '../../../src/model/provider.ts';
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
  /** as `later` wants it */
  readonly past: PastCall<HttpRequest, HttpResponse>;
  header(name: string): string | null;
}

/** What came of a payer's choice, or of something that happened. */
export interface Told {
  readonly events: readonly string[];
  readonly webhooks: readonly Shown[];
}

export interface Desk {
  (method: string, target: string, body?: string, options?: CallOptions): Promise<Reply>;
  /** the page of an object, as a browser would show it */
  show(kind: string, id: string): Promise<HostedPage | null>;
  choose(kind: string, id: string, choice: PayerChoice, options?: Pick<CallOptions, 'declined' | 'later'>): Promise<Told & Pick<Chosen, 'goTo' | 'says'>>;
  happen(name: string, to: Reply, detail?: string): Promise<Told>;
}

export interface CallOptions {
  readonly headers?: readonly Header[]; readonly key?: string; readonly later?: number; readonly type?: string;
  /** a rule says that the bank declines, with this code */
  readonly declined?: string | null;
}

export interface DeskOptions {
  readonly unknownIds?: 'adopt';
  /** what is remembered before the first call */
  readonly before?: readonly Remember[];
}

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
export function desk({ unknownIds, before = [] }: DeskOptions = {}): Desk {
  const kept = memory();
  kept.keep(before);
  let calls = 0;
  const contextOf = (liveness: Liveness, { later = 0, declined }: Pick<CallOptions, 'later' | 'declined'> = {}): SimulationContext => {
    calls += 1;
    return kept.context({ call: calls, liveness, now: fixedNow + later, ...(unknownIds === undefined ? {} : { unknownIds }), ...(declined === undefined ? {} : { declined: { code: declined } }) });
  };
  const follow = ({ remember = [], callbacks = [] }: Consequences): Told => {
    kept.keep(remember);
    const webhooks = callbacks.map((callback) => JSON.parse(callback.body) as Shown);
    return { webhooks, events: webhooks.map((event) => event.type) };
  };
  const call = async (method: string, target: string, body = '', options: CallOptions = {}): Promise<Reply> => {
    const request = stripeRequest(method, target, body, options);
    const decoded = stripe.decode(request);
    const liveness = decoded.kind === 'effects' ? decoded.effects[0]!.liveness : decoded.kind === 'read' ? decoded.liveness : 'unknown';
    const { reply, ...simulation } = await stripe.simulate(request, decoded, contextOf(liveness, options));
    return {
      ...follow(simulation), status: reply.status, decoded, past: { request, decoded, reply },
      body: JSON.parse(Buffer.from(reply.body).toString('utf8')) as Shown,
      header: (name) => header(reply.headers, name),
    };
  };
  return Object.assign(call, {
    show: (kind: string, id: string) => stripe.hosted.show({ kind, id }, contextOf('test')),
    choose: async (kind: string, id: string, choice: PayerChoice, options: Pick<CallOptions, 'declined' | 'later'> = {}) => {
      const chosen = await stripe.hosted.choose({ kind, id }, choice, contextOf('test', options));
      if (chosen === null) throw new Error(`there is no page of ${kind} ${id}`);
      return { ...follow(chosen), goTo: chosen.goTo, says: chosen.says };
    },
    happen: async (name: string, to: Reply, detail?: string) => follow(await stripe.later({ name, recipient: null, detail: detail ?? null }, to.past, contextOf('test'))),
  });
}
