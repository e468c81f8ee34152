import type { Part } from '../prepare.ts';
import { sealPart } from '../sealed-parts.ts';
import { keepObject } from './write-bucket.ts';
import type { Write } from './write.ts';

/** Attachments that are there already (same name, same bytes) are not listed twice. */
export async function keepParts(write: Write, { seq, id }: { readonly seq: number; readonly id: string }, parts: readonly Part[]): Promise<void> {
  const { sql, bodies } = write;
  for (const part of parts) {
    if (part.bytes.length === 0 && part.role !== 'attachment') continue;
    const body = bodies.get(part.bytes);
    if (body === undefined) throw new Error('bytes that were not coded before their transaction');
    const { sha256, size, coding, data, object } = body;
    const told = sealPart(sql.seal, id, part, sha256);
    if (object !== null) await keepObject(write, body);
    sql.send('INSERT INTO bodies (sha256, size, coding, data, object) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (sha256) DO NOTHING', sha256, size, coding, data, object);
    sql.send(`INSERT INTO parts (capture, role, n, body, filename, content_type, content_id)
      SELECT $1::bigint, $2::text, (SELECT coalesce(max(n) + 1, 0) FROM parts WHERE capture = $1 AND role = $2), bodies.id, $4::text, $5, $6 FROM bodies WHERE sha256 = $3
      AND NOT ($2 = 'attachment' AND EXISTS (SELECT 1 FROM parts WHERE capture = $1 AND role = 'attachment' AND body = bodies.id AND filename IS NOT DISTINCT FROM $4))`,
      seq, part.role, sha256, told.filename, told.content_type, told.content_id);
  }
}

/** Drops the parts of captures (of one role, or all) and the bodies nobody else refers to. */
export function dropParts({ sql }: Write, captures: readonly number[], role: Part['role'] | null): void {
  sql.send(`WITH gone AS (DELETE FROM parts WHERE capture = ANY ($1::bigint[]) AND ($2::text IS NULL OR role = $2) RETURNING body)
    DELETE FROM bodies WHERE id IN (SELECT body FROM gone)
    AND NOT EXISTS (SELECT 1 FROM parts WHERE body = bodies.id AND (capture <> ALL ($1::bigint[]) OR $2 IS NOT NULL AND role <> $2))`, captures, role);
}
