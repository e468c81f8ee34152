import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Decoded, SideEffect } from '../../model/side-effect.ts';
import { isBodiless, jsonBody } from './body.ts';
import { parseQuery } from './form.ts';
import type { FormField } from './form.ts';
import type { JsonValue } from './json.ts';
import { asksForAnotherMethod } from './method-override.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** A call of a JSON API, read strictly. */
export interface JsonCall {
  readonly request: HttpRequest;
  /** the path's groups */
  readonly ids: readonly string[];
  /** null: no body at all; a body that says null is refused */
  readonly body: JsonValue;
  readonly query: readonly FormField[];
}

export interface JsonCallInContext extends JsonCall { readonly context: SimulationContext }

/** One operation. Its path is matched as it was sent; ids are of a safe alphabet, so that no segment hides another path. */
export interface JsonRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: RegExp;
  readonly operation: string;
  /** true: its query is read beside the body, though it is no GET */
  readonly query?: true;
  /** how its parameters come, where a vendor takes more than a JSON body (`parametersOf`); absent: JSON alone */
  readonly read?: (request: HttpRequest) => CallContent | Unread;
  /** whom it would reach; absent: a read */
  readonly effects?: (call: JsonCall) => readonly SideEffect[] | Unread;
  readonly answer: (call: JsonCallInContext) => Promise<Simulation<HttpResponse>>;
}

export interface CallContent { readonly kind: 'content'; readonly body: JsonValue; readonly query: readonly FormField[] }

export interface Routed { readonly kind: 'routed'; readonly route: JsonRoute; readonly call: JsonCall }

/** Which operation a request is. GET has no body, anything else no query unless its route says so: whether a vendor reads them there is not known. */
export function routed(vendor: string, routes: readonly JsonRoute[], request: HttpRequest): Routed | Unread {
  if (asksForAnotherMethod(request.headers)) return unreadable(`${vendor}: a header asks for another method`);
  for (const route of routes) {
    const found = route.method === request.method ? route.path.exec(request.path) : null;
    if (found === null) continue;
    const read = route.read === undefined ? contentOf(request, route) : route.read(request);
    return read.kind === 'unreadable' ? unreadable(`${vendor} ${route.operation}: ${read.why}`) : { kind: 'routed', route, call: { request, ids: found.slice(1), ...read } };
  }
  return unreadable(`${vendor} ${request.method} ${resourceOf(request.path)} is not simulated`);
}

export function decodeCall(vendor: string, routes: readonly JsonRoute[], request: HttpRequest): Decoded {
  const found = routed(vendor, routes, request);
  if (found.kind === 'unreadable') return { kind: 'unrecognized', why: found.why };
  const { route, call } = found;
  if (route.effects === undefined) return { kind: 'read', operation: route.operation, liveness: 'unknown' };
  const effects = route.effects(call);
  return 'kind' in effects ? { kind: 'unrecognized', why: `${vendor} ${route.operation}: ${effects.why}` } : { kind: 'effects', effects };
}

function contentOf(request: HttpRequest, route: JsonRoute): CallContent | Unread {
  if (request.method === 'GET') {
    if (!isBodiless(request)) return unreadable('a GET carries a body');
    const query = parseQuery(request.query);
    return query.kind === 'unreadable' ? query : { kind: 'content', body: null, query: query.fields };
  }
  if (route.query !== true && request.query !== null && request.query !== '') return unreadable(`a ${request.method} carries parameters in its query`);
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return query;
  if (isBodiless(request)) return { kind: 'content', body: null, query: query.fields };
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  return json.value === null ? unreadable('the body is null') : { kind: 'content', body: json.value, query: query.fields };
}

/** The path without what tells one object from another: it may be a person's address. */
function resourceOf(path: string): string {
  return path.split('/').slice(0, 8).map((part) => /^[A-Za-z][A-Za-z-]{0,39}$|^v\d{1,2}$|^$/.test(part) ? part : '*').join('/');
}
