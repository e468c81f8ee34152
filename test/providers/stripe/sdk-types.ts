import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The declaration files of the official SDK's resources. */
export const resources = join(dirname(createRequire(import.meta.url).resolve('stripe')), 'resources');

interface Property { readonly name: string; readonly optional: boolean; readonly type: string }

/** One resource of v1: an interface with a literal `object`. */
interface Resource {
  /** 'Charge', 'Checkout.Session' */
  readonly name: string;
  readonly kind: string;
  /** '' or the folder: 'Checkout' */
  readonly folder: string;
  readonly source: string;
}

/** The text between the brace that ends `opening` and the one that closes it. */
function block(source: string, opening: RegExp): string | null {
  const match = opening.exec(source);
  if (match === null) return null;
  const start = match.index + match[0].length;
  let depth = 1;
  for (let at = start; at < source.length; at += 1) {
    depth += source[at] === '{' ? 1 : source[at] === '}' ? -1 : 0;
    if (depth === 0) return source.slice(start, at);
  }
  return null;
}

/** The inside of a namespace, found from its parent's; each is looked for once. */
function inside(file: string, path: readonly string[], found: Map<string, string | null>): string | null {
  if (path.length === 0) return file;
  const name = path.join('.');
  const known = found.get(name);
  if (known !== undefined) return known;
  const parent = inside(file, path.slice(0, -1), found);
  const body = parent === null ? null : block(parent, new RegExp(`namespace ${path.at(-1)!} \\{`));
  found.set(name, body);
  return body;
}

/** The properties of an interface; `path` leads through its namespaces. Null when there is none. */
function properties(file: string, path: readonly string[], found: Map<string, string | null>): readonly Property[] | null {
  const source = inside(file, path.slice(0, -1), found);
  if (source === null) return null;
  const body = block(source, new RegExp(`interface ${path.at(-1)!}(?: extends [^{]*)? \\{`));
  if (body === null) return null;
  let depth = 0;
  return body.split('\n').flatMap((line): Property[] => {
    const match = depth === 0 ? /^\s*(\w+)(\??): (.*?);?$/.exec(line) : null;
    depth += (line.match(/\{/g)?.length ?? 0) - (line.match(/\}/g)?.length ?? 0);
    return match === null ? [] : [{ name: match[1]!, optional: match[2] === '?', type: match[3]! }];
  });
}

let alreadyRead: ReturnType<typeof readAll> | undefined;

/** Read once. */
function readResources(): ReturnType<typeof readAll> {
  return alreadyRead ??= readAll();
}

function readAll(): { readonly all: readonly Resource[]; readonly aliases: ReadonlyMap<string, readonly string[]> } {
  const all: Resource[] = [];
  const aliases = new Map<string, readonly string[]>();
  for (const file of readdirSync(resources, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts') && !/^V2|index\.d\.ts$/.test(name)).toSorted()) {
    const source = readFileSync(join(resources, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
    const folder = file.includes('/') ? file.split('/')[0]! : '';
    for (const [, name] of source.matchAll(/^export interface (\w+) \{/gm)) {
      const kind = /^\s*object: '([\w.]+)';$/m.exec(block(source, new RegExp(`^export interface ${name!} \\{`, 'm')) ?? '')?.[1];
      if (kind !== undefined) all.push({ name: folder === '' ? name! : `${folder}.${name!}`, kind, folder, source });
    }
    for (const [, name, members] of source.matchAll(/^export type (\w+) = ([\w. |\n]+);/gm)) aliases.set(name!, members!.split('|').map((member) => member.trim()));
  }
  return { all, aliases };
}

/**
 * What the SDK's types say can be expanded, by kind of object: each path within it, with the kinds it leads to. 'customer' is an id in a
 * text or the object itself, 'list refund' a list of them.
 */
export function expandableBySdk(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const { all, aliases } = readResources();
  const byName = new Map(all.map((resource) => [resource.name, resource]));

  /** The kinds of a named type, as it is called in `folder`. */
  const kindsOf = (name: string, folder: string): readonly string[] => {
    const found = byName.get(`${folder}.${name}`) ?? byName.get(name);
    if (found !== undefined) return [found.kind];
    return (aliases.get(name) ?? []).flatMap((member) => kindsOf(member, folder));
  };

  const pathsOf = ({ source, folder }: Pick<Resource, 'source' | 'folder'>, path: readonly string[], at: string, namespaces: Map<string, string | null>): readonly (readonly [string, string])[] =>
    (properties(source, path, namespaces) ?? []).flatMap(({ name, type }): readonly (readonly [string, string])[] => {
      const here = at === '' ? name : `${at}.${name}`;
      const plain = type.replace(/ \| null$/, '').replace(/^Array<(.*)>$/, '$1');
      const list = /^ApiList<([\w.]+)>$/.exec(plain);
      if (list !== null) return [[here, `list ${kindsOf(list[1]!, folder).join(' ')}`]];
      const members = plain.split(' | ');
      const kinds = [...new Set(members.filter((member) => /^[A-Z]/.test(member) && !/(?:^|\.)Deleted/.test(member)).flatMap((member) => kindsOf(member, folder)))];
      if (kinds.length > 0) return [[here, kinds.toSorted().join(' ')]];
      const nested = /^[A-Z]\w*(?:\.\w+)*$/.test(plain) ? plain.split('.') : null;
      const inner = nested === null ? null : nested[0] === path.at(-1) ? [...path, ...nested.slice(1)] : nested[0] === path[0] ? nested : null;
      return inner === null || inner.length > 8 ? [] : pathsOf({ source, folder }, inner, here, namespaces);
    });

  const table = new Map<string, Map<string, string>>();
  for (const resource of all) {
    const paths = pathsOf(resource, [resource.name.split('.').at(-1)!], '', new Map());
    if (paths.length === 0) continue;
    const known = table.get(resource.kind) ?? table.set(resource.kind, new Map()).get(resource.kind)!;
    for (const [path, kinds] of paths) known.set(path, kinds);
  }
  return Object.fromEntries([...table].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, paths]) => [kind, Object.fromEntries([...paths].toSorted(([a], [b]) => (a < b ? -1 : 1)))]));
}

/** The SDK's name of each kind of object: 'checkout.session' is 'Checkout.Session'. */
export function interfaceNames(): ReadonlyMap<string, string> {
  return new Map(readResources().all.filter(({ name }) => !/(?:^|\.)Deleted/.test(name)).map(({ kind, name }) => [kind, name]));
}
