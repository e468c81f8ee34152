import { everything } from '../wire/everything.ts';
import type { JsonObject } from '../wire/json.ts';
import { invalid, misuse } from './errors.ts';
import { linkOf, textOf } from './objects.ts';
import type { View } from './objects.ts';
import type { Answer, Work } from './operation.ts';

export type Filter = (view: JsonObject, wanted: string) => boolean;
/** 'status=active,submitted' */
export const byField = (name: string): Filter => (view, wanted) => wanted.split(',').includes(textOf(view, name) ?? String(view[name]));
export const byLink = (name: string): Filter => (view, wanted) => linkOf(view, name) === wanted;

const times: Readonly<Record<string, Filter>> = {
  'created_at[gt]': (view, wanted) => timeOf(view) > Date.parse(wanted), 'created_at[gte]': (view, wanted) => timeOf(view) >= Date.parse(wanted),
  'created_at[lt]': (view, wanted) => timeOf(view) < Date.parse(wanted), 'created_at[lte]': (view, wanted) => timeOf(view) <= Date.parse(wanted),
};

/** Newest first, cut by cursors that are the ids of its ends. https://developer.gocardless.com/api-reference/#making-requests-cursor-pagination */
export async function listed(work: Work, { kind, collection, filters = {}, show = (view) => view }: {
  readonly kind: string;
  readonly collection: string;
  readonly filters?: Readonly<Record<string, Filter>>;
  readonly show?: (view: View) => JsonObject;
}): Promise<Answer> {
  const { limit = '50', after, before, ...asked } = parameters(work, { ...filters, ...times });
  if (!/^[0-9]{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > 500) throw invalid('/limit', 'must be between 1 and 500');
  const known = { ...filters, ...times };
  const views = (await everything<View>(work.context, kind)).filter((view) => Object.entries(asked).every(([name, wanted]) => known[name]!(view, wanted!)));
  const place = (cursor: string): number => {
    const found = views.findIndex(({ id }) => id === cursor);
    if (found < 0) throw misuse(400, 'bad_request', 'The cursor is invalid: it is the id of an object in this list');
    return found;
  };
  const end = before === undefined ? views.length : place(before);
  const start = after !== undefined ? place(after) + 1 : before === undefined ? 0 : Math.max(0, end - Number(limit));
  const shown = views.slice(start, Math.min(end, start + Number(limit)));
  return {
    status: 200,
    body: {
      [collection]: shown.map(show),
      meta: { cursors: { before: start > 0 ? shown[0]?.id ?? null : null, after: start + shown.length < views.length ? shown.at(-1)?.id ?? null : null }, limit: Number(limit) },
    },
  };
}

/** Each once, and each of them known: a filter that is passed over would show what was not asked for. */
function parameters({ call: { query } }: Work, filters: Readonly<Record<string, Filter>>): Readonly<Record<string, string | undefined>> {
  const other = query.find(([name], index) => !['limit', 'after', 'before'].includes(name) && !Object.hasOwn(filters, name) || query.findIndex(([earlier]) => earlier === name) !== index);
  if (other !== undefined) throw misuse(400, 'invalid_filters', `Invalid filters: ${other[0].slice(0, 50)} is not simulated`);
  return Object.fromEntries(query);
}

function timeOf(view: JsonObject): number {
  return Date.parse(textOf(view, 'created_at') ?? '');
}
