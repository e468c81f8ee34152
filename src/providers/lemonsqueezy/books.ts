import { createHmac } from 'node:crypto';
import type { Delivery, SimulationContext } from '../../model/provider.ts';
import { openLedger } from '../wire/ledger.ts';
import type { Ledger } from '../wire/ledger.ts';
import { field } from '../wire/json.ts';
import { shown } from './objects.ts';
import type { Resource } from './objects.ts';

/** What changes something has at hand: in a call, on a page and long after. */
export interface Books {
  readonly ledger: Ledger;
  readonly context: SimulationContext;
  readonly now: number;
  /** eight digits: ids are numbers */
  id(): string;
}

export function openBooks(context: SimulationContext): Books {
  return { ledger: openLedger(context), context, now: context.now, id: () => `9${context.id('', { length: 7, alphabet: 'digits' })}` };
}

export function keep(books: Books, type: string, resource: Resource): Resource {
  books.ledger.save(type, resource.id, resource);
  return resource;
}

/** One event, one webhook. https://docs.lemonsqueezy.com/help/webhooks/webhook-requests */
export function tell(books: Books, event: string, type: string, resource: Resource): void {
  const { custom, attributes } = resource;
  books.ledger.tell({
    target: 'lemonsqueezy', object: `${type} ${resource.id}`, event, notBeforeMs: books.now, method: 'POST', headers: [['X-Event-Name', event]], contentType: 'application/json',
    body: JSON.stringify({ meta: { test_mode: field(attributes, 'test_mode') === true, event_name: event, ...(custom === null ? {} : { custom_data: custom }), webhook_id: books.context.uuid() }, data: shown(type, resource) }),
  });
}

/** X-Signature: HMAC-SHA256 of the body with the webhook's signing secret, in hex. https://docs.lemonsqueezy.com/help/webhooks/signing-requests */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (secret === '') throw new Error("Lemon Squeezy signs with a webhook's signing secret, which must not be empty");
  return { ...delivery, headers: [...delivery.headers, ['X-Signature', createHmac('sha256', secret).update(delivery.body).digest('hex')]] };
}
