import { notFound } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { ignored, text, words } from '../params.ts';

/** 'charge.*' as in a webhook endpoint's list of events. */
function matches(pattern: string, type: string): boolean {
  return pattern === '*' || pattern === type || pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1));
}

export const events: Family = {
  kind: 'event',
  prefix: 'evt_',
  index: (event) => indexed({ type: event['type'] }),
  operations: {
    'events.retrieve': operation({}, async (_, work) => {
      const found = await work.find('event', work.ids[0]!);
      if (found === null) throw notFound('event', work.ids[0]!, 'id');
      return ok(found);
    }),
    'events.list': operation({ ...pageParams, created, type: text, types: words, ...ignored('delivery_success') }, async (given, work) => {
      const patterns = given.types ?? (typeof given.type === 'string' ? [given.type] : []);
      const exact = patterns.length === 1 && !patterns[0]!.includes('*') ? patterns[0] : undefined;
      return ok(await listPage(work, {
        kind: 'event', noun: 'event', url: '/v1/events', page: given, where: { type: exact },
        keep: (event) => (given.created?.(event) ?? true) && (patterns.length === 0 || patterns.some((pattern) => matches(pattern, String(event['type'])))),
      }));
    }),
  },
};
