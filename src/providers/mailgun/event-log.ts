import { jsonReply } from '../wire/reply.ts';
import type { StoredEvent } from './happen.ts';
import { domainName, failure, queried } from './route.ts';
import type { Call, Route } from './route.ts';

/** GET /v3/{domain}/events and its pages: what has happened by now, newest first, or from `begin` on where that is asked. */
export const eventRoutes: readonly Route[] = [
  { method: 'GET', path: new RegExp(`^/v3/${domainName}/events$`), operation: 'events.list', answer: async (call) => ({ reply: await page(call, { query: new URLSearchParams(call.request.query ?? ''), after: null }) }) },
  {
    method: 'GET', path: new RegExp(`^/v3/${domainName}/events/([\\w-]+)$`), operation: 'events.page',
    answer: async (call) => {
      const cursor = readCursor(call.ids[1] ?? '');
      return cursor === null ? failure(400, 'Invalid page token') : { reply: await page(call, cursor) };
    },
  },
];

interface Cursor { readonly query: URLSearchParams; readonly after: string | null }

const most = 300;
const filters = ['recipient', 'event', 'message-id', 'tags', 'severity', 'subject', 'from', 'to'] as const;

async function page({ request, ids: [domain = ''], context }: Call, { query, after }: Cursor): ReturnType<typeof answer> {
  const { items } = await context.list('event', { where: { domain }, limit: 1000 });
  const wanted = items.map(({ id, value }) => ({ id, ...value as StoredEvent })).filter((event) => event.at <= context.now && matches(event, query)).sort((one, other) => other.at - one.at);
  if (query.get('ascending') === 'yes') wanted.reverse();
  const from = after === null ? 0 : wanted.findIndex(({ id }) => id === after) + 1;
  const limit = Math.min(Math.max(Number.parseInt(query.get('limit') ?? '100', 10) || 100, 1), most);
  const shown = wanted.slice(from, from + limit);
  const url = (last: string | null): string => `https://${request.authority.host}/v3/${domain}/events/${writeCursor({ query, after: last })}`;
  return answer(shown.map(({ data }) => data), { next: url(shown.at(-1)?.id ?? after), previous: url(null), first: url(null), last: url(wanted.at(-1)?.id ?? null) });
}

async function answer(items: readonly unknown[], paging: Readonly<Record<string, string>>): Promise<ReturnType<typeof jsonReply>> {
  return jsonReply(200, { items, paging });
}

function matches({ at, data }: StoredEvent, query: URLSearchParams): boolean {
  const [begin, end] = [query.get('begin'), query.get('end')].map(timeOf).toSorted((one, other) => one - other);
  if (at < (begin ?? Number.NaN) || at > (end ?? Number.NaN)) return false;
  const headers = (data['message'] as { readonly headers: Readonly<Record<string, string>> }).headers;
  return filters.every((name) => {
    const asked = query.get(name);
    if (asked === null) return true;
    const has = name === 'tags' ? (data['tags'] as readonly string[]) : [String(name in headers ? headers[name] : data[name])];
    return asked.split(' OR ').some((one) => has.includes(one.trim()));
  });
}

/** RFC 2822 or seconds since the epoch; NaN where nothing is asked. */
function timeOf(text: string | null): number {
  return text === null ? Number.NaN : /^[\d.]+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function writeCursor({ query, after }: Cursor): string {
  return Buffer.from(JSON.stringify([query.toString(), after])).toString('base64url');
}

function readCursor(token: string): Cursor | null {
  try {
    const [query, after] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as [unknown, unknown];
    return typeof query === 'string' && (after === null || typeof after === 'string') ? { query: new URLSearchParams(query), after } : null;
  } catch {
    // No token of ours: the page is refused, and nothing else depends on it.
    return null;
  }
}

export function pageOf({ request, query }: Call, items: readonly unknown[]): unknown {
  const url = `https://${request.authority.host}${request.path}`;
  return { items, paging: Object.fromEntries(['first', 'last', 'next', 'previous'].map((name) => [name, `${url}?page=${name}&limit=${queried(query, 'limit') ?? '100'}`])) };
}
