import { everything } from '../wire/everything.ts';
import type { JsonObject } from '../wire/json.ts';
import { invalid, refused } from './errors.ts';
import { textOf } from './objects.ts';
import type { View } from './objects.ts';
import type { Answer, Work } from './operation.ts';

export type Filter = (view: JsonObject, wanted: string) => boolean;
/** 'status=active,paused' */
export const among = (name: string): Filter => (view, wanted) => wanted.split(',').includes(textOf(view, name) ?? '');

const times: Readonly<Record<string, Filter>> = Object.fromEntries(['created_at', 'updated_at', 'billed_at'].flatMap((name) => Object.entries({
  '[GT]': (at: number, wanted: number) => at > wanted, '[GTE]': (at: number, wanted: number) => at >= wanted, '[LT]': (at: number, wanted: number) => at < wanted, '[LTE]': (at: number, wanted: number) => at <= wanted, '': (at: number, wanted: number) => at === wanted,
}).map(([suffix, holds]) => [`${name}${suffix}`, (view: JsonObject, wanted: string) => holds(Date.parse(textOf(view, name) ?? ''), Date.parse(wanted))])));

/** Newest first; `after` is the last id seen. https://developer.paddle.com/api-reference/about/pagination */
export async function listed(work: Work, { kind, path, filters, where = () => true, show = (view) => view, size = 50 }: {
  readonly kind: string;
  readonly path: string;
  readonly filters: Readonly<Record<string, Filter>>;
  /** which of them are in this list at all */
  readonly where?: (view: View) => boolean;
  readonly show?: (view: View) => JsonObject | Promise<JsonObject>;
  /** objects on a page, where nothing else is asked */
  readonly size?: number;
}): Promise<Answer> {
  const known: Readonly<Record<string, Filter>> = { id: among('id'), ...times, ...filters };
  const { query, request } = work.call;
  const other = query.find(([name], index) => !['after', 'per_page', 'order_by', 'include'].includes(name) && !Object.hasOwn(known, name) || query.findIndex(([earlier]) => earlier === name) !== index);
  if (other !== undefined) throw refused('bad_request', `The parameter ${other[0].slice(0, 50)} of this list is not simulated`);
  const { after, per_page: asked = String(size), order_by: order = 'id[DESC]', include: _include, ...wanted } = Object.fromEntries(query) as Readonly<Record<string, string>>;
  if (!/^[0-9]{1,4}$/.test(asked) || Number(asked) < 1) throw invalid('per_page', 'must be a number from 1 to 200');
  const direction = /^(?:id|created_at|updated_at)\[(ASC|DESC)\]$/.exec(order)?.[1];
  if (direction === undefined) throw refused('bad_request', 'Lists are ordered by id alone here: id[ASC] or id[DESC]');
  const perPage = Math.min(Number(asked), 200);
  const newest = (await everything<View>(work.context, kind)).filter((view) => where(view) && Object.entries(wanted).every(([name, value]) => known[name]!(view, value)));
  const found = direction === 'ASC' ? newest.toReversed() : newest;
  const from = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && from === 0) throw invalid('after', 'must be the id of an entity in this list');
  const shown = found.slice(from, from + perPage);
  const next = new URLSearchParams([...query.filter(([name]) => name !== 'after').map(([name, value]): [string, string] => [name, value]), ['after', shown.at(-1)?.id ?? after ?? '']]);
  return {
    data: await Promise.all(shown.map(show)),
    pagination: { per_page: perPage, next: `https://${request.authority.host}${path}?${next.toString()}`, has_more: from + shown.length < found.length, estimated_total: found.length },
  };
}
