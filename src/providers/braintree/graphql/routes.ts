import type { HttpRequest, HttpResponse } from '../../../model/exchange.ts';
import type { Simulation } from '../../../model/provider.ts';
import { isBodiless, jsonBody } from '../../wire/body.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../../wire/json-api.ts';
import { asObject, asString, field } from '../../wire/json.ts';
import type { JsonObject } from '../../wire/json.ts';
import { openLedger } from '../../wire/ledger.ts';
import { jsonReply } from '../../wire/reply.ts';
import { unreadable } from '../../wire/unread.ts';
import type { Unread } from '../../wire/unread.ts';
import { BraintreeFailure, graphQlErrors } from '../errors.ts';
import { keysOf, peopleOf } from '../people.ts';
import { accountOf, livenessOf } from '../place.ts';
import { readDocument } from './document.ts';
import type { Document } from './document.ts';
import { mutations } from './payments.ts';
import { shaped } from './shaped.ts';

const names = Object.keys(mutations);

export const graphQlOperations: readonly string[] = ['graphql.ping', ...names.map((name) => `graphql.${name}`)];

function read(request: HttpRequest): { readonly document: Document; readonly input: JsonObject; readonly said: JsonObject } | Unread {
  if (request.query !== null && request.query !== '') return unreadable('parameters in the query of a GraphQL call');
  if (isBodiless(request)) return unreadable('no body');
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const body = asObject(json.value);
  if (body === null || Object.keys(body).some((name) => !['query', 'variables', 'operationName'].includes(name))) return unreadable('the body is not query, variables and operationName');
  const variables = field(body, 'variables') ?? {};
  const source = asString(field(body, 'query'));
  const known = asObject(variables);
  if (source === null || known === null) return unreadable('query is no text, or variables no object');
  const document = readDocument(source, known);
  if (document.kind === 'unreadable') return document;
  const { root, operation } = document;
  if (operation === 'query' && root.name === 'ping') return { document, input: {}, said: {} };
  const input = asObject(field(root.arguments, 'input') ?? {});
  if (operation !== 'mutation' || !Object.hasOwn(mutations, root.name) || input === null) return unreadable(`the ${operation} ${root.name} is not simulated`);
  return { document, input, said: { ...root.arguments, variables: known } };
}

function route(name: string | null): JsonRoute {
  const mutation = name === null ? undefined : mutations[name];
  const { effect } = mutation ?? { effect: null };
  return {
    method: 'POST', path: /^\/graphql$/, operation: name === null ? 'graphql' : `graphql.${name}`,
    read: (request) => {
      const found = read(request);
      return 'kind' in found ? found : { kind: 'content', body: asObject(found.said), query: [] };
    },
    ...(effect === null ? {} : {
      effects: ({ request }: JsonCall) => {
        const found = read(request);
        if ('kind' in found) return found;
        const { keysOf: thing, ...reached } = effect(found.input);
        return [{ channel: 'payment', provider: 'braintree', operation: `graphql.${name}`, liveness: livenessOf(request), recipients: peopleOf(found.said), keys: keysOf(thing), ...reached }];
      },
    }),
    answer: (call) => answered(call),
  };
}

async function answered({ request, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const found = read(request);
  const extensions = { requestId: context.uuid() };
  if ('kind' in found) return { reply: jsonReply(200, { data: null, errors: graphQlErrors([{ message: found.why, errorClass: 'VALIDATION' }]), extensions }) };
  if (accountOf(request) === null) return { reply: jsonReply(200, { data: null, errors: graphQlErrors([{ message: 'Authentication credentials are invalid', errorClass: 'AUTHENTICATION' }]), extensions }) };
  const { root } = found.document;
  if (root.name === 'ping') return { reply: jsonReply(200, { data: { [root.key]: 'pong' }, extensions }) };
  const ledger = openLedger(context);
  try {
    const payload = await mutations[root.name]!.run({ ledger, context, request }, found.input);
    return { reply: jsonReply(200, { data: { [root.key]: shaped({ ...payload, clientMutationId: field(found.input, 'clientMutationId') ?? null }, root.selections) }, extensions }), ...ledger.finish() };
  } catch (error) {
    if (!(error instanceof BraintreeFailure)) throw error;
    const errors = error.status === 404
      ? [{ message: 'An object with this ID was not found.', errorClass: 'NOT_FOUND', path: [root.key] }]
      : error.faults.map(({ code, message }) => ({ message, errorClass: 'VALIDATION', legacyCode: code, path: [root.key] }));
    return { reply: jsonReply(200, { errors: graphQlErrors(errors), data: { [root.key]: null }, extensions }) };
  }
}

/** One path for all: which operation a call is stands in its text, so it is looked at before a route is taken. */
export function graphQlRoutesFor(request: HttpRequest): readonly JsonRoute[] {
  const found = request.path === '/graphql' && request.method === 'POST' ? read(request) : null;
  const name = found === null || 'kind' in found ? null : found.document.root.name;
  return [route(name)];
}
