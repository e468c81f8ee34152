import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { isBodiless } from '../wire/body.ts';
import { parseQuery } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import { jsonReply } from '../wire/reply.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** One operation. A route without `effects` only reads: it is a GET without a body. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: RegExp;
  readonly operation: string;
  effects?(call: Parameters): readonly Email[] | Unread;
  answer(call: Call): Promise<Simulation<HttpResponse>>;
}

export interface Parameters {
  readonly request: HttpRequest;
  /** the path's groups, percent-decoded */
  readonly ids: readonly string[];
}

export interface Call extends Parameters {
  readonly query: readonly FormField[];
  readonly context: SimulationContext;
}

export interface Routed { readonly kind: 'routed'; readonly route: Route; readonly ids: readonly string[]; readonly query: readonly FormField[] }

export const domainName = '([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)';

export function routed(routes: readonly Route[], request: HttpRequest): Routed | Unread {
  if (asksForAnotherMethod(request.headers)) return unreadable('Mailgun: a header asks for another method');
  for (const route of routes) {
    const found = route.method === request.method ? route.path.exec(request.path) : null;
    if (found === null) continue;
    const ids = found.slice(1).map(segment);
    if (ids.includes(null)) continue;
    const query = parseQuery(request.query);
    if (query.kind === 'unreadable') return unreadable(`Mailgun ${route.operation}: ${query.why}`);
    if (request.method === 'GET' && !isBodiless(request)) return unreadable(`Mailgun ${route.operation}: a GET carries a body`);
    // Mailgun's documentation has parameters of a POST in its body only; which it would prefer is not told.
    if (request.method !== 'GET' && request.query !== null) return unreadable(`Mailgun ${route.operation}: parameters stand in the query`);
    return { kind: 'routed', route, ids: ids as readonly string[], query: query.fields };
  }
  return unreadable(`Mailgun ${request.method} ${shapeOf(request.path)} is not simulated`);
}

/** A segment of letters, digits and the signs of an address; nothing that some server would cut in two. */
function segment(text: string | undefined): string | null {
  try {
    const plain = decodeURIComponent(text ?? '');
    return /^[\w.@+=~!$'*-]*$/.test(plain) && plain !== '.' && plain !== '..' ? plain : null;
  } catch {
    // A bad escape: the route does not match, and the call is nobody's.
    return null;
  }
}

/** The path without what tells one object from another: it may be a person's address. */
function shapeOf(path: string): string {
  return path.split('/').slice(0, 8).map((part) => /^[a-z_]{1,30}$|^v\d$|^messages\.mime$|^$/.test(part) ? part : '*').join('/');
}

export function queried(query: readonly FormField[], name: string): string | null {
  return query.find(([field]) => field === name)?.[1] ?? null;
}

/** Every error of Mailgun has this body, with a status its libraries do not retry. */
export function failure(status: number, message: string): { readonly reply: HttpResponse } {
  return { reply: jsonReply(status, { message }) };
}

/** A change at the vendor that reaches nobody. */
export function silent(operation: string): Email {
  return {
    channel: 'email', provider: 'mailgun', operation, liveness: 'unknown', recipients: [], keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null,
  };
}
