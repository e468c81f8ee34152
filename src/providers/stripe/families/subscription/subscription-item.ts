import { invalid, noSuch, notFound } from '../../errors.ts';
import { pageOf, pageParams } from '../../list.ts';
import { ok, operation } from '../../operation.ts';
import type { Family } from '../../operation.ts';
import { flag, ignored, integer, oneOf, required, text } from '../../params.ts';
import type { Work } from '../../work.ts';
import { changedItems, withItems } from './changing.ts';
import { itemParams } from './items.ts';
import { livingSubscription } from './subscription-params.ts';
import type { Subscription, SubscriptionItem } from './subscription-object.ts';

const changing = {
  payment_behavior: oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete', 'pending_if_incomplete'), proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'), proration_date: integer({ min: 1 }),
  ...ignored('off_session'),
};

async function pathItem(work: Work): Promise<SubscriptionItem> {
  const id = work.ids[0]!;
  const kept = await work.find('subscription_item', id);
  const owner = kept === null ? null : await work.find<Subscription>('subscription', String(kept['subscription']));
  const item = owner?.items.data.find((one) => one.id === id);
  if (item === undefined) throw notFound('subscription_item', id, 'item');
  return item;
}

async function ownerOf(work: Work, id: string): Promise<Subscription> {
  const subscription = await work.find<Subscription>('subscription', id);
  if (subscription === null) throw noSuch('subscription', id, 'subscription');
  return subscription;
}

function how(given: { readonly proration_behavior?: string | null | undefined; readonly proration_date?: number | null | undefined; readonly payment_behavior?: string | null | undefined }, work: Work) {
  return { behavior: given.proration_behavior ?? 'create_prorations', at: given.proration_date ?? work.now, error: given.payment_behavior === 'error_if_incomplete' };
}

/** The items of subscriptions, by themselves. */
export const subscriptionItems: Family = {
  kind: 'subscription_item',
  prefix: 'si_',
  index: () => ({}),
  inVersion: (item, version) => {
    const { current_period_end: end, current_period_start: start, ...rest } = item as SubscriptionItem;
    return version >= '2025-03-31' ? { ...rest, current_period_end: end, current_period_start: start } as SubscriptionItem : rest as unknown as SubscriptionItem;
  },
  operations: {
    'subscription_items.create': operation({ ...itemParams, ...changing, subscription: required(text) }, async ({ subscription: id, ...given }, work) => {
      const before = livingSubscription(await ownerOf(work, id));
      const after = await withItems(work, before, await changedItems(work, before, [given]), how(given, work));
      return ok(after.items.data.at(-1)!);
    }),
    'subscription_items.retrieve': operation({}, async (_, work) => ok(await pathItem(work))),
    'subscription_items.update': operation({ ...itemParams, ...changing }, async (given, work) => {
      const item = await pathItem(work);
      const before = livingSubscription(await ownerOf(work, item.subscription));
      const after = await withItems(work, before, await changedItems(work, before, [{ ...given, id: item.id }]), how(given, work));
      return ok(after.items.data.find(({ id }) => id === item.id)!);
    }),
    'subscription_items.delete': operation({ ...changing, clear_usage: flag }, async (given, work) => {
      const item = await pathItem(work);
      const before = livingSubscription(await ownerOf(work, item.subscription));
      if (before.items.data.length === 1) throw invalid('A subscription must have at least one active plan.', { param: 'item' });
      await withItems(work, before, await changedItems(work, before, [{ id: item.id, deleted: true }]), how(given, work));
      return ok({ id: item.id, object: 'subscription_item', deleted: true });
    }),
    'subscription_items.list': operation({ ...pageParams, subscription: required(text) }, async (given, work) => {
      const { items } = await ownerOf(work, given.subscription);
      return ok(pageOf(items.data, '/v1/subscription_items', given, 'subscription_item'));
    }),
  },
};
