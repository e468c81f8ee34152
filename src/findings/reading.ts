import type { Enrichment } from '../model/capture.ts';
import type { Bytes } from '../model/bytes.ts';
import type { Limits } from '../model/limits.ts';
import { readContent } from './content.ts';
import { readMime } from './mime.ts';
import type { MimeBounds } from './mime.ts';

/** What is to be read of a capture: a whole message, or the words an API call carried. */
export type ReadingJob = { readonly from?: string | null; readonly recipients?: number } & (
  | { readonly kind: 'mime'; readonly message: Bytes }
  | { readonly kind: 'words'; readonly subject: string | null; readonly text: string | null; readonly html: string | null });

export interface ReadingRules {
  readonly bounds: MimeBounds;
  readonly correlate: readonly { readonly name: string; readonly pattern: string }[];
}

/** The rules by which this gateway reads, from its limits and its patterns. */
export function rulesOf(limits: Pick<Limits, 'mimeDepth' | 'mimeParts' | 'mimeHeaderBytes'>, correlate: ReadingRules['correlate']): ReadingRules {
  return { bounds: { depth: limits.mimeDepth, parts: limits.mimeParts, headerBytes: limits.mimeHeaderBytes }, correlate };
}

/** Reads one capture's content. What an API call carried is kept with its effects already, so its words are not repeated. */
export async function read(job: ReadingJob, rules: ReadingRules): Promise<Enrichment> {
  const none = { subject: null, text: null, html: null, attachments: [] };
  const { whole, headers, ...message } = job.kind === 'mime' ? await readMime(job.message, rules.bounds) : { whole: true, headers: null, ...none };
  const { whole: lookedAtAll, ...content } = readContent(job.kind === 'mime' ? message : job, rules.correlate, {
    from: job.from ?? null, recipients: job.recipients ?? 0, headers,
  });
  return { state: whole && lookedAtAll ? 'done' : 'partial', ...message, ...content };
}

/** For a capture nothing could be read of: in time, or at all. Its bytes are kept. */
export const unread: Enrichment = {
  state: 'failed', subject: null, text: null, html: null, attachments: [], codes: [], links: [], findings: [], keys: [],
};
