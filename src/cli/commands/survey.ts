import { isIP } from 'node:net';
import type { Command } from 'commander';
import { createAskedTable } from '../../dns/asked.ts';
import type { Asked } from '../../dns/asked.ts';
import { relay } from '../../dns/relay.ts';
import type { ResolverAddress } from '../../dns/relay.ts';
import { createDnsServer } from '../../dns/server.ts';
import { createClaims } from '../../providers/claims.ts';
import { httpProviders } from '../../providers/index.ts';
import { UsageError } from '../io.ts';
import { number } from '../options.ts';
import type { Cli } from '../run.ts';

const mostRows = 100_000;
const several = (value: string, before: readonly string[] | undefined): readonly string[] => [...before ?? [], value];

/**
 * `fourthwall survey`: for the weeks before the gateway becomes the route. A resolver that answers truthfully and notes who
 * asks for what. JSON lines on standard output: `asked` when something is first seen, `total` for each at the end.
 */
export function surveyCommand(program: Command, cli: Cli): void {
  program.command('survey')
    .description('a DNS resolver that changes nothing and records who asks for what, until Ctrl-C')
    .requiredOption('--listen <address:port>', 'where services ask, UDP and TCP')
    .requiredOption('--upstream <address:port>', 'who knows the answers; several', several)
    .option('--for <seconds>', 'end after this time', number('--for', 0))
    .action(async (options: { listen: string; upstream: readonly string[]; for?: number }) => {
      const at = addressOf('--listen', options.listen, 0);
      const upstream = options.upstream.map((one) => addressOf('--upstream', one, 1));
      const claims = createClaims(httpProviders);
      const owner = (name: string): string | null => claims.owner(name)?.name ?? null;
      const row = (what: 'asked' | 'total', { name, type, from, count, first, last }: Asked): void => {
        cli.stdout.write(`${JSON.stringify({ what, name, type, from, provider: owner(name), count, first, last })}\n`);
      };
      const asked = createAskedTable({ most: mostRows, now: Date.now, fresh: (entry) => row('asked', entry) });
      const server = createDnsServer({
        async respond({ name, type }, from, query) {
          asked.note({ name: name.toLowerCase(), type, from, came: 'upstream' });
          return relay(query, upstream);
        },
        logger: { debug: () => undefined, warn: () => undefined, error: (facts: { readonly err: unknown }) => cli.stderr.write(`fourthwall: ${String(facts.err)}\n`) },
        now: Date.now,
      });
      const port = await server.listen(at.host, at.port).catch((error: unknown) => {
        throw new UsageError(`--listen: ${options.listen} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
      });
      cli.stderr.write(`fourthwall: the survey listens on ${at.host}:${port} and asks ${options.upstream.join(', ')}; Ctrl-C ends it\n`);
      await ended(cli.signal, options.for);
      await server.close();

      const rows = asked.entries().toSorted((a, b) => b.count - a.count);
      for (const entry of rows) row('total', entry);
      const names = new Set(rows.map(({ name }) => name));
      const providers = new Set([...names].map(owner).filter((name) => name !== null));
      cli.stderr.write(`fourthwall: ${names.size} names asked for by ${new Set(rows.map(({ from }) => from)).size} addresses; known providers: ${[...providers].toSorted().join(', ') || 'none'}\n`);
      if (asked.dropped() > 0) cli.stderr.write(`fourthwall: ${asked.dropped()} questions found no place in the table of ${mostRows} rows\n`);
    });
}

function ended(signal: AbortSignal | undefined, seconds: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const timer = seconds === undefined ? undefined : setTimeout(resolve, seconds * 1_000);
    signal?.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}

function addressOf(flag: string, text: string, least: number): ResolverAddress {
  const [, six, four, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? four ?? '';
  if (isIP(host) === 0 || Number(port) > 65_535 || Number(port) < least) throw new UsageError(`${flag}: expected address:port, found ${JSON.stringify(text)}`);
  return { host, port: Number(port) };
}
