import { isNumber, iso, outcomeOf } from './batch.ts';
import type { Outcome, StoredBatch } from './batch.ts';
import { segmentsOf } from '../wire/segments.ts';

/** How many of a batch have come to what. https://developers.sinch.com/docs/sms/api-reference/sms/delivery-reports */
export function reportOf(stored: StoredBatch, full: boolean, now: number): object {
  const groups = new Map<string, { readonly code: number; readonly status: string; readonly recipients: string[] }>();
  for (const number of stored.batch.to.filter(isNumber)) {
    const { code, status } = outcomeOf(stored, number, now);
    const group = groups.get(`${code} ${status}`) ?? { code, status, recipients: [] };
    group.recipients.push(number);
    groups.set(`${code} ${status}`, group);
  }
  return {
    type: 'delivery_report_sms', batch_id: stored.batch.id, total_message_count: stored.batch.to.filter(isNumber).length, ...reference(stored),
    statuses: [...groups.values()].map(({ code, status, recipients }) => ({ code, status, count: recipients.length, ...(full ? { recipients } : {}) })),
  };
}

export function recipientReport(stored: StoredBatch, number: string, now: number): object {
  return recipientReportOf(stored, number, outcomeOf(stored, number, now));
}

export function recipientReportOf(stored: StoredBatch, number: string, { status, code, at }: Outcome): object {
  return {
    type: 'recipient_delivery_report_sms', batch_id: stored.batch.id, recipient: number, code, status, at: iso(at), operator_status_at: iso(at), applied_originator: stored.batch['from'],
    number_of_message_parts: typeof stored.batch['body'] === 'string' ? segmentsOf(stored.batch['body']).count : 1, ...reference(stored),
  };
}

function reference({ batch }: StoredBatch): object {
  return batch['client_reference'] === undefined ? {} : { client_reference: batch['client_reference'] };
}
