import type { ReactNode } from 'react';
import type { EnrichmentState } from '../../model/capture.ts';
import { CodeBlock } from '../ui/code-block.tsx';

export function TextView({ text, enrichment, source = false }: { readonly text: string | null; readonly enrichment: EnrichmentState; readonly source?: boolean }): ReactNode {
  if (text === null) {
    return <p className="notice" role="status">{enrichment === 'pending' ? 'The message is still being read …' : enrichment === 'failed' ? 'The message could not be read. Raw shows it as it came.' : 'This message has no text part.'}</p>;
  }
  return source ? <CodeBlock text={text} label="HTML source" /> : <div className="plain-text"><CodeBlock text={text} label="text" /></div>;
}
