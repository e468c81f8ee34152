import { createHash, createHmac } from 'node:crypto';
import type { CallbackDraft, Delivery, LaterEvent, SimulationContext } from '../../model/provider.ts';
import { asString, field } from '../wire/json.ts';
import type { LoopsCall } from './calls.ts';

/** What can be told of a transactional mail: its opens and clicks are not tracked. https://loops.so/docs/webhooks */
const mailEvents = ['transactional.email.sent', 'email.delivered', 'email.softBounced', 'email.hardBounced', 'email.spamReported'];
const contactEvents = ['contact.created', 'contact.unsubscribed', 'contact.deleted'];

export const loopsEvents: readonly string[] = [...mailEvents, ...contactEvents];

/** One webhook for each person the event happens to; none where it cannot happen to the call. */
export function webhooksOf({ name, recipient }: Pick<LaterEvent, 'name' | 'recipient'>, { operation, body, effect }: LoopsCall, context: SimulationContext, capture: string, notBeforeMs: number): readonly CallbackDraft[] {
  const possible = operation === 'transactional.send' ? mailEvents : operation.startsWith('contacts.') ? contactEvents : [];
  if (!possible.includes(name)) return [];
  const people = effect.recipients.filter(({ kind, role, address }) => kind === 'email' && (role === 'to' || role === 'contact') && (recipient === null || recipient === address));
  return people.map(({ address }): CallbackDraft => {
    const contact = { id: cuid(`contact ${address.toLowerCase()}`), email: address, userId: asString(field(body, 'userId')) };
    const about = {
      eventName: name,
      eventTime: Math.floor(notBeforeMs / 1000),
      webhookSchemaVersion: '1.0.0',
      contactIdentity: contact,
      ...operation === 'transactional.send' ? {
        ...name === 'transactional.email.sent' ? {} : { sourceType: 'transactional' },
        transactionalId: asString(field(body, 'transactionalId')) ?? '',
        email: { id: cuid(`email ${capture} ${address}`), emailMessageId: cuid(`message ${effect.template?.id ?? ''}`), subject: '' },
      } : {},
      ...name === 'contact.created' ? { contact: contactOf(body, contact) } : {},
    };
    return {
      target: 'loops', object: `${capture} ${address}`, event: name, notBeforeMs, method: 'POST',
      headers: [['Webhook-Id', context.id('msg_', { length: 27 })]],
      body: JSON.stringify(about), contentType: 'application/json',
    };
  });
}

/** The contact as the API shows it: GET /v1/contacts/find and the webhook contact.created. */
export function contactOf(body: LoopsCall['body'], { id, email, userId }: { readonly id: string; readonly email: string; readonly userId: string | null }): Readonly<Record<string, unknown>> {
  const { eventName: _event, eventProperties: _properties, ...given } = body;
  return { firstName: null, lastName: null, source: 'API', subscribed: true, userGroup: '', ...given, id, email, userId, mailingLists: subscribed(body), optInStatus: null };
}

function subscribed(body: LoopsCall['body']): Readonly<Record<string, true>> {
  const lists = field(body, 'mailingLists');
  return Object.fromEntries(Object.entries(typeof lists === 'object' && lists !== null ? lists : {}).filter(([, on]) => on === true).map(([id]) => [id, true]));
}

/** An id of Loops' form that is the same for the same thing: events of one mail name one mail. */
export function cuid(thing: string): string {
  return `cm${createHash('sha256').update(thing).digest('hex').slice(0, 23)}`;
}

/** Standard Webhooks: HMAC-SHA256 of 'id.timestamp.body' by the bytes behind 'whsec_'. */
export function signWebhook(delivery: Delivery, secret: string, nowMs: number): Delivery {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  if (encoded === undefined) throw new Error("the secret of a Loops target is the signing secret of Settings > Webhooks: 'whsec_' and base64 text");
  const id = delivery.headers.find(([name]) => name.toLowerCase() === 'webhook-id')?.[1] ?? '';
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', Buffer.from(encoded, 'base64')).update(`${id}.${timestamp}.${delivery.body}`).digest('base64');
  return { ...delivery, headers: [...delivery.headers, ['Webhook-Timestamp', timestamp], ['Webhook-Signature', `v1,${signature}`]] };
}
