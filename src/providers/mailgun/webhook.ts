import { createHmac } from 'node:crypto';
import type { CallbackDraft, Delivery } from '../../model/provider.ts';
import { asObject, parseJson } from '../wire/json.ts';

/** A webhook's body; its signature stands inside and is filled in when it is sent. */
export function webhook(data: Readonly<Record<string, unknown>>, { event, object, at }: { readonly event: string; readonly object: string; readonly at: number }): CallbackDraft {
  return {
    target: 'mailgun', object, event, notBeforeMs: at, method: 'POST', headers: [], contentType: 'application/json',
    body: JSON.stringify({ signature: { timestamp: '', token: '', signature: '' }, 'event-data': data }),
  };
}

/**
 * signature = HMAC-SHA256(signing key, timestamp + token), in hex, in the body. The token is new for each attempt, for applications
 * refuse one they have seen. https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
 */
export function signWebhook(delivery: Delivery, secret: string, nowMs: number): Delivery {
  if (!/^[\x21-\x7e]+$/.test(secret)) throw new Error("Mailgun's HTTP webhook signing key is one word of printable ASCII, as the account's API security page shows it");
  const parsed = parseJson(Buffer.from(delivery.body, 'utf8'));
  const body = parsed.kind === 'json' ? asObject(parsed.value) : null;
  if (body === null) throw new Error('a Mailgun webhook is a JSON object with a signature inside; this body is none');
  const timestamp = String(Math.floor(nowMs / 1000));
  const token = createHmac('sha256', secret).update(`token ${nowMs} ${delivery.body}`).digest('hex').slice(0, 50);
  const signature = createHmac('sha256', secret).update(timestamp + token).digest('hex');
  return { ...delivery, body: JSON.stringify({ ...body, signature: { timestamp, token, signature } }) };
}
