import type { Logger } from 'pino';
import type { Bytes } from '../model/bytes.ts';
import type { QueuedCallback, UnsentCallback } from '../model/callback.ts';
import type { ForwardPlan, Refusal } from '../model/decision.ts';
import type { Finding, Protocol } from '../model/capture.ts';
import type { HttpRequest, Reply, Request } from '../model/exchange.ts';
import type { GatewayFault } from '../model/gateway.ts';
import type { Limits } from '../model/limits.ts';
import type { Origin } from '../model/origin.ts';
import type { CallbackDraft, Consequences, HttpProvider, LaterEvent, MailProvider, Simulation, SimulationContext } from '../model/provider.ts';
import type { Decoded } from '../model/side-effect.ts';
import type { Scope, Store } from '../model/store.ts';
import type { Recipient } from '../model/recipient.ts';
import type { DecisionInput } from '../policy/input.ts';
import type { Policy } from '../policy/policy.ts';
import type { MailshotBreaker } from './breaker.ts';
import type { Failures } from './failures.ts';
import type { StreamedReply } from './network-stream.ts';
import type { Relays } from './relay.ts';

/** How a call's answers are spoken: in the vendor's own words, or in ours where no vendor fits. */
export interface Voice<R extends Reply> {
  refuse(refusal: Refusal): R;
  unavailable(why?: string): R;
  /** null where nobody can answer in a vendor's words: then `unsimulated` speaks */
  readonly simulate: ((context: SimulationContext) => Promise<Simulation<R>>) | null;
  unsimulated(refusal: Refusal): R;
  /** what the vendor would tell of later about a call answered like this; absent where it tells nothing */
  later?(event: LaterEvent, reply: R, context: SimulationContext): Promise<Consequences>;
}

/** A call as understood: everything that deciding and acting need to know. */
export interface Call<R extends Reply> {
  readonly protocol: Protocol;
  readonly request: Request;
  readonly origin: Origin;
  readonly target: DecisionInput['target'];
  readonly provider: DecisionInput['provider'];
  readonly decoded: Decoded;
  /** asks the provider again, with what is remembered; absent where it knows nothing more */
  readonly recalled?: (context: Pick<SimulationContext, 'recall'>) => Promise<Decoded>;
  /** the caller's credential at the vendor; hashed before it is kept anywhere */
  readonly account: string | null;
  /** a refusal that stands before any rule: unreadable, mismatched, too large ... */
  readonly fault: GatewayFault | null;
  readonly voice: Voice<R>;
}

/** What the gateway's actions work with. Built once, in main.ts. */
export interface House {
  readonly instance: string;
  readonly store: Store;
  readonly runs: { attribute(call: { readonly origin: Origin; readonly decoded: Decoded<Recipient> }): Promise<string | null> };
  policy(): Policy;
  readonly claims: { claim(host: string, port: number): HttpProvider | null; owner(host: string): HttpProvider | null };
  readonly mail: MailProvider;
  readonly network: Network;
  readonly relays: Relays;
  /** what the failure rules of gateway.yaml do to a call that is captured */
  failures(input: DecisionInput): Promise<Failures>;
  readonly callbacks: {
    /** a draft that is told and not kept, because nobody configured the webhook it names */
    unsent(draft: CallbackDraft, provider: string): UnsentCallback | null;
    /** a draft as the outbox takes it: without secrets, skipped at once where no webhook takes it */
    queued(draft: CallbackDraft, provider: string): QueuedCallback;
    /** a callback was recorded that is due then (ms since the epoch) */
    due(at: number): void;
  };
  /** what a provider says of an id that is not remembered */
  unknownIds(provider: string): SimulationContext['unknownIds'];
  /** the URLs of our own pages for what one caller's vendor remembers */
  pages(scope: Scope, capture: string): SimulationContext['page'];
  /** what a call itself shows, whom it aims at and with whose credential; asked again of what was rewritten */
  findingsOf(decoded: Decoded<Recipient>, request: Request): readonly Finding[];
  readonly breaker: Pick<MailshotBreaker, 'count' | 'confirm' | 'trip'>;
  /** noticed over many calls: one sort of message to many people */
  sameMessage(call: { readonly service: string; readonly decoded: Decoded<Recipient>; readonly at: number }): readonly Finding[];
  /** what is odd about the content of a call; asked before the decision only where a rule wants to know */
  readContent(call: { readonly request: Request; readonly decoded: Decoded<Recipient> }): Promise<readonly Finding[]>;
  /** the key of keyed hashes and of redaction's fingerprints */
  readonly key: Uint8Array;
  readonly limits: Limits;
  readonly logger: Logger;
  /** a call was answered without a record of it, or its outcome could not be written: no verdict may pass over that */
  lost(): void;
  now(): number;
  /** told after the acknowledgement that a message waits to be read */
  enrich(capture: string): void;
}

/** The only door to the outside. Everything it sends has passed the second lock (dialer.ts). */
export interface Network {
  /** One attempt, no redirect followed. Rejects with a plain sentence when nothing was or could be sent. */
  send(request: HttpRequest, plan: Pick<ForwardPlan, 'internal'>): Promise<import('../model/exchange.ts').HttpResponse>;
  /** The same without holding either body: resolves with the head of the answer. `signal` ends the attempt and the answer. */
  stream(request: HttpRequest, body: AsyncIterable<Bytes> | null, signal: AbortSignal, plan: Pick<ForwardPlan, 'internal'>): Promise<StreamedReply>;
}
