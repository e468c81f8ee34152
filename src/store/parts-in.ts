import type { Enrichment } from '../model/capture.ts';
import type { Reply } from '../model/exchange.ts';
import type { Passed, Recording } from '../model/store.ts';
import type { Restored } from './archive/record.ts';
import { attachmentParts, partsOf, passedRecord, replyParts, type Part } from './prepare.ts';

/** What each of these writes will keep the bytes of, so that it can be made ready before the write waits for its turn. */
export const partsIn = {
  record: ({ draft }: Recording): readonly Part[] => partsOf(draft),
  outcome: ({ reply, passed }: { readonly reply: Reply | null; readonly passed: Passed | null }): readonly Part[] =>
    [...(reply === null ? [] : replyParts(reply)), ...(passed === null ? [] : passedRecord(passed.request).parts)],
  enrich: ({ enrichment }: { readonly enrichment: Enrichment }): readonly Part[] => attachmentParts(enrichment.attachments),
  restore: ({ records }: { readonly records: readonly Restored[] }): readonly Part[] =>
    records.flatMap((record) => (record.kind === 'capture' ? record.parts.flatMap((part) => (part.bytes === null ? [] : [{ ...part, bytes: part.bytes }])) : [])),
};
