import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { isBodiless } from '../wire/body.ts';
import { parseQuery } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { readSent } from './raw.ts';
import type { Sent, Shape } from './raw.ts';

export interface Parameters {
  /** the path's groups behind the user */
  readonly ids: readonly string[];
  readonly query: readonly FormField[];
  readonly sent: Sent;
}

export interface Call extends Parameters { readonly context: SimulationContext }

/** A route without `effect` only reads. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** behind /gmail/v1/users/{userId}/ */
  readonly path: RegExp;
  readonly operation: string;
  /** what its body holds; absent: it has none */
  readonly shape?: Shape;
  readonly effect?: (call: Parameters) => Email | Unread;
  /** the effect, told from what is remembered; null = nothing is remembered */
  readonly recalled?: (call: Parameters, recall: SimulationContext['recall']) => Promise<Email | null>;
  /** query options that a read cannot do without */
  readonly refuses?: readonly string[];
  answer(call: Call): Promise<Simulation<HttpResponse>>;
}

export interface Routed { readonly kind: 'routed'; readonly route: Route; readonly parameters: Parameters }

/** A user begins with a letter or digit, so that no dot segment passes. */
const prefix = /^(\/upload)?\/gmail\/v1\/users\/[A-Za-z0-9](?:[A-Za-z0-9._@+-]|%40|%2B)*\/(.*)$/;

export function routed(routes: readonly Route[], request: HttpRequest): Routed | Unread | null {
  const [, upload, rest] = prefix.exec(request.path) ?? [];
  if (rest === undefined) return null;
  for (const route of routes) {
    const found = route.method === request.method && (upload === undefined || route.shape !== undefined) ? route.path.exec(rest) : null;
    if (found === null) continue;
    const read = parametersOf(route, request, found.slice(1));
    return 'kind' in read ? unreadable(`${route.operation}: ${read.why}`) : { kind: 'routed', route, parameters: read };
  }
  return null;
}

function parametersOf(route: Route, request: HttpRequest, ids: readonly string[]): Parameters | Unread {
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return query;
  // Google's front end takes a method and headers from such options.
  const odd = query.fields.find(([name]) => name.startsWith('$') && name !== '$.xgafv')?.[0] ?? query.fields.find(([name]) => (route.refuses ?? []).includes(name))?.[0];
  if (odd !== undefined) return unreadable(`query option '${odd.slice(0, 40)}' is not simulated`);
  if (route.shape === undefined) return isBodiless(request) ? { ids, query: query.fields, sent: { kind: 'sent', raw: null, beside: {}, message: {} } } : unreadable(`a ${route.method} carries a body`);
  const sent = readSent(request, route.shape);
  return sent.kind === 'unreadable' ? sent : { ids, query: query.fields, sent };
}
