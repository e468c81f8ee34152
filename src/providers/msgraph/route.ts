import type { Bytes } from '../../model/bytes.ts';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { SideEffect } from '../../model/side-effect.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { content } from '../wire/content.ts';
import { parseQuery } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { isText, mediaType } from '../wire/media-type.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly object: JsonObject }
  /** a whole mail, sent as the base64 of its bytes in text/plain */
  | { readonly kind: 'mime'; readonly message: Bytes };

export interface Parameters {
  /** the path's groups, percent escapes undone */
  readonly ids: readonly string[];
  readonly query: readonly FormField[];
  readonly body: Body;
}

export interface Call extends Parameters {
  readonly request: HttpRequest;
  readonly context: SimulationContext;
}

/** A route without `effect` only reads. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: RegExp;
  readonly operation: string;
  readonly effect?: (call: Parameters) => SideEffect | Unread;
  /** the effect, told from what is remembered; null = nothing is remembered */
  readonly recalled?: (call: Parameters, recall: SimulationContext['recall']) => Promise<SideEffect | null>;
  /** query options that a read cannot do without */
  readonly refuses?: readonly string[];
  answer(call: Call): Promise<Simulation<HttpResponse>>;
}

/** '/v1.0/me' or '/v1.0/users/ann@shop.test': begins with a letter or digit, so that no dot segment passes. */
export const version = '/(?:v1\\.0|beta)';
export const user = `${version}/(me|users/[A-Za-z0-9](?:[A-Za-z0-9._@+-]|%40|%2B)*)`;
export const folder = '(?:/mailFolders/([A-Za-z0-9](?:[A-Za-z0-9_-]|=|%3D)*))?';
/** Microsoft's own are base64url with '='; so are ours, without */
export const item = '([A-Za-z0-9](?:[A-Za-z0-9_-]|=|%3D)*)';

export interface Routed { readonly kind: 'routed'; readonly route: Route; readonly parameters: Parameters }

export function routed(routes: readonly Route[], request: HttpRequest): Routed | Unread | null {
  for (const route of routes) {
    const found = route.method === request.method ? route.path.exec(request.path) : null;
    if (found === null) continue;
    const query = parseQuery(request.query);
    const body = bodyOf(request);
    const fault = query.kind === 'unreadable' ? query : body.kind === 'unreadable' ? body : misfit(route, query.fields, body);
    if (fault !== null) return unreadable(`${route.operation}: ${fault.why}`);
    if (query.kind === 'unreadable' || body.kind === 'unreadable') return null;
    return { kind: 'routed', route, parameters: { ids: found.slice(1).map((id) => decodeURIComponent(id ?? '')), query: query.fields, body } };
  }
  return null;
}

function misfit(route: Route, query: readonly FormField[], body: Body): Unread | null {
  const reads = route.method === 'GET' || route.method === 'DELETE';
  if (reads && body.kind !== 'none') return unreadable(`a ${route.method} carries a body`);
  // Whether Graph reads any of these on a call that changes something is not documented.
  if (route.method !== 'GET' && query.length > 0) return unreadable(`a ${route.method} carries a query`);
  const refused = query.find(([name]) => (route.refuses ?? []).includes(name.toLowerCase().replace(/^\$?/, '$')))?.[0];
  return refused === undefined ? null : unreadable(`${refused} is not simulated, and the answer would be wrong without it`);
}

function bodyOf(request: HttpRequest): Body | Unread {
  if (isBodiless(request)) return { kind: 'none' };
  if (isText(mediaType(request.headers), 'text/plain')) return mimeBody(request);
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const object = asObject(json.value);
  return object === null ? unreadable('the body is not a JSON object') : { kind: 'json', object };
}

/** Standard base64; line breaks within it are dropped, as every decoder of it does. */
function mimeBody(request: HttpRequest): Body | Unread {
  const body = content(request);
  if (body.kind === 'unreadable') return body;
  const text = Buffer.from(body.bytes).toString('latin1').replaceAll(/[\r\n]/g, '');
  const end = text.indexOf('=');
  const padded = end < 0 || /^={1,2}$/.test(text.slice(end));
  if (text.length === 0 || text.length % 4 !== 0 || !padded || /[^A-Za-z0-9+/=]/.test(text)) return unreadable('the text/plain body is not the base64 of a message');
  return { kind: 'mime', message: Buffer.from(text, 'base64') };
}

/** The last of equal options, as OData has at most one. */
export function option(query: readonly FormField[], name: string): string | null {
  return query.findLast(([each]) => each === name)?.[1] ?? null;
}
