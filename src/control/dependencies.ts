import type { FastifyBaseLogger, FastifyPluginCallback, FastifyPluginAsync } from 'fastify';
import type { LaterHappened, LaterOrder, Resent } from '../model/callback.ts';
import type { Decision } from '../model/decision.ts';
import type { HostedPages } from '../model/hosted-page.ts';
import type { Liveness } from '../model/side-effect.ts';
import type { RecipientKind, Standing } from '../model/recipient.ts';
import type { Released, ReleaseOrder } from '../model/release.ts';
import type { Seedable } from '../model/seed.ts';
import type { CaptureFilter, Store } from '../model/store.ts';
import type { Safe } from '../policy/safe.ts';
import type { Auth } from './access/caller.ts';
import type { Replay } from './replay.ts';

/** Where everything listens now; null = not opened. */
export interface ReadyPorts {
  readonly http: number | null;
  readonly tls: number | null;
  readonly smtp: number | null;
  readonly smtps: number | null;
  readonly control: number | null;
  readonly preview: number | null;
  readonly dns: number | null;
  readonly reverse: readonly { readonly host: string; readonly port: number }[];
}

/** One thing wrong with a policy. Line and column count from 1. */
export interface PolicyProblem {
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

export interface PolicyInForce {
  readonly sha256: string;
  /** as written, without the values of ${ENV} */
  readonly text: string;
  /** 'config/policy.yaml'; null when it came by FOURTHWALL_POLICY */
  readonly file: string | null;
  /** stale: a newer file does not load, so this one stays in force */
  readonly state: 'current' | 'stale';
  /** what is wrong with the newer file */
  readonly problems: readonly PolicyProblem[];
  /** RFC 3339 UTC, ms */
  readonly loadedAt: string;
}

export interface PolicyHandle {
  inForce(): PolicyInForce;
  /** Never throws. */
  check(text: string): { readonly sha256: string; readonly problems: readonly PolicyProblem[] };
}

/** A call as a person describes it, for `explain`. Either a raw HTTP call (url) that its provider decodes, or its meaning. */
export interface DescribedCall {
  readonly space: string | null;
  readonly service: string;
  readonly run: string | null;
  readonly method: string;
  /** https://host/path; null for mail by SMTP */
  readonly url: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
  readonly provider: string | null;
  readonly channel: string | null;
  readonly operation: string | null;
  readonly liveness: Liveness | null;
  readonly recipients: readonly { readonly address: string; readonly kind: RecipientKind | null }[];
  /** ids of findings its content would have, besides those the call itself shows; absent = none */
  readonly findings?: readonly string[];
}

export interface Explanation {
  readonly decision: Pick<Decision, 'action' | 'rule' | 'reason'>;
  /** the decision as sentences for a person */
  readonly text: string;
  readonly provider: string | null;
  readonly recipients: readonly { readonly address: string; readonly standing: Standing; readonly why: string }[];
}

/** GET /api/providers, one entry. */
export interface ProviderInfo extends Seedable {
  readonly channels: readonly string[];
  readonly hosts: readonly string[];
  readonly operations: readonly string[];
  /** what can be made to happen later to a captured call */
  readonly events?: readonly string[];
  /** its codes for a declined payment, for failure rules */
  readonly declines?: readonly string[];
  /** the kinds of objects it makes up for unknown ids, where gateway.yaml says so */
  readonly adopts?: readonly string[];
  readonly fidelity: string | null;
  readonly verified: { readonly sdk: string; readonly version: string; readonly date: string } | null;
}

/** GET /readyz; 503 unless `ready`. */
export interface Readiness {
  readonly ready: boolean;
  readonly policy: 'current' | 'stale';
  /** `full`: reads and changes, but no new call */
  readonly store: 'ok' | 'unavailable' | 'full';
  /** `unavailable`: calls with large bodies are refused, and those that are kept cannot be had whole; everything else goes on */
  readonly bucket: 'none' | 'ok' | 'unavailable';
  readonly listeners: ReadyPorts;
}

/** Everything control needs from the other rooms. Built by main.ts. */
export interface ControlOptions {
  readonly store: Store;
  readonly policy: PolicyHandle;
  /** Decides a described call; `draft` = under this policy text instead of the one in force. Throws PolicyRefused for a draft that does not load. */
  readonly explain: (call: DescribedCall, draft: string | null) => Promise<Explanation>;
  /** Decides stored captures under a draft. Throws PolicyRefused for one that does not load. */
  readonly replay: (draft: string, filter: CaptureFilter, most: number) => Promise<Replay>;
  readonly providers: readonly ProviderInfo[];
  /** Failure rules of one run; `put` gives what is wrong, and keeps them where nothing is. */
  readonly runFailures?: {
    written(run: string): Promise<readonly unknown[]>;
    put(run: string, rules: readonly unknown[]): Promise<readonly string[]>;
  };
  /** Sends a captured mail to safe addresses, by hand. */
  readonly release?: (order: ReleaseOrder) => Promise<Released>;
  /** Callbacks, by hand. */
  readonly callbacks?: {
    resend(id: string): Promise<Resent>;
    later(order: LaterOrder): Promise<LaterHappened>;
  };
  /** the pages where payers pay, at /pay/ */
  readonly pay?: HostedPages;
  /** every certificate clients are to trust: two in the month before a change */
  readonly caPem: () => string;
  /** the same as PKCS #12, for Java and .NET */
  readonly caTruststore?: () => Uint8Array;
  /** Publishes the next certificate, or begins to sign with it. Throws where the CA is not ours to change. */
  readonly rotateCa?: () => Promise<'unchanged' | 'published' | 'switched'>;
  /** files with ca.pem and ca-bundle.pem on this machine, for the env block; null = only by download */
  readonly caFiles: { readonly ca: string; readonly bundle: string } | null;
  readonly listeners: () => ReadyPorts;
  /** the address the ingress listeners are bound to */
  readonly ingressHost: string;
  /** how people reach the page, without a trailing slash; null = by the control address */
  readonly publicUrl: string | null;
  readonly auth: Auth;
  /** whom the policy in force lists as safe: they are shown to everybody; absent = nobody */
  readonly safe?: () => Safe;
  readonly logger: FastifyBaseLogger;
  /** ms since the epoch */
  readonly now: () => number;
  readonly ready: () => Promise<Readiness>;
  /** bytes of the disk the store lies on; null = a database elsewhere */
  readonly disk?: () => Promise<{ readonly free: number; readonly size: number } | null>;
  /** where captured HTML may be seen; null = no preview origin is open */
  readonly previewUrl: (capture: string, pageHost: string | undefined, masked: boolean) => string | null;
  /** the page at '/' */
  readonly page?: FastifyPluginAsync | FastifyPluginCallback;
  /** a live feed that takes nothing for this long is closed; it can resume. ms, default 15,000 */
  readonly feedStall?: number;
}

/** The draft given to `explain` does not load. */
export class PolicyRefused extends Error {
  override readonly name = 'PolicyRefused';
  readonly problems: readonly PolicyProblem[];
  constructor(problems: readonly PolicyProblem[]) {
    super(problems.map(({ line, message }) => (line === null ? message : `line ${line}: ${message}`)).join('; '));
    this.problems = problems;
  }
}
