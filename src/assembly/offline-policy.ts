import type { OfflinePolicy } from '../cli/offline-policy.ts';
import { explainer, loaded } from '../control/explain-call.ts';
import { findingsOfCall } from '../findings/from-call.ts';
import { problemText } from '../policy/problem.ts';
import { createClaims } from '../providers/claims.ts';
import { httpProviders, mailProvider } from '../providers/index.ts';
import { loadDraft } from './policy-in-force.ts';

/** A policy of a file, loaded and asked as the gateway would, without one that runs. */
export function offlinePolicy(text: string, file: string, env: Readonly<Record<string, string | undefined>>): OfflinePolicy {
  const read = loadDraft(text, env, file);
  return {
    problems: read.kind === 'problems' ? read.problems.map(problemText) : [],
    explain(call) {
      const explain = explainer({
        policy: () => loaded(read), load: (draft) => loadDraft(draft, env), claim: createClaims(httpProviders).claim,
        providers: [mailProvider, ...httpProviders], findings: (decoded, request) => findingsOfCall(decoded, request).map(({ id }) => id),
      });
      return explain(call, null);
    },
  };
}
