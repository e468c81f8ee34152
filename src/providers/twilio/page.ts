import type { HttpResponse } from '../../model/exchange.ts';
import type { Remembered } from '../../model/provider.ts';
import { formText } from '../wire/form.ts';
import { jsonReply } from '../wire/reply.ts';
import { one } from './route.ts';
import type { Call } from './route.ts';

export interface List {
  readonly kind: string;
  readonly key: string;
  readonly where: Readonly<Record<string, string>>;
  /** filters that the store cannot answer */
  keep(item: Remembered): boolean;
  show(item: Remembered): unknown;
}

interface Page {
  readonly items: readonly Remembered[];
  readonly number: number;
  readonly size: number;
  readonly first: string;
  readonly next: string | null;
  readonly here: string;
}

/** Newest first, `PageSize` 50 unless asked (at most 1000); a token names the last item of the page before. */
async function readPage({ request, fields, context }: Call, list: List): Promise<Page> {
  const size = Math.min(Math.max(Number.parseInt(one(fields, 'PageSize') ?? '50', 10) || 50, 1), 1000);
  const number = Math.max(Number.parseInt(one(fields, 'Page') ?? '0', 10) || 0, 0);
  const kept: Remembered[] = [];
  let after = /^PA(\w+)$/.exec(one(fields, 'PageToken') ?? '')?.[1];
  let more = true;
  while (more && kept.length <= size) {
    const found = await context.list(list.kind, { where: list.where, limit: 1000, ...(after === undefined ? {} : { after }) });
    kept.push(...found.items.filter(list.keep));
    after = found.items.at(-1)?.id;
    more = found.more && after !== undefined;
  }
  const items = kept.slice(0, size);
  const uri = (index: number, token: string | null): string => {
    const filters = fields.filter(([name]) => !['Page', 'PageToken', 'PageSize'].includes(name));
    const query = formText([...filters, ['PageSize', String(size)], ['Page', String(index)], ...(token === null ? [] : [['PageToken', `PA${token}`] as const])]);
    return `${request.path}?${query}`;
  };
  return {
    items, number, size, first: uri(0, null), next: kept.length > size ? uri(number + 1, items.at(-1)!.id) : null,
    here: request.query === null ? request.path : `${request.path}?${request.query}`,
  };
}

/** As the 2010 API shows a list: with paths of its pages. */
export async function page(call: Call, list: List): Promise<HttpResponse> {
  const { items, number, size, first, next, here } = await readPage(call, list);
  return jsonReply(200, {
    first_page_uri: first, end: number * size + Math.max(items.length - 1, 0), next_page_uri: next, page: number, page_size: size, previous_page_uri: null,
    [list.key]: items.map(list.show), start: number * size, uri: here,
  });
}

/** As every later API does: whole addresses, in `meta`. */
export async function metaPage(call: Call, list: List): Promise<HttpResponse> {
  const { items, number, size, first, next, here } = await readPage(call, list);
  const url = (path: string): string => `https://${call.request.authority.host}${path}`;
  return jsonReply(200, {
    meta: { page: number, page_size: size, first_page_url: url(first), previous_page_url: null, url: url(here), next_page_url: next === null ? null : url(next), key: list.key },
    [list.key]: items.map(list.show),
  });
}
