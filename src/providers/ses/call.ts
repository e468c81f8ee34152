import type { HttpRequest } from '../../model/exchange.ts';
import { readAwsQuery } from '../wire/aws-query.ts';
import { readShape } from '../wire/aws-shape.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import type { Leaf } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import type { Operation } from './operation.ts';

export interface Call {
  readonly kind: 'call';
  readonly operation: Operation;
  readonly input: JsonObject;
  readonly ids: readonly string[];
  /** texts in fields that the operation has not */
  readonly unknown: readonly Leaf[];
}

/** Which operation a request is, and its input held against the operation's shape. */
export function readCall(operations: readonly Operation[], request: HttpRequest): Call | Unread {
  if (asksForAnotherMethod(request.headers)) return unreadable('a header asks for another method');
  const found = request.path.startsWith('/v2/') ? restCall(operations, request) : queryCall(operations, request);
  if (found.kind === 'unreadable') return found;
  const shaped = readShape(found.input, found.operation.shape);
  return shaped.kind === 'unreadable' ? unreadable(`${found.operation.name}: ${shaped.why}`) : { ...found, unknown: shaped.unknown };
}

type Found = Omit<Call, 'unknown'>;

function queryCall(operations: readonly Operation[], request: HttpRequest): Found | Unread {
  const query = readAwsQuery(request);
  if (query.kind === 'unreadable') return query;
  if (query.version !== '2010-12-01') return unreadable(`version ${query.version} is not simulated, only 2010-12-01`);
  const operation = operations.find(({ api, name }) => api === 'v1' && name === query.action);
  return operation === undefined ? unreadable(`${query.action} is not simulated`) : { kind: 'call', operation, input: query.parameters, ids: [] };
}

function restCall(operations: readonly Operation[], request: HttpRequest): Found | Unread {
  for (const operation of operations) {
    const match = operation.api === 'v2' && operation.method === request.method ? operation.path?.exec(request.path) ?? null : null;
    if (match === null) continue;
    // A query selects and pages what is read, nothing else: with one, any other call may be something else.
    if (request.query !== null && operation.effects !== undefined) return unreadable(`${operation.name} has a query`);
    const body = bodyOf(request);
    return body.kind === 'unreadable' ? unreadable(`${operation.name}: ${body.why}`) : { kind: 'call', operation, input: body.value, ids: match.slice(1).map(plain) };
  }
  return unreadable(`${request.method} ${request.path.split('/').slice(0, 4).join('/').slice(0, 100)} is not simulated`);
}

function bodyOf(request: HttpRequest): { readonly kind: 'body'; readonly value: JsonObject } | Unread {
  if (isBodiless(request)) return { kind: 'body', value: {} };
  if (request.method === 'GET' || request.method === 'DELETE') return unreadable(`a ${request.method} has a body`);
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const value = asObject(json.value);
  return value === null ? unreadable('the body is not a JSON object') : { kind: 'body', value };
}

/** `pathId` lets no other escapes through. */
function plain(segment: string): string {
  return segment.replaceAll(/%40/g, '@').replaceAll(/%2B/gi, '+');
}

/** A name or an address in a path, nothing that a server could take for another path. */
export const pathId = '((?!\\.{1,2}(?:/|$))(?:[A-Za-z0-9_.@+-]|%40|%2[Bb])+)';
