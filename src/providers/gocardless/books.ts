import { createHmac } from 'node:crypto';
import type { CallbackDraft, Consequences, Delivery, SimulationContext } from '../../model/provider.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import type { Ledger } from '../wire/ledger.ts';
import { iso } from './objects.ts';
import type { View } from './objects.ts';

/** What changes something has at hand: in a call, on a page and long after. */
export interface Books {
  readonly ledger: Ledger;
  readonly context: SimulationContext;
  readonly now: number;
  /** what is told at the end, all in one webhook */
  readonly events: View[];
  /** 'PM' and twelve characters */
  id(prefix: string): string;
}

export function openBooks(context: SimulationContext): Books {
  return { ledger: openLedger(context), context, now: context.now, events: [], id: (prefix) => `${prefix}${context.id('', { length: 12 }).toUpperCase()}` };
}

export interface Happened {
  /** 'payments' */
  readonly resource: string;
  /** 'confirmed' */
  readonly action: string;
  readonly origin: 'api' | 'payer' | 'bank' | 'gocardless' | 'customer';
  readonly cause: string;
  readonly description: string;
  readonly links: JsonObject;
  /** the object's own metadata is told along */
  readonly about?: JsonObject;
  readonly details?: JsonObject;
  readonly metadata?: JsonObject;
}

/** https://developer.gocardless.com/api-reference/#core-endpoints-events */
export function happen(books: Books, { resource, action, origin, cause, description, links, about, details, metadata }: Happened): void {
  const event: View = {
    id: books.id('EV'), created_at: iso(books.now), resource_type: resource, action, links,
    details: { origin, cause, description, ...details }, metadata: metadata ?? {}, resource_metadata: asObject(field(about ?? null, 'metadata')) ?? {},
  };
  books.events.push(event);
  books.ledger.save('event', event.id, event);
}

/** Everything that happened goes out in one body. https://developer.gocardless.com/api-reference/#webhooks-overview */
export function closeBooks(books: Books): Required<Consequences> {
  const { remember, callbacks } = books.ledger.finish();
  return { remember, callbacks: [...callbacks, ...webhook(books)] };
}

function webhook({ events, now, id }: Books): readonly CallbackDraft[] {
  const first = events[0];
  if (first === undefined) return [];
  return [{
    target: 'gocardless', object: String(Object.values(asObject(first['links'])!)[0]), event: events.map((event) => `${String(event['resource_type'])}.${String(event['action'])}`).join(', '),
    notBeforeMs: now, method: 'POST', headers: [['User-Agent', 'gocardless-webhook-service/1.1']],
    body: JSON.stringify({ events, meta: { webhook_id: id('WB') } }), contentType: 'application/json',
  }];
}

/** HMAC-SHA256 of the body with the endpoint's secret, in hex. */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (secret === '') throw new Error("GoCardless signs with a webhook endpoint's secret, which must not be empty");
  return { ...delivery, headers: [...delivery.headers, ['Webhook-Signature', createHmac('sha256', secret).update(delivery.body).digest('hex')]] };
}
