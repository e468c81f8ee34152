import { everything } from '../wire/everything.ts';
import type { JsonObject } from '../wire/json.ts';
import { bad } from './errors.ts';
import type { Kinds } from './objects.ts';
import type { Work } from './operation.ts';

const usual = ['count', 'skip', 'from', 'to'];

/** Newest first. `filters` are the parameters beside the usual ones that this list can be narrowed by: fields that are indexed. */
export async function listed(work: Work, kind: keyof Kinds, { where = {}, filters = [] }: { readonly where?: Readonly<Record<string, string>>; readonly filters?: readonly string[] } = {}): Promise<JsonObject> {
  const { query, context } = work.call;
  const asked = new Map<string, string>();
  for (const [name, value] of query) {
    // what more is to be shown of each
    if (name.startsWith('expand')) continue;
    if (![...usual, ...filters].includes(name)) throw bad(`${name.slice(0, 50)} is/are not required and should not be sent`, { reason: 'extra_field_sent' });
    asked.set(name, value);
  }
  const [count, skip, from, to] = [numberOf(asked, 'count', 10), numberOf(asked, 'skip', 0), numberOf(asked, 'from', 0), numberOf(asked, 'to', Number.MAX_SAFE_INTEGER)];
  if (count > 100) throw bad('The count may not be greater than 100.', { field: 'count', reason: 'input_validation_failed' });
  const narrowed = { ...where, ...Object.fromEntries(filters.flatMap((name) => asked.has(name) ? [[name, asked.get(name)!]] : [])) };
  const items = (await everything<Kinds[typeof kind]>(context, kind, { where: narrowed })).map(({ view }) => view).filter(({ created_at: at }) => typeof at !== 'number' || at >= from && at <= to).slice(skip, skip + count);
  return { entity: 'collection', count: items.length, items };
}

function numberOf(asked: ReadonlyMap<string, string>, name: string, otherwise: number): number {
  const text = asked.get(name);
  if (text === undefined || text === '') return otherwise;
  if (!/^[0-9]{1,15}(?:\.[0-9]+)?$/.test(text)) throw bad(`The ${name} must be an integer.`, { field: name, reason: 'input_validation_failed' });
  return Math.floor(Number(text));
}
