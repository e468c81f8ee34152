import { createHmac } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Books } from './operation.ts';

/** https://paystack.com/docs/payments/webhooks. `line`: deliveries of one go out in order. */
export function announce({ ledger, now }: Pick<Books, 'ledger' | 'now'>, event: string, data: JsonObject, line: string): void {
  ledger.tell({
    target: 'paystack', object: line, event, notBeforeMs: now, method: 'POST', headers: [['User-Agent', 'Paystack/2.0']],
    body: JSON.stringify({ event, data }), contentType: 'application/json',
  });
}

/** Hex HMAC-SHA512 of the body by the integration's secret key: there is no other secret. */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (secret === '') throw new Error("Paystack signs with the integration's secret key (sk_test_...), which must not be empty");
  return { ...delivery, headers: [...delivery.headers, ['X-Paystack-Signature', createHmac('sha512', secret).update(delivery.body).digest('hex')]] };
}
