import { asArray, asObject } from './json.ts';
import type { JsonValue } from './json.ts';
import type { Leaf } from './strangers.ts';

/**
 * The fields a vendor is known to have, as paths: 'message/from/**' and the like, where `*` is any one name or number, a trailing
 * `**` the field itself and everything below.
 */
export function fieldPaths(paths: readonly string[]): readonly RegExp[] {
  return paths.map((path) => {
    const pattern = path.split('/').map((name) => name === '**' ? '(?:/.*)?' : name === '*' ? '/[^/]+' : `/${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
    return new RegExp(`^${pattern.join('').slice(1)}$`, 's');
  });
}

/** Every text of a JSON value that stands in none of the known fields, the names in unknown fields included: for `strangers`. */
export function* unknownTexts(value: JsonValue | undefined, known: readonly RegExp[], path = ''): Generator<Leaf> {
  const isKnown = path !== '' && known.some((pattern) => pattern.test(path));
  if (!isKnown && (typeof value === 'string' || typeof value === 'number')) yield { path, text: String(value) };
  for (const [index, item] of asArray(value)?.entries() ?? []) yield* unknownTexts(item, known, below(path, String(index)));
  for (const [name, item] of Object.entries(asObject(value) ?? {})) {
    if (!isKnown) yield { path: below(path, name), text: name };
    yield* unknownTexts(item, known, below(path, name));
  }
}

/** The same where no field is known. */
export function leaves(value: JsonValue | undefined, path: string): Generator<Leaf> {
  return unknownTexts(value, [], path);
}

/** A slash within a name must not make it look like a known path. */
function below(path: string, name: string): string {
  return `${path === '' ? '' : `${path}/`}${name.replaceAll('/', '|')}`;
}
