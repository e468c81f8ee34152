import type { JsonRoute } from '../wire/json-api.ts';
import { asArray, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { invalid } from './errors.ts';
import { at, operation } from './operation.ts';
import type { Books, Work } from './operation.ts';

/** Event ids are consecutive numbers, which /transfer/event/sync goes along. */
interface Counter { readonly last: number }

export async function addEvent(books: Books, event: JsonObject): Promise<void> {
  const last = (await books.ledger.find<Counter>('counter', 'transfer-events'))?.last ?? 0;
  books.ledger.save('counter', 'transfer-events', { last: last + 1 } satisfies Counter);
  books.ledger.save('transfer-event', String(last + 1), { event_id: last + 1, timestamp: at(books.now), ...event }, { transfer: asString(field(event, 'transfer_id')) ?? '' });
}

const most = 5_000;

export const eventRoutes: readonly JsonRoute[] = [
  operation({
    path: '/transfer/event/sync', required: ['after_id'],
    run: async (work) => {
      const after = field(work.body, 'after_id');
      if (typeof after !== 'number' || !Number.isSafeInteger(after) || after < 0) throw invalid('after_id must be a non-negative integer');
      const count = countOf(work, 100, 500);
      const last = (await work.ledger.find<Counter>('counter', 'transfer-events'))?.last ?? 0;
      const ids = Array.from({ length: Math.max(0, Math.min(count, last - after)) }, (_, index) => String(after + index + 1));
      const events = await Promise.all(ids.map((id) => work.ledger.find<JsonObject>('transfer-event', id)));
      return { transfer_events: events.filter((event) => event !== null), has_more: last > after + count };
    },
  }),
  operation({
    path: '/transfer/event/list',
    run: async (work) => {
      const [transfer = null, account = null, type = null] = ['transfer_id', 'account_id', 'transfer_type'].map((name) => asString(field(work.body, name)));
      const types = asArray(field(work.body, 'event_types'));
      const { items } = await work.context.list('transfer-event', { limit: most, ...(transfer === null ? {} : { where: { transfer } }) });
      const found = items.map(({ value }) => value as JsonObject).filter((event) => (account === null || event['account_id'] === account) && (type === null || event['transfer_type'] === type)
        && (types === null || types.length === 0 || types.includes(event['event_type']!)) && within(work, event['timestamp'] as string));
      const [count, offset] = [countOf(work, 25, 25), offsetOf(work)];
      return { transfer_events: found.slice(offset, offset + count), has_more: found.length > offset + count };
    },
  }),
];

export function countOf({ body }: Work, usual: number, highest: number): number {
  const count = field(body, 'count') ?? usual;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1 || count > highest) throw invalid(`count must be an integer between 1 and ${highest}`);
  return count;
}

export function offsetOf({ body }: Work): number {
  const offset = field(body, 'offset') ?? 0;
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) throw invalid('offset must be a non-negative integer');
  return offset;
}

/** Between start_date and end_date, both of RFC 3339. */
export function within({ body }: Work, time: string): boolean {
  const bound = (name: string, otherwise: number): number => {
    const given = asString(field(body, name));
    if (given === null) return otherwise;
    if (Number.isNaN(Date.parse(given))) throw invalid(`${name} must be an ISO 8601 date-time`);
    return Date.parse(given);
  };
  const [from, to] = [bound('start_date', Number.NEGATIVE_INFINITY), bound('end_date', Number.POSITIVE_INFINITY)];
  return Date.parse(time) >= from && Date.parse(time) <= to;
}
