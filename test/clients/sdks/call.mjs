/** Makes the call that argv[2] names, of the folder `calls`, and prints what came of it as the last line. */
const { default: call } = await import(new URL(`calls/${process.argv[2]}.mjs`, import.meta.url));
const words = (error) => [...new Set([error?.code, error?.name, error?.message, error?.cause?.message, error?.error?.message, JSON.stringify(error?.body ?? error?.response?.data)])]
  .filter((part) => typeof part === 'string' || typeof part === 'number').join(' | ').slice(0, 400);
// authorizenet never calls back with an error, and some retry for minutes.
const patience = new Promise((resolve) => { setTimeout(resolve, 15_000, { resolved: false, error: 'no answer within 15 s' }); });
const outcome = await Promise.race([Promise.resolve().then(call).then(() => ({ resolved: true }), (error) => ({ resolved: false, error: words(error) || String(error) })), patience]);
process.stdout.write(`\n${JSON.stringify(outcome)}\n`, () => process.exit());
