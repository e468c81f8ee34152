import { Command, CommanderError } from 'commander';
import { optionsHelp } from '../config/options.ts';
import { Refused, Unreachable } from '../testing/client.ts';
import { assertCommand } from './commands/assert.ts';
import { caCommand } from './commands/ca.ts';
import { capturesCommand } from './commands/captures.ts';
import { doctorCommand } from './commands/doctor.ts';
import { envCommand } from './commands/env.ts';
import { policyCommand } from './commands/policy.ts';
import { runCommand } from './commands/run.ts';
import { storeCommand } from './commands/store.ts';
import { surveyCommand } from './commands/survey.ts';
import { tailCommand } from './commands/tail.ts';
import { exitCode, UsageError } from './io.ts';
import type { Io } from './io.ts';

/** What a command needs: the outside, and where to leave its exit code. */
export interface Cli extends Io {
  readonly exit: (code: number) => void;
}

/**
 * One call of the command line, without touching the process.
 * @param argv what follows `fourthwall`
 * @returns the exit code: 0 pass, 1 fail, 3 inconclusive, 2 usage or unreachable
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  // `start` reads its own flags, so that flags and variables stay in one table.
  if (argv[0] === 'start') return start(argv.slice(1), io);
  let code: number = exitCode.pass;
  const cli: Cli = { ...io, exit: (given) => { code = given; } };
  const program = new Command('fourthwall')
    .description('the only way out of a staging environment')
    .configureOutput({ writeOut: (text) => void io.stdout.write(text), writeErr: (text) => void io.stderr.write(text) })
    .exitOverride()
    .showHelpAfterError('(--help tells more)');
  program.command('start').description('run the gateway; fourthwall start --help lists its options');
  for (const add of [runCommand, assertCommand, capturesCommand, tailCommand, policyCommand, caCommand, envCommand, doctorCommand, surveyCommand, storeCommand]) add(program, cli);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.pass : exitCode.usage;
    if (error instanceof UsageError || error instanceof Unreachable) return complain(io, error.message);
    if (error instanceof Refused) return complain(io, error.status === 401 ? `${error.message} (set FOURTHWALL_TOKEN)` : error.message);
    throw error;
  }
}

async function start(argv: readonly string[], io: Io): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    io.stdout.write(`Usage: fourthwall start [options]\n\nEvery option has a flag and a variable:\n${optionsHelp()}\n`);
    return exitCode.pass;
  }
  if (io.start === undefined) return complain(io, 'start is not available here');
  return io.start(argv, { ...io.env });
}

function complain(io: Io, message: string): number {
  io.stderr.write(`fourthwall: ${message}\n`);
  return exitCode.usage;
}
