import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { clientSettings } from '../../clients/settings.ts';
import { writeClientFiles } from '../client-files.ts';
import { UsageError } from '../io.ts';
import { withoutKeys } from '../without-keys.ts';
import { clientOf, withUrl } from '../options.ts';
import type { Cli } from '../run.ts';
import { callerOf, wayOf, withCaller } from '../way-in.ts';
import type { CallerOptions } from '../way-in.ts';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** `fourthwall run -- CMD`: exit code of CMD; 128 + n when signal n ended it; 126, 127 when it cannot be started (as env(1)); 2 without a gateway. */
export function runCommand(program: Command, cli: Cli): void {
  withCaller(withUrl(program.command('run')))
    .description('run a command whose calls go through the gateway: fourthwall run --service shop -- npm test')
    .argument('<command...>', 'after --')
    .action(async ([file = '', ...args]: readonly string[], options: CallerOptions) => {
      const client = clientOf(cli, options);
      const way = wayOf(await client.connection(callerOf(options)));
      // Nothing may run that believes itself contained and is not.
      if (way.proxyUrl === null) throw new UsageError('the gateway has no HTTP port open (--http-port off), so nothing can be run through it');
      const directory = await mkdtemp(join(tmpdir(), 'fourthwall-run-'));
      try {
        const files = await writeClientFiles({ client, directory, env: cli.env });
        const settings = clientSettings({ way, files, bypass: options.bypass ?? [], inherited: cli.env });
        cli.exit(await ended(file, args, { ...withoutKeys(cli.env), ...settings }));
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    });
}

/** Resolves with the exit code of the command, which has our standard streams. */
async function ended(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(file, [...args], { stdio: 'inherit', env });
  const forwards = forwarded.map((signal) => {
    const forward = (): void => {
      // A terminal sends its own to the whole foreground group; a second SIGINT means "now" to many programs.
      if (!(process.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT'))) child.kill(signal);
    };
    process.on(signal, forward);
    return { signal, forward };
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT' && error.code !== 'EACCES') return reject(error);
        process.stderr.write(`fourthwall: ${file} cannot be started: ${error.code === 'ENOENT' ? 'there is no such command' : 'it is not executable'}\n`);
        return resolve(error.code === 'ENOENT' ? 127 : 126);
      });
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    for (const { signal, forward } of forwards) process.off(signal, forward);
  }
}
