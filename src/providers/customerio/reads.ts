import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { isBodiless } from '../wire/body.ts';
import { parseQuery } from '../wire/form.ts';
import { jsonReply } from '../wire/reply.ts';

interface Read {
  readonly path: RegExp;
  readonly operation: string;
  readonly query: readonly string[];
  answer(id: string, context: SimulationContext): Promise<HttpResponse>;
}

/** Calls that only ask. What is found is the messages that were captured; people live in an account of their own (Track API keys). */
const reads: readonly Read[] = [
  { path: /^\/v1\/messages\/([A-Za-z0-9]+={0,2})$/, operation: 'messages.get', query: [], answer: message },
  list('messages', 'messages.list', ['limit', 'start', 'type', 'metric', 'drafts', 'campaign_id', 'newsletter_id', 'action_id'], async (context) => ({ messages: (await context.list('message', { limit: 50 })).items.map(({ value }) => value), next: '' })),
  list('customers', 'customers.search', ['email'], async () => ({ results: [] })),
  { path: /^\/v1\/customers\/(?:[\w@+:-]|%40|%2B)(?:[\w.@+:-]|%40|%2B)*\/attributes$/, operation: 'customers.attributes', query: ['id_type'], answer: async () => missing() },
  list('transactional', 'transactional.list', [], async () => ({ messages: [] })),
  list('campaigns', 'campaigns.list', [], async () => ({ campaigns: [] })),
  list('broadcasts', 'broadcasts.list', [], async () => ({ broadcasts: [] })),
  list('newsletters', 'newsletters.list', ['limit', 'start', 'sort'], async () => ({ newsletters: [] })),
  list('segments', 'segments.list', [], async () => ({ segments: [] })),
  list('exports', 'exports.list', [], async () => ({ exports: [] })),
  { path: /^\/api\/v1\/accounts\/region$/, operation: 'accounts.region', query: [], answer: async () => jsonReply(200, { region: 'us', url: 'track.customer.io', data_center: 'us', environment_id: 1 }) },
];

export const readOperations: readonly string[] = reads.map(({ operation }) => operation);

function list(name: string, operation: string, query: readonly string[], value: (context: SimulationContext) => Promise<object>): Read {
  return { path: new RegExp(`^/v1/${name}$`), operation, query, answer: async (_id, context) => jsonReply(200, await value(context)) };
}

async function message(id: string, context: SimulationContext): Promise<HttpResponse> {
  const known = await context.recall('message', id);
  return known === null ? missing() : jsonReply(200, { message: known.value });
}

export function missing(): HttpResponse {
  return jsonReply(404, { errors: [{ detail: 'not found', status: '404' }], meta: { error: 'not found' } });
}

/** Null: not one of these, or not asked as the API is asked. */
export function matchRead(request: HttpRequest): { readonly operation: string; answer(context: SimulationContext): Promise<HttpResponse> } | null {
  if (request.method !== 'GET' || !isBodiless(request)) return null;
  const query = parseQuery(request.query);
  for (const read of reads) {
    const found = read.path.exec(request.path);
    if (found === null) continue;
    if (query.kind === 'unreadable' || query.fields.some(([name]) => !read.query.includes(name))) return null;
    return { operation: read.operation, answer: (context) => read.answer(found[1] ?? '', context) };
  }
  return null;
}
