import { constants } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { DescribedCall, Explanation } from '../../control/dependencies.ts';
import { exitCode, UsageError } from '../io.ts';
import { withPlaceholders, type OfflinePolicy } from '../offline-policy.ts';
import { clientOf, filtersOf, number, oneOf, withFilters, withUrl } from '../options.ts';
import { readPolicyTable } from '../policy-table.ts';
import type { Cli } from '../run.ts';
import { merged, refusedHosts, suggestedRules, surveyedHosts } from '../suggest-rules.ts';
import { printable } from '../text.ts';

const profiles = ['mail-only', 'capture-all', 'test-mode', 'strict'] as const;
/** beside src and dist alike */
const profilesDirectory = fileURLToPath(new URL('../../../config/profiles', import.meta.url));

/** How a policy comes to be and is changed: init, test, replay, suggest. */
export function policyDraftCommands(policy: Command, cli: Cli): void {
  policy.command('init')
    .description('write a first policy.yaml; one that is there is never overwritten')
    .requiredOption('--profile <name>', `${profiles.join(', ')}: each says in its header what it does not yet protect`, oneOf('--profile', profiles))
    .option('--dir <directory>', 'where the configuration is', 'config')
    .action(async ({ profile, dir }: { profile: (typeof profiles)[number]; dir: string }) => {
      const file = join(dir, 'policy.yaml');
      await mkdir(dir, { recursive: true });
      await copyFile(join(profilesDirectory, `${profile}.yaml`), file, constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
        throw new UsageError(error.code === 'EEXIST' ? `${file} is there already and is left as it is; move it away, or write elsewhere with --dir` : `${file} cannot be written: ${error.message}`);
      });
      const header = (await readFile(file, 'utf8')).split('\n').filter((line) => line.startsWith('# ') || line === '#').slice(1).map((line) => line.slice(2));
      cli.stdout.write(`${file} written.\n${header.join('\n')}\n`);
    });

  withUrl(policy.command('test <file>'))
    .description('a table of described calls with the action and rule expected of each; exit 0 or 1')
    .option('--policy <file>', 'under this policy, without a gateway; else under the one in force')
    .option('--placeholders', 'stand-ins for variables that are not set here')
    .action(async (file: string, options: { url?: string; policy?: string; placeholders?: boolean }) => {
      const table = readPolicyTable(await fileText(file), file);
      const explain = options.policy === undefined ? (call: DescribedCall): Promise<Explanation> => clientOf(cli, options).explain(said(call))
        : loadedPolicy(offline(cli, await fileText(options.policy), options.policy, options.placeholders ?? false), options.policy).explain;
      let failed = 0;
      for (const { name, call, expect } of table) {
        const { decision, text } = await explain(call);
        const passed = decision.action === expect.action && (expect.rule === null || decision.rule === expect.rule);
        if (passed) continue;
        failed += 1;
        cli.stdout.write(`${printable(`FAIL  ${name}: expected ${expect.action}${expect.rule === null ? '' : ` by ${expect.rule}`}, found\n${text.replace(/^/gm, '      ')}`)}\n`);
      }
      cli.stdout.write(`${table.length - failed} of ${table.length} decisions as expected\n`);
      cli.exit(failed === 0 ? exitCode.pass : exitCode.fail);
    });

  withUrl(withFilters(policy.command('replay')))
    .description('decide stored captures again under a draft and list what would change; exit 0')
    .requiredOption('--draft <file>', 'the policy to try')
    .option('--most <n>', 'look at so many captures, the newest first [5000]', number('--most', 1))
    .option('--json', "the API's answer")
    .action(async (options: Record<string, unknown> & { url?: string; draft: string; most?: number; json?: boolean }) => {
      const { draft, most } = options;
      const replayed = await clientOf(cli, options).replay(await fileText(draft), filtersOf(options), most);
      if (options.json === true) {
        cli.stdout.write(`${JSON.stringify(replayed, null, 2)}\n`);
        return;
      }
      for (const { capture, service, provider, title, from, to } of replayed.changed) {
        cli.stdout.write(`${printable(`${capture}  ${from.action} by ${from.rule} -> ${to.action} by ${to.rule}  ${service}  ${provider}  ${JSON.stringify(title)}`).replaceAll('\n', ' ')}\n`);
      }
      for (const { capture, why } of replayed.untold) cli.stdout.write(`${printable(`${capture}  cannot be told: ${why}`)}\n`);
      const { looked, unchanged, changed, untold, more } = replayed;
      cli.stdout.write(`${looked} captures looked at${more ? ' (there are more: --most)' : ''}: ${changed.length} would change, ${unchanged} would not, ${untold.length} cannot be told\n`);
    });

  withUrl(withFilters(policy.command('suggest'), ['provider', 'action', 'host']))
    .description('turn refused calls to hosts that nobody claims into rules to review, as YAML')
    .option('--survey <file>', "also hosts from what `fourthwall survey` printed, or a file of lines 'host [calls] [who]'")
    .option('--most <n>', 'look at so many refusals, the newest first [2000]', number('--most', 1))
    .option('--offline', 'only what the survey says: no gateway is asked')
    .action(async (options: Record<string, unknown> & { url?: string; survey?: string; most?: number; offline?: boolean }) => {
      const { survey, most = 2_000, offline: alone } = options;
      const surveyed = survey === undefined ? { hosts: [] } : surveyedHosts(await fileText(survey));
      if ('problem' in surveyed) throw new UsageError(`${survey}: ${surveyed.problem}`);
      const seen: Parameters<typeof refusedHosts>[0][number][] = [];
      const client = alone === true ? null : clientOf(cli, options);
      if (client !== null) {
        for await (const { id, at, service, provider, action } of client.all({ ...filtersOf(options), provider: 'unknown', action: 'reject' })) {
          const { request } = await client.capture(id);
          seen.push({ at, service, provider, action, host: request.kind === 'http' ? URL.parse(request.url)?.hostname ?? null : request.kind === 'mail' ? null : request.authority?.host ?? null });
          if (seen.length === most) break;
        }
      }
      cli.stdout.write(suggestedRules(merged([...refusedHosts(seen), ...surveyed.hosts])));
    });
}

/** The policy of a file, or a usage error where this build cannot load one by itself. */
export function offline(cli: Cli, text: string, file: string, placeholders: boolean): OfflinePolicy {
  if (cli.openPolicy === undefined) throw new UsageError('policies cannot be loaded without a gateway here');
  return cli.openPolicy(text, file, placeholders ? withPlaceholders(text, cli.env) : cli.env);
}

function loadedPolicy(policy: OfflinePolicy, file: string): OfflinePolicy {
  if (policy.problems.length > 0) throw new UsageError(`${file} does not load:\n${policy.problems.join('\n')}`);
  return policy;
}

/** What was said of the call and nothing else: the API takes no null. */
function said({ recipients, ...call }: DescribedCall): Partial<DescribedCall> {
  const given = Object.fromEntries(Object.entries(call).filter(([, value]) => value !== null));
  return { ...given, recipients: recipients.map(({ address }) => ({ address })) as unknown as DescribedCall['recipients'] };
}

export async function fileText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
}
