import { openPolicySource, type PolicySource, type PolicyText } from '../config/policy-source.ts';
import type { PolicyHandle, PolicyProblem } from '../control/dependencies.ts';
import { loadPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/policy.ts';
import { problemText, type Problem } from '../policy/problem.ts';
import { everyProvider as providers } from '../providers/index.ts';

/** A policy with the text it was made from. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly text: string;
  readonly file: string;
  /** RFC 3339 UTC, ms */
  readonly at: string;
}


/** Opens the policy of a file or a text and keeps it current: what the first start needs, and what is in force later. */
export function openPolicy(source: PolicyText, env: Readonly<Record<string, string | undefined>>): ReturnType<typeof openPolicySource<LoadedPolicy>> {
  return openPolicySource<LoadedPolicy>({
    source,
    load(text, file) {
      const loaded = loadPolicy(text, { file, env, providers });
      return loaded.kind === 'policy' ? { kind: 'loaded', policy: { policy: loaded.policy, text, file, at: new Date().toISOString() } } : loaded;
    },
  });
}

/**
 * The variables a draft may name: those of the policy in force. A draft comes from anybody who may ask, and what is compiled of it can be tried
 * out call by call: passwords, tokens and keys of the environment are none of its business.
 */
export function draftVariables({ text }: Pick<LoadedPolicy, 'text'>, env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  const names = new Set([...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].map(([, name]) => name));
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.has(name)));
}

/** A draft that is not in force: checked and compiled with this gateway's providers. */
export function loadDraft(text: string, env: Readonly<Record<string, string | undefined>>, file = 'draft'): ReturnType<typeof loadPolicy> {
  return loadPolicy(text, { file, env, providers });
}

/** The same policy as control shows it. */
export function policyHandle(source: PolicySource<LoadedPolicy>, env: Readonly<Record<string, string | undefined>>): PolicyHandle {
  return {
    inForce() {
      const { policy: { policy, text, file, at }, status, problems } = source.state();
      return { sha256: policy.sha256, text, file: file === 'FOURTHWALL_POLICY' ? null : file, state: status, problems: problems.map(shown), loadedAt: at };
    },
    check(text) {
      const loaded = loadDraft(text, draftVariables(source.state().policy, env));
      return loaded.kind === 'policy' ? { sha256: loaded.policy.sha256, problems: [] } : { sha256: '', problems: loaded.problems.map(shown) };
    },
  };
}

function shown(problem: Problem): PolicyProblem {
  const { line, column } = problem;
  return { line: line === 0 ? null : line, column: column === 0 ? null : column, message: problemText(problem) };
}
