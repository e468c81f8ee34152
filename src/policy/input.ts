import type { Liveness, Decoded } from '../model/side-effect.ts';
import type { Origin } from '../model/origin.ts';
import type { Recipient } from '../model/recipient.ts';

/**
 * Everything a decision may depend on. `stage` says how much is known:
 * connect = authority only; head = also method and path; whole = also the decoded call.
 */
export interface DecisionInput {
  readonly stage: 'connect' | 'head' | 'whole';
  readonly origin: Origin;
  readonly run: string | null;
  /** null for mail by SMTP */
  readonly target: {
    readonly scheme: 'http' | 'https';
    readonly host: string;
    readonly port: number;
    readonly method: string | null;
    readonly path: string | null;
  } | null;
  /** who claims the host (or 'smtp'); null = nobody */
  readonly provider: { readonly name: string; readonly channels: readonly string[] } | null;
  /** null before the stage 'whole' */
  readonly decoded: Decoded<Recipient> | null;
  /** ids of the findings known before the decision */
  readonly findings: readonly string[];
  readonly facts: {
    /** the mailshot breaker of this service is tripped: since when */
    readonly tripped: string | null;
  };
}

export type { Liveness };
