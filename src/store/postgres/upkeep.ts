import { StoreUnavailable } from '../../model/store.ts';
import type { Compacted, Migration } from '../../model/upkeep.ts';
import { reasonOf, schema, type Connection } from './connection.ts';
import { migrations } from './migrations/all.ts';
import { migrate, schemaOf } from './schema.ts';
import { held } from './held.ts';

/** Brings a store up to date as the next start would. Refuses one that gateways have, that is not there, or that is newer. */
export async function migrateStore(connection: Connection, { dry }: { readonly dry: boolean }): Promise<Migration> {
  const from = await known(connection);
  await deserted(connection);
  if (!dry && from < migrations.length) await migrate(connection);
  return { from, to: migrations.length };
}

/** Gives back what was deleted; `full` also to the disk, with every table locked meanwhile. */
export async function compactStore(connection: Connection, { full }: { readonly full: boolean }): Promise<Compacted> {
  await known(connection);
  if (full) await deserted(connection);
  const tables = (await connection.query(`SELECT relname FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relkind = 'r' ORDER BY relname`)).rows as { readonly relname: string }[];
  const before = await size(connection);
  try {
    await connection.query('SET statement_timeout = 0');
    for (const { relname } of tables) await connection.query(`VACUUM (${full ? 'FULL, ' : ''}ANALYZE) ${schema}."${relname}"`);
  } catch (error) {
    throw new StoreUnavailable(`the database could not be compacted: ${reasonOf(error)}`, { cause: error });
  }
  return { before, after: await size(connection) };
}

async function known(connection: Connection): Promise<number> {
  const found = await schemaOf(connection);
  if (found === null) throw new StoreUnavailable('there is no store in this database; name it with --store or FOURTHWALL_STORE');
  if (found > migrations.length) throw new StoreUnavailable(`the store was written by a newer Fourthwall (schema ${found}, this one knows ${migrations.length}); use that version`);
  return found;
}

/** A living gateway holds a lock by its connection (write-instances.ts). */
export async function deserted(connection: Connection): Promise<void> {
  if (await schemaOf(connection) === null) return;
  const living = (await connection.query(`SELECT id FROM ${schema}.instances WHERE ${held} ORDER BY started_seq`)).rows as { readonly id: string }[];
  if (living.length === 0) return;
  throw new StoreUnavailable(`${living.length === 1 ? 'a gateway has' : `${living.length} gateways have`} this database open (${living.map(({ id }) => id).join(', ')}); stop ${living.length === 1 ? 'it' : 'them'} first`);
}

async function size(connection: Connection): Promise<number> {
  const { rows: [row] } = await connection.query(`SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint AS bytes FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relkind = 'r'`);
  return (row as { readonly bytes: number }).bytes;
}
