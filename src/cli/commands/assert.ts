import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { defaultExpectations } from '../../control/expectations.ts';
import { exitCode, UsageError } from '../io.ts';
import { junitXml } from '../junit.ts';
import { reasonText } from '../offenders.ts';
import { clientOf, filtersOf, number, withFilters, withUrl } from '../options.ts';
import type { Cli } from '../run.ts';

/** `fourthwall assert`: the question CI asks. Exit 0 pass, 1 fail, 3 inconclusive. */
export function assertCommand(program: Command, cli: Cli): void {
  withUrl(withFilters(program.command('assert')))
    .description('did anything real get out? exit 0 pass, 1 fail, 3 inconclusive, 2 usage or unreachable')
    .option('--expect <list>', `comma list of expectations [${defaultExpectations}]`)
    .option('--settle <seconds>', 'wait this long for what is still open [2]', number('--settle'))
    .option('--junit <file>', 'write the verdict as JUnit XML')
    .option('--json <file>', "write the API's answer")
    .action(async (options: Record<string, unknown> & { url?: string; expect?: string; settle?: number; junit?: string; json?: string }) => {
      const client = clientOf(cli, options);
      const { expect, settle } = options;
      const judged = await client.assert({ ...filtersOf(options), ...expect === undefined ? {} : { expect }, ...settle === undefined ? {} : { settle } });
      const detail = new Map<string, string>();
      for (const reason of judged.reasons) {
        const text = await reasonText(client, reason);
        detail.set(reason.expectation, [detail.get(reason.expectation), text].filter((part) => part !== undefined).join('\n'));
        cli.stdout.write(`${text}\n`);
      }
      const { counts, scope, verdict } = judged;
      cli.stdout.write(`${verdict.toUpperCase()}  ${scope.expect}  (${counts.captures} captures: ${counts.captured} captured, ${counts.forwarded} forwarded, ${counts.rejected} rejected)\n`);
      if (!judged.policyCurrent) cli.stderr.write('fourthwall: the policy in force is not the newest one: the newer file does not load (fourthwall policy check)\n');
      if (options.junit !== undefined) await written('--junit', options.junit, junitXml(judged, detail));
      if (options.json !== undefined) await written('--json', options.json, `${JSON.stringify(judged, null, 2)}\n`);
      cli.exit(exitCode[verdict]);
    });
}

async function written(flag: string, file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => {
    throw new UsageError(`${flag}: ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  });
}
