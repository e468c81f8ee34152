import { createHmac } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import { parseForm } from '../wire/form.ts';

/**
 * X-Mandrill-Signature: HMAC-SHA1 by the webhook's key over the URL as it was configured and every field's name and value, by name.
 * https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/#authenticating-webhook-requests
 */
export function signWebhook(delivery: Delivery, secret: string): Delivery {
  if (!/^[!-~]{8,}$/.test(secret)) throw new Error('the secret is no webhook key of Mandrill: right is the key that its webhooks page shows beside the webhook');
  const form = parseForm(Buffer.from(delivery.body, 'utf8'));
  const fields = form.kind === 'form' ? form.fields.toSorted(([one], [other]) => (one < other ? -1 : 1)) : [];
  const signature = createHmac('sha1', secret).update(delivery.url + fields.flat().join('')).digest('base64');
  return { ...delivery, headers: [...delivery.headers, ['X-Mandrill-Signature', signature]] };
}
