import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { isBodiless } from '../wire/body.ts';
import { formAll, parseQuery } from '../wire/form.ts';
import { jsonReply } from '../wire/reply.ts';
import { failure, page } from './reply.ts';

interface Read {
  readonly path: RegExp;
  readonly operation: string;
  /** names the query may hold */
  readonly query: readonly string[];
  answer(query: (name: string) => string | null, context: SimulationContext): Promise<HttpResponse>;
}

/** Calls that only ask. An account looks new but for the contacts that were created through the gateway. */
const reads: readonly Read[] = [
  { path: /^\/api\/v1\/api-key$/, operation: 'api-key', query: [], answer: async () => jsonReply(200, { success: true, teamName: 'Staging' }) },
  { path: /^\/api\/v1\/contacts\/find$/, operation: 'contacts.find', query: ['email', 'userId'], answer: find },
  { path: /^\/api\/v1\/contacts\/properties$/, operation: 'contacts.properties', query: ['list'], answer: async () => jsonReply(200, [{ key: 'firstName', label: 'First Name', type: 'string' }, { key: 'lastName', label: 'Last Name', type: 'string' }, { key: 'email', label: 'Email', type: 'string' }, { key: 'userId', label: 'User ID', type: 'string' }]) },
  { path: /^\/api\/v1\/lists$/, operation: 'lists', query: [], answer: async () => jsonReply(200, []) },
  { path: /^\/api\/v1\/dedicated-sending-ips$/, operation: 'dedicated-sending-ips', query: [], answer: async () => jsonReply(200, []) },
  ...['transactional', 'transactional-emails', 'campaigns', 'workflows', 'audience-segments', 'themes', 'components'].map((name): Read => ({
    path: new RegExp(`^/api/v1/${name}$`), operation: `${name}.list`, query: ['perPage', 'cursor'], answer: async () => page([]),
  })),
  { path: /^\/api\/v1\/transactional-emails\/[A-Za-z0-9]+$/, operation: 'transactional-emails.get', query: [], answer: async () => failure(404, 'Transactional email not found') },
];

export const readOperations: readonly string[] = reads.map(({ operation }) => operation);

/** Null: not one of these, or not asked as the API is asked. */
export function matchRead(request: HttpRequest): { readonly operation: string; answer(context: SimulationContext): Promise<HttpResponse> } | null {
  if (request.method !== 'GET' || !isBodiless(request)) return null;
  const read = reads.find(({ path }) => path.test(request.path));
  const query = parseQuery(request.query);
  if (read === undefined || query.kind === 'unreadable' || query.fields.some(([name]) => !read.query.includes(name))) return null;
  return { operation: read.operation, answer: (context) => read.answer((name) => formAll(query.fields, name)[0] ?? null, context) };
}

/** A list of one or none. https://loops.so/docs/api-reference/find-contact */
async function find(query: (name: string) => string | null, context: SimulationContext): Promise<HttpResponse> {
  const email = query('email');
  const userId = query('userId');
  if ((email === null) === (userId === null)) return failure(400, 'Only one parameter is permitted.');
  const { items } = await context.list('contact', { where: email === null ? { userId: userId ?? '' } : { email: email.toLowerCase() }, limit: 1 });
  return jsonReply(200, items.map(({ value }) => value));
}
