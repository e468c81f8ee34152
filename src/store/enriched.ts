import type { Enrichment } from '../model/capture.ts';
import { oneLine } from '../model/summary.ts';
import type { Content, KeptSummary } from './prepare.ts';

/** What is kept of a capture once it has been read: what was known, and what the reading adds. `said`: there is a content to keep. */
export function enriched(kept: { readonly summary: string; readonly content: string | null }, enrichment: Enrichment): {
  readonly summary: KeptSummary; readonly content: Content; readonly said: boolean;
} {
  const before = JSON.parse(kept.summary) as KeptSummary;
  const was = kept.content === null ? null : JSON.parse(kept.content) as Content;
  const content: Content = {
    subject: enrichment.subject ?? was?.subject ?? null,
    text: enrichment.text ?? was?.text ?? null,
    html: enrichment.html ?? was?.html ?? null,
  };
  const summary: KeptSummary = {
    ...before,
    title: before.channel === 'email' && enrichment.subject !== null ? oneLine(enrichment.subject) || before.title : before.title,
    codes: union(before.codes, enrichment.codes),
    links: union(before.links, enrichment.links),
    findings: union(before.findings, enrichment.findings),
    keys: union(before.keys, enrichment.keys),
  };
  return { summary, content, said: content.subject !== null || content.text !== null || content.html !== null || enrichment.attachments.length > 0 };
}

/** Both, each once, those that were there first. */
function union<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  const seen = new Map<string, T>();
  for (const item of [...first, ...second]) if (!seen.has(JSON.stringify(item))) seen.set(JSON.stringify(item), item);
  return [...seen.values()];
}
