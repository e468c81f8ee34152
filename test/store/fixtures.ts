import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';

const directory = join(import.meta.dirname, '../fixtures/stores');

/** Versions of the schema that there are fixtures of. */
export function versionsOf(engine: 'sqlite' | 'postgres'): readonly number[] {
  return readdirSync(directory).flatMap((name) => {
    const [, of, version] = /^(sqlite|postgres)-(\d+)\.json\.zst$/.exec(name) ?? [];
    return of === engine ? [Number(version)] : [];
  }).toSorted((one, other) => one - other);
}

export function fixture(name: string): Buffer {
  return zstdDecompressSync(readFileSync(join(directory, name)));
}

/** What that version read of it, as today's code has to read it. */
export function readThen(engine: 'sqlite' | 'postgres', version: number): Record<string, unknown> {
  const then = JSON.parse(fixture(`${engine}-${version}.json.zst`).toString()) as Record<string, unknown> & { readonly captures: Record<string, { callbacks: { state: string }[] }> };
  if (engine !== 'sqlite' || version > 1) return then;
  // The first version sent no callbacks and had no scopes to ask for: nobody expects those callbacks now.
  for (const capture of Object.values(then.captures)) {
    capture.callbacks = capture.callbacks.map((callback) => ({ ...callback, state: 'skipped', url: null, event: null, lastStatus: null, delivery: null, lastError: 'recorded by a version that sent no callbacks; send it again if it is wanted' }));
  }
  return { ...then, callbacks: [{ state: 'skipped', count: 2 }] };
}
