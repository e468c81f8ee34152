import { createHmac } from 'node:crypto';
import type { CallbackDraft, Delivery, LaterEvent, SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import { asObject, field } from '../wire/json.ts';
import type { Message, MessageKind } from './send.ts';

/** The metrics each kind of message can have. https://docs.customer.io/integrations/api/webhooks/ */
const metrics: Readonly<Record<MessageKind, readonly string[]>> = {
  email: ['drafted', 'attempted', 'sent', 'delivered', 'opened', 'clicked', 'converted', 'unsubscribed', 'bounced', 'dropped', 'spammed', 'failed', 'undeliverable'],
  push: ['drafted', 'attempted', 'sent', 'delivered', 'opened', 'clicked', 'converted', 'bounced', 'dropped', 'failed', 'undeliverable'],
  sms: ['drafted', 'attempted', 'sent', 'delivered', 'clicked', 'converted', 'bounced', 'dropped', 'failed', 'undeliverable'],
  in_app: ['drafted', 'attempted', 'sent', 'opened', 'clicked', 'converted', 'dropped', 'failed', 'undeliverable'],
  // no reporting webhook of inbox messages is documented
  inbox_message: [],
};

export const customerioEvents: readonly string[] = [...new Set(Object.values(metrics).flat())];

/** A reporting webhook. There is one for each message, whoever gets copies of it; of several people in `to` each has one here. */
export function reportsOf({ name, recipient, detail }: LaterEvent, { type, body, effect }: Message, delivery: string, context: SimulationContext, notBeforeMs: number): readonly CallbackDraft[] {
  if (!metrics[type].includes(name)) return [];
  const identifiers = { id: null, email: null, cio_id: null, ...asObject(field(body, 'identifiers')) };
  return effect.recipients.filter(({ role, address }) => role === 'to' && (recipient === null || recipient === address)).map((to): CallbackDraft => ({
    target: 'customerio', object: `${delivery} ${to.address}`, event: name, notBeforeMs, method: 'POST', headers: [], contentType: 'application/json',
    body: JSON.stringify({
      // letters that hex and the base 32 of ULIDs share
      event_id: context.id('01', { length: 24, alphabet: 'hex' }).toUpperCase(),
      object_type: type,
      metric: name,
      timestamp: Math.floor(notBeforeMs / 1000),
      data: {
        identifiers, customer_id: identifiers.id, delivery_id: delivery,
        transactional_message_id: transactionalId(field(body, 'transactional_message_id') ?? null),
        ...whom(type, to),
        ...type === 'email' ? { subject: effect.channel === 'email' ? effect.subject ?? '' : '' } : {},
        ...['bounced', 'failed', 'dropped', 'undeliverable', 'attempted'].includes(name) ? { failure_message: detail ?? usual[name] ?? name } : {},
        ...name === 'clicked' ? { href: detail ?? 'https://example.com/', link_id: 1 } : {},
      },
    }),
  }));
}

const usual: Readonly<Record<string, string>> = { bounced: '550 5.1.1 The email account that you tried to reach does not exist', dropped: 'suppressed', attempted: '451 4.3.0 Temporary failure', undeliverable: 'the message could not be rendered' };

function whom(type: MessageKind, to: Addressee): object {
  switch (type) {
    case 'push': return { recipients: to.kind === 'device' ? [{ device_id: to.address, device_platform: 'ios' }] : [] };
    case 'in_app': return {};
    default: return { recipient: to.kind === 'customer' ? null : to.address };
  }
}

/** Triggers by name have a number at Customer.io that nobody here knows. */
function transactionalId(id: unknown): number {
  return Number.isInteger(Number(id)) && Number(id) > 0 ? Number(id) : 1;
}

/** 'v0:timestamp:body' with the webhook's signing key, as hex. */
export function signReport(delivery: Delivery, secret: string, nowMs: number): Delivery {
  if (secret.trim() === '') throw new Error('the secret of a Customer.io target is the signing key shown under Data & Integrations > Reporting Webhooks');
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${delivery.body}`).digest('hex');
  return { ...delivery, headers: [...delivery.headers, ['X-CIO-Timestamp', timestamp], ['X-CIO-Signature', signature]] };
}
