import { createHash } from 'node:crypto';

/** What is remembered of a verification of either version. */
export interface StoredVerification {
  readonly id: string;
  readonly to: string;
  readonly code: string;
  readonly status: 'running' | 'done' | 'cancelled' | 'failed';
  readonly attempts: number;
  /** ms since the epoch */
  readonly at: number;
}

/** wrong codes after which Vonage gives a verification up */
export const mostAttempts = 3;

/** The code that will be accepted: one that follows from brand and recipient, so that a tester reads it off the capture and a fixture stays exact. */
export function codeFor(brand: string, to: string, length: number): string {
  return String(createHash('sha256').update(`${brand} ${to}`).digest().readUIntBE(0, 6) % 10 ** length).padStart(length, '0');
}
