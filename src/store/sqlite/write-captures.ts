import type { CapturePatch, Passed, Recording } from '../../model/store.ts';
import type { CaptureDraft, Enrichment, Outcome, StoredDecoded } from '../../model/capture.ts';
import type { Reply } from '../../model/exchange.ts';
import { enriched } from '../enriched.ts';
import { openExchange, openTags, sealExchange } from '../sealed-capture.ts';
import { searchable, termValue } from '../sealed-search.ts';
import { fingerprint } from '../fingerprint.ts';
import { attachmentParts, keptTexts, passedRecord, prepare, replyParts, replyRecord, searchText, termsOf, type KeptSummary } from '../prepare.ts';
import { keyedDigest } from '../secret-key.ts';
import { tally } from './write-breakers.ts';
import { queue, settleCallback } from './write-callbacks.ts';
import { refuseWhenFull } from './write-eviction.ts';
import { dropParts, keepParts } from './write-parts.ts';
import { keepTerms, profileOf, replaceTerms } from './write-terms.ts';
import { personOf } from './write-persons.ts';
import { remember } from './write-objects.ts';
import { noteRun } from './write-runs.ts';
import { weigh } from './write-weight.ts';
import type { Write } from './write.ts';

/** The columns of a capture that a later write needs again. */
interface Kept {
  readonly seq: number;
  readonly id: string;
  readonly run: string | null;
  readonly person: string | null;
  readonly outcome: Outcome;
  readonly tags: string;
  readonly summary: string;
}

const duplicateWindow = 24 * 60 * 60 * 1000;

