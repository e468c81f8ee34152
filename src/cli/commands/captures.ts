import type { Command } from 'commander';
import { exitCode, UsageError } from '../io.ts';
import { clientOf, filtersOf, number, oneOf, withFilters, withUrl } from '../options.ts';
import { exportCaptures, exportFormats } from '../export.ts';
import type { ExportFormat } from '../export.ts';
import type { Cli } from '../run.ts';
import { captureText } from '../show.ts';
import { eraseCommand } from './erase.ts';
import { captureLine } from '../text.ts';

type Options = Record<string, unknown> & { readonly url?: string; readonly json?: boolean };

/** `fourthwall captures`: the store from a terminal. */
export function capturesCommand(program: Command, cli: Cli): void {
  const captures = program.command('captures').description('what was captured');

  withUrl(withFilters(captures.command('list')))
    .description('newest first')
    .option('--limit <n>', 'at most so many [50]', number('--limit', 1))
    .option('--json', 'one JSON object a line')
    .action(async (options: Options & { limit?: number }) => {
      const { limit = 50 } = options;
      let left = limit;
      for await (const capture of clientOf(cli, options).all(filtersOf(options))) {
        cli.stdout.write(`${options.json === true ? JSON.stringify(capture) : captureLine(capture)}\n`);
        left -= 1;
        if (left <= 0) return;
      }
    });

  withUrl(captures.command('show <id>'))
    .description("one of them; 'latest' works")
    .option('--json', 'the whole capture as JSON')
    .option('--raw', 'the message or body as it arrived')
    .action(async (id: string, options: Options & { raw?: boolean }) => {
      const client = clientOf(cli, options);
      if (options.raw === true) cli.stdout.write(await client.raw(id));
      else {
        const capture = await client.capture(id);
        cli.stdout.write(`${options.json === true ? JSON.stringify(capture, null, 2) : captureText(capture)}\n`);
      }
    });

  withUrl(withFilters(captures.command('wait'), ['after']))
    .description('until captures match; exit 0, or 1 when the time is over')
    .option('--count <n>', 'so many [1]', number('--count', 1))
    .option('--timeout <seconds>', '[30]', number('--timeout'))
    .option('--after <seq>', "only later ones; 'now' works")
    .option('--json', 'one JSON object a line')
    .action(async (options: Options & { count?: number; timeout?: number; after?: string }) => {
      const { after, ...filters } = filtersOf(options);
      const { count, timeout } = options;
      const found = await clientOf(cli, options).wait({
        ...filters, ...count === undefined ? {} : { count }, ...timeout === undefined ? {} : { timeout },
        ...after === undefined ? {} : { after: after === 'now' ? after : Number(after) },
      });
      for (const capture of found.items) cli.stdout.write(`${options.json === true ? JSON.stringify(capture) : captureLine(capture)}\n`);
      if (found.satisfied) return;
      cli.stderr.write(`fourthwall: ${found.items.length} of ${count ?? 1} captures came in time\n`);
      for (const { capture, missed } of found.nearest) cli.stderr.write(`  nearest: ${captureLine(capture)}  (not ${missed.join(', ')})\n`);
      cli.exit(exitCode.fail);
    });

  withUrl(withFilters(captures.command('export')))
    .description('oldest first: eml and mbox hold the mails, har the HTTP calls, jsonl everything')
    .requiredOption('--format <format>', exportFormats.join(', '), oneOf('--format', exportFormats))
    .option('--output <path>', 'a file, or for eml a directory; else standard output')
    .action(async (options: Options & { format: ExportFormat; output?: string }) => {
      await exportCaptures({ client: clientOf(cli, options), filters: filtersOf(options), format: options.format, output: options.output ?? null, io: cli });
    });

  withUrl(withFilters(captures.command('delete [ids...]')))
    .description('by id or by filters; never those of an open run')
    .option('--all', 'everything')
    .action(async (ids: readonly string[], options: Options & { all?: boolean }) => {
      const client = clientOf(cli, options);
      const filters = filtersOf(options);
      const filtered = Object.keys(filters).length > 0;
      if ([ids.length > 0, filtered, options.all === true].filter(Boolean).length !== 1) throw new UsageError('captures delete: say ids, or filters, or --all');
      let deleted = 0;
      if (ids.length === 0) deleted = await client.remove(filters);
      else for (const id of ids) deleted += await client.removeOne(id);
      cli.stdout.write(`${deleted} deleted\n`);
    });

  eraseCommand(captures, cli);
}
