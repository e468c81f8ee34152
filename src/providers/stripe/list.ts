import type { JsonObject, JsonValue } from '../wire/json.ts';
import { asString, field } from '../wire/json.ts';
import { invalid, noSuch } from './errors.ts';
import type { StripeObject } from './object.ts';
import { integer, text } from './params.ts';
import type { Optional } from './params.ts';
import type { Work } from './work.ts';

/** Parameters of every list. https://docs.stripe.com/api/pagination */
export const pageParams = { limit: integer({ min: 1, max: 100 }), starting_after: text, ending_before: text } as const;

export interface Page {
  readonly limit?: number | null | undefined;
  readonly starting_after?: string | null | undefined;
  readonly ending_before?: string | null | undefined;
}

export interface ListRequest {
  readonly kind: string;
  readonly url: string;
  readonly page: Page;
  /** equality on indexed fields; what was not given does not filter */
  readonly where?: Readonly<Record<string, string | null | undefined>>;
  /** what the index cannot tell */
  readonly keep?: (object: StripeObject) => boolean;
  /** 'customer', as Stripe names the kind in 'No such customer' */
  readonly noun: string;
}

/** A page, newest first, in Stripe's list shape. */
export async function listPage(work: Work, { kind, url, page, where = {}, keep = () => true, noun }: ListRequest): Promise<JsonObject> {
  const after = page.starting_after ?? undefined;
  const before = page.ending_before ?? undefined;
  if (after !== undefined && before !== undefined) {
    throw invalid('You may only specify one of these parameters: ending_before, starting_after.', { code: 'parameters_exclusive', param: 'ending_before' });
  }
  for (const [param, cursor] of [['starting_after', after], ['ending_before', before]] as const) {
    if (cursor !== undefined && await work.known(kind, cursor) === null) throw noSuch(noun, cursor, param);
  }
  const filters = Object.fromEntries(Object.entries(where).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const { found, more } = before === undefined
    ? await forward(work, kind, filters, keep, after, page.limit ?? 10)
    : await backward(work, kind, filters, keep, before, page.limit ?? 10);
  return { object: 'list', data: found, has_more: more, url };
}

type Walk = Promise<{ readonly found: readonly StripeObject[]; readonly more: boolean }>;

async function forward(work: Work, kind: string, where: Readonly<Record<string, string>>, keep: (object: StripeObject) => boolean, after: string | undefined, limit: number): Walk {
  const found: StripeObject[] = [];
  for (let cursor = after; ;) {
    const { items, more } = await work.page(kind, { where, limit: 100, ...(cursor === undefined ? {} : { after: cursor }) });
    found.push(...items.filter(keep));
    if (found.length > limit) return { found: found.slice(0, limit), more: true };
    if (!more || items.length === 0) return { found, more: false };
    cursor = items.at(-1)!.id;
  }
}

/** The items just before the cursor, still newest first: read from the newest down to it. */
async function backward(work: Work, kind: string, where: Readonly<Record<string, string>>, keep: (object: StripeObject) => boolean, before: string, limit: number): Walk {
  const all = await everyOne(work, kind, where);
  const at = all.findIndex(({ id }) => id === before);
  const newer = all.slice(0, Math.max(at, 0)).filter(keep);
  return { found: newer.slice(-limit), more: newer.length > limit };
}

/** Every object of a kind, for sums. */
export async function everyOne(work: Work, kind: string, where: Readonly<Record<string, string>> = {}): Promise<readonly StripeObject[]> {
  const found: StripeObject[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, more } = await work.page(kind, { where, limit: 100, ...(cursor === undefined ? {} : { after: cursor }) });
    found.push(...items);
    if (!more || items.length === 0) return found;
    cursor = items.at(-1)!.id;
  }
}

/** A page of what stands inside one object, in its own order. */
export function pageOf<T extends StripeObject>(items: readonly T[], url: string, page: Page, noun: string): JsonObject {
  const at = (id: string, param: string): number => {
    const index = items.findIndex((item) => item.id === id);
    if (index < 0) throw noSuch(noun, id, param);
    return index;
  };
  if (typeof page.ending_before === 'string' && typeof page.starting_after === 'string') {
    throw invalid('You may only specify one of these parameters: ending_before, starting_after.', { code: 'parameters_exclusive', param: 'ending_before' });
  }
  const limit = page.limit ?? 10;
  if (typeof page.ending_before === 'string') {
    const before = items.slice(0, at(page.ending_before, 'ending_before'));
    return { object: 'list', data: before.slice(-limit), has_more: before.length > limit, url };
  }
  const after = typeof page.starting_after === 'string' ? items.slice(at(page.starting_after, 'starting_after') + 1) : items;
  return { object: 'list', data: after.slice(0, limit), has_more: after.length > limit, url };
}

/** `created=1700000000` or `created[gte]=...`: a test on the object's time of the same name. */
export const created: Optional<(object: StripeObject) => boolean> = (value, name) => {
  if (value === undefined) return undefined;
  if (typeof value === 'string') {
    const at = integer()(value, name);
    return at === null || at === undefined ? null : (object) => object[name] === at;
  }
  const bounds = value as JsonObject;
  const tests = Object.keys(bounds).map((bound) => {
    const compare = comparisons[bound];
    if (compare === undefined) throw invalid(`Received unknown parameter: ${name}[${bound}]`, { code: 'parameter_unknown', param: `${name}[${bound}]` });
    const limit = integer()(asString(field(bounds, bound)) ?? '', `${name}[${bound}]`);
    return (object: StripeObject): boolean => limit === null || limit === undefined || compare(object[name], limit);
  });
  return (object) => tests.every((test) => test(object));
};

const comparisons: Readonly<Record<string, ((at: JsonValue | undefined, limit: number) => boolean) | undefined>> = {
  gt: (at, limit) => Number(at) > limit,
  gte: (at, limit) => Number(at) >= limit,
  lt: (at, limit) => Number(at) < limit,
  lte: (at, limit) => Number(at) <= limit,
};
