import { randomBytes } from 'node:crypto';
import { mentionsOf } from '../erasure/mentions.ts';
import { blottedAudit, blottedEvent, blottedRun, erasedNone, type ErasedPart, type ErasurePart } from '../erasure/parts.ts';
import { personId } from '../person.ts';
import type { EventRow, KeptAudit } from '../rows.ts';
import { remove } from './write-removal.ts';
import { termDigest } from './write-terms.ts';
import type { Write } from './write.ts';

/** One part of an erasure. Captures of open registered runs stay, as with every deletion. */
export async function erase(write: Write, part: ErasurePart): Promise<ErasedPart> {
  const { sql } = write;
  const counted = (count: number): ErasedPart => ({ ...erasedNone, count });
  const each = async <T>(items: readonly T[], one: (item: T) => Promise<number>): Promise<ErasedPart> => {
    let sum = 0;
    for (const item of items) sum += await one(item);
    return counted(sum);
  };
  switch (part.kind) {
    case 'captures': return eraseCaptures(write, part);
    case 'objects': return counted(await sql.run('DELETE FROM objects WHERE ord = ANY ($1::bigint[])', part.ords));
    case 'callbacks': return counted(await sql.run('DELETE FROM outbox WHERE id = ANY ($1::text[])', part.ids));
    case 'policies': return counted(await sql.run('DELETE FROM policies WHERE sha256 = ANY ($1::text[])', part.sha256s));
    case 'identities': return each(part.hashes, (hash) => forgetIdentity(write, hash));
    // The breaker goes on counting somebody: that one more is a different person must not become possible by an erasure.
    case 'tallies': return each(part.tallies, ({ name, subject, bucket }) => (name === 'burst'
      ? sql.run('UPDATE counters SET bucket = $1 WHERE name = $2 AND subject = $3 AND bucket = $4', `erased-${randomBytes(16).toString('hex')}`, name, subject, bucket)
      : sql.run('DELETE FROM counters WHERE name = $1 AND subject = $2 AND bucket = $3', name, subject, bucket)));
    case 'runs': {
      const mentions = mentionsOf(part.subjects);
      return each(part.names, async (name) => {
        const run = await sql.one<{ name: string; space: string | null; claims: string }>('SELECT name, space, claims FROM runs WHERE name = $1', name);
        const without = run === undefined ? null : blottedRun(sql.seal, run, mentions);
        return without === null ? sql.run('DELETE FROM runs WHERE name = $1', name) : sql.run('UPDATE runs SET space = $1, claims = $2 WHERE name = $3', without.space, without.claims, name);
      });
    }
    case 'notes': {
      const mentions = mentionsOf(part.subjects);
      const events = await each(part.events, async (seq) => {
        const row = await sql.one<EventRow>('SELECT seq, at, kind, capture, run, data FROM events WHERE seq = $1', seq);
        // The beginning of the log may have been evicted meanwhile.
        if (row === undefined) return 0;
        const { run, data } = blottedEvent(sql.seal, row, mentions);
        return sql.run('UPDATE events SET run = $1, data = $2 WHERE seq = $3', run, data, seq);
      });
      const audits = await each(part.audits, async (seq) => {
        const { actor, subject, data } = blottedAudit(sql.seal, (await sql.one<KeptAudit>('SELECT seq, at, actor, action, subject, data FROM audit WHERE seq = $1', seq))!, mentions);
        return sql.run('UPDATE audit SET actor = $1, subject = $2, data = $3 WHERE seq = $4', actor, subject, data, seq);
      });
      return counted(events.count + audits.count);
    }
    // A profile that no capture has is nobody's; a call may have taken the term since the look.
    case 'index':
      sql.send('WITH empty AS (DELETE FROM profiles WHERE captures = 0 AND id IN (SELECT profile FROM profile_terms WHERE term = ANY ($1::bigint[])) RETURNING id) DELETE FROM profile_terms WHERE profile IN (SELECT id FROM empty)', part.terms);
      return counted(await sql.run('DELETE FROM terms WHERE id = ANY ($1::bigint[]) AND NOT EXISTS (SELECT 1 FROM postings WHERE term = terms.id) AND NOT EXISTS (SELECT 1 FROM profile_terms WHERE term = terms.id)', part.terms));
  }
}

async function eraseCaptures(write: Write, { erasure, seqs }: Extract<ErasurePart, { readonly kind: 'captures' }>): Promise<ErasedPart> {
  const { bodies } = (await write.sql.one<{ bodies: number }>(`SELECT count(DISTINCT body) AS bodies FROM parts WHERE capture = ANY ($1::bigint[])
    AND NOT EXISTS (SELECT 1 FROM parts AS others WHERE others.body = parts.body AND others.capture <> ALL ($1::bigint[]))`, seqs))!;
  const { callbacks } = (await write.sql.one<{ callbacks: number }>('SELECT count(*) AS callbacks FROM outbox WHERE capture IN (SELECT id FROM captures WHERE seq = ANY ($1::bigint[]))', seqs))!;
  const events: number[] = [];
  const event: Write['event'] = (kind, about) => {
    const seq = write.event(kind, about);
    events.push(seq);
    return seq;
  };
  return { count: await remove({ ...write, event }, { seqs, why: { erased: erasure } }), bodies, callbacks, events };
}

/** A person is called after an identity: one that goes on being known by others is called after one of those. */
async function forgetIdentity({ sql }: Write, hash: string): Promise<number> {
  const person = (await sql.one<{ person: string }>('SELECT person FROM identities WHERE hash = $1', hash))?.person;
  if (person === undefined) return 0;
  sql.send('DELETE FROM identities WHERE hash = $1', hash);
  sql.send('DELETE FROM identities WHERE person = $1 AND NOT EXISTS (SELECT 1 FROM captures WHERE captures.person = $1)', person);
  if (person !== personId(hash)) return 1;
  const other = (await sql.one<{ hash: string }>('SELECT hash FROM identities WHERE person = $1 ORDER BY hash LIMIT 1', person))?.hash;
  const called = other === undefined ? null : personId(other);
  const term = termDigest('person', person);
  sql.send('UPDATE identities SET person = $1 WHERE person = $2', called, person);
  sql.send('UPDATE captures SET person = $1 WHERE person = $2', called, person);
  if (called === null) {
    sql.send('DELETE FROM postings WHERE term = (SELECT id FROM terms WHERE digest = $1)', term);
    sql.send('DELETE FROM terms WHERE digest = $1', term);
  } else {
    sql.send('UPDATE terms SET value = $1, digest = $2 WHERE digest = $3', called, termDigest('person', called), term);
  }
  return 1;
}
