import { identitiesOf } from '../../model/correlation.ts';
import type { CaptureDraft, Outcome } from '../../model/capture.ts';
import type { Tallies } from '../../model/upkeep.ts';
import { nameOf } from '../archive/restoring.ts';
import { importedCallback } from '../archive/imported-callback.ts';
import { elsewhere } from '../archive/refusals.ts';
import { noTallies, sumOf, type ArchivedObject, type ArchivedRun, type Restored, type RestoredCapture, type RestoredPart } from '../archive/record.ts';
import { sealClaims, policyName, sealPolicy } from '../rows.ts';
import { exchangeColumns } from '../sealed-capture.ts';
import { sealPartOf } from '../sealed-parts.ts';
import { searchable } from '../sealed-search.ts';
import { searchText, termsOf, type KeptSummary } from '../prepare.ts';
import { keepRecipients } from './write-captures.ts';
import { behind, find, put } from './write-objects.ts';
import { keepParts } from './write-parts.ts';
import { personOf } from './write-persons.ts';
import { keepTerms, profileOf } from './write-terms.ts';
import { weigh } from './write-weight.ts';
import type { Write } from './write.ts';

/** Takes in what an export held, all of it or nothing; what is there already stays as it is. Gives what was not there. */
export function restore(write: Write, { records }: { readonly records: readonly Restored[] }): Tallies {
  return records.filter((record) => restoreOne(write, record)).reduce((sum, { kind }) => sumOf(sum, { ...noTallies, [kind]: 1 }), noTallies);
}

/** False where it was there already. */
function restoreOne(write: Write, record: Restored): boolean {
  switch (record.kind) {
    case 'policy': return write.sql.run('INSERT OR IGNORE INTO policies (sha256, text, kept_at) VALUES (?, ?, ?)', policyName(write.sql.seal, record.sha256), sealPolicy(write.sql.seal, record.sha256, record.text), record.keptAt).changes > 0;
    case 'run': return restoreRun(write, record);
    case 'capture': return restoreCapture(write, record);
    case 'object': return restoreObject(write, record);
  }
}

/** Closed, whatever it was: nothing that is recorded here belongs to it. */
function restoreRun(write: Write, { name, space, claims, registered, openedAt, closedAt }: ArchivedRun): boolean {
  if (write.sql.one('SELECT 1 FROM runs WHERE name = ?', name) !== undefined) return false;
  const opened = write.event('run', { run: name, data: { state: 'opened', registered, imported: true } });
  const closed = write.event('run', { run: name, data: { state: 'closed', imported: true } });
  write.sql.run('INSERT INTO runs (name, space, claims, registered, opened_at, closed_at, opened_seq, closed_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    name, space, sealClaims(write.sql.seal, name, claims), Number(registered), openedAt, closedAt ?? write.at, opened, closed);
  return true;
}

function restoreCapture(write: Write, capture: RestoredCapture): boolean {
  const { sql } = write;
  const { seal } = sql;
  const { id, at, run, request, reply, decoded, decision, content, redactions, unsent } = capture;
  if (sql.one('SELECT 1 FROM captures WHERE id = ?', id) !== undefined) return false;
  const summary: KeptSummary = { ...capture.summary, imported: true };
  // Whoever waited for its outcome is not here.
  const outcome: Outcome = capture.outcome === 'pending' ? 'unknown' : capture.outcome;
  if (run !== null && run !== 'ambiguous') restoreRun(write, { kind: 'run', name: run, space: summary.space, claims: [], registered: false, openedAt: at, closedAt: at });
  // Named after their hashes, which are of this store's key.
  const person = capture.person === null ? null : personOf(write, identitiesOf(decoded as CaptureDraft['decoded']));
  const terms = termsOf(seal, summary, { run, outcome, person, tags: capture.tags });
  const seq = write.event('recorded', { capture: id, run, data: {
    service: summary.service, provider: summary.provider, action: summary.action, rule: summary.rule, outcome, imported: true } });
  sql.run(`INSERT INTO captures (seq, id, at, instance, space, run, person, fingerprint, duplicate_of, duplicate_key, direction, outcome, enrichment, tags, note, pinned, seen, summary, service, profile)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    seq, id, at, capture.instance, summary.space, run, person, seal.sealText(['captures.fingerprint', id], capture.fingerprint), capture.duplicateOf,
    capture.duplicateKey === null ? null : seal.hash('duplicate', capture.duplicateKey), summary.direction, outcome, capture.enrichment,
    seal.sealText(['captures.tags', id], JSON.stringify(capture.tags)), seal.sealText(['captures.note', id], capture.note), Number(capture.pinned), Number(capture.seen),
    seal.sealText(['captures.summary', id], JSON.stringify(summary)), summary.service, profileOf(write, terms));
  sql.run('INSERT INTO exchanges (capture, request, reply, decoded, decision, content, redactions, unsent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    seq, ...[request, reply, decoded, decision, content, redactions, unsent].map((value, nth) => (value === null ? null : seal.sealText([`exchanges.${exchangeColumns[nth]!}`, id], JSON.stringify(value)))));
  for (const part of capture.parts) restorePart(write, { seq, id }, part);
  weigh(write, seq);
  keepRecipients(write, seq, summary);
  keepTerms(write, seq, terms);
  // What is still to be read gets its words then, as when it is recorded.
  if (capture.enrichment !== 'pending') sql.run('INSERT INTO search (rowid, text) VALUES (?, ?)', seq, searchable(seal, searchText(summary, decoded, content)));
  restoreCallbacks(write, seq, capture);
  return true;
}

function restorePart(write: Write, { seq, id }: { readonly seq: number; readonly id: string }, part: RestoredPart): void {
  if (part.bytes !== null) {
    keepParts(write, { seq, id }, [{ ...part, bytes: part.bytes }]);
    return;
  }
  const { seal } = write.sql;
  const named = nameOf(seal, part);
  const told = sealPartOf(seal, id, { ...part, sha256: () => part.sha256 }, named);
  const { changes } = write.sql.run(`INSERT INTO parts (capture, role, n, body, filename, content_type, content_id)
    SELECT ?1, ?2, (SELECT coalesce(max(n) + 1, 0) FROM parts WHERE capture = ?1 AND role = ?2), id, ?4, ?5, ?6 FROM bodies WHERE sha256 = ?3`,
    seq, part.role, named, told.filename, told.content_type, told.content_id);
  if (changes === 0) throw new Error(elsewhere(id));
}

function restoreCallbacks({ sql, at }: Write, seq: number, { id, callbacks }: RestoredCapture): void {
  for (const [n, callback] of callbacks.entries()) {
    const { target, object, state, call, url, lastError } = importedCallback(sql.seal, at, callback);
    sql.run(`INSERT INTO outbox (id, ord, capture, provider, target, object, not_before, attempt, state, call, event, url, last_status, last_error, delivery)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      callback.id, seq * 1000 + n, id, callback.provider, target, object, callback.notBefore, callback.attempt, state,
      call, callback.event, url, callback.lastStatus, lastError, callback.delivery);
  }
}

function restoreObject(write: Write, { scope, type, id, version, value, fields }: ArchivedObject): boolean {
  if (find(write, scope, type, id) !== undefined) return false;
  const position = behind(write, scope, type, id)?.position ?? null;
  put(write, scope, { kind: type, id, version, value, index: fields, own: undefined, position });
  return true;
}
