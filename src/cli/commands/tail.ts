import type { Command } from 'commander';
import { clientOf, filtersOf, number, withFilters, withUrl } from '../options.ts';
import type { Cli } from '../run.ts';
import { captureLine } from '../text.ts';

/** `fourthwall tail`: captures as they come, until Ctrl-C. */
export function tailCommand(program: Command, cli: Cli): void {
  withUrl(withFilters(program.command('tail'), ['before']))
    .description('captures as they come')
    .option('--json', 'one JSON object a line')
    .option('--count <n>', 'end after so many', number('--count', 1))
    .action(async (options: Record<string, unknown> & { url?: string; json?: boolean; count?: number }) => {
      const client = clientOf(cli, options);
      const filters = filtersOf(options);
      const after = options['after'] === undefined ? undefined : Number(options['after']);
      let printed = 0;
      const signal = cli.signal ?? new AbortController().signal;
      for await (const event of client.events({ ...after === undefined ? {} : { after }, signal })) {
        if (event.kind === 'gap') cli.stderr.write(`fourthwall: events ${String(Number(event.data['after']) + 1)} to ${event.seq} are no longer kept: what was captured then is not shown\n`);
        if (event.kind !== 'recorded') continue;
        // The list decides what matches: one meaning of the filters, and it is the store's.
        const { items } = await client.list({ ...filters, after: event.seq - 1, before: event.seq + 1, limit: 1 });
        for (const capture of items) {
          cli.stdout.write(`${options.json === true ? JSON.stringify(capture) : captureLine(capture)}\n`);
          printed += 1;
        }
        if (printed === options.count) return;
      }
    });
}
