import { asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { invalid, notSimulated } from './errors.ts';
import type { Work } from './operation.ts';

/** The query's parameters, each given once and each of them known. */
export function parameters({ call }: Work, known: readonly string[]): Readonly<Record<string, string | undefined>> {
  const other = call.query.find(([name], index) => !known.includes(name) || call.query.findIndex(([earlier]) => earlier === name) !== index);
  if (other !== undefined) throw notSimulated(`the parameter ${other[0].slice(0, 50)} of this list`, other[0].slice(0, 50));
  return Object.fromEntries(call.query);
}

/** One page of views; the cursor is the id of the last that was seen. Square ignores a limit that is too high. */
export function paged(name: string, views: readonly JsonObject[], { limit, cursor }: { readonly limit?: string | undefined; readonly cursor?: string | undefined }): JsonObject {
  const size = limit === undefined ? 100 : /^[0-9]{1,9}$/.test(limit) ? Math.min(Number(limit) || 100, 100) : null;
  if (size === null) throw invalid('EXPECTED_INTEGER', 'Expected an integer value.', 'limit');
  const from = cursor === undefined || cursor === '' ? 0 : views.findIndex((view) => asString(field(view, 'id')) === cursor) + 1;
  if (from === 0 && cursor) throw invalid('INVALID_CURSOR', 'The pagination cursor is invalid.', 'cursor');
  const shown = views.slice(from, from + size);
  const last = asString(field(shown.at(-1) ?? null, 'id'));
  return { ...(shown.length === 0 ? {} : { [name]: shown }), ...(from + size < views.length && last !== null ? { cursor: last } : {}) };
}

/** Within the times that were asked for: the beginning counts, and the end. */
export function within(at: JsonValue | undefined, begin: string | undefined, end: string | undefined): boolean {
  const time = Date.parse(asString(at) ?? '');
  return time >= bound(begin, 'begin_time', Number.NEGATIVE_INFINITY) && time <= bound(end, 'end_time', Number.POSITIVE_INFINITY);
}

function bound(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined || text === '') return otherwise;
  const time = Date.parse(text);
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T/.test(text) || Number.isNaN(time)) throw invalid('INVALID_TIME', 'The value is no time of RFC 3339.', name);
  return time;
}

export function sorted(views: readonly JsonObject[], order: string | undefined): readonly JsonObject[] {
  if (order !== undefined && order !== 'ASC' && order !== 'DESC') throw invalid('INVALID_SORT_ORDER', 'The sort order must be ASC or DESC.', 'sort_order');
  return order === 'ASC' ? views.toReversed() : views;
}
