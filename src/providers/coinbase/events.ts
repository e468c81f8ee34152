import { createHmac } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { notFound } from './errors.ts';
import { listPage } from './list.ts';
import { at, idIn, operation } from './operation.ts';
import type { Books } from './operation.ts';

/** Keeps the event, so that the application can read it, and drafts its delivery. */
export function announce(books: Books, type: string, charge: JsonObject, id: string): void {
  const event = { id: books.uuid(), resource: 'event', type, api_version: '2018-03-22', created_at: at(books.now), data: charge };
  books.ledger.save('event', event.id, event);
  books.ledger.tell({
    target: 'coinbase', object: id, event: type, notBeforeMs: books.now, method: 'POST', headers: [],
    body: JSON.stringify({ id: books.uuid(), scheduled_for: at(books.now), attempt_number: 1, event }), contentType: 'application/json',
  });
}

/** HMAC-SHA256 of the body by the shared secret of the webhook settings, in hex: what the SDK's Webhook.verifySigHeader computes. */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (secret === '') throw new Error("Coinbase signs with the shared secret of its dashboard's webhook settings, which must not be empty");
  return { ...delivery, headers: [...delivery.headers, ['X-CC-Webhook-Signature', createHmac('sha256', secret).update(delivery.body, 'utf8').digest('hex')]] };
}

export const eventRoutes: readonly JsonRoute[] = [
  operation({ method: 'GET', path: /^\/events$/, operation: 'events.list', run: (work) => listPage<JsonObject>(work, { kind: 'event', path: 'events', show: (event) => event }) }),
  operation({
    method: 'GET', path: idIn('events'), operation: 'events.get',
    run: async ({ ledger, call }) => {
      const event = await ledger.find<JsonObject>('event', call.ids[0]!);
      if (event === null) throw notFound();
      return { status: 200, body: { data: event } };
    },
  }),
];
