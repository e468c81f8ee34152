import { DatabaseSync } from 'node:sqlite';
import { growth } from '../../../src/store/sqlite/migrations/007-growth.ts';
import { migrations } from '../../../src/store/sqlite/migrations/all.ts';

/** Takes the file back to what the version before profiles kept of the same captures: a posting for each value. */
export function backBeforeGrowth(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(`INSERT INTO terms (name, value) SELECT DISTINCT 'run', run FROM captures WHERE run IS NOT NULL;
    INSERT INTO postings SELECT terms.id, seq FROM captures JOIN terms ON name = 'run' AND value = run;
    INSERT INTO postings SELECT term, seq FROM captures JOIN profile_terms USING (profile);
    DROP TRIGGER captures_profiled; DROP TRIGGER captures_moved; DROP TRIGGER captures_unprofiled;
    DROP INDEX captures_profile; DROP INDEX captures_run; DROP INDEX captures_row;
    DROP TABLE profiles; DROP TABLE profile_terms; DROP TABLE cells; DROP TABLE spans;
    ALTER TABLE captures DROP COLUMN profile;
    DELETE FROM postings WHERE term IN (SELECT id FROM terms WHERE name = 'domain'); DELETE FROM terms WHERE name = 'domain'; PRAGMA user_version = ${migrations.indexOf(growth)}`);
  database.close();
}
