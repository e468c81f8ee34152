import type { Command } from 'commander';
import { exitCode, UsageError } from '../io.ts';
import { clientOf, withUrl } from '../options.ts';
import type { Cli } from '../run.ts';
import { printable } from '../text.ts';
import { fileText, offline, policyDraftCommands } from './policy-drafts.ts';

interface Described {
  readonly url?: string; readonly policy?: string; readonly method?: string; readonly body?: string; readonly header?: readonly string[];
  readonly service?: string; readonly space?: string; readonly run?: string; readonly provider?: string; readonly channel?: string;
  readonly operation?: string; readonly liveness?: 'live' | 'test' | 'unknown'; readonly to?: readonly string[]; readonly finding?: readonly string[];
}

const several = (value: string, before: readonly string[] | undefined): readonly string[] => [...before ?? [], value];

export function policyCommand(program: Command, cli: Cli): void {
  const policy = program.command('policy').description('what may happen, and why');

  withUrl(policy.command('check [file]'))
    .description('does this policy load? exit 0 or 1, no gateway is asked; without a file: is the one in force the newest?')
    .option('--placeholders', 'stand-ins for variables that are not set here')
    .action(async (file: string | undefined, options: { url?: string; placeholders?: boolean }) => {
      const inForce = file === undefined ? await clientOf(cli, options).policy() : null;
      const problems = file === undefined ? inForce?.problems.map(({ message }) => message) ?? []
        : offline(cli, await fileText(file), file, options.placeholders ?? false).problems;
      for (const problem of problems) cli.stdout.write(`${problem}\n`);
      if (inForce !== null) cli.stdout.write(`${inForce.state}  ${inForce.sha256.slice(0, 12)}  ${inForce.file ?? 'FOURTHWALL_POLICY'}\n`);
      else if (problems.length === 0) cli.stdout.write(`${file ?? ''} is valid\n`);
      cli.exit(problems.length === 0 && inForce?.state !== 'stale' ? exitCode.pass : exitCode.fail);
    });

  withUrl(policy.command('explain [target]'))
    .description('what would be decided about a call: a URL, or nothing for mail by SMTP; exit 0')
    .option('--policy <file>', 'under this policy instead of the one in force')
    .option('--method <method>', 'GET, POST ...', 'POST')
    .option('--header <line>', "'Name: value'; several", several)
    .option('--body <text>', 'the body as sent')
    .option('--service <name>').option('--space <name>').option('--run <name>')
    .option('--provider <name>').option('--channel <name>').option('--operation <name>')
    .option('--liveness <word>', 'live, test, unknown')
    .option('--to <address>', 'a recipient; several', several)
    .option('--finding <id>', 'a finding its content would have; several', several)
    .action(async (target: string | undefined, options: Described) => {
      const { method, body, service, space, run, provider, channel, operation, liveness, to, header, finding } = options;
      const call = Object.fromEntries(Object.entries({
        url: target, method, body, service, space, run, provider, channel, operation, liveness,
        headers: header?.map(headerOf), recipients: to?.map((address) => ({ address })), findings: finding,
      }).filter(([, value]) => value !== undefined));
      const explained = await clientOf(cli, options).explain(call, options.policy === undefined ? undefined : await fileText(options.policy));
      cli.stdout.write(`${printable(explained.text)}\n`);
    });

  policyDraftCommands(policy, cli);
}

function headerOf(line: string): readonly [string, string] {
  const at = line.indexOf(':');
  if (at < 1) throw new UsageError(`--header: expected 'Name: value', found ${JSON.stringify(line)}`);
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}
