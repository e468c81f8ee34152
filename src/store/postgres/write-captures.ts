import type { CapturePatch, Passed, Recording } from '../../model/store.ts';
import type { CaptureDraft, Enrichment, Outcome, StoredDecoded } from '../../model/capture.ts';
import type { Reply } from '../../model/exchange.ts';
import { enriched } from '../enriched.ts';
import { openExchange, openTags, sealExchange } from '../sealed-capture.ts';
import { searchable, termValue } from '../sealed-search.ts';
import { fingerprint } from '../fingerprint.ts';
import { attachmentParts, keptTexts, passedRecord, prepare, replyParts, replyRecord, searchText, termsOf, type KeptSummary } from '../prepare.ts';
import { wordsOf } from '../search-words.ts';
import { keyedDigest } from '../secret-key.ts';
import { blockLexeme, lexeme } from './asked.ts';
import { Refused } from './refused.ts';
import { tally } from './write-breakers.ts';
import { queue, settleCallback } from './write-callbacks.ts';
import { refuseWhenFull } from './write-eviction.ts';
import { dropParts, keepParts } from './write-parts.ts';
import { keepTerms, profileValues, replaceTerms } from './write-terms.ts';
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

export async function record(write: Write, { draft, remember: objects, callbacks, unsent = [], settles }: Recording): Promise<{ readonly seq: number }> {
  const { sql } = write;
  await refuseWhenFull(write, draft);
  const prepared = prepare(draft);
  const { summary } = prepared;
  for (const { scope, object } of objects) await remember(write, scope, object);
  if (draft.tally !== undefined && draft.tally !== null) await tally(write, draft.tally);
  if (draft.run !== null && draft.run !== 'ambiguous') await noteRun(write, draft.run, summary.space);
  const person = await personOf(write, draft.identities);
  const duplicateKey = prepared.duplicateKey === null ? null : sql.seal.hash('duplicate', prepared.duplicateKey);
  const twin = await earlierTwin(write, draft, duplicateKey);
  const seq = write.event('recorded', { capture: draft.id, run: draft.run, data: {
    service: summary.service, provider: summary.provider, action: summary.action, rule: summary.rule, outcome: draft.outcome } });
  const kept = keptTexts(sql.seal, draft.id, prepared, { decision: draft.decision, redactions: draft.redactions, unsent });
  const terms = termsOf(sql.seal, summary, { run: draft.run, outcome: draft.outcome, person, tags: [] });
  sql.send(`INSERT INTO captures (seq, id, at, instance, space, run, person, fingerprint, duplicate_of, duplicate_key, direction, outcome, enrichment, summary, service, bytes, profile)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, profile_of($17::text[], $18::text[], $19::bytea[]))`,
    seq, draft.id, draft.at, draft.instance, summary.space, draft.run, person, sql.seal.sealText(['captures.fingerprint', draft.id], fingerprint(summary)), twin,
    duplicateKey, summary.direction, draft.outcome, draft.enrichment, kept.summary, summary.service, kept.bytes, ...profileValues(terms));
  sql.send('INSERT INTO exchanges (capture, request, reply, decoded, decision, content, redactions, unsent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    seq, ...kept.exchange);
  await keepParts(write, { seq, id: draft.id }, prepared.parts);
  // Files that are there already are not kept twice: how much it was is known only now.
  if (prepared.parts.some(({ role }) => role === 'attachment')) weigh(write, seq);
  keepRecipients(write, seq, summary);
  keepTerms(write, seq, terms);
  // What is still to be read gets its words then, once: indexing is the dearest part of a record.
  if (draft.enrichment !== 'pending') keepWords(write, seq, searchable(sql.seal, searchText(summary, prepared.decoded, prepared.content)));
  await queue(write, { capture: draft.id, provider: draft.provider }, seq, callbacks);
  if (settles !== undefined) await settleCallback(write, settles);
  return { seq };
}

export async function outcome(write: Write, { id, outcome: state, reply, passed }: {
  readonly id: string; readonly outcome: Outcome; readonly reply: Reply | null; readonly passed: Passed | null;
}): Promise<void> {
  const { sql } = write;
  const kept = await keptById(write, id);
  if (kept === undefined) throw new Refused(`outcome ${state} of capture ${id}: there is no such capture`);
  const { seal } = sql;
  if (reply !== null) {
    sql.send('UPDATE exchanges SET reply = $1 WHERE capture = $2', sealExchange(seal, id, { reply: JSON.stringify(replyRecord(reply)) }).reply, kept.seq);
    dropParts(write, [kept.seq], 'reply');
    await keepParts(write, kept, replyParts(reply));
  }
  if (passed !== null) {
    const { request, size, parts } = passedRecord(passed.request);
    const sealed = sealExchange(seal, id, { request: JSON.stringify(request), redactions: JSON.stringify(passed.redactions) });
    sql.send('UPDATE exchanges SET request = $1, redactions = $2 WHERE capture = $3', sealed.request, sealed.redactions, kept.seq);
    const summary = JSON.stringify({ ...JSON.parse(seal.openText(['captures.summary', id], kept.summary)) as KeptSummary, size });
    sql.send('UPDATE captures SET summary = $1 WHERE seq = $2', seal.sealText(['captures.summary', id], summary), kept.seq);
    dropParts(write, [kept.seq], 'request');
    await keepParts(write, kept, parts);
  }
  if (reply !== null || passed !== null) weigh(write, kept.seq);
  setOutcome(write, kept, state);
}

export function setOutcome(write: Write, kept: Pick<Kept, 'seq' | 'id' | 'run' | 'outcome'>, state: Outcome): void {
  write.sql.send('UPDATE captures SET outcome = $1 WHERE seq = $2', state, kept.seq);
  replaceTerms(write, kept.seq, 'outcome', [state]);
  write.event('outcome', { capture: kept.id, run: kept.run, data: { outcome: state, was: kept.outcome } });
}

export async function enrich(write: Write, { id, enrichment }: { readonly id: string; readonly enrichment: Enrichment }): Promise<void> {
  const { sql } = write;
  const kept = await keptById(write, id);
  // Deleted while it was being read: nothing is left to add to.
  if (kept === undefined) return;
  const { seal } = sql;
  const exchange = openExchange(seal, id, (await sql.one<{ decoded: string; content: string | null }>('SELECT decoded, content FROM exchanges WHERE capture = $1', kept.seq))!);
  const { summary, content, said } = enriched({ summary: seal.openText(['captures.summary', id], kept.summary), content: exchange.content }, enrichment);
  sql.send('UPDATE captures SET summary = $1, fingerprint = $2, enrichment = $3 WHERE seq = $4', seal.sealText(['captures.summary', id], JSON.stringify(summary)),
    seal.sealText(['captures.fingerprint', id], fingerprint(summary)), enrichment.state, kept.seq);
  if (said) sql.send('UPDATE exchanges SET content = $1 WHERE capture = $2', sealExchange(seal, id, { content: JSON.stringify(content) }).content, kept.seq);
  await keepParts(write, kept, attachmentParts(enrichment.attachments));
  weigh(write, kept.seq);
  const terms = termsOf(sql.seal, summary, { ...kept, tags: openTags(seal, kept) });
  for (const name of ['key', 'finding']) replaceTerms(write, kept.seq, name, terms.filter(([of]) => of === name).map(([, value]) => value));
  keepWords(write, kept.seq, searchable(seal, searchText(summary, JSON.parse(exchange.decoded) as StoredDecoded, content)));
  write.event('enriched', { capture: kept.id, run: kept.run, data: { state: enrichment.state, findings: enrichment.findings.map((finding) => finding.id) } });
}

export async function patch(write: Write, { id, patch: change }: { readonly id: string; readonly patch: CapturePatch }): Promise<boolean> {
  const { sql } = write;
  const kept = await keptById(write, id);
  if (kept === undefined) return false;
  const { seal } = sql;
  if (change.tags !== undefined) {
    const tags = [...new Set(change.tags)];
    sql.send('UPDATE captures SET tags = $1 WHERE seq = $2', seal.sealText(['captures.tags', id], JSON.stringify(tags)), kept.seq);
    replaceTerms(write, kept.seq, 'tag', tags.map((tag) => termValue(seal, 'tag', tag)));
  }
  if (change.note !== undefined) sql.send('UPDATE captures SET note = $1 WHERE seq = $2', seal.sealText(['captures.note', id], change.note), kept.seq);
  if (change.pinned !== undefined) sql.send('UPDATE captures SET pinned = $1 WHERE seq = $2', Number(change.pinned), kept.seq);
  if (change.seen !== undefined) sql.send('UPDATE captures SET seen = $1 WHERE seq = $2', Number(change.seen), kept.seq);
  write.event('changed', { capture: kept.id, run: kept.run, data: { fields: Object.keys(change) } });
  return true;
}

function keptById({ sql }: Write, id: string): Promise<Kept | undefined> {
  return sql.one<Kept>('SELECT seq, id, run, person, outcome, tags, summary FROM captures WHERE id = $1', id);
}

async function earlierTwin({ sql }: Write, draft: CaptureDraft, duplicateKey: string | null): Promise<string | null> {
  if (duplicateKey === null) return null;
  const since = new Date(Date.parse(draft.at) - duplicateWindow).toISOString();
  return (await sql.one<{ id: string }>('SELECT id FROM captures WHERE duplicate_key = $1 AND at >= $2 ORDER BY seq LIMIT 1', duplicateKey, since))?.id ?? null;
}

export function keepRecipients({ sql, key }: Write, seq: number, summary: KeptSummary): void {
  const hashes = new Set(summary.recipients.map(({ address }) => keyedDigest(key, address.toLowerCase())));
  if (hashes.size > 0) sql.send('INSERT INTO recipients (hash, capture) SELECT hash, $2::bigint FROM unnest($1::text[]) AS r (hash)', [...hashes], seq);
}

export function keepWords({ sql }: Write, seq: number, text: string): void {
  const words = wordsOf(text);
  sql.send(`INSERT INTO search (capture, words, lexemes) VALUES ($1, $2, array_to_tsvector($3::text[])) ON CONFLICT (capture) DO UPDATE SET words = excluded.words, lexemes = excluded.lexemes`,
    seq, ` ${words.join(' ')} `, [...new Set([blockLexeme(seq), ...words.map(lexeme)])]);
}
