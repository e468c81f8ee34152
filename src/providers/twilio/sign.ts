import { createHmac } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import { parseForm } from '../wire/form.ts';

/**
 * X-Twilio-Signature: HMAC-SHA1 with the account's auth token over the URL and every parameter of the form, sorted by name. A GET has its
 * parameters in the URL. https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (secret === '' || /^(?:AC|SK)[0-9a-f]{32}$/i.test(secret)) throw new Error("Twilio signs with the account's auth token; a SID or an API key is none");
  const form = parseForm(Buffer.from(delivery.body));
  if (form.kind === 'unreadable') throw new Error(`Twilio signs a form, and this body is none: ${form.why}`);
  const said = form.fields.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))).flat().join('');
  const signature = createHmac('sha1', secret).update(delivery.url + said).digest('base64');
  return { ...delivery, headers: [...delivery.headers, ['X-Twilio-Signature', signature]] };
}
