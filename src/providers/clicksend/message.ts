import type { CallbackDraft } from '../../model/provider.ts';
import { formText } from '../wire/form.ts';
import type { Kind } from './send.ts';

/** What a receipt says, in ClickSend's words. */
export const events = ['Delivered', 'Undelivered'] as const;
export type EventName = typeof events[number];

/** A message as it is remembered: for history, receipts, and what happens to it later. */
export interface StoredMessage {
  readonly kind: Kind;
  /** as the answer showed it */
  readonly shown: Readonly<Record<string, unknown>> & { readonly message_id: string; readonly to: string; readonly custom_string: string };
  readonly sentAt: number;
  readonly end: { readonly name: EventName; readonly at: number; readonly detail: string | null } | null;
  readonly dueAt: number;
}

/** Delivered by the clock alone, unless something else happened. */
export function endAt({ end, dueAt }: StoredMessage, now: number): StoredMessage['end'] {
  return end ?? (now >= dueAt ? { name: 'Delivered', at: dueAt, detail: null } : null);
}

/** @param detail a code ('404'), or words */
export function receiptOf({ kind, shown, sentAt }: StoredMessage, { name, at, detail }: NonNullable<StoredMessage['end']>): Readonly<Record<string, string | number | null>> {
  const delivered = name === 'Delivered';
  const code = detail !== null && /^\d{1,6}$/.test(detail) ? detail : null;
  return {
    timestamp_send: Math.floor(sentAt / 1000), timestamp: Math.floor(at / 1000), message_id: shown.message_id, status: name, status_code: delivered ? '201' : '301',
    status_text: delivered ? 'Success: Message received on handset.' : 'Failed: Message was not delivered.', error_code: code, error_text: code === null ? detail : null,
    custom_string: shown.custom_string, user_id: 1, subaccount_id: 1, message_type: kind,
  };
}

/** A receipt to the target 'clicksend', as a rule of the account would post it. ClickSend signs none. */
export function receipt(stored: StoredMessage, end: NonNullable<StoredMessage['end']>): CallbackDraft {
  const fields = Object.entries(receiptOf(stored, end)).map(([name, value]) => [name, value === null ? '' : String(value)] as const);
  return { target: 'clicksend', object: stored.shown.message_id, event: end.name, notBeforeMs: end.at, method: 'POST', headers: [['User-Agent', 'ClickSend']], contentType: 'application/x-www-form-urlencoded', body: formText(fields) };
}
