import { createHash, createHmac } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import { parseForm } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';

/**
 * With the account's auth token. Both schemes go with every callback, for applications verify either: V2 over URL and nonce,
 * V3 over the parameters too. https://www.plivo.com/docs/voice/concepts/signature-validation
 */
export function sign(delivery: Delivery, secret: string, nowMs: number): Delivery {
  const token = secret.trim();
  if (token === '') throw new Error("Plivo signs with the account's auth token, and this one is empty: right is the token of the console's overview");
  const url = new URL(delivery.url);
  const plain = `${url.origin}${url.pathname}`;
  const nonce = BigInt(`0x${createHash('sha256').update(`${nowMs} ${delivery.url} ${delivery.body}`).digest('hex')}`).toString().slice(0, 24);
  const hmac = (said: string): string => createHmac('sha256', token).update(said).digest('base64');
  const third = hmac(`${plain}${saidOf(delivery, url)}.${nonce}`);
  return {
    ...delivery,
    headers: [
      ...delivery.headers.filter(([name]) => !name.toLowerCase().startsWith('x-plivo-signature')),
      ['X-Plivo-Signature-V2', hmac(`${plain}${nonce}`)], ['X-Plivo-Signature-Ma-V2', hmac(`${plain}${nonce}`)], ['X-Plivo-Signature-V2-Nonce', nonce],
      ['X-Plivo-Signature-V3', third], ['X-Plivo-Signature-Ma-V3', third], ['X-Plivo-Signature-V3-Nonce', nonce],
    ],
  };
}

/** '?b=..&a=..' sorted; for a POST its parameters behind that, names and values run together, and a '.' between the two. */
function saidOf({ method, body }: Delivery, { search }: URL): string {
  const query = sorted(search.slice(1)).map(([name, value]) => `${name}=${value}`).join('&');
  if (method === 'GET') return query === '' ? '' : `?${query}`;
  const posted = sorted(body).map((field) => field.join('')).join('');
  if (posted === '') return query === '' ? '' : `?${query}`;
  return `?${query}${query === '' ? '' : '.'}${posted}`;
}

function sorted(text: string): readonly FormField[] {
  const form = parseForm(Buffer.from(text));
  if (form.kind === 'unreadable') throw new Error(`Plivo signs parameters, and these are none: ${form.why}`);
  const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
  return form.fields.toSorted(([a, one], [b, other]) => order(a, b) || order(one, other));
}
