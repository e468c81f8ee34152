import { createHmac } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { shown } from './amount.ts';
import type { Books } from './operation.ts';
import type { Payment } from './payment.ts';

interface Happened {
  /** 'AUTHORISATION' */
  readonly code: string;
  readonly success: boolean;
  /** the modification's own; absent: the payment's */
  readonly psp?: string;
  readonly reference?: string | null;
  readonly minor?: string;
  readonly reason?: string;
  readonly atMs?: number;
}

/** https://docs.adyen.com/development-resources/webhooks/webhook-types/ */
export function announce(books: Books, payment: Payment, { code, success, psp, reference, minor = payment.minor, reason = '', atMs = books.now }: Happened): void {
  const item = {
    additionalData: {}, amount: shown({ minor, currency: payment.currency }), eventCode: code, eventDate: `${new Date(atMs).toISOString().slice(0, 19)}+00:00`,
    merchantAccountCode: payment.merchantAccount, merchantReference: reference ?? payment.reference, ...(psp === undefined ? {} : { originalReference: payment.psp }),
    ...(code === 'AUTHORISATION' && success ? { operations: ['CANCEL', 'CAPTURE', 'REFUND'] } : {}), paymentMethod: payment.brand, pspReference: psp ?? payment.psp, reason, success: String(success),
  };
  books.ledger.tell({
    target: 'adyen', object: payment.psp, event: code, notBeforeMs: atMs, method: 'POST', headers: [['User-Agent', 'Adyen HttpClient 1.0']],
    body: JSON.stringify({ live: String(books.live), notificationItems: [{ NotificationRequestItem: item }] }), contentType: 'application/json; charset=utf-8',
  });
}

/** Each item carries its own signature, over eight of its fields. https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (!/^(?:[0-9a-fA-F]{2}){16,64}$/.test(secret)) throw new Error("Adyen signs with a webhook's HMAC key, which is hexadecimal (64 digits, as the Customer Area shows it)");
  const read = parseJson(Buffer.from(delivery.body, 'utf8'));
  const body = read.kind === 'json' ? asObject(read.value) : null;
  const items = asArray(field(body, 'notificationItems')) ?? [];
  const signed = items.map((each) => {
    const item = asObject(field(asObject(each), 'NotificationRequestItem')) ?? {};
    return { NotificationRequestItem: { ...item, additionalData: { ...asObject(field(item, 'additionalData')), hmacSignature: signature(item, secret) } } };
  });
  return { ...delivery, body: JSON.stringify({ ...body, notificationItems: signed }) };
}

function signature(item: JsonObject, secret: string): string {
  const amount = asObject(field(item, 'amount'));
  const value = field(amount, 'value');
  const text = (name: string): string => asString(field(item, name)) ?? '';
  const data = [text('pspReference'), text('originalReference'), text('merchantAccountCode'), text('merchantReference'), typeof value === 'number' ? String(value) : '', asString(field(amount, 'currency')) ?? '', text('eventCode'), text('success')];
  return createHmac('sha256', Buffer.from(secret, 'hex')).update(data.join(':'), 'utf8').digest('base64');
}
