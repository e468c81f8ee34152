import type { Retention } from '../../model/retention.ts';
import { StoreUnavailable } from '../../model/store.ts';
import { held } from './held.ts';
import type { Write } from './write.ts';

/** All gateways that run on one database keep the same: what one of them evicts is gone for the others too. */
export async function agreeOnRetention({ sql, evicting }: Write, instance: string): Promise<void> {
  const mine = asText(evicting?.retention ?? null);
  const agreed = await agreedRetention(sql);
  if (agreed !== null && agreed !== mine) {
    const other = await sql.one<{ id: string }>(`SELECT id FROM instances WHERE id <> $1 AND stopped_at IS NULL AND crashed_seq IS NULL AND ${held} LIMIT 1`, instance);
    if (other !== undefined) {
      throw new StoreUnavailable(`the gateways that run on this database (${other.id}) have another retention, ${agreed}, than this one, ${mine}: what one evicts is gone for all. Give all the same; to change it, stop them first`);
    }
  }
  sql.send(`INSERT INTO agreed (name, value) VALUES ('retention', $1) ON CONFLICT (name) DO UPDATE SET value = $1`, mine);
}

/** Asked before every eviction: a gateway that was taken for dead, and is back, may have another retention than those that began meanwhile. Then it evicts nothing. */
export async function isAgreed({ sql, evicting }: Write): Promise<boolean> {
  const agreed = await agreedRetention(sql);
  return agreed === null || agreed === asText(evicting?.retention ?? null);
}

async function agreedRetention(sql: Write['sql']): Promise<string | null> {
  return (await sql.one<{ value: string }>(`SELECT value FROM agreed WHERE name = 'retention'`))?.value ?? null;
}

/** The same text for the same retention. */
function asText(retention: Retention | null): string {
  if (retention === null) return 'keep everything';
  const { days, captures, bytes, quotas } = retention;
  const sorted = quotas.map(({ kind, name, captures: most, bytes: large }) => ({ [kind]: name, captures: most, bytes: large })).map((quota) => JSON.stringify(quota)).toSorted();
  return `{ days: ${days}, captures: ${captures}, bytes: ${bytes}, quotas: [${sorted.join(', ')}] }`;
}
