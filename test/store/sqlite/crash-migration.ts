import { constants, DatabaseSync } from 'node:sqlite';
import { openForWriting } from '../../../src/store/sqlite/database.ts';

// Opens a store as a gateway does, and dies between the statements of a migration: SQLite asks for leave for each of its steps when it comes to it.
const [path, steps] = process.argv.slice(2);
const exec = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function patched(this: DatabaseSync, text: string): void {
  if (text.includes('PRAGMA user_version =')) {
    let taken = 0;
    this.setAuthorizer(() => {
      taken += 1;
      if (taken > Number(steps)) process.kill(process.pid, 'SIGKILL');
      return constants.SQLITE_OK;
    });
  }
  exec.call(this, text);
};
openForWriting({ path: path!, durability: 'power', keyId: null }).close();
