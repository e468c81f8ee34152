import type { Remembered } from '../../model/provider.ts';
import { remembered } from '../wire/everything.ts';
import type { JsonObject } from '../wire/json.ts';
import { invalid } from './errors.ts';
import type { Answer, Work } from './operation.ts';

const known = ['limit', 'order', 'starting_after', 'ending_before'];

/** A page with the SDK's cursors: the ids of the first and the last on it. */
export async function listPage<T>(work: Work, { kind, path, show }: { readonly kind: string; readonly path: string; readonly show: (value: T) => JsonObject }): Promise<Answer> {
  const { query } = work.call;
  const names = query.map(([name]) => name);
  const other = names.find((name, index) => !known.includes(name) || names.indexOf(name) !== index);
  if (other !== undefined) throw invalid(`The parameter ${other.slice(0, 50)} of this list is not simulated, or given twice.`);
  const asked = Object.fromEntries(query) as Readonly<Record<string, string | undefined>>;
  const limit = asked['limit'] ?? '25';
  if (!/^[0-9]{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > 100) throw invalid('limit must be between 1 and 100.');
  const order = asked['order'] ?? 'desc';
  if (order !== 'desc' && order !== 'asc') throw invalid('order must be one of asc, desc.');
  const newestFirst = await remembered(work.call.context, kind);
  const all = order === 'desc' ? newestFirst : newestFirst.toReversed();
  const [after, before] = [place(all, asked['starting_after']), place(all, asked['ending_before'])];
  const within = all.slice(after === null ? 0 : after + 1, before ?? all.length);
  const shown = before === null ? within.slice(0, Number(limit)) : within.slice(-Number(limit));
  const [first, last] = [shown.at(0), shown.at(-1)];
  const page = (cursor: string): string => `https://api.commerce.coinbase.com/${path}?limit=${limit}&order=${order}&${cursor}`;
  return {
    status: 200,
    body: {
      pagination: {
        order, starting_after: asked['starting_after'] ?? null, ending_before: asked['ending_before'] ?? null, total: all.length, yielded: shown.length, limit: Number(limit),
        previous_uri: first === undefined || all[0] === first ? null : page(`ending_before=${first.id}`), next_uri: last === undefined || all.at(-1) === last ? null : page(`starting_after=${last.id}`),
        cursor_range: first === undefined || last === undefined ? [] : [first.id, last.id],
      },
      data: shown.map(({ value }) => show(value as T)),
    },
  };
}

function place(all: readonly Remembered[], id: string | undefined): number | null {
  if (id === undefined || id === '') return null;
  const found = all.findIndex((each) => each.id === id);
  if (found < 0) throw invalid('The cursor of this list is no object of it.');
  return found;
}
