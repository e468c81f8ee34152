import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { seedObject, type Seedable } from '../model/seed.ts';
import type { SeedObject } from '../model/store.ts';
import { didYouMean } from '../policy/file/nearest.ts';
import type { Problem } from '../policy/problem.ts';
import { schemaProblems } from './schema-problems.ts';
import { readYaml, type Environment } from './yaml-file.ts';

const SeedsSchema = Type.Object({
  provider: Type.String({ minLength: 1, description: 'the name of a provider' }),
  run: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$', description: 'a run name; every run when left out' })),
  objects: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown(), { description: 'objects by their id' }), { description: 'objects by kind, then by id' }),
}, { additionalProperties: false });

export interface Seeds {
  readonly seeds: readonly SeedObject[];
  readonly problems: readonly Problem[];
}

interface Reading {
  readonly env: Environment;
  readonly providers: readonly Seedable[];
}

/** Every *.yaml and *.yml of the folder, by name. No such folder = no seeds. */
export async function readSeedFolder(folder: string, reading: Reading): Promise<Seeds> {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { seeds: [], problems: [] };
    return { seeds: [], problems: [unreadable(folder, 'a folder', error)] };
  }
  const read = await Promise.all(names.map(async (name) => {
    const file = join(folder, name);
    try {
      return readSeeds(await readFile(file, 'utf8'), { ...reading, file });
    } catch (error) {
      return { seeds: [], problems: [unreadable(file, 'a file', error)] };
    }
  }));
  return { seeds: read.flatMap(({ seeds }) => seeds), problems: read.flatMap(({ problems }) => problems) };
}

/** One file: what a vendor is to remember before anybody called it. */
export function readSeeds(text: string, { file, env, providers }: Reading & { readonly file: string }): Seeds {
  const { yaml, problems } = readYaml(text, { file, env });
  if (problems.length > 0) return { seeds: [], problems };
  if (yaml.value === null) return { seeds: [], problems: [] }; // only comments
  const misfits = schemaProblems(SeedsSchema, yaml);
  if (misfits.length > 0) return { seeds: [], problems: misfits };
  const { provider: name, run = '', objects } = yaml.value as Static<typeof SeedsSchema>;
  const provider = providers.find((each) => each.name === name);
  if (provider === undefined) {
    const names = providers.map((each) => each.name);
    return { seeds: [], problems: [yaml.problem(['provider'], JSON.stringify(name), `a provider that keeps objects${didYouMean(name, names)}`)] };
  }
  const faults: Problem[] = [];
  const seeds = Object.entries(objects).flatMap(([kind, byId]) => Object.entries(byId).flatMap(([id, value]) => {
    try {
      return [seedObject(provider, { kind, id, value, account: '', run })];
    } catch (error) {
      faults.push(yaml.problem(['objects', kind, id], 'an object that cannot be', error instanceof Error ? error.message : String(error)));
      return [];
    }
  }));
  return { seeds, problems: faults };
}

function unreadable(file: string, what: string, error: unknown): Problem {
  return { file, line: 1, column: 1, key: '', found: `${what} that cannot be read (${error instanceof Error ? error.message : String(error)})`, expected: `${what} that can be read, or none` };
}
