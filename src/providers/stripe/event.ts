import type { CallbackDraft } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { StripeObject } from './object.ts';

export interface EventFacts {
  readonly id: string;
  readonly type: string;
  readonly object: StripeObject;
  readonly previous: JsonObject | undefined;
  /** seconds since the epoch */
  readonly now: number;
  readonly livemode: boolean;
  readonly version: string;
  readonly request: { readonly id: string | null; readonly idempotencyKey: string | null };
}

/** https://docs.stripe.com/api/events/object */
export function eventObject(facts: EventFacts): StripeObject {
  return {
    id: facts.id,
    object: 'event',
    // what happens to a connected account names it
    ...(facts.object.object === 'account' ? { account: facts.object.id } : {}),
    api_version: facts.version,
    created: facts.now,
    data: { object: facts.object, ...(facts.previous === undefined ? {} : { previous_attributes: facts.previous }) },
    livemode: facts.livemode,
    pending_webhooks: 1,
    request: { id: facts.request.id, idempotency_key: facts.request.idempotencyKey },
    type: facts.type,
  };
}

/** The delivery of an event to the endpoint configured as 'stripe'. Signed by whoever sends it, over these bytes. */
export function webhook(event: StripeObject, nowMs: number): CallbackDraft {
  return {
    target: 'stripe',
    object: asString(field(asObject(field(asObject(event['data']), 'object')), 'id')) ?? event.id,
    event: asString(event['type']) ?? 'event',
    notBeforeMs: nowMs,
    method: 'POST',
    headers: [['User-Agent', 'Stripe/1.0 (+https://stripe.com/docs/webhooks)'], ['Accept', '*/*; q=0.5, application/xml']],
    body: JSON.stringify(event, null, 2),
    contentType: 'application/json; charset=utf-8',
  };
}
