import type { JsonObject } from '../wire/json.ts';
import { MollieFailure, noSuch } from './errors.ts';
import { api, hal, page } from './operation.ts';
import type { Answer, Work } from './operation.ts';

/** A page, newest first; `from` is the first object on it. https://docs.mollie.com/reference/pagination */
export async function listPage<T>(work: Work, { kind, embedded, noun, path, where, show }: {
  readonly kind: string;
  /** 'payments' */
  readonly embedded: string;
  readonly noun: string;
  readonly path: string;
  readonly where: Readonly<Record<string, string>>;
  readonly show: (value: T) => JsonObject | Promise<JsonObject>;
}): Promise<Answer> {
  const { query, context } = work.call;
  const asked = (name: string): string | undefined => query.find(([each]) => each === name)?.[1];
  const limit = asked('limit') ?? '50';
  if (!/^[0-9]{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > 250) throw new MollieFailure(400, 'Invalid limit: it is a number from 1 to 250.', 'limit');
  const from = asked('from');
  const first = from === undefined ? null : await context.recall(kind, from);
  if (from !== undefined && first === null) throw noSuch(noun, from);
  // one more than asked for: the first of the next page
  const rest = await context.list(kind, { where, limit: Number(limit) + 1, ...(from === undefined ? {} : { after: from }) });
  const found = [...(first === null ? [] : [first]), ...rest.items];
  const items = found.slice(0, Number(limit));
  const next = found[items.length];
  return {
    status: 200,
    body: {
      count: items.length, _embedded: { [embedded]: await Promise.all(items.map(({ value }) => show(value as T))) },
      _links: {
        self: hal(`${path}${from === undefined ? `?limit=${limit}` : `?from=${from}&limit=${limit}`}`), previous: null,
        next: next === undefined ? null : hal(`${api}${path}?from=${next.id}&limit=${limit}`), documentation: page('https://docs.mollie.com/reference/pagination'),
      },
    },
  };
}
