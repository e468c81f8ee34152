import { createHmac } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Books } from './operation.ts';
import { seconds } from './operation.ts';

interface Happened {
  /** 'payment.captured' */
  readonly event: string;
  readonly merchant: string;
  /** { payment: ..., order: ... } as they are now */
  readonly payload: Readonly<Record<string, JsonObject>>;
  /** deliveries of one line go out in order */
  readonly line: string;
}

/** https://razorpay.com/docs/webhooks/payloads/payments */
export function announce({ ledger, now, id }: Books, { event, merchant, payload, line }: Happened): void {
  const body = {
    entity: 'event', account_id: merchant, event, contains: Object.keys(payload),
    payload: Object.fromEntries(Object.entries(payload).map(([name, entity]) => [name, { entity }])), created_at: seconds(now),
  };
  ledger.tell({
    target: 'razorpay', object: line, event, notBeforeMs: now, method: 'POST',
    headers: [['User-Agent', 'Razorpay-Webhook/v1'], ['X-Razorpay-Event-Id', id('')]],
    body: JSON.stringify(body), contentType: 'application/json',
  });
}

/** Hex HMAC-SHA256 of the body. https://razorpay.com/docs/webhooks/validate-test */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (secret === '') throw new Error("Razorpay signs with the webhook's own secret, which must not be empty");
  return { ...delivery, headers: [...delivery.headers, ['X-Razorpay-Signature', createHmac('sha256', secret).update(delivery.body).digest('hex')]] };
}
