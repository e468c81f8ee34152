import { createHash, createHmac } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import { formText, parseForm } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';

const hmacs: Readonly<Record<string, string>> = { MD5HMAC: 'md5', SHA1HMAC: 'sha1', SHA256HMAC: 'sha256', SHA512HMAC: 'sha512' };

/**
 * With the account's signature secret. A JSON webhook (Messages, Voice) gets a token over its body; a delivery receipt of the SMS API a `sig`
 * among its parameters, by MD5 hash unless the secret says which of the account's methods it is: 'SHA256HMAC:secret'.
 * https://developer.vonage.com/en/getting-started/concepts/webhooks#signed-webhooks, .../concepts/signing-messages
 */
export function sign(delivery: Delivery, secret: string, nowMs: number): Delivery {
  const [, method = 'MD5HASH', key = ''] = /^(?:(MD5HASH|MD5HMAC|SHA1HMAC|SHA256HMAC|SHA512HMAC):)?(.*)$/s.exec(secret.trim()) ?? [];
  if (key === '') throw new Error("Vonage signs with the account's signature secret, and this one is empty: right is the secret of the dashboard's API settings, or METHOD:secret for SMS");
  return delivery.contentType.startsWith('application/json') ? withToken(delivery, key, nowMs) : withSig(delivery, { method, key }, nowMs);
}

/** Claims of the application and its key are left out: they are not known where the callback is sent. */
function withToken(delivery: Delivery, secret: string, nowMs: number): Delivery {
  const payload = createHash('sha256').update(delivery.body).digest('hex');
  const iat = Math.floor(nowMs / 1000);
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const said = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iat, iss: 'Vonage', jti: nonceOf(delivery.body, nowMs), payload_hash: payload })}`;
  const token = `${said}.${createHmac('sha256', secret).update(said).digest('base64url')}`;
  return { ...delivery, headers: [...delivery.headers.filter(([name]) => name.toLowerCase() !== 'authorization'), ['Authorization', `Bearer ${token}`]] };
}

/** A GET that is on its way has its parameters in its URL, and its signature goes there too. */
function withSig(delivery: Delivery, by: { readonly method: string; readonly key: string }, nowMs: number): Delivery {
  const url = new URL(delivery.url);
  const inUrl = delivery.body === '';
  const form = parseForm(Buffer.from(inUrl ? url.search.slice(1) : delivery.body));
  if (form.kind === 'unreadable') throw new Error(`Vonage signs parameters, and these are none: ${form.why}`);
  const fields: readonly FormField[] = [...form.fields.filter(([name]) => !['nonce', 'timestamp', 'sig'].includes(name)), ['nonce', nonceOf(delivery.body + delivery.url, nowMs)], ['timestamp', String(Math.floor(nowMs / 1000))]];
  const signed = formText([...fields, ['sig', signature(fields, by)]]);
  if (!inUrl) return { ...delivery, body: signed };
  url.search = signed;
  return { ...delivery, url: url.href };
}

/** '&name=value' of each parameter by name, with & and = within a value replaced. */
function signature(fields: readonly FormField[], { method, key }: { readonly method: string; readonly key: string }): string {
  const said = fields.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([name, value]) => `&${name}=${value.replaceAll(/[&=]/g, '_')}`).join('');
  const hmac = hmacs[method];
  return hmac === undefined ? createHash('md5').update(said + key).digest('hex') : createHmac(hmac, key).update(said).digest('hex');
}

/** A UUID that is the same for the same callback at the same time. */
function nonceOf(text: string, nowMs: number): string {
  const hash = createHash('sha256').update(`${nowMs} ${text}`).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
