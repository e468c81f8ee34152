import type { Authority, Headers } from './exchange.ts';
import type { Recipient } from './recipient.ts';
import type { Liveness } from './side-effect.ts';

/** One rewrite of a forwarded call. Applied to the parsed request, never to bytes. */
export type Rewrite =
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'credential'; readonly value: string }
  /** exact values of the live account, and what stands for them at the sandbox: a location, a merchant */
  | { readonly kind: 'values'; readonly values: readonly (readonly [live: string, sandbox: string])[] }
  | { readonly kind: 'recipients'; readonly template: string | null; readonly keep: 'safe' | null }
  | { readonly kind: 'subject'; readonly template: string }
  | { readonly kind: 'body'; readonly mask: true };

/** The answer a capture rule dictates for a call no provider understands. */
export interface CannedReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface ForwardPlan {
  /** the rule says this is one of our own services */
  readonly internal: boolean;
  /** name of a relay in gateway.yaml, for mail */
  readonly via: string | null;
  readonly rewrites: readonly Rewrite[];
  /** what did leave or was to leave, judged the second time; only on captures whose forward was attempted */
  readonly sent?: Sent;
}

/** The second look at a forward, after any rewrites. The call as it arrived stands in the capture itself. */
export interface Sent {
  readonly to: Authority;
  readonly recipients: readonly Recipient[];
  readonly liveness: Liveness;
}

/** How one rule fared. `matched`: null = could not be told yet at this stage. */
export interface TraceStep {
  readonly rule: string;
  readonly matched: boolean | null;
  /** the rule's own sentence, made by its conditions */
  readonly because: string;
}

interface DecisionBase {
  /** id of the rule, 'default', or 'gateway:<check>' for a built-in refusal */
  readonly rule: string;
  /** one sentence for a person */
  readonly reason: string;
  readonly trace: readonly TraceStep[];
  /** ids of report-mode rules that would have matched */
  readonly reported: readonly string[];
  readonly policy: { readonly sha256: string };
  /** why a doubtful branch fell to the closed side; null normally */
  readonly fault: string | null;
}

export type Decision = DecisionBase & (
  | { readonly action: 'capture'; readonly reply: CannedReply | null }
  | { readonly action: 'forward'; readonly plan: ForwardPlan }
  | { readonly action: 'reject' }
);

export type Action = Decision['action'];

/** What a provider's `reject` is given to put into the vendor's own error. */
export interface Refusal {
  readonly rule: string;
  readonly reason: string;
  readonly capture: string;
}
