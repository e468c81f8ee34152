import type { JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { invalid, notFound } from './errors.ts';
import { iso, operation } from './operation.ts';
import type { Work } from './operation.ts';
import { draftOf } from './webhook.ts';

export interface Subscription {
  readonly id: string;
  /** null: of the whole application */
  readonly profile: string | null;
  readonly owner: string;
  readonly name: string;
  readonly trigger: string;
  readonly version: string;
  readonly url: string;
  readonly createdMs: number;
}

const owners = '(profiles|applications)/([A-Za-z0-9-]{1,64})';
const all = new RegExp(`^/v3/${owners}/subscriptions$`);
const one = new RegExp(`^/v3/${owners}/subscriptions/([0-9a-f-]{36})$`);
const test = new RegExp(`^/v3/${owners}/subscriptions/([0-9a-f-]{36})/test-notifications$`);

export const subscriptionRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: all, operation: 'subscriptions.create', effect: (body) => ({ description: asString(field(body, 'name')) }), run: async (work) => ({ status: 201, body: show(create(work)) }) }),
  operation({ method: 'GET', path: all, operation: 'subscriptions.list', run: async ({ call, context }) => ({ status: 200, body: (await context.list('subscription', { where: { owner: call.ids[1]! }, limit: 100 })).items.map(({ value }) => show(value as Subscription)) }) }),
  operation({ method: 'GET', path: one, operation: 'subscriptions.get', run: async (work) => ({ status: 200, body: show(await named(work)) }) }),
  operation({
    method: 'DELETE', path: one, operation: 'subscriptions.delete', effect: (_body, { ids }) => ({ object: ids[2]! }),
    run: async (work) => {
      const { id } = await named(work);
      work.ledger.save('subscription', id, null);
      return { status: 204, body: null };
    },
  }),
  operation({
    method: 'POST', path: test, operation: 'subscriptions.test', effect: (_body, { ids }) => ({ object: ids[2]! }),
    run: async (work) => {
      const { id, url, trigger } = await named(work);
      work.ledger.tell(draftOf({ to: url, subscription: id, delivery: work.context.uuid(), type: trigger, data: { resource: { type: trigger.split('#')[0]!.replace(/s$/, ''), id: 0, profile_id: 0 }, occurred_at: iso(work.now) }, line: id, event: 'test-notification', now: work.now, test: true }));
      return { status: 200, body: [{ notification: { subscription_id: id, event_type: trigger }, delivery_status: 'PENDING' }] };
    },
  }),
];

function create(work: Work): Subscription {
  const { body, call: { ids: [kind, owner] } } = work;
  const [name, trigger] = [asString(field(body, 'name')), asString(field(body, 'trigger_on'))];
  const delivery = asObject(field(body, 'delivery'));
  const url = asString(field(delivery, 'url')) ?? '';
  if (!name) throw invalid('name', 'name is required');
  if (trigger === null || !/^[a-z0-9-]+#[a-z0-9-]+$/.test(trigger)) throw invalid('trigger_on', 'trigger_on must be one of the event types');
  // Wise wants https; what is called here lies inside staging
  if (!/^https?:\/\/[^?#]+$/.test(url)) throw invalid('delivery.url', 'delivery.url must be a URL without a query');
  const subscription: Subscription = {
    id: work.context.uuid(), profile: kind === 'profiles' ? owner! : null, owner: owner!, name, trigger, version: asString(field(delivery, 'version')) ?? '2.0.0', url, createdMs: work.now,
  };
  work.ledger.save('subscription', subscription.id, subscription, { trigger, owner: owner! });
  return subscription;
}

async function named({ ledger, call: { ids } }: Work): Promise<Subscription> {
  const subscription = await ledger.find<Subscription>('subscription', ids[2]!);
  if (subscription === null || subscription.owner !== ids[1]) throw notFound('Subscription');
  return subscription;
}

function show({ id, profile, owner, name, trigger, version, url, createdMs }: Subscription): JsonObject {
  return { id, name, trigger_on: trigger, delivery: { version, url }, scope: { domain: profile === null ? 'application' : 'profile', id: owner }, created_by: { type: profile === null ? 'application' : 'user', id: '1' }, created_at: iso(createdMs) };
}
