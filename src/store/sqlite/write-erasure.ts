import { randomBytes } from 'node:crypto';
import { mentionsOf } from '../erasure/mentions.ts';
import { blottedAudit, blottedEvent, blottedRun, erasedNone, type ErasedPart, type ErasurePart } from '../erasure/parts.ts';
import { personId } from '../person.ts';
import type { EventRow, KeptAudit } from '../rows.ts';
import { remove } from './write-removal.ts';
import type { Write } from './write.ts';

/** One part of an erasure. Captures of open registered runs stay, as with every deletion. */
export function erase(write: Write, part: ErasurePart): ErasedPart {
  const { sql } = write;
  const counted = (count: number): ErasedPart => ({ ...erasedNone, count });
  const each = <T>(items: readonly T[], one: (item: T) => number): ErasedPart => counted(items.reduce((sum, item) => sum + one(item), 0));
  switch (part.kind) {
    case 'captures': return eraseCaptures(write, part);
    case 'objects': return each(part.ords, (ord) => sql.run('DELETE FROM objects WHERE ord = ?', ord).changes);
    case 'callbacks': return each(part.ids, (id) => sql.run('DELETE FROM outbox WHERE id = ?', id).changes);
    case 'policies': return each(part.sha256s, (sha256) => sql.run('DELETE FROM policies WHERE sha256 = ?', sha256).changes);
    case 'identities': return each(part.hashes, (hash) => forgetIdentity(write, hash));
    // The breaker goes on counting somebody: that one more is a different person must not become possible by an erasure.
    case 'tallies': return each(part.tallies, ({ name, subject, bucket }) => (name === 'burst'
      ? sql.run('UPDATE counters SET bucket = ? WHERE name = ? AND subject = ? AND bucket = ?', `erased-${randomBytes(16).toString('hex')}`, name, subject, bucket)
      : sql.run('DELETE FROM counters WHERE name = ? AND subject = ? AND bucket = ?', name, subject, bucket)).changes);
    case 'runs': {
      const mentions = mentionsOf(part.subjects);
      return each(part.names, (name) => {
        const run = sql.one<{ name: string; space: string | null; claims: string }>('SELECT name, space, claims FROM runs WHERE name = ?', name);
        const without = run === undefined ? null : blottedRun(sql.seal, run, mentions);
        return (without === null ? sql.run('DELETE FROM runs WHERE name = ?', name) : sql.run('UPDATE runs SET space = ?, claims = ? WHERE name = ?', without.space, without.claims, name)).changes;
      });
    }
    case 'notes': {
      const mentions = mentionsOf(part.subjects);
      const events = each(part.events, (seq) => {
        const row = sql.one<EventRow>('SELECT seq, at, kind, capture, run, data FROM events WHERE seq = ?', seq);
        // The beginning of the log may have been evicted meanwhile.
        if (row === undefined) return 0;
        const { run, data } = blottedEvent(sql.seal, row, mentions);
        return sql.run('UPDATE events SET run = ?, data = ? WHERE seq = ?', run, data, seq).changes;
      });
      const audits = each(part.audits, (seq) => {
        const { actor, subject, data } = blottedAudit(sql.seal, sql.one<KeptAudit>('SELECT seq, at, actor, action, subject, data FROM audit WHERE seq = ?', seq)!, mentions);
        return sql.run('UPDATE audit SET actor = ?, subject = ?, data = ? WHERE seq = ?', actor, subject, data, seq).changes;
      });
      return counted(events.count + audits.count);
    }
    // A profile that no capture has is nobody's; a call may have taken the term since the look.
    case 'index': return counted(each(part.terms, (id) => {
      sql.run('DELETE FROM profiles WHERE captures = 0 AND id IN (SELECT profile FROM profile_terms WHERE term = ?)', id);
      return sql.run('DELETE FROM terms WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM postings WHERE term = ?1) AND NOT EXISTS (SELECT 1 FROM profile_terms WHERE term = ?1)', id).changes;
    }).count
      + each(part.search, (id) => sql.run('DELETE FROM search WHERE rowid = ?', id).changes).count);
  }
}

function eraseCaptures(write: Write, { erasure, seqs }: Extract<ErasurePart, { readonly kind: 'captures' }>): ErasedPart {
  const these = JSON.stringify(seqs);
  const bodies = write.sql.one<{ count: number }>(`WITH these AS (SELECT value FROM json_each(?)) SELECT count(DISTINCT body) AS count FROM parts WHERE capture IN these
    AND NOT EXISTS (SELECT 1 FROM parts AS others WHERE others.body = parts.body AND others.capture NOT IN these)`, these)!.count;
  const callbacks = write.sql.one<{ count: number }>('SELECT count(*) AS count FROM outbox WHERE capture IN (SELECT id FROM captures WHERE seq IN (SELECT value FROM json_each(?)))', these)!.count;
  const events: number[] = [];
  const event: Write['event'] = (kind, about) => {
    const seq = write.event(kind, about);
    events.push(seq);
    return seq;
  };
  return { count: remove({ ...write, event }, { seqs, why: { erased: erasure } }), bodies, callbacks, events };
}

/** A person is called after an identity: one that goes on being known by others is called after one of those. */
function forgetIdentity({ sql }: Write, hash: string): number {
  const person = sql.one<{ person: string }>('SELECT person FROM identities WHERE hash = ?', hash)?.person;
  if (person === undefined) return 0;
  sql.run('DELETE FROM identities WHERE hash = ?', hash);
  sql.run('DELETE FROM identities WHERE person = ?1 AND NOT EXISTS (SELECT 1 FROM captures WHERE captures.person = ?1)', person);
  if (person !== personId(hash)) return 1;
  const other = sql.one<{ hash: string }>('SELECT hash FROM identities WHERE person = ? ORDER BY hash LIMIT 1', person)?.hash;
  const called = other === undefined ? null : personId(other);
  sql.run('UPDATE identities SET person = ? WHERE person = ?', called, person);
  sql.run('UPDATE captures SET person = ? WHERE person = ?', called, person);
  if (called === null) sql.run(`DELETE FROM postings WHERE term = (SELECT id FROM terms WHERE name = 'person' AND value = ?)`, person);
  if (called === null) sql.run(`DELETE FROM terms WHERE name = 'person' AND value = ?`, person);
  else sql.run(`UPDATE terms SET value = ? WHERE name = 'person' AND value = ?`, called, person);
  return 1;
}
