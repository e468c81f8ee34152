import { StoreUnavailable } from '../../model/store.ts';
import { schema, type Connection } from './connection.ts';
import { mustBeSealedWith, sealedWith } from '../sealed-with.ts';
import { migrations as all } from './migrations/all.ts';

/** 'FWST', as SQLite's application_id: two gateways that start at once migrate one after the other. */
const lock = 0x46575354;

/**
 * Makes the schema, or brings it up to date, in one transaction. Refuses a schema that is not ours, that a newer Fourthwall wrote, or that is sealed
 * otherwise than `keyId` says (null = not at all; absent = whatever it is), and leaves it as it is.
 */
export async function migrate(connection: Connection, migrations: readonly string[] = all, keyId?: string | null): Promise<void> {
  try {
    await connection.query('BEGIN');
    // Somebody else's migration may take its time.
    await connection.query('SET LOCAL statement_timeout = 0; SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on');
    await connection.query(`SELECT pg_advisory_xact_lock(${lock}, 0)`);
    const { rows: [found] } = await connection.query(
      `SELECT to_regnamespace($1) IS NOT NULL AS there, to_regclass($2) IS NOT NULL AS ours, EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace($1)) AS used`,
      [schema, `${schema}.schema_version`]) as { readonly rows: readonly { readonly there: boolean; readonly ours: boolean; readonly used: boolean }[] };
    if (found!.used && !found!.ours) throw new StoreUnavailable(`the schema "${schema}" of this database is not a Fourthwall store; it was left as it is. Name another database`);
    if (!found!.there) await connection.query(`CREATE SCHEMA ${schema}`);
    if (!found!.ours) await connection.query(`CREATE TABLE ${schema}.schema_version (version integer NOT NULL); INSERT INTO ${schema}.schema_version VALUES (0)`);
    const { rows: [{ version }] } = await connection.query(`SELECT version FROM ${schema}.schema_version`) as unknown as { readonly rows: readonly [{ readonly version: number }] };
    if (version > migrations.length) {
      throw new StoreUnavailable(`the store was written by a newer Fourthwall (schema ${version}, this one knows ${migrations.length}); use that version`);
    }
    for (const migration of migrations.slice(version)) await connection.query(migration);
    if (version < migrations.length) await connection.query(`UPDATE ${schema}.schema_version SET version = ${migrations.length}`);
    if (keyId !== undefined) await agreeOnSeal(connection, { keyId, fresh: version === 0 });
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => undefined);
    if (error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(`the store's schema could not be made or brought up to date: ${(error as Error).message}`, { cause: error });
  }
}

/** Whoever makes the schema says with which key it is sealed; everybody else has to have the same. */
export async function agreeOnSeal(connection: Connection, { keyId, fresh }: { readonly keyId: string | null; readonly fresh: boolean }): Promise<void> {
  if (fresh && keyId !== null) await connection.query(`UPDATE ${schema}.agreed SET value = $1 WHERE name = $2`, [keyId, sealedWith]);
  const { rows: [row] } = await connection.query(`SELECT value FROM ${schema}.agreed WHERE name = $1`, [sealedWith]) as unknown as { readonly rows: readonly { readonly value: string }[] };
  if (row === undefined) throw new StoreUnavailable('the store does not tell whether it is encrypted; it was left as it is: restore a copy');
  mustBeSealedWith(row.value, keyId, 'this database');
}

/** Version of the schema in this database; null where there is none of ours. */
export async function schemaOf(connection: Connection): Promise<number | null> {
  const { rows: [found] } = await connection.query('SELECT to_regclass($1) IS NOT NULL AS ours', [`${schema}.schema_version`]) as { readonly rows: readonly { readonly ours: boolean }[] };
  if (!found!.ours) return null;
  const { rows: [row] } = await connection.query(`SELECT version FROM ${schema}.schema_version`) as unknown as { readonly rows: readonly [{ readonly version: number }] };
  return row.version;
}
