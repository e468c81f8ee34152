import { run } from './run.ts';
import { keyVariables } from './without-keys.ts';

/** The command line of this process. */
export async function main(): Promise<void> {
  const interrupted = new AbortController();
  const argv = process.argv.slice(2);
  // The gateway drains on signals by itself; every other command just ends.
  if (argv[0] !== 'start') process.once('SIGINT', () => interrupted.abort());
  // `fourthwall captures list | head`: the reader has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const env = argv[0] === 'store' ? withKeys() : process.env;
  const code = await run(argv, {
    env, stdout: process.stdout, stderr: process.stderr, signal: interrupted.signal,
    async start(rest, given) {
      // It has its own copy.
      forgetKeys();
      return (await import('../main.ts')).start(rest, given);
    },
    ...needsPolicies(argv) ? { openPolicy: (await import('../assembly/offline-policy.ts')).offlinePolicy } : {},
    ...argv[0] === 'store' ? { openStore: (await import('../assembly/store-keeper.ts')).storeKeeper } : {},
  });
  // After its drain the gateway holds nothing that is worth waiting for.
  if (argv[0] === 'start') process.exit(code);
  process.exitCode = code;
}

/** Neither a thread, nor a child process, nor a report of a crash gets them with the environment. */
function forgetKeys(): void {
  for (const name of keyVariables) delete process.env[name];
}

/** A copy of the environment, and with it the only one that holds them. */
function withKeys(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  forgetKeys();
  return env;
}

/** Loading every provider takes a moment that most commands do not need. */
function needsPolicies([first, second]: readonly string[]): boolean {
  return first === 'policy' && (second === 'check' || second === 'test');
}
