import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Chat } from '../../model/side-effect.ts';
import { parseQuery } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { isBodiless } from '../wire/body.ts';
import { readBody } from './body.ts';
import type { Body } from './body.ts';
import { callerOf } from '../wire/oauth.ts';

/** One operation. Without `effect` it only reads. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: RegExp;
  readonly operation: string;
  /** what its query may hold */
  readonly query?: readonly string[];
  readonly effect?: (call: Call) => Chat | Unread;
  readonly answer: (call: CallInContext) => Promise<Simulation<HttpResponse>>;
}

export interface Call {
  readonly request: HttpRequest;
  /** the path's groups */
  readonly ids: readonly string[];
  readonly query: readonly FormField[];
  readonly body: Body;
}

export interface CallInContext extends Call { readonly context: SimulationContext }

export interface Routed { readonly kind: 'routed'; readonly route: Route; readonly call: Call }

const version = '/api(?:/v[0-9]{1,2})?';
const id = '([0-9]{1,20})';
/** The token of a webhook, or of an interaction, which is longer. It names nothing: who has it may write. */
const token = '[A-Za-z0-9_-]{4,400}';
/** '{id}' a snowflake, '{token}' a secret that is no group */
export function path(template: string): RegExp {
  return new RegExp(`^${version}${template.replaceAll('{id}', id).replaceAll('{token}', token)}$`);
}

/** Which operation a request is, read strictly. */
export function routed(routes: readonly Route[], request: HttpRequest): Routed | Unread {
  if (asksForAnotherMethod(request.headers)) return unreadable('a header asks for another method');
  for (const route of routes) {
    const found = route.method === request.method ? route.path.exec(request.path) : null;
    if (found === null) continue;
    const query = parseQuery(request.query);
    if (query.kind === 'unreadable') return unreadable(`${route.operation}: ${query.why}`);
    const names = query.fields.map(([name]) => name);
    if (names.some((name) => !(route.query ?? []).includes(name)) || new Set(names).size < names.length) return unreadable(`${route.operation}: its query has a parameter that is not known, or one twice`);
    if ((route.method === 'GET' || route.method === 'DELETE') && !isBodiless(request)) return unreadable(`${route.operation}: a ${route.method} carries a body`);
    const body = readBody(request);
    return body.kind === 'unreadable' ? unreadable(`${route.operation}: ${body.why}`) : { kind: 'routed', route, call: { request, ids: found.slice(1), query: query.fields, body } };
  }
  return unreadable(`${request.method} ${resourceOf(request.path)} is not simulated`);
}

/** Only these are told of a path that is not known: any other part may be an id, or the secret of a webhook. */
const words: ReadonlySet<string> = new Set(['', 'api', 'applications', 'bot', 'bulk-delete', 'callback', 'channels', 'commands', 'crosspost', 'gateway', 'github', 'guilds', 'interactions', 'invites', 'members', 'messages', 'oauth2', 'pins', 'reactions', 'roles', 'slack', 'threads', 'users', 'webhooks', '@me', '@original']);

function resourceOf(text: string): string {
  return text.split('/').slice(0, 9).map((part) => words.has(part) || /^v[0-9]{1,2}$/.test(part) ? part : '*').join('/');
}

export function parameter({ query }: Call, name: string): string | null {
  return query.find(([each]) => each === name)?.[1] ?? null;
}

/** Whose token it is, by a name from which the token cannot be told. A webhook's is in its path. */
export function callerOfRequest({ headers, path: text }: HttpRequest): string | null {
  const hook = new RegExp(`^${version}/webhooks/${id}/(${token})(?:/|$)`).exec(text);
  if (hook !== null) return callerOf('webhook', hook[1]!, hook[2]!);
  const values = headerAll(headers, 'authorization');
  const bot = values.length === 1 ? /^(?:Bot|Bearer) +([^\s]+)$/.exec(values[0]!.trim())?.[1] : undefined;
  return bot === undefined ? null : callerOf('bot', bot);
}
