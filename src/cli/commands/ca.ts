import type { Command } from 'commander';
import { clientOf, withUrl } from '../options.ts';
import type { Cli } from '../run.ts';

export function caCommand(program: Command, cli: Cli): void {
  const ca = program.command('ca').description("the gateway's certificate");
  withUrl(ca.command('print')).description('print it as PEM').action(async (options: { url?: string }) => {
    cli.stdout.write(await clientOf(cli, options).ca());
  });
}
