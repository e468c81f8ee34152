import { createHash, createHmac } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, Delivery, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import { digits, isNumber, progress } from './batch.ts';
import type { Outcome, StoredBatch } from './batch.ts';
import { recipientReportOf, reportOf } from './report.ts';

/** Every status of a delivery report, with its usual code. https://developers.sinch.com/docs/sms/api-reference/sms/delivery-reports */
const codes = { Dispatched: 401, Delivered: 0, Failed: 404, Rejected: 402, Aborted: 408, Expired: 406, Unknown: 405 } as const;

export const events = Object.keys(codes);

/** Everybody's message is dispatched, then delivered: told one by one, one by one at the end, or once for all, as the batch asks. */
export function batchCallbacks(context: SimulationContext, stored: StoredBatch): readonly CallbackDraft[] {
  const { startsAt } = stored;
  const outcomes = [{ status: 'Dispatched', code: 401, at: startsAt + progress.dispatched }, { status: 'Delivered', code: 0, at: startsAt + progress.delivered }];
  return outcomes.flatMap((outcome) => told(context, stored, stored.batch.to.filter(isNumber), outcome));
}

function told(context: SimulationContext, stored: StoredBatch, numbers: readonly string[], outcome: Outcome): readonly CallbackDraft[] {
  const final = outcome.status !== 'Dispatched';
  switch (stored.batch.delivery_report) {
    case 'per_recipient': return numbers.map((number) => draft(stored, outcome, recipientReportOf(stored, number, outcome)));
    case 'per_recipient_final': return final ? numbers.map((number) => draft(stored, outcome, recipientReportOf(stored, number, outcome))) : [];
    case 'full': case 'summary': return final && numbers.length > 0 ? [draft(stored, outcome, reportOf(stored, stored.batch.delivery_report === 'full', Math.max(outcome.at, context.now)))] : [];
    default: return [];
  }
}

/** Without an address of its own in the batch, the service plan's is meant: the target of that name. */
function draft({ batch }: StoredBatch, { status, at }: Outcome, report: object): CallbackDraft {
  const url = batch['callback_url'];
  return {
    target: typeof url === 'string' && url !== '' ? url : 'sinch', object: batch.id, event: status, notBeforeMs: at, method: 'POST', headers: [],
    body: JSON.stringify(report), contentType: 'application/json',
  };
}

export async function later({ name, recipient, detail }: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const usual = Object.hasOwn(codes, name) ? codes[name as keyof typeof codes] : null;
  const json = reply.status === 201 || reply.status === 200 ? parseJson(reply.body) : null;
  const id = json?.kind === 'json' ? asString(field(asObject(json.value), 'id')) : null;
  if (usual === null || id === null || decoded.kind !== 'effects' || !decoded.effects.every(({ operation }) => /^batches\.(?:send|replace|update)$/.test(operation))) return {};
  const known = await context.recall('batch', id);
  if (known === null) return {};
  const stored = known.value as StoredBatch;
  const numbers = stored.batch.to.filter((number) => isNumber(number) && (recipient === null || digits(recipient) === number));
  if (numbers.length === 0) return {};
  const outcome: Outcome = { status: name, code: detail !== null && /^[0-9]{1,4}$/.test(detail) ? Number(detail) : usual, at: context.now };
  const value: StoredBatch = { ...stored, became: { ...stored.became, ...Object.fromEntries(numbers.map((number) => [number, outcome])) } };
  return { remember: [{ kind: 'batch', id, expectVersion: known.version, value }], callbacks: told(context, value, numbers, outcome) };
}

/**
 * HMAC-SHA256 over body, nonce and time, where a secret has been agreed upon; without one the callbacks of the SMS API are not signed.
 * https://developers.sinch.com/docs/sms/api-reference/sms/webhooks
 */
export function sign(delivery: Delivery, secret: string, nowMs: number): Delivery {
  if (secret === '') throw new Error('Sinch signs with the secret of the webhook, and this one is empty; right is what was agreed with Sinch, or no secret at all');
  const timestamp = String(Math.floor(nowMs / 1000));
  const nonce = createHash('sha256').update(`${timestamp} ${delivery.body}`).digest('hex').slice(0, 26).toUpperCase();
  const signature = createHmac('sha256', secret).update(`${delivery.body}.${nonce}.${timestamp}`).digest('base64');
  return {
    ...delivery,
    headers: [
      ...delivery.headers.filter(([name]) => !/^x-sinch-webhook-/i.test(name)), ['x-sinch-webhook-signature', signature], ['x-sinch-webhook-signature-nonce', nonce],
      ['x-sinch-webhook-signature-timestamp', timestamp], ['x-sinch-webhook-signature-algorithm', 'HmacSHA256'],
    ],
  };
}
