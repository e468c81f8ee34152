import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { defaultLimits } from '../../../src/model/limits.ts';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { recording } from '../../contract/store-drafts.ts';

/**
 * Records without end, twenty at a time, and writes the id of each acknowledged capture to a file, until it is killed.
 * `--control acknowledges-first` is the mutant: it writes the id down before the store has answered.
 */
const { values } = parseArgs({ options: { path: { type: 'string' }, acknowledged: { type: 'string' }, prefix: { type: 'string' }, control: { type: 'string' } } });
const store = await openSqliteStore({ path: values.path!, durability: 'power', key: new Uint8Array(32), limits: defaultLimits, now: Date.now });
await store.begin(`crash-${values.prefix}`);

let nth = 0;
async function client(): Promise<never> {
  for (;;) {
    nth += 1;
    const id = `cap_${values.prefix}_${nth}`;
    const recorded = store.record(recording({ id, instance: `crash-${values.prefix}`, outcome: 'pending' }));
    if (values.control !== 'acknowledges-first') await recorded;
    appendFileSync(values.acknowledged!, `${id}\n`);
    if (nth === 200) process.stdout.write('under load\n');
    await recorded;
  }
}
await Promise.all(Array.from({ length: 20 }, client));
