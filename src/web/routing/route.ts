export type Route =
  | { readonly kind: 'timeline' }
  | { readonly kind: 'capture'; readonly id: string }
  | { readonly kind: 'journey'; readonly key: string }
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'runs' }
  | { readonly kind: 'run'; readonly name: string }
  | { readonly kind: 'connect' }
  | { readonly kind: 'nowhere' };

/** The same addresses as `appRoutes` in src/control/page.ts. */
export function routeOf(path: string): Route {
  const [first = '', second, ...rest] = path.split('/').slice(1).map(decoded);
  if (rest.length > 0 && rest.join('') !== '') return { kind: 'nowhere' };
  if (first === '') return second === undefined ? { kind: 'timeline' } : { kind: 'nowhere' };
  if (first === 'connect' && second === undefined) return { kind: 'connect' };
  if (first === 'runs') return second ? { kind: 'run', name: second } : { kind: 'runs' };
  if (!second) return { kind: 'nowhere' };
  if (first === 'captures') return { kind: 'capture', id: second };
  if (first === 'journeys') return { kind: 'journey', key: second };
  if (first === 'persons') return { kind: 'person', id: second };
  return { kind: 'nowhere' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** An address with this query, without a dangling '?'. */
export function address(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

export const captureAddress = (id: string, query: URLSearchParams): string => address(`/captures/${encodeURIComponent(id)}`, query);
