import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Delivery } from '../../model/provider.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Ledger } from '../wire/ledger.ts';
import { iso } from './operation.ts';

export interface Happened {
  /** 'PAYMENT.CAPTURE.COMPLETED' */
  readonly type: string;
  readonly resourceType: string;
  readonly resourceVersion: '1.0' | '2.0';
  readonly summary: string;
  readonly resource: JsonObject;
  /** deliveries about it go out in order */
  readonly object: string;
  readonly atMs: number;
}

/** Keeps the event, so that the application can have it verified, and drafts its delivery. */
export function announce(work: { readonly ledger: Ledger; readonly api: string; id(length?: number): string }, happened: Happened): void {
  const id = `WH-${work.id()}-${work.id()}`;
  const event: JsonObject = {
    id, event_version: '1.0', create_time: new Date(happened.atMs).toISOString(), resource_type: happened.resourceType, resource_version: happened.resourceVersion,
    event_type: happened.type, summary: happened.summary, resource: happened.resource,
    links: [{ href: `${work.api}/v1/notifications/webhooks-events/${id}`, rel: 'self', method: 'GET' }, { href: `${work.api}/v1/notifications/webhooks-events/${id}/resend`, rel: 'resend', method: 'POST' }],
  };
  const body = JSON.stringify(event);
  work.ledger.save('event', id, { body });
  work.ledger.tell({
    target: 'paypal', object: happened.object, event: happened.type, notBeforeMs: happened.atMs, method: 'POST',
    headers: [['User-Agent', 'PayPal/AUHD-214.0-58843722'], ['Accept', '*/*']], body, contentType: 'application/json',
  });
}

/**
 * PayPal signs with a key whose certificate lies at PayPal: nobody else can. The headers are PayPal's own, but the signature is a checksum
 * of what PayPal would sign, which only the simulated verify-webhook-signature takes. `secret` is the webhook's id (PAYPAL_WEBHOOK_ID).
 */
export function sign(delivery: Delivery, secret: string, nowMs: number): Delivery {
  if (!/^[0-9A-Za-z-]{8,64}$/.test(secret)) throw new Error("PayPal's deliveries take the id of a webhook as their secret (letters and digits, as PayPal's dashboard shows it): it is part of what is signed, and no key of PayPal's can be had");
  const time = iso(nowMs);
  const hex = createHash('sha256').update(`${delivery.body} ${time}`).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-11ef-8${hex.slice(13, 16)}-${hex.slice(16, 28)}`;
  return {
    ...delivery,
    headers: [
      ...delivery.headers, ['Paypal-Transmission-Id', id], ['Paypal-Transmission-Time', time], ['Paypal-Auth-Version', 'v2'], ['Paypal-Auth-Algo', 'SHA256withRSA'],
      ['Paypal-Cert-Url', 'https://api.paypal.com/v1/notifications/certs/CERT-fourthwall'],
      ['Paypal-Transmission-Sig', checksum(id, time, secret, delivery.body)],
    ],
  };
}

/** As long as a signature of 2048 bits. */
function checksum(id: string, time: string, webhookId: string, body: string): string {
  return createHash('shake256', { outputLength: 256 }).update(`${id}|${time}|${webhookId}|${crc32(body)}`).digest('base64');
}

/** SUCCESS for an event of this gateway, as it was sent, that came to this webhook. */
export async function verified(asked: JsonObject, ledger: Ledger): Promise<boolean> {
  const text = (name: string): string => asString(field(asked, name)) ?? '';
  const event = field(asked, 'webhook_event') as JsonObject;
  const sent = await ledger.find<{ readonly body: string }>('event', asString(field(event, 'id')) ?? '');
  if (sent === null || JSON.stringify(sorted(JSON.parse(sent.body))) !== JSON.stringify(sorted(event))) return false;
  return text('transmission_sig') === checksum(text('transmission_id'), text('transmission_time'), text('webhook_id'), sent.body);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, sorted(item)]));
}
