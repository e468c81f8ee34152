import type { CannedReply, ForwardPlan } from '../model/decision.ts';
import type { Condition } from './conditions/condition.ts';
import type { InternalService } from './internal.ts';
import type { Safe } from './safe.ts';

/** A policy file, checked and compiled. Made by `loadPolicy` only; nothing in it changes. */
export interface Policy {
  readonly file: string;
  /** of the file's text, which holds the names of variables and never their values */
  readonly sha256: string;
  readonly safe: Safe;
  readonly internal: readonly InternalService[];
  /** there is no other: what no rule lets out stays in */
  readonly default: 'capture' | 'reject';
  readonly limits: { readonly burst: BurstLimit | null };
  /** in the order of the file: the first that matches wins */
  readonly rules: readonly Rule[];
  /** a rule asks for findings, so they are made before the decision */
  readonly usesFindings: boolean;
}

/** Mailshot breaker: more distinct real recipients of one service than this trip it. */
export interface BurstLimit { readonly recipients: number; readonly perMs: number }

export interface Rule {
  readonly id: string;
  /** 'report': noted in the decision, never makes it */
  readonly mode: 'decide' | 'report';
  /** all are to hold */
  readonly conditions: readonly Condition[];
  /** a positive `host` condition that is more than `*` */
  readonly namesHosts: boolean;
  readonly usesFindings: boolean;
  readonly consequence: Consequence;
  /** the author's reason */
  readonly because: string;
}

/** What `then` says. */
export type Consequence =
  | { readonly action: 'capture'; readonly reply: CannedReply | null }
  | { readonly action: 'forward'; readonly plan: ForwardPlan }
  | { readonly action: 'reject' };
