import type { ReactNode } from 'react';
import type { Verdict } from '../api/client.ts';

const marks = { pass: '✓', fail: '✕', inconclusive: '?' } as const;

export function VerdictBadge({ verdict }: { readonly verdict: Verdict['verdict'] }): ReactNode {
  return <span className="verdict-badge" data-verdict={verdict}><span aria-hidden="true">{marks[verdict]}</span> {verdict}</span>;
}
