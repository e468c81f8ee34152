/**
 * Makes the calls that argv[3...] name, one after the other in this one process, under `fourthwall run`, and asks the gateway after each
 * what arrived. One line of JSON a call to the file argv[2]: libraries print to stdout. Ends early behind a call that hangs.
 */
import { appendFileSync } from 'node:fs';
import { outcomeOf } from './outcome.mjs';

const { FOURTHWALL_URL, FOURTHWALL_PROXY } = process.env;
const [, , file, ...names] = process.argv;
const service = decodeURIComponent(new URL(FOURTHWALL_PROXY).username);
const ask = globalThis.fetch;
const captures = async (after) => (await (await ask(`${FOURTHWALL_URL}/api/captures?service=${service}&after=${after}&limit=50`)).json()).items;

let seq = 0;
// A library may throw behind its own answer; what counts is the answer.
process.on('uncaughtException', (error) => { appendFileSync(file, `${JSON.stringify({ stray: String(error) })}\n`); });
for (const name of names) {
  const began = Date.now();
  const outcome = await outcomeOf(async () => (await import(new URL(`calls/${name}.mjs`, import.meta.url))).default(), 30_000);
  const arrived = await captures(seq);
  seq = Math.max(seq, ...arrived.map((each) => each.seq));
  appendFileSync(file, `${JSON.stringify({ name, ...outcome, ms: Date.now() - began, arrived: arrived.toSorted((a, b) => a.seq - b.seq).map(({ provider, action, rule, operation, channels, recipients, host }) => ({ provider, action, rule, operation, channels, recipients, host })) })}\n`);
  if (outcome.silent) break;
}
process.exit();
