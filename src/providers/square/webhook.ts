import { createHmac } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Books } from './operation.ts';
import { iso } from './operation.ts';

export interface Happened {
  /** 'payment.updated' */
  readonly type: string;
  /** what `data` says it is about */
  readonly about: { readonly type: string; readonly id: string };
  readonly object?: JsonObject;
  readonly deleted?: true;
  /** deliveries of one line go out in order */
  readonly line: string;
  /** absent: now */
  readonly atMs?: number;
  /** beside merchant_id, where the event has one */
  readonly location?: string;
}

/** https://developer.squareup.com/docs/webhooks/overview */
export function announce(books: Books, { type, about, object, deleted, line, atMs = books.now, location }: Happened): void {
  const event = {
    merchant_id: books.merchant, ...(location === undefined ? {} : { location_id: location }), type, event_id: books.uuid(), created_at: iso(atMs),
    data: { type: about.type, id: about.id, ...(deleted === undefined ? {} : { deleted }), ...(object === undefined ? {} : { object }) },
  };
  books.ledger.tell({
    target: 'square', object: line, event: type, notBeforeMs: atMs, method: 'POST',
    headers: [['Accept', '*/*'], ['Square-Initial-Delivery-Timestamp', iso(atMs)]],
    body: JSON.stringify(event), contentType: 'application/json',
  });
}

/** HMAC-SHA256 of the subscription's notification URL and the body. The URL is the target's as configured: the application has to check against the same. */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (secret === '') throw new Error("Square signs with a webhook subscription's signature key, which must not be empty");
  const signature = createHmac('sha256', secret).update(delivery.url + delivery.body).digest('base64');
  return { ...delivery, headers: [...delivery.headers, ['X-Square-HmacSha256-Signature', signature]] };
}
