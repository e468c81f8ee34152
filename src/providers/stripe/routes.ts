import { routeTable } from './route-table.ts';

export type Method = 'GET' | 'POST' | 'DELETE';

export interface Route {
  readonly method: Method;
  /** '/v1/charges/{id}/capture' */
  readonly pattern: string;
  /** 'charges.capture' */
  readonly operation: string;
  /** read: changes nothing; objects: changes things around money; money: moves it; money-if-confirm: does so when `confirm` is true */
  readonly does: 'read' | 'objects' | 'money' | 'money-if-confirm';
  /** v2 speaks JSON, and has its own error shape */
  readonly version: 'v1' | 'v2' | 'oauth';
}

export interface Found {
  readonly route: Route;
  /** the path's parameters, unescaped, in order */
  readonly ids: readonly string[];
}

/** One step of the path tree: static names win over `{id}`. */
interface Step {
  readonly names: Map<string, Step>;
  any: Step | null;
  readonly routes: Map<Method, Route>;
}

/** The routes, parsed: for documentation and tests. */
export const routes: readonly Route[] = routeTable.flatMap((line) => {
  const [pattern, ...entries] = line.split('  ');
  return entries.map((entry) => parseEntry(pattern!, entry));
});

const root = tree(routes);

/** The route of a call, or null: then Stripe would answer 'Unrecognized request URL'. `path` as sent. */
export function findRoute(method: string, path: string): Found | null {
  if (method !== 'GET' && method !== 'POST' && method !== 'DELETE') return null;
  const segments = path.split('/').slice(1).map(unescapeSegment);
  if (segments.includes(null)) return null;
  return descend(root, segments as readonly string[], method, []);
}

function parseEntry(pattern: string, entry: string): Route {
  const [method, marked] = entry.split(' ') as [Method, string];
  const operation = marked.replace(/^[$?]/, '');
  const does = method === 'GET' ? 'read' : marked.startsWith('$') ? 'money' : marked.startsWith('?') ? 'money-if-confirm' : 'objects';
  const version = pattern.startsWith('/v2/') ? 'v2' : pattern.startsWith('/oauth/') ? 'oauth' : 'v1';
  return { method, pattern, operation, does, version };
}

function tree(all: readonly Route[]): Step {
  const top = step();
  for (const route of all) {
    let at = top;
    for (const name of route.pattern.split('/').slice(1)) {
      if (name === '{id}') at = at.any ??= step();
      else at = at.names.get(name) ?? at.names.set(name, step()).get(name)!;
    }
    at.routes.set(route.method, route);
  }
  return top;
}

function step(): Step {
  return { names: new Map(), any: null, routes: new Map() };
}

function descend(at: Step, segments: readonly string[], method: Method, ids: readonly string[]): Found | null {
  const [first, ...rest] = segments;
  if (first === undefined) {
    const route = at.routes.get(method);
    return route === undefined ? null : { route, ids };
  }
  const named = at.names.get(first);
  const found = named === undefined ? null : descend(named, rest, method, ids);
  return found ?? (at.any === null ? null : descend(at.any, rest, method, [...ids, first]));
}

/**
 * One path segment without its escapes. Null for what two parsers may read differently: an empty segment, dot segments,
 * a bad escape, an escaped slash, backslashes and control characters.
 */
function unescapeSegment(segment: string): string | null {
  try {
    const name = decodeURIComponent(segment);
    return name === '' || name === '.' || name === '..' || /[/\\\p{Cc}]/u.test(name) ? null : name;
  } catch {
    // URIError: no route, so the call is 'unrecognized' and goes nowhere.
    return null;
  }
}
