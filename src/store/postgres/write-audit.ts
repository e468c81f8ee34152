import type { ErasureProof } from '../../model/erasure.ts';
import type { AuditEntry } from '../../model/store.ts';
import { chained, type UnchainedProof } from '../erasure/proof.ts';
import { auditOf, sealAudit, type KeptAudit } from '../rows.ts';
import type { Write } from './write.ts';

export async function audit({ sql, at }: Write, entry: AuditEntry): Promise<void> {
  const { actor, action, subject, data } = sealAudit(sql.seal, at, entry);
  sql.send('INSERT INTO audit (at, actor, action, subject, data) VALUES ($1, $2, $3, $4, $5)', at, actor, action, subject, data);
}

/** Puts a proof at the end of the chain, with how much was recorded since its second look. */
export async function prove(write: Write, proof: UnchainedProof): Promise<ErasureProof> {
  const { later } = (await write.sql.one<{ later: number }>(`SELECT count(*) AS later FROM events WHERE seq > $1 AND kind = 'recorded'`, proof.scan.until))!;
  const before = await write.sql.one<KeptAudit>(`SELECT seq, at, actor, action, subject, data FROM audit WHERE action = 'erasure' ORDER BY seq DESC LIMIT 1`);
  const previous = before === undefined ? null : String(auditOf(write.sql.seal, before).data['sha256']);
  const whole = chained({ ...proof, scan: { ...proof.scan, later } }, previous);
  await audit(write, { actor: whole.actor, action: 'erasure', subject: whole.id, data: { ...whole } });
  return whole;
}
