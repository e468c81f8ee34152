import type { Command } from 'commander';
import { clientOf, oneOf, withUrl } from '../options.ts';
import type { Cli } from '../run.ts';

const formats = ['shell', 'dotenv', 'docker', 'k8s', 'github'] as const;
type Format = (typeof formats)[number];

/** `fourthwall env`: the settings that point a service's runtime at the gateway. */
export function envCommand(program: Command, cli: Cli): void {
  withUrl(program.command('env'))
    .description('print the variables that point a service at the gateway')
    .option('--format <format>', formats.join(', '), oneOf('--format', formats), 'shell')
    .option('--service <name>', 'name of the service')
    .option('--space <name>', 'its space')
    .option('--run <name>', 'the run its calls belong to')
    .action(async (options: { url?: string; format: Format; service?: string; space?: string; run?: string }) => {
      const { service, space, run } = options;
      const { env } = await clientOf(cli, options).connection({
        ...service === undefined ? {} : { service }, ...space === undefined ? {} : { space }, ...run === undefined ? {} : { run },
      });
      for (const [name, value] of Object.entries(env)) cli.stdout.write(`${setting(options.format, name, value)}\n`);
    });
}

function setting(format: Format, name: string, value: string): string {
  switch (format) {
    // Single quotes: the shell reads nothing inside them.
    case 'shell': return `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`;
    case 'dotenv': return `${name}=${JSON.stringify(value)}`;
    // `docker run --env-file` and $GITHUB_ENV take everything after '=' as it stands.
    case 'docker': case 'github': return `${name}=${value}`;
    case 'k8s': return `- name: ${name}\n  value: ${JSON.stringify(value)}`;
  }
}
