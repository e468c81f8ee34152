import type { ReactNode } from 'react';
import type { Redaction } from '../../model/capture.ts';

export function RedactionsNote({ redactions }: { readonly redactions: readonly Redaction[] }): ReactNode {
  if (redactions.length === 0) return null;
  return <p className="dim">Not stored: {redactions.map((one) => `${one.kind} in ${one.where}${one.hint === '' ? '' : ` (${one.hint})`}`).join(', ')}.</p>;
}
