import { decode, type KeptBody } from '../../../src/store/body-coding.ts';
import type { PostgresServer } from '../../support/postgres.ts';

/** Everything that lies in our schema, as text: every row of every table, the bodies as they were before they were compressed (sealed: as they lie there), and the samples of values that the planner keeps. */
export async function dumpOf(server: PostgresServer, url: string, sealed = false): Promise<string> {
  const tables = await server.query<{ tablename: string }>(url, `SELECT tablename FROM pg_tables WHERE schemaname = 'fourthwall'`);
  const rows = await Promise.all(tables.map(({ tablename }) => server.query(url, `SELECT * FROM fourthwall.${tablename}`)));
  const bodies = await server.query<KeptBody>(url, 'SELECT sha256, size::int AS size, coding, data FROM fourthwall.bodies');
  const samples = await server.query(url, `SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE schemaname = 'fourthwall'`);
  return [JSON.stringify(rows), JSON.stringify(samples), ...bodies.map((body) => Buffer.from(sealed ? body.data : decode(body)).toString('latin1'))].join('\n');
}
