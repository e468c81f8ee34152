import { everything } from '../wire/everything.ts';
import type { JsonObject } from '../wire/json.ts';
import { invalid } from './errors.ts';
import type { Answer, Work } from './operation.ts';

const usual = ['perPage', 'page', 'from', 'to', 'use_cursor'];

export interface Listed {
  readonly kind: string;
  readonly message: string;
  /** what each item has that a parameter of this name must be equal to */
  readonly filters?: Readonly<Record<string, (view: JsonObject) => unknown>>;
  readonly show?: (view: JsonObject) => JsonObject;
}

/** A page, newest first. https://paystack.com/docs/api/pagination */
export async function listed(work: Work, { kind, message, filters = {}, show = (view) => view }: Listed): Promise<Answer> {
  const asked = new Map(work.call.query);
  if (asked.size !== work.call.query.length) throw invalid('A parameter is given twice');
  const other = [...asked.keys()].find((name) => !usual.includes(name) && !Object.hasOwn(filters, name));
  if (other !== undefined) throw invalid(`fourthwall does not simulate the parameter ${other.slice(0, 50)} of this list`);
  const [perPage, page] = [wholeOf(asked, 'perPage', 50), wholeOf(asked, 'page', 1)];
  const [from, to] = [timeOf(asked, 'from') ?? Number.NEGATIVE_INFINITY, timeOf(asked, 'to') ?? Number.POSITIVE_INFINITY];
  const views = (await everything<{ readonly view: JsonObject }>(work.context, kind)).map(({ view }) => view).filter((view) => {
    const at = Date.parse(String(view['createdAt'] ?? view['created_at']));
    return !(at < from || at > to) && Object.entries(filters).every(([name, of]) => !asked.has(name) || String(of(view)) === asked.get(name));
  });
  const skipped = (page - 1) * perPage;
  return { message, data: views.slice(skipped, skipped + perPage).map(show), meta: { total: views.length, skipped, perPage, page, pageCount: Math.ceil(views.length / perPage) } };
}

function wholeOf(asked: ReadonlyMap<string, string>, name: string, otherwise: number): number {
  const said = asked.get(name);
  if (said === undefined || said === '') return otherwise;
  if (!/^[1-9][0-9]{0,5}$/.test(said)) throw invalid(`${name} must be a number above 0`);
  return Number(said);
}

function timeOf(asked: ReadonlyMap<string, string>, name: string): number | null {
  const said = asked.get(name);
  if (said === undefined || said === '') return null;
  const time = Date.parse(said);
  if (Number.isNaN(time)) throw invalid(`${name} must be a date`);
  return time;
}
