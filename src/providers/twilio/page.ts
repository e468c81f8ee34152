import type { HttpResponse } from '../../model/exchange.ts';
import type { Remembered } from '../../model/provider.ts';
import { formText } from '../wire/form.ts';
import { jsonReply } from '../wire/reply.ts';
import { one } from './route.ts';
import type { Call } from './route.ts';

/**
 * A page of a list of the 2010 API: newest first, `PageSize` 50 unless asked (at most 1000), `next_page_uri` with a
 * token naming the last item. Every item passes `keep` (filters that the store cannot answer) and is shown by `show`.
 */
export async function page(call: Call, list: {
  readonly kind: string;
  readonly key: string;
  readonly where: Readonly<Record<string, string>>;
  keep(item: Remembered): boolean;
  show(item: Remembered): unknown;
}): Promise<HttpResponse> {
  const { request, fields, context } = call;
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
  return jsonReply(200, {
    first_page_uri: uri(0, null),
    end: number * size + Math.max(items.length - 1, 0),
    next_page_uri: kept.length > size ? uri(number + 1, items.at(-1)!.id) : null,
    page: number,
    page_size: size,
    previous_page_uri: null,
    [list.key]: items.map(list.show),
    start: number * size,
    uri: request.query === null ? request.path : `${request.path}?${request.query}`,
  });
}
