import type { DescribedCall, Explanation } from '../control/dependencies.ts';

/** A policy of a file, without a gateway that runs. */
export interface OfflinePolicy {
  /** everything that is wrong with it, as start-up would say it; empty = it loads */
  readonly problems: readonly string[];
  /** Decides a described call. Rejects when the policy does not load. */
  explain(call: DescribedCall): Promise<Explanation>;
}

/** @param file name for the problems. @param env where `${NAME}` is looked up */
export type OpenOfflinePolicy = (text: string, file: string, env: Readonly<Record<string, string | undefined>>) => OfflinePolicy;

/** Stand-ins for the variables a policy names and this environment does not have: what they hold decides no call. */
export function withPlaceholders(text: string, env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  const named = [...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].map(([, name]) => name!);
  return { ...Object.fromEntries(named.map((name) => [name, `placeholder-of-${name}`])), ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== '')) };
}
