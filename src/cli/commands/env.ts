import { dirname } from 'node:path';
import type { Command } from 'commander';
import { quoted, settingFormats } from '../../clients/quoting.ts';
import type { SettingFormat } from '../../clients/quoting.ts';
import { clientSettings } from '../../clients/settings.ts';
import type { ClientFiles } from '../../clients/settings.ts';
import { filesIn, preloadFile, writeClientFiles } from '../client-files.ts';
import { UsageError } from '../io.ts';
import { clientOf, oneOf, withUrl } from '../options.ts';
import type { Cli } from '../run.ts';
import { callerOf, wayOf, withCaller } from '../way-in.ts';
import type { CallerOptions } from '../way-in.ts';

/** `fourthwall env`: the settings that point a service's runtime at the gateway, for where `fourthwall run` cannot start it. */
export function envCommand(program: Command, cli: Cli): void {
  withCaller(withUrl(program.command('env')))
    .description('print the variables that point a service at the gateway')
    .option('--format <format>', settingFormats.join(', '), oneOf('--format', settingFormats), 'shell')
    .option('--write <directory>', 'write ca.pem, ca-bundle.pem, truststore.p12 and preload.cjs there and name them [the files of the gateway, where both are on one machine]')
    .option('--files <directory>', 'name those files there: where the service will see what --write wrote')
    .action(async (options: CallerOptions & { format: SettingFormat; write?: string; files?: string }) => {
      const client = clientOf(cli, options);
      const connection = await client.connection(callerOf(options));
      const written = options.write === undefined ? null : await writeClientFiles({ client, directory: options.write, env: cli.env });
      const files = options.files === undefined ? written ?? filesOfGateway(connection.env) : filesIn(options.files);
      // The service's own NODE_OPTIONS are not known here; a shell's are this one's.
      const settings = clientSettings({ way: wayOf(connection), files, bypass: options.bypass ?? [], ...options.format === 'shell' ? { inherited: cli.env } : {} });
      const lines = Object.entries(settings).map(([name, value]) => line(options.format, name, value));
      cli.stdout.write(`${lines.join('\n')}\n`);
    });
}

function line(format: SettingFormat, name: string, value: string): string {
  try {
    return quoted(format, name, value);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function filesOfGateway(env: Readonly<Record<string, string>>): ClientFiles | null {
  const { NODE_EXTRA_CA_CERTS: ca, SSL_CERT_FILE: bundle } = env;
  return ca === undefined || bundle === undefined || dirname(ca) === '.' ? null : { ca, bundle, preload: preloadFile, trustStore: null };
}
