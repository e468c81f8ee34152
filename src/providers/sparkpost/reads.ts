import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { isBodiless } from '../wire/body.ts';
import { parseQuery } from '../wire/form.ts';
import { asObject } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { errorReply } from './error.ts';

interface Read {
  readonly path: RegExp;
  readonly operation: string;
  answer(id: string, query: ReadonlyMap<string, string>, context: SimulationContext): Promise<HttpResponse>;
}

/** Names of objects, addresses among them. No slash or dot segment in any spelling. */
const name = String.raw`((?:[\w+-]|%40|%2B)(?:[\w.@+-]|%40|%2B)*)`;

/** Calls that only ask. Found are the transmissions that were captured; all else looks like a new account. */
const reads: readonly Read[] = [
  read('/transmissions', 'transmissions.list', async (_id, query, context) => {
    const where = Object.fromEntries(['campaign_id', 'template_id'].flatMap((key) => query.has(key) ? [[key, query.get(key) ?? '']] : []));
    const { items } = await context.list('transmission', { where, limit: 1_000 });
    return jsonReply(200, { results: items.map(({ value }) => listed(value as JsonValue)) });
  }),
  read(`/transmissions/([0-9]{1,20})`, 'transmissions.get', async (id, _query, context) => {
    const known = await context.recall('transmission', id);
    return known === null ? missing(`Resource not found:transmission id ${id}`) : jsonReply(200, { results: { transmission: known.value } });
  }),
  read('/account', 'account.get', async () => jsonReply(200, { results: { company_name: 'Staging', country_code: 'US', customer_id: 1, status: 'active', service_level: 'standard' } })),
  ...['sending-domains', 'templates', 'suppression-list', 'webhooks', 'recipient-lists', 'subaccounts', 'inbound-domains', 'relay-webhooks', 'ip-pools', 'ab-test'].flatMap((kind) => [
    read(`/${kind}`, `${kind}.list`, async () => jsonReply(200, kind === 'suppression-list' ? { results: [], links: [], total_count: 0 } : { results: [] })),
    read(`/${kind}/${name}`, `${kind}.get`, async () => missing(kind === 'suppression-list' ? 'Recipient could not be found' : 'Resource could not be found')),
  ]),
  ...['/events/message', '/message-events'].map((path) => read(path, path.slice(1).replace('/', '.'), async () => jsonReply(200, { results: [], total_count: 0, links: {} }))),
  read(`/recipient-validation/single/${name}`, 'recipient-validation.single', async () => jsonReply(200, { results: { result: 'valid', valid: true, is_role: false, is_disposable: false, is_free: false, delivery_confidence: 95 } })),
];

export const readOperations: readonly string[] = reads.map(({ operation }) => operation);

function read(path: string, operation: string, answer: Read['answer']): Read {
  return { path: new RegExp(`^/api/v1${path}$`), operation, answer };
}

function listed(value: JsonValue): object {
  const { id, state, campaign_id, description, content } = asObject(value) ?? {};
  return { id, state, campaign_id, description, content };
}

export function missing(description: string): HttpResponse {
  return errorReply(404, { message: 'resource not found', description, code: '1600' });
}

/** Null: not one of these, or not asked as the API is asked. */
export function matchRead(request: HttpRequest): { readonly operation: string; answer(context: SimulationContext): Promise<HttpResponse> } | null {
  if (request.method !== 'GET' || !isBodiless(request)) return null;
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return null;
  for (const { path, operation, answer } of reads) {
    const found = path.exec(request.path);
    if (found !== null) return { operation, answer: (context) => answer(found[1] ?? '', new Map(query.fields), context) };
  }
  return null;
}