export function record(write: Write, { draft, remember: objects, callbacks, unsent = [], settles }: Recording): { readonly seq: number } {
  const { sql } = write;
  refuseWhenFull(write, draft);
  const prepared = prepare(draft);
  const { summary } = prepared;
  for (const { scope, object } of objects) remember(write, scope, object);
  if (draft.tally !== undefined && draft.tally !== null) tally(write, draft.tally);
  if (draft.run !== null && draft.run !== 'ambiguous') noteRun(write, draft.run, summary.space);
  const person = personOf(write, draft.identities);
  const seq = write.event('recorded', { capture: draft.id, run: draft.run, data: {
    service: summary.service, provider: summary.provider, action: summary.action, rule: summary.rule, outcome: draft.outcome } });
  const duplicateKey = prepared.duplicateKey === null ? null : sql.seal.hash('duplicate', prepared.duplicateKey);
  const kept = keptTexts(sql.seal, draft.id, prepared, { decision: draft.decision, redactions: draft.redactions, unsent });
  const terms = termsOf(sql.seal, summary, { run: draft.run, outcome: draft.outcome, person, tags: [] });
  sql.run(`INSERT INTO captures (seq, id, at, instance, space, run, person, fingerprint, duplicate_of, duplicate_key, direction, outcome, enrichment, summary, service, bytes, profile)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    seq, draft.id, draft.at, draft.instance, summary.space, draft.run, person, sql.seal.sealText(['captures.fingerprint', draft.id], fingerprint(summary)), earlierTwin(write, draft, duplicateKey),
    duplicateKey, summary.direction, draft.outcome, draft.enrichment, kept.summary, summary.service, kept.bytes, profileOf(write, terms));
  sql.run('INSERT INTO exchanges (capture, request, reply, decoded, decision, content, redactions, unsent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    seq, ...kept.exchange);
  keepParts(write, { seq, id: draft.id }, prepared.parts);
  // Files that are there already are not kept twice: how much it was is known only now.
  if (prepared.parts.some(({ role }) => role === 'attachment')) weigh(write, seq);
  keepRecipients(write, seq, summary);
  keepTerms(write, seq, terms);
  // What is still to be read gets its words then, once: indexing is the dearest part of a record.
  if (draft.enrichment !== 'pending') sql.run('INSERT INTO search (rowid, text) VALUES (?, ?)', seq, searchable(sql.seal, searchText(summary, prepared.decoded, prepared.content)));
  queue(write, { capture: draft.id, provider: draft.provider }, seq, callbacks);
  if (settles !== undefined) settleCallback(write, settles);
  return { seq };
}

export function outcome(write: Write, { id, outcome: state, reply, passed }: {
  readonly id: string; readonly outcome: Outcome; readonly reply: Reply | null; readonly passed: Passed | null;
}): void {
  const kept = keptById(write, id);
  if (kept === undefined) throw new Error(`outcome ${state} of capture ${id}: there is no such capture`);
  const { sql: { seal } } = write;
  if (reply !== null) {
    write.sql.run('UPDATE exchanges SET reply = ? WHERE capture = ?', sealExchange(seal, id, { reply: JSON.stringify(replyRecord(reply)) }).reply, kept.seq);
    dropParts(write, kept.seq, 'reply');
    keepParts(write, kept, replyParts(reply));
  }
  if (passed !== null) {
    const { request, size, parts } = passedRecord(passed.request);
    const sealed = sealExchange(seal, id, { request: JSON.stringify(request), redactions: JSON.stringify(passed.redactions) });
    write.sql.run('UPDATE exchanges SET request = ?, redactions = ? WHERE capture = ?', sealed.request, sealed.redactions, kept.seq);
    const summary = JSON.stringify({ ...JSON.parse(seal.openText(['captures.summary', id], kept.summary)) as KeptSummary, size });
    write.sql.run('UPDATE captures SET summary = ? WHERE seq = ?', seal.sealText(['captures.summary', id], summary), kept.seq);
    dropParts(write, kept.seq, 'request');
    keepParts(write, kept, parts);
  }
  if (reply !== null || passed !== null) weigh(write, kept.seq);
  setOutcome(write, kept, state);
}

export function setOutcome(write: Write, kept: Pick<Kept, 'seq' | 'id' | 'run' | 'outcome'>, state: Outcome): void {
  write.sql.run('UPDATE captures SET outcome = ? WHERE seq = ?', state, kept.seq);
  replaceTerms(write, kept.seq, 'outcome', [state]);
  write.event('outcome', { capture: kept.id, run: kept.run, data: { outcome: state, was: kept.outcome } });
}

export function enrich(write: Write, { id, enrichment }: { readonly id: string; readonly enrichment: Enrichment }): void {
  const kept = keptById(write, id);
  // Deleted while it was being read: nothing is left to add to.
  if (kept === undefined) return;
  const { sql } = write;
  const { seal } = sql;
  const exchange = openExchange(seal, id, sql.one<{ decoded: string; content: string | null }>('SELECT decoded, content FROM exchanges WHERE capture = ?', kept.seq)!);
  const { summary, content, said } = enriched({ summary: seal.openText(['captures.summary', id], kept.summary), content: exchange.content }, enrichment);
  sql.run('UPDATE captures SET summary = ?, fingerprint = ?, enrichment = ? WHERE seq = ?', seal.sealText(['captures.summary', id], JSON.stringify(summary)),
    seal.sealText(['captures.fingerprint', id], fingerprint(summary)), enrichment.state, kept.seq);
  if (said) sql.run('UPDATE exchanges SET content = ? WHERE capture = ?', sealExchange(seal, id, { content: JSON.stringify(content) }).content, kept.seq);
  keepParts(write, kept, attachmentParts(enrichment.attachments));
  weigh(write, kept.seq);
  const terms = termsOf(sql.seal, summary, { ...kept, tags: openTags(seal, kept) });
  for (const name of ['key', 'finding']) replaceTerms(write, kept.seq, name, terms.filter(([of]) => of === name).map(([, value]) => value));
  write.sql.run('INSERT OR REPLACE INTO search (rowid, text) VALUES (?, ?)', kept.seq, searchable(seal, searchText(summary, JSON.parse(exchange.decoded) as StoredDecoded, content)));
  write.event('enriched', { capture: kept.id, run: kept.run, data: { state: enrichment.state, findings: enrichment.findings.map((finding) => finding.id) } });
}

export function patch(write: Write, { id, patch: change }: { readonly id: string; readonly patch: CapturePatch }): boolean {
  const kept = keptById(write, id);
  if (kept === undefined) return false;
  const { sql: { seal } } = write;
  if (change.tags !== undefined) {
    const tags = [...new Set(change.tags)];
    write.sql.run('UPDATE captures SET tags = ? WHERE seq = ?', seal.sealText(['captures.tags', id], JSON.stringify(tags)), kept.seq);
    replaceTerms(write, kept.seq, 'tag', tags.map((tag) => termValue(seal, 'tag', tag)));
  }
  if (change.note !== undefined) write.sql.run('UPDATE captures SET note = ? WHERE seq = ?', seal.sealText(['captures.note', id], change.note), kept.seq);
  if (change.pinned !== undefined) write.sql.run('UPDATE captures SET pinned = ? WHERE seq = ?', Number(change.pinned), kept.seq);
  if (change.seen !== undefined) write.sql.run('UPDATE captures SET seen = ? WHERE seq = ?', Number(change.seen), kept.seq);
  write.event('changed', { capture: kept.id, run: kept.run, data: { fields: Object.keys(change) } });
  return true;
}

function keptById({ sql }: Write, id: string): Kept | undefined {
  return sql.one<Kept>('SELECT seq, id, run, person, outcome, tags, summary FROM captures WHERE id = ?', id);
}

function earlierTwin({ sql }: Write, draft: CaptureDraft, duplicateKey: string | null): string | null {
  if (duplicateKey === null) return null;
  const since = new Date(Date.parse(draft.at) - duplicateWindow).toISOString();
  return sql.one<{ id: string }>('SELECT id FROM captures WHERE duplicate_key = ? AND at >= ? ORDER BY seq LIMIT 1', duplicateKey, since)?.id ?? null;
}

export function keepRecipients({ sql, key }: Write, seq: number, summary: KeptSummary): void {
  const hashes = new Set(summary.recipients.map(({ address }) => keyedDigest(key, address.toLowerCase())));
  for (const hash of hashes) sql.run('INSERT INTO recipients (hash, capture) VALUES (?, ?)', hash, seq);
}
