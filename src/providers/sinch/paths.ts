import type { FormField } from '../wire/form.ts';

/** The service plan, or with OAuth the project. */
export const base = '/xms/v1/([A-Za-z0-9-]{1,64})';
export const idPattern = '(?!dry_run$)[A-Za-z0-9]{1,40}';

/** A page of a list, as every list of the API is answered: pages count from 0. */
export function pageOf(query: readonly FormField[], name: string, all: readonly unknown[]): object {
  const number = (parameter: string, fallback: number): number => Number(/^[0-9]{1,6}$/.exec(query.find(([each]) => each === parameter)?.[1] ?? '')?.[0] ?? fallback);
  const page = number('page', 0);
  const size = Math.min(number('page_size', 30), 100);
  const items = all.slice(page * size, (page + 1) * size);
  return { count: all.length, page, page_size: items.length, [name]: items };
}
