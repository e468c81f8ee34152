import { createHmac } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';

/** Stripe-Signature: t=seconds,v1=HMAC-SHA256 of 't.body' with the endpoint's whole secret. https://docs.stripe.com/webhooks#verify-manually */
export function sign(delivery: Delivery, secret: string, nowMs: number): Delivery {
  if (!secret.startsWith('whsec_')) throw new Error("Stripe signs with a webhook endpoint's secret, which begins with whsec_");
  const time = Math.floor(nowMs / 1000);
  const signature = createHmac('sha256', secret).update(`${time}.${delivery.body}`).digest('hex');
  return { ...delivery, headers: [...delivery.headers, ['Stripe-Signature', `t=${time},v1=${signature}`]] };
}
