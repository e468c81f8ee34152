/** Makes the call that argv[2] names, of the folder `calls`, and prints what came of it as the last line. */
import { outcomeOf } from './outcome.mjs';

const { default: call } = await import(new URL(`calls/${process.argv[2]}.mjs`, import.meta.url));
const { error, ...outcome } = await outcomeOf(call);
process.stdout.write(`\n${JSON.stringify({ ...outcome, ...error === undefined ? {} : { error: error.slice(0, 400) } })}\n`, () => process.exit());
