import type { HttpRequest } from '../../model/exchange.ts';
import { parseQuery } from './form.ts';

/**
 * The call without its query where every parameter of it is known to say nothing about whom it reaches, and is given once. With
 * anything else in it the call stays as it is, for its routes to refuse.
 */
export function withoutKnownQuery(request: HttpRequest, known: Readonly<Record<string, RegExp>>): HttpRequest {
  if (request.query === null) return request;
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return request;
  const names = query.fields.map(([name]) => name);
  const harmless = new Set(names).size === names.length && query.fields.every(([name, value]) => Object.hasOwn(known, name) && known[name]!.test(value));
  return harmless ? { ...request, query: null } : request;
}
