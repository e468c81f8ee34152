import type { Command } from 'commander';
import { readOptions } from '../../config/options.ts';
import { captureFilter, type FilterQuery } from '../../control/filters.ts';
import { Problem } from '../../control/problem.ts';
import { StoreUnavailable, type CaptureFilter } from '../../model/store.ts';
import { Unsound } from '../../model/upkeep.ts';
import { exitCode, UsageError } from '../io.ts';
import { filtersOf, withFilters } from '../options.ts';
import type { Cli } from '../run.ts';
import type { StoreKeeper } from '../store-keeper.ts';
import { checkedText, compactedText, migratedText, takenInText, talliesText } from '../store-text.ts';

type Where = Record<string, unknown> & { readonly data?: string; readonly store?: string; readonly config?: string; readonly json?: boolean };

/** `fourthwall store`: upkeep of a store, without a gateway. */
export function storeCommand(program: Command, cli: Cli): void {
  const store = program.command('store').description('look after a store, without a gateway');
  const command = (name: string, description: string): Command => store.command(name).description(description)
    .option('--data <directory>', 'directory of the store and the hash key [FOURTHWALL_DATA, or ./data]')
    .option('--store <store>', 'sqlite:PATH or postgres://..., by default in the data directory [FOURTHWALL_STORE: for passwords]')
    .option('--config <directory>', 'directory of gateway.yaml, where that names a bucket [FOURTHWALL_CONFIG, or ./config]')
    .option('--json', 'the result as JSON');
  /** Says the result in one of two ways; what is wrong with a store or a file is 1, what cannot be had 2. */
  const done = async <T>(options: Where, work: (keeper: StoreKeeper) => Promise<T>, text: (result: T) => string, out: Cli['stdout'] = cli.stdout): Promise<T | null> => {
    try {
      const result = await work(keeperOf(cli, options));
      out.write(options.json === true ? `${JSON.stringify(result)}\n` : text(result));
      return result;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw new UsageError(error.message);
      if (!(error instanceof Unsound)) throw error;
      cli.stderr.write(`fourthwall: ${error.message}\n`);
      cli.exit(exitCode.fail);
      return null;
    }
  };

  command('check', 'is everything in it what it has to be? Reads only, also while a gateway runs')
    .option('--deep', 'compare the index of every capture, not of some 2,000')
    .action(async (options: Where & { deep?: boolean }) => {
      const checked = await done(options, (keeper) => keeper.check({ deep: options.deep === true }), checkedText);
      if (checked !== null && checked.flaws.length > 0) cli.exit(exitCode.fail);
    });

  command('compact', 'give back the room of what was deleted, and leave nothing of it in the files')
    .option('--full', 'PostgreSQL: give it back to the disk; every table is locked meanwhile')
    .action(async (options: Where & { full?: boolean }) => {
      await done(options, (keeper) => keeper.compact({ full: options.full === true }), compactedText);
    });

  command('migrate', 'bring it up to date, as the next start would')
    .option('--dry-run', 'only say from which version to which')
    .action(async (options: Where & { dryRun?: boolean }) => {
      const dry = options.dryRun === true;
      await done(options, (keeper) => keeper.migrate({ dry }), (migration) => migratedText(migration, dry));
    });

  withFilters(command('export <file>', 'one moment of it as JSON lines; - is standard output, FILE.zst is compressed'))
    .action(async (file: string, options: Where) => {
      const toFile = file !== '-';
      await done(options, async (keeper) => {
        const counts = await keeper.export({ file: toFile ? file : null, write: (chunk) => written(cli.stdout, chunk) }, await filterOf(keeper, options));
        if (keeper.sealed) cli.stderr.write('fourthwall: the store is encrypted, and what was exported of it is not encrypted: keep it as safe as the key\n');
        return counts;
      },
        (counts) => `exported ${talliesText(counts)}\n`, toFile ? cli.stdout : cli.stderr);
    });

  command('import <file>', 'take in an export; what is there already stays as it is; - is standard input')
    .action(async (file: string, options: Where) => {
      await done(options, (keeper) => keeper.import(file === '-' ? null : file), takenInText);
    });
}

/** --data, --store and --config as `start` has them; of the variables only theirs. */
function keeperOf({ env, openStore }: Cli, { data, store, config }: Where): StoreKeeper {
  if (openStore === undefined) throw new UsageError('store is not available here');
  const argv = [...data === undefined ? [] : [`--data=${data}`], ...store === undefined ? [] : [`--store=${store}`], ...config === undefined ? [] : [`--config=${config}`]];
  const names = ['FOURTHWALL_DATA', 'FOURTHWALL_STORE', 'FOURTHWALL_CONFIG', 'FOURTHWALL_STORE_KEY'];
  const read = readOptions(argv, Object.fromEntries(names.map((name) => [name, env[name]])));
  if (read.kind === 'problems') throw new UsageError(read.problems.join('; '));
  const { store: location, dataDir, configDir, storeKey } = read.options;
  // As with `start`: no ${FOURTHWALL_STORE_KEY} in gateway.yaml.
  const { FOURTHWALL_STORE_KEY: _key, ...others } = env;
  return openStore({ location, data: dataDir, config: configDir, storeKey, env: others });
}

/** Checked as the API checks them: a misspelt one would export nothing. */
async function filterOf(keeper: StoreKeeper, options: Where): Promise<CaptureFilter> {
  const given = filtersOf(options) as Readonly<Record<string, unknown>>;
  if (Object.keys(given).length === 0) return {};
  const numbers = Object.fromEntries((['after', 'before'] as const).filter((name) => given[name] !== undefined).map((name) => [name, seq(name, given[name])]));
  try {
    return captureFilter({ ...given, ...numbers } as FilterQuery, await keeper.known());
  } catch (error) {
    if (error instanceof Problem) throw new UsageError(`--${error.message}`);
    throw error;
  }
}

function seq(name: string, text: unknown): number {
  const value = Number(text);
  if (!/^\d+$/.test(String(text)) || !Number.isSafeInteger(value)) throw new UsageError(`--${name}: expected the number of a capture, found ${JSON.stringify(text)}`);
  return value;
}

/** Waits where the reader is slower than the store: nothing piles up in between. */
async function written(out: Cli['stdout'], chunk: Uint8Array): Promise<void> {
  if (out.write(chunk) !== false || !('once' in out)) return;
  await new Promise<void>((resolve) => { (out as unknown as NodeJS.WritableStream).once('drain', () => resolve()); });
}
