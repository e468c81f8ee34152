import { createHmac } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Books } from './operation.ts';
import { href, iso } from './operation.ts';

interface Happened {
  /** 'payment_captured' */
  readonly type: string;
  readonly data: JsonObject;
  readonly base: string;
  /** what it is about; deliveries about one go out in order */
  readonly subject: string;
}

/** https://www.checkout.com/docs/developer-resources/webhooks */
export function announce({ ledger, now, id }: Books, { type, data, base, subject }: Happened): void {
  const event = id('evt_');
  ledger.tell({
    target: 'checkout', object: subject, event: type, notBeforeMs: now, method: 'POST', headers: [['User-Agent', 'Checkout-Webhooks']], contentType: 'application/json',
    body: JSON.stringify({
      id: event, type, version: '1.0.20', created_on: iso(now), data,
      _links: { self: href(`${base}/workflows/events/${event}`), subject: href(`${base}/workflows/events/subject/${subject}`), ...(subject.startsWith('pay_') ? { payment: href(`${base}/payments/${subject}`), payment_actions: href(`${base}/payments/${subject}/actions`) } : {}) },
    }),
  });
}

/** Hex HMAC-SHA256 of the body by the webhook's signature key. */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (secret === '') throw new Error("Checkout.com signs with the webhook's signature key, which must not be empty");
  return { ...delivery, headers: [...delivery.headers, ['Cko-Signature', createHmac('sha256', secret).update(delivery.body).digest('hex')]] };
}
