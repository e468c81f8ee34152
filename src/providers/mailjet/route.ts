import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Email, SideEffect } from '../../model/side-effect.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { parseQuery } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** One operation. A route without `effects` only reads: it is a GET without a body. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly operation: string;
  effects?(call: Parameters): readonly SideEffect[] | Unread;
  answer(call: Call): Promise<Simulation<HttpResponse>>;
}

export interface Parameters {
  /** the path's groups */
  readonly ids: readonly string[];
  /** empty for a GET */
  readonly body: JsonObject;
}

export interface Call extends Parameters {
  readonly query: readonly FormField[];
  readonly context: SimulationContext;
}

export interface Routed { readonly kind: 'routed'; readonly route: Route; readonly parameters: Parameters; readonly query: readonly FormField[] }

export function routed(routes: readonly Route[], request: HttpRequest): Routed | Unread {
  if (asksForAnotherMethod(request.headers)) return unreadable('Mailjet: a header asks for another method');
  for (const route of routes) {
    const found = route.method === request.method ? route.path.exec(request.path) : null;
    if (found === null) continue;
    const query = parseQuery(request.query);
    if (query.kind === 'unreadable') return unreadable(`Mailjet ${route.operation}: ${query.why}`);
    // A POST has its parameters in its body; what one in the query would do is not told.
    if (route.effects !== undefined && request.query !== null) return unreadable(`Mailjet ${route.operation}: parameters stand in the query`);
    const body = bodyOf(request);
    if ('kind' in body) return unreadable(`Mailjet ${route.operation}: ${body.why}`);
    return { kind: 'routed', route, parameters: { ids: found.slice(1), body: body.object }, query: query.fields };
  }
  return unreadable(`Mailjet ${request.method} ${shapeOf(request.path)} is not simulated`);
}

/** The Node library writes `{}` where there is nothing to say. */
function bodyOf(request: HttpRequest): { readonly object: JsonObject } | Unread {
  if (isBodiless(request)) return { object: {} };
  if (request.method === 'GET') return unreadable('a GET carries a body');
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const object = asObject(json.value);
  return object === null ? unreadable('the body is not a JSON object') : { object };
}

/** The path without what tells one object from another: it may be a person's address. */
function shapeOf(path: string): string {
  return path.split('/').slice(0, 7).map((part) => /^[A-Za-z-]{1,30}$|^v\d(?:\.\d)?$|^$/.test(part) ? part : '*').join('/');
}

/** A call of the REST API that is about people, but says no mail itself. */
export function about(operation: string, recipients: Email['recipients']): Email {
  return { channel: 'email', provider: 'mailjet', operation, liveness: 'unknown', recipients, keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null };
}
