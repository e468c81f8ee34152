import type { OpenOfflinePolicy } from './offline-policy.ts';
import type { OpenStoreKeeper } from './store-keeper.ts';

/** What a command may touch of the outside. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(chunk: string | Uint8Array): unknown };
  readonly stderr: { write(chunk: string | Uint8Array): unknown };
  /** ends `tail` and waits; Ctrl-C in a terminal */
  readonly signal?: AbortSignal;
  /** loads a policy without a gateway */
  readonly openPolicy?: OpenOfflinePolicy;
  /** works on a store without a gateway */
  readonly openStore?: OpenStoreKeeper;
  /** runs the gateway until it is stopped; resolves with its exit code */
  readonly start?: (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<number>;
}

/** interface.md, "CLI". 1 also says: the wait ran out, the policy does not load. */
export const exitCode = { pass: 0, fail: 1, usage: 2, inconclusive: 3 } as const;

/** What was asked cannot be done as it was asked: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
