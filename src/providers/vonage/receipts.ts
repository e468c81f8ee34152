import type { CallbackDraft } from '../../model/provider.ts';
import { formText } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';

/** One part of an SMS, as far as its delivery receipt tells of it. */
export interface StoredSms {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly refs: Readonly<Record<string, string>>;
  readonly key: string;
  readonly callback: string | null;
}

/** https://developer.vonage.com/en/messaging/sms/guides/delivery-receipts */
export const receiptStatuses = ['accepted', 'buffered', 'delivered', 'expired', 'failed', 'rejected', 'unknown'] as const;
const ended = ['expired', 'failed', 'rejected'];

/** A GET with everything in its query, as an account has it that chose nothing else; without a URL of its own it goes to the account's. */
export function receipt(sms: StoredSms, status: string, at: number, detail: string | null = null): CallbackDraft {
  const time = new Date(at).toISOString();
  const failure = detail !== null && /^[0-9]{1,3}$/.test(detail) ? detail : '99';
  const fields: readonly FormField[] = [
    ['msisdn', sms.to], ['to', sms.from], ['network-code', '12345'], ['messageId', sms.id], ['price', '0.03330000'], ['status', status],
    ['scts', time.slice(2, 16).replaceAll(/[-:T]/g, '')], ['err-code', ended.includes(status) ? failure : status === 'unknown' ? '1' : '0'], ['api-key', sms.key],
    ['message-timestamp', time.slice(0, 19).replace('T', ' ')], ...Object.entries(sms.refs),
  ];
  return { target: sms.callback ?? 'vonage', object: sms.id, event: status, notBeforeMs: at, method: 'GET', headers: [], body: formText(fields), contentType: 'application/x-www-form-urlencoded' };
}
