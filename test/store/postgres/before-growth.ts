import { growth } from '../../../src/store/postgres/migrations/006-growth.ts';
import { migrations } from '../../../src/store/postgres/migrations/all.ts';
import { termDigest } from '../../../src/store/postgres/write-terms.ts';
import type { PostgresServer } from '../../support/postgres.ts';

/** Takes a database back to what the version before profiles kept of the same captures: a posting for each value. */
export async function backBeforeGrowth(server: PostgresServer, url: string): Promise<void> {
  for (const { run } of await server.query<{ run: string }>(url, 'SELECT DISTINCT run FROM fourthwall.captures WHERE run IS NOT NULL')) {
    await server.query(url, `INSERT INTO fourthwall.terms (name, value, digest) VALUES ('run', $1, $2)`, [run, termDigest('run', run)]);
  }
  for (const text of [
    `INSERT INTO fourthwall.postings SELECT terms.id, seq FROM fourthwall.captures JOIN fourthwall.terms ON name = 'run' AND value = run`,
    'INSERT INTO fourthwall.postings SELECT term, seq FROM fourthwall.captures JOIN fourthwall.profile_terms USING (profile)',
    `UPDATE fourthwall.search SET lexemes = ts_delete(lexemes, ':' || (capture >> 13))`,
    'DROP TRIGGER captures_profiled ON fourthwall.captures', 'DROP TRIGGER captures_moved ON fourthwall.captures', 'DROP TRIGGER captures_unprofiled ON fourthwall.captures',
    'DROP FUNCTION fourthwall.captures_profiled, fourthwall.captures_moved, fourthwall.captures_unprofiled, fourthwall.profile_of, fourthwall.profile_taken, fourthwall.profile_left',
    'DROP INDEX fourthwall.captures_profile, fourthwall.captures_run', 'DROP TABLE fourthwall.profiles, fourthwall.profile_terms, fourthwall.cells, fourthwall.spans',
    `DELETE FROM fourthwall.postings WHERE term IN (SELECT id FROM fourthwall.terms WHERE name = 'domain')`, `DELETE FROM fourthwall.terms WHERE name = 'domain'`,
    'ALTER TABLE fourthwall.captures DROP COLUMN profile', `UPDATE fourthwall.schema_version SET version = ${migrations.indexOf(growth)}`,
  ]) await server.query(url, text);
}
