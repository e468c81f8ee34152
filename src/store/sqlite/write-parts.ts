import { encode } from '../body-coding.ts';
import { sealBody } from '../body-sealing.ts';
import { sealPart } from '../sealed-parts.ts';
import { hashText } from '../bucket/placed.ts';
import type { Part } from '../prepare.ts';
import { keepObject, leaveObject } from './write-bucket.ts';
import type { Write } from './write.ts';

/** Attachments that are there already (same name, same bytes) are not listed twice. */
export function keepParts(write: Write, { seq, id }: { readonly seq: number; readonly id: string }, parts: readonly Part[]): void {
  const { sql } = write;
  for (const part of parts) {
    if (part.bytes.length === 0 && part.role !== 'attachment') continue;
    const sha256 = sql.seal.digest(part.bytes);
    const known = sql.one<{ id: number }>('SELECT id FROM bodies WHERE sha256 = ?', sha256)?.id;
    const body = known ?? keepBody(write, sha256, part.bytes);
    const ready = write.placed.get(hashText(sha256));
    if (known !== undefined && ready !== undefined) leaveObject(write, ready);
    const told = sealPart(sql.seal, id, part, sha256);
    if (part.role === 'attachment' && known !== undefined && sql.one(
      `SELECT 1 FROM parts WHERE capture = ? AND role = 'attachment' AND body = ? AND filename IS ?`, seq, body, told.filename) !== undefined) continue;
    sql.run(`INSERT INTO parts (capture, role, n, body, filename, content_type, content_id)
      VALUES (?1, ?2, (SELECT coalesce(max(n) + 1, 0) FROM parts WHERE capture = ?1 AND role = ?2), ?3, ?4, ?5, ?6)`,
      seq, part.role, body, told.filename, told.content_type, told.content_id);
  }
}

function keepBody(write: Write, sha256: Uint8Array, bytes: Uint8Array): number {
  const ready = write.placed.get(hashText(sha256));
  if (ready !== undefined) keepObject(write, ready);
  const { coding, data } = ready ?? sealBody(write.sql.seal, { sha256, size: bytes.length }, encode(bytes));
  return write.sql.run('INSERT INTO bodies (sha256, size, coding, data, object) VALUES (?, ?, ?, ?, ?)', sha256, bytes.length, coding, data, ready?.object ?? null).rowid;
}

/** Drops the parts of a capture (of one role, or all) and the bodies nobody else refers to. */
export function dropParts({ sql }: Write, seq: number, role: Part['role'] | null): void {
  const bodies = sql.all<{ body: number }>('SELECT DISTINCT body FROM parts WHERE capture = ?1 AND (?2 IS NULL OR role = ?2)', seq, role);
  sql.run('DELETE FROM parts WHERE capture = ?1 AND (?2 IS NULL OR role = ?2)', seq, role);
  for (const { body } of bodies) sql.run('DELETE FROM bodies WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM parts WHERE body = ?1)', body);
}
