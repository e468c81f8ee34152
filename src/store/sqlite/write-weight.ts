import type { Write } from './write.ts';

/** The bytes of a capture, counted as the migration that brought them counts them. */
const bytes = `octet_length(summary) + coalesce((SELECT octet_length(request) + coalesce(octet_length(reply), 0) + octet_length(decoded) + octet_length(decision)
  + coalesce(octet_length(content), 0) + octet_length(redactions) + coalesce(octet_length(unsent), 0) FROM exchanges WHERE capture = captures.seq), 0)
  + coalesce((SELECT sum(size) FROM parts JOIN bodies ON bodies.id = body WHERE capture = captures.seq), 0)`;

/** Asked after every change of what a capture holds. */
export function weigh({ sql }: Write, seq: number): void {
  sql.run(`UPDATE captures SET bytes = ${bytes} WHERE seq = ?`, seq);
}
