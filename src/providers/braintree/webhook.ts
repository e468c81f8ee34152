import { createHash, createHmac } from 'node:crypto';
import type { CallbackDraft, Delivery } from '../../model/provider.ts';
import { xmlText } from './xml-reply.ts';
import type { Node } from './xml-reply.ts';

/** A notification to the webhook target `braintree`. Its signature joins it when it is sent. */
export function told(kind: string, object: string, subject: Node, atMs: number): CallbackDraft {
  const xml = xmlText('notification', { timestamp: new Date(atMs), kind, source_merchant_id: undefined, subject });
  // the SDKs expect the line end behind the base64, and sign it too
  const payload = `${Buffer.from(xml, 'utf8').toString('base64')}\n`;
  return {
    target: 'braintree', object, event: kind, notBeforeMs: atMs, method: 'POST', headers: [['User-Agent', 'Braintree Webhooks'], ['Accept', '*/*']],
    body: `bt_payload=${encodeURIComponent(payload)}`, contentType: 'application/x-www-form-urlencoded',
  };
}

/** bt_signature = public key | HMAC-SHA1 of the payload under the SHA-1 of the private key. */
export function sign(delivery: Delivery, secret: string): Delivery {
  const [, publicKey, privateKey] = /^([A-Za-z0-9]+):([A-Za-z0-9]+)$/.exec(secret) ?? [];
  if (publicKey === undefined || privateKey === undefined) throw new Error("the secret of a Braintree target is 'publicKey:privateKey', the two API keys that the application verifies with");
  const payload = new URLSearchParams(delivery.body).get('bt_payload') ?? '';
  const signature = createHmac('sha1', createHash('sha1').update(privateKey).digest()).update(payload).digest('hex');
  return { ...delivery, body: `bt_signature=${encodeURIComponent(`${publicKey}|${signature}`)}&${delivery.body}` };
}
