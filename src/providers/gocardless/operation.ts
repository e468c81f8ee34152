import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { keysOf, peopleOf } from './addressees.ts';
import { closeBooks, openBooks } from './books.ts';
import type { Books } from './books.ts';
import { errorReply, GoCardlessFailure, misuse, wrongState } from './errors.ts';
import { isOfThisPlace, livenessOf } from './place.ts';

export interface Work extends Books {
  readonly call: JsonCallInContext;
  /** what stands in the body's envelope */
  readonly body: JsonObject;
}

export interface Answer { readonly status: number; readonly body: JsonObject }

export type Reached = Partial<Pick<Payment, 'amount' | 'movesMoney' | 'customer' | 'method' | 'object' | 'description' | 'recipients'>>;

export interface Told {
  readonly method: JsonRoute['method'];
  readonly path: RegExp;
  readonly operation: string;
  /** the one name in the body: 'payments'; an action's is 'data', and may be left out */
  readonly envelope?: string;
  /** absent: a read */
  readonly effect?: (body: JsonObject, call: JsonCall) => Reached | Unread;
  /** what is made by it carries the caller's Idempotency-Key */
  readonly once?: true;
  readonly run: (work: Work) => Promise<Answer>;
}

export function operation(told: Told): JsonRoute {
  const { method, path, operation: name, effect, envelope = 'data' } = told;
  return {
    method, path, operation: name,
    ...(effect === undefined ? {} : {
      effects: (call: JsonCall) => {
        const body = enveloped(call.body, envelope);
        if ('kind' in body) return body;
        const one = effect(body.content, call);
        if ('kind' in one) return one;
        const { recipients = [], ...more } = one;
        return [{
          channel: 'payment', provider: 'gocardless', operation: name, liveness: livenessOf(call.request), recipients: [...peopleOf(body.content), ...recipients], keys: keysOf(body.content),
          amount: null, movesMoney: false, customer: null, method: null, object: call.ids[0] ?? null, description: null, ...more,
        }];
      },
    }),
    answer: async (call) => {
      try {
        return await answered(told, call);
      } catch (error) {
        if (!(error instanceof GoCardlessFailure)) throw error;
        return { reply: errorReply(error, call.context.uuid()) };
      }
    },
  };
}

async function answered(told: Told, call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { request, context } = call;
  allowed(request);
  const body = request.method === 'GET' ? { content: {} } : enveloped(call.body, told.envelope ?? 'data');
  if ('kind' in body) throw misuse(400, 'invalid_document_structure', 'Invalid document structure');
  const books = openBooks(context);
  const key = told.once === undefined ? null : header(request.headers, 'idempotency-key');
  const at = key === null || key === '' ? null : createHash('sha256').update(`${told.operation}\n${key}`).digest('hex');
  const before = at === null ? null : await books.ledger.find<string>('idempotency', at);
  if (before !== null) throw wrongState('idempotent_creation_conflict', 'A resource has already been created with this idempotency key', { conflicting_resource_id: before });
  const answer = await told.run({ ...books, call, body: body.content });
  const made = asObject(Object.values(answer.body)[0]);
  if (at !== null) books.ledger.save('idempotency', at, made?.['id']);
  return { reply: jsonReply(answer.status, answer.body), ...closeBooks(books) };
}

/** https://developer.gocardless.com/api-reference/#making-requests-headers */
function allowed(request: JsonCall['request']): void {
  if (bearer(request.headers) === null) throw misuse(401, 'missing_authorization_header', 'No authorization header was found in the request');
  if (!isOfThisPlace(request)) throw misuse(401, 'access_token_not_found', 'The access token you\'ve used is not a valid sandbox API access token'.replace('sandbox', livenessOf(request) === 'live' ? 'live' : 'sandbox'));
  const version = header(request.headers, 'gocardless-version');
  if (version === null) throw misuse(400, 'missing_version_header', 'Missing version header');
  if (version !== '2015-07-06') throw misuse(400, 'version_not_found', 'Version not found');
}

/** { payments: { ... } }; an action may say nothing at all. */
function enveloped(body: JsonValue, envelope: string): { readonly content: JsonObject } | Unread {
  if (body === null) return envelope === 'data' ? { content: {} } : unreadable(`the body has no object '${envelope}'`);
  const object = asObject(body);
  const names = object === null ? [] : Object.keys(object);
  if (object !== null && names.length === 0 && envelope === 'data') return { content: {} };
  const content = asObject(object?.[envelope]);
  return content === null || names.length > 1 ? unreadable(`the body is not one object '${envelope}'`) : { content };
}

/** Characters of GoCardless's ids, none of which could hide another path. */
export const one = (collection: string, prefix: string, suffix = ''): RegExp => new RegExp(`^/${collection}/(${prefix}[A-Za-z0-9]{1,40})${suffix}$`);
export const action = (collection: string, prefix: string, name: string): RegExp => one(collection, prefix, `/actions/${name}`);

