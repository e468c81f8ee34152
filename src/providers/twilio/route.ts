import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { SideEffect } from '../../model/side-effect.ts';
import { formBody, isBodiless, jsonBody } from '../wire/body.ts';
import { formAll, parseQuery } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { productOf } from './hosts.ts';

/** One operation of one product. A route without `effect` only reads. */
export interface Route {
  readonly product: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: RegExp;
  readonly operation: string;
  /** fields of a form that may be given more than once */
  readonly lists?: readonly string[];
  /** fields that decide who is reached: none may hide in another spelling */
  readonly telling?: readonly string[];
  /** the body is a JSON object instead of a form */
  readonly json?: true;
  readonly effect?: (call: Parameters) => SideEffect | Unread;
  answer(call: Call): Promise<Simulation<HttpResponse>>;
}

export interface Parameters {
  /** the path's groups */
  readonly ids: readonly string[];
  /** of the body (POST) or the query (GET) */
  readonly fields: readonly FormField[];
  /** the body of a route that takes JSON */
  readonly json?: JsonObject;
}

export interface Call extends Parameters {
  readonly request: HttpRequest;
  readonly context: SimulationContext;
}

export interface Routed { readonly kind: 'routed'; readonly route: Route; readonly parameters: Parameters }

/** Which operation a request is and its parameters, read strictly. */
export function routed(routes: readonly Route[], request: HttpRequest): Routed | Unread {
  if (asksForAnotherMethod(request.headers)) return unreadable('Twilio: a header asks for another method');
  const product = productOf(request.authority.host);
  for (const route of routes) {
    const found = route.product === product && route.method === request.method ? route.path.exec(request.path) : null;
    if (found === null) continue;
    const fields = fieldsOf(route, request);
    return 'kind' in fields ? unreadable(`Twilio ${route.operation}: ${fields.why}`)
      : { kind: 'routed', route, parameters: { ids: found.slice(1), ...fields } };
  }
  return unreadable(`Twilio ${product} ${request.method} ${resourceOf(request.path)} is not simulated`);
}

function fieldsOf(route: Route, request: HttpRequest): Omit<Parameters, 'ids'> | Unread {
  if (request.method !== 'POST') {
    if (!isBodiless(request)) return unreadable(`a ${request.method} carries a body`);
    const query = parseQuery(request.query);
    return query.kind === 'unreadable' ? query : { fields: query.fields };
  }
  // Whether Twilio reads these too, and which it prefers, is not documented.
  if (request.query !== null) return unreadable('a POST carries parameters in its query');
  if (route.json === true) {
    const read = jsonBody(request);
    if (read.kind === 'unreadable') return read;
    const json = asObject(read.value);
    return json === null ? unreadable('the body is not a JSON object') : { fields: [], json };
  }
  if (isBodiless(request)) return { fields: [] };
  const form = formBody(request);
  if (form.kind === 'unreadable') return form;
  const names = form.fields.map(([name]) => name);
  const seen = new Set<string>();
  const twice = names.find((name) => {
    if ((route.lists ?? []).includes(name)) return false;
    const again = seen.has(name);
    seen.add(name);
    return again;
  });
  if (twice !== undefined) return unreadable(`field '${twice.slice(0, 40)}' is given twice`);
  const odd = lookalike(names, route.telling ?? []);
  return odd === null ? { fields: form.fields } : unreadable(`field '${odd.slice(0, 40)}' is not spelt as Twilio spells it`);
}

/** The path without what tells one object from another: it may be a person's number. */
function resourceOf(path: string): string {
  return path.split('/').slice(0, 8).map((part) => /^[A-Za-z]+(?:\.json)?$|^v\d+$|^2010-04-01$|^$/.test(part) ? part : '*').join('/');
}

/** The one value of a field; null when it is not there. */
export function one(fields: readonly FormField[], name: string): string | null {
  return formAll(fields, name)[0] ?? null;
}
