import { parseArgs } from 'node:util';
import { openForWriting } from '../../../src/store/sqlite/database.ts';

/** Opens a store as somebody else (the system's `nobody`), who may read the modules no more: they are loaded before. Prints why it could not. */
const { values: { path = '', uid = '' } } = parseArgs({ options: { path: { type: 'string' }, uid: { type: 'string' } } });
process.setgid!(Number(uid));
process.setuid!(Number(uid));
try {
  openForWriting({ path, durability: 'process', keyId: null }).close();
  process.stdout.write('opened');
} catch (error) {
  process.stdout.write(`${(error as Error).name}: ${(error as Error).message}`);
}
