import type { Command } from 'commander';
import { filterParameters } from '../control/filters.ts';
import { createClient } from '../testing/client.ts';
import type { Client, Filters } from '../testing/client.ts';
import { UsageError } from './io.ts';
import type { Io } from './io.ts';

/** Every command that talks to a gateway takes --url. */
export function withUrl(command: Command): Command {
  return command.option('--url <url>', 'control address [FOURTHWALL_URL, or FOURTHWALL_CONTROL_PORT on 127.0.0.1, or http://127.0.0.1:8025]');
}

/** The token comes by FOURTHWALL_TOKEN only: what stands on a command line can be read by others. */
export function clientOf(io: Pick<Io, 'env'>, { url }: { readonly url?: string }): Client {
  const { env } = io;
  const chosen = url ?? (env['FOURTHWALL_URL'] || `http://127.0.0.1:${env['FOURTHWALL_CONTROL_PORT'] || '8025'}`);
  const parsed = URL.parse(chosen);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) throw new UsageError(`--url: expected http://host:port, found ${JSON.stringify(chosen)}`);
  return createClient({ url: chosen, token: env['FOURTHWALL_TOKEN'] || null });
}

type FilterName = keyof typeof filterParameters;
const filterNames = Object.keys(filterParameters) as readonly FilterName[];
/** One value each; the others may be given several times. */
const single: readonly FilterName[] = ['q', 'since', 'until', 'after', 'before'];

/** --run, --channel ... : the filters of the API under their own names. */
export function withFilters(command: Command, except: readonly FilterName[] = []): Command {
  for (const name of filterNames.filter((one) => !except.includes(one))) {
    const { description } = filterParameters[name] as { readonly description?: string };
    const help = description ?? '';
    if (single.includes(name)) command.option(`--${name} <value>`, help);
    else command.option(`--${name} <value>`, help, (value: string, before: readonly string[] | undefined) => [...before ?? [], value]);
  }
  return command;
}

export function filtersOf(options: Readonly<Record<string, unknown>>): Filters {
  return Object.fromEntries(filterNames.filter((name) => options[name] !== undefined).map((name) => [name, options[name]])) as Filters;
}

/** A number option, checked. */
export function number(name: string, least = 0): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least) throw new UsageError(`${name}: expected a number of at least ${least}, found ${JSON.stringify(text)}`);
    return value;
  };
}

export function oneOf<T extends string>(name: string, allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((word) => word === text);
    if (found === undefined) throw new UsageError(`${name}: expected ${allowed.join(', ')}, found ${JSON.stringify(text)}`);
    return found;
  };
}
