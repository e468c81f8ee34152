import { createHmac } from 'node:crypto';
import type { Delivery, SimulationContext } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import type { Ledger } from '../wire/ledger.ts';
import { iso } from './objects.ts';
import type { View } from './objects.ts';

/** What changes something has at hand: in a call, on a page and long after. */
export interface Books {
  readonly ledger: Ledger;
  readonly context: SimulationContext;
  readonly now: number;
  /** 'txn_' and 26 characters, as in a ULID */
  id(prefix: string): string;
}

export function openBooks(context: SimulationContext): Books {
  return { ledger: openLedger(context), context, now: context.now, id: (prefix) => `${prefix}_01${context.id('', { length: 24 }).toLowerCase()}` };
}

/** One event, one webhook. https://developer.paddle.com/webhooks/overview */
export function tell(books: Books, type: string, subject: View, shown: JsonObject = subject): void {
  books.ledger.tell({
    target: 'paddle', object: subject.id, event: type, notBeforeMs: books.now, method: 'POST', headers: [['User-Agent', 'Paddle']],
    body: JSON.stringify({ event_id: books.id('evt'), event_type: type, occurred_at: iso(books.now), notification_id: books.id('ntf'), data: shown }), contentType: 'application/json',
  });
}

/** Paddle-Signature: ts=seconds;h1=HMAC-SHA256 of 'ts:body', in hex. https://developer.paddle.com/webhooks/signature-verification */
export function sign(delivery: Delivery, secret: string, nowMs: number): Delivery {
  if (secret === '') throw new Error("Paddle signs with a notification destination's secret key, which must not be empty");
  const time = Math.floor(nowMs / 1000);
  return { ...delivery, headers: [...delivery.headers, ['Paddle-Signature', `ts=${time};h1=${createHmac('sha256', secret).update(`${time}:${delivery.body}`).digest('hex')}`]] };
}
