import type { StorageForgets } from '../../model/erasure.ts';
import { tables } from '../erasure/tables.ts';
import { connect, reasonOf, schema, type Place } from './connection.ts';

/** What no gateway can see to. */
const mayStillHold = [
  'the write-ahead log, its archive and standbys, until it is used again or removed there',
  'backups of the database',
  'free places inside the files of the tables and their indexes, until they are written over (VACUUM FULL writes the tables anew)',
  'the log of the server, where it logs statements or their values',
] as const;

/** Takes away deleted rows, as far as no transaction still sees them, and the samples of their values that the planner keeps. */
export async function vacuum(place: Place): Promise<StorageForgets> {
  try {
    const connection = await connect(place, 'vacuum');
    try {
      await connection.query('SET statement_timeout = 0');
      const there = (await connection.query('SELECT tablename FROM pg_tables WHERE schemaname = $1', [schema])).rows as readonly { readonly tablename: string }[];
      for (const { tablename } of there) if (tablename in tables) await connection.query(`VACUUM (ANALYZE) ${schema}.${tablename}`);
      return { engine: 'postgres', vacuumed: true, why: null, mayStillHold };
    } finally {
      await connection.end();
    }
  } catch (error) {
    return { engine: 'postgres', vacuumed: false, why: reasonOf(error), mayStillHold: ['the tables themselves, until somebody runs VACUUM on them', ...mayStillHold] };
  }
}
