import { setPriority } from 'node:os';
import { damageOf, openForReading } from './database.ts';
import type { FileCheck } from './file-check.ts';

/** A process of its own: tells its parent what is wrong with the file, and ends. */
const tell = (found: FileCheck): void => {
  process.send!(found, () => { process.exit(0); });
};
try {
  setPriority(19);
  tell({ damaged: damageOf(openForReading(process.argv[2]!)) });
} catch (error) {
  tell({ failed: (error as Error).message });
}
