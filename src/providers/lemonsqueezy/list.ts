import { everything } from '../wire/everything.ts';
import type { JsonObject } from '../wire/json.ts';
import { LemonFailure } from './errors.ts';
import { api, shown } from './objects.ts';
import type { Resource } from './objects.ts';
import type { Answer, Work } from './operation.ts';

/** Pages by number, newest first. https://docs.lemonsqueezy.com/api/getting-started/requests */
export async function listed(work: Work, type: string, filters: readonly string[], show: (resource: Resource) => JsonObject = (resource) => shown(type, resource)): Promise<Answer> {
  const { query } = work.call;
  const names = ['page[number]', 'page[size]', 'include', ...filters.map((name) => `filter[${name}]`)];
  const other = query.find(([name], index) => !names.includes(name) || query.findIndex(([earlier]) => earlier === name) !== index);
  if (other !== undefined) throw new LemonFailure(400, `The parameter ${other[0].slice(0, 50)} of this list is not simulated.`);
  const asked = Object.fromEntries(query) as Readonly<Record<string, string>>;
  const [number, size] = [asked['page[number]'] ?? '1', asked['page[size]'] ?? '10'];
  if (!/^[1-9][0-9]{0,5}$/.test(number)) throw new LemonFailure(400, 'page[number] must be a number from 1.');
  if (!/^[1-9][0-9]{0,2}$/.test(size) || Number(size) > 100) throw new LemonFailure(400, 'page[size] must be a number from 1 to 100.');
  const found = (await everything<Resource>(work.context, type)).filter(({ attributes }) => filters.every((name) => asked[`filter[${name}]`] === undefined || String(attributes[name]) === asked[`filter[${name}]`]));
  const [at, per] = [Number(number), Number(size)];
  const last = Math.max(1, Math.ceil(found.length / per));
  const page = found.slice((at - 1) * per, at * per);
  const link = (to: number): string => `${api}/${type}?${new URLSearchParams([...query.filter(([name]) => name !== 'page[number]').map(([name, value]): [string, string] => [name, value]), ['page[number]', String(to)]]).toString()}`;
  return {
    document: {
      meta: { page: { currentPage: at, from: page.length === 0 ? null : (at - 1) * per + 1, lastPage: last, perPage: per, to: page.length === 0 ? null : (at - 1) * per + page.length, total: found.length } },
      links: { first: link(1), last: link(last), ...(at > 1 ? { prev: link(at - 1) } : {}), ...(at < last ? { next: link(at + 1) } : {}) }, data: page.map(show),
    },
  };
}
