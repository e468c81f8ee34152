import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { installHint } from '../install-hint.ts';
import { UsageError } from '../io.ts';
import { clientOf, oneOf, withUrl } from '../options.ts';
import type { Cli } from '../run.ts';

const formats = ['pem', 'bundle', 'p12', 'install-hint'] as const;
type Format = (typeof formats)[number];

/** `fourthwall ca`: the gateway's certificate, wherever the gateway runs. */
export function caCommand(program: Command, cli: Cli): void {
  const ca = program.command('ca').description("the gateway's certificate");

  withUrl(ca.command('print')).description('print it as PEM').action(async (options: { url?: string }) => {
    cli.stdout.write(await clientOf(cli, options).ca());
  });

  withUrl(ca.command('path')).description("the file on the gateway's machine").action(async (options: { url?: string }) => {
    cli.stdout.write(`${await file(cli, options)}\n`);
  });

  withUrl(ca.command('export'))
    .description('for a trust store: pem; bundle (with the public roots); p12 (Java, .NET; password "changeit"); install-hint (what to do in each runtime)')
    .option('--format <format>', formats.join(', '), oneOf('--format', formats), 'pem')
    .option('--out <file>', 'write to this file')
    .action(async (options: { url?: string; format: Format; out?: string }) => {
      const content = await exported(cli, options);
      if (options.out === undefined) return void cli.stdout.write(content);
      await writeFile(options.out, content).catch((error: unknown) => {
        throw new UsageError(`--out: ${options.out} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
      });
    });

  withUrl(ca.command('rotate'))
    .description('publish the next certificate; when there is one already, sign with it from now on')
    .action(async (options: { url?: string }) => {
      const { state } = await clientOf(cli, options).rotateCa();
      cli.stdout.write(state === 'published'
        ? 'The next certificate is published beside the current one. Give it to every service (fourthwall ca export) and restart them, then run this again to sign with it; by itself the gateway does so a day before the current one ends.\n'
        : 'The gateway signs with the next certificate from now on. Services that were started before it was published do not trust it: restart them.\n');
    });
}

async function exported(cli: Cli, options: { url?: string; format: Format }): Promise<string | Uint8Array> {
  const client = clientOf(cli, options);
  switch (options.format) {
    case 'pem': return client.ca();
    case 'bundle': return client.caBundle();
    case 'p12': return client.caTruststore();
    case 'install-hint': return installHint(await file(cli, options));
  }
}

async function file(cli: Cli, options: { url?: string }): Promise<string> {
  const { env } = await clientOf(cli, options).connection();
  const found = env['NODE_EXTRA_CA_CERTS'];
  if (found === undefined) throw new UsageError('this gateway keeps its certificate in no file that it knows of; use fourthwall ca export --out FILE');
  return found;
}
