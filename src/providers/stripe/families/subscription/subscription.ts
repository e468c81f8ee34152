import { invalid, notFound, notSimulated } from '../../errors.ts';
import { created, listPage, pageParams } from '../../list.ts';
import { listOf, nested } from '../../nested.ts';
import { or, orNull } from '../../object.ts';
import { indexed, ok, operation } from '../../operation.ts';
import type { Family } from '../../operation.ts';
import { any, flag, hash, ignored, integer, mergeMetadata, oneOf, required, text } from '../../params.ts';
import type { Given } from '../../params.ts';
import type { JsonObject } from '../../../wire/json.ts';
import type { Work } from '../../work.ts';
import { requireCustomer } from '../customer.ts';
import { redeem, wishes } from '../discount.ts';
import { chargeNow, draftOf, methodOf } from './billing.ts';
import { changedItems, creditRest, withItems } from './changing.ts';
import { updateItemParams, wantedItem } from './items.ts';
import { start } from './starting.ts';
import { create, ending, extrasOf, livingSubscription, paymentSettings, requireKnown, requireMethod, shared, trialEndOf, wanted } from './subscription-params.ts';
import { end, subscriptionInVersion, update } from './subscription-object.ts';
import type { Subscription, Wanted } from './subscription-object.ts';
import { trialChanged } from './trial.ts';

async function pathSubscription(work: Work): Promise<Subscription> {
  const subscription = await work.find<Subscription>('subscription', work.ids[0]!);
  if (subscription === null) throw notFound('subscription', work.ids[0]!, 'id');
  return subscription;
}

export const subscriptions: Family = {
  kind: 'subscription',
  prefix: 'sub_',
  inVersion: subscriptionInVersion,
  index: (subscription) => indexed({ customer: subscription['customer'], status: subscription['status'], collection_method: subscription['collection_method'] }),
  operations: {
    'subscriptions.create': operation(create, async (given, work) => {
      requireKnown(given as unknown as JsonObject);
      const customer = await requireCustomer(work, given.customer);
      await requireMethod(work, given.default_payment_method, customer.id);
      const sends = given.collection_method === 'send_invoice';
      if (sends && typeof given.days_until_due !== 'number') throw invalid('You must pass `days_until_due` when `collection_method` is set to `send_invoice`.', { code: 'parameter_missing', param: 'days_until_due' });
      if (given.items.length === 0) throw invalid('Missing required param: items.', { code: 'parameter_missing', param: 'items' });
      const items: Wanted[] = [];
      for (const [index, item] of given.items.entries()) items.push(await wantedItem(work, item, `items[${index}]`));
      const subscription = await start(work, {
        customer, items, extras: await extrasOf(work, given.add_invoice_items), currency: given.currency ?? null, wishes: await wishes(work, wanted(given), customer.id),
        trialEnd: trialEndOf(work, given.trial_end, given.trial_period_days), behavior: given.payment_behavior ?? (work.version >= '2019-03-14' ? 'allow_incomplete' : 'error_if_incomplete'),
        more: {
          collection_method: given.collection_method ?? 'charge_automatically', days_until_due: orNull(given.days_until_due), default_payment_method: orNull(given.default_payment_method), description: orNull(given.description),
          metadata: mergeMetadata({}, given.metadata), payment_settings: paymentSettings({ payment_method_options: null, payment_method_types: null, save_default_payment_method: 'off' }, given.payment_settings),
          ...(given.trial_settings ? { trial_settings: given.trial_settings } : {}), ...(given.billing_mode?.type === 'classic' ? { billing_mode: { flexible: null, type: 'classic' } } : {}),
        },
      });
      return ok(update(work, subscription, ending(work, subscription, given)));
    }),
    'subscriptions.retrieve': operation({}, async (_, work) => ok(await pathSubscription(work))),
    'subscriptions.update': operation({
      ...shared, items: listOf(required(nested(updateItemParams))), cancellation_details: hash, pause_collection: nested({ behavior: required(oneOf('keep_as_draft', 'mark_uncollectible', 'void')), resumes_at: integer({ min: 1 }) }),
      proration_date: integer({ min: 1 }), billing_cycle_anchor: any, billing_schedules: any, billing_thresholds: any,
    }, async (given, work) => {
      const before = await pathSubscription(work);
      requireKnown(given as unknown as JsonObject);
      const told = Object.entries(given).filter(([name, value]) => value !== undefined && name !== 'metadata' && name !== 'cancellation_details');
      if (told.length > 0) livingSubscription(before);
      await requireMethod(work, given.default_payment_method, before.customer);
      if (given.add_invoice_items?.length) throw notSimulated('add_invoice_items of subscription updates');
      const details = given.cancellation_details ? { cancellation_details: { ...(before['cancellation_details'] as JsonObject), ...given.cancellation_details } } : {};
      const redeemed = wanted(given) === undefined ? {} : { discounts: await redeemAll(work, before, wanted(given)) };
      const change = {
        ...details, ...ending(work, before, given), ...redeemed, collection_method: given.collection_method ?? before.collection_method, days_until_due: or(given.days_until_due, before.days_until_due),
        default_payment_method: or(given.default_payment_method, before.default_payment_method), description: or(given.description, before['description']!), metadata: mergeMetadata(before.metadata, given.metadata),
        pause_collection: given.pause_collection === undefined ? before['pause_collection']! : given.pause_collection === null ? null : { behavior: given.pause_collection.behavior, resumes_at: orNull(given.pause_collection.resumes_at) },
        payment_settings: paymentSettings(before['payment_settings'] as JsonObject, given.payment_settings), trial_settings: given.trial_settings ?? before['trial_settings']!,
      } as Partial<Subscription>;
      const trial = typeof given.trial_end === 'string' ? await trialChanged(work, before, given.trial_end) : null;
      const items = given.items ? await changedItems(work, before, given.items) : before.items.data;
      if (trial !== null) return ok(await trial(change));
      return ok(await withItems(work, before, items, { behavior: given.proration_behavior ?? 'create_prorations', at: given.proration_date ?? work.now, error: given.payment_behavior === 'error_if_incomplete' }, change));
    }),
    'subscriptions.cancel': operation({ cancellation_details: nested({ comment: text, feedback: text, feedback_option: text }), invoice_now: flag, prorate: flag, ...ignored('at_period_end') }, async (given, work) => {
      const before = await pathSubscription(work);
      if (before.status === 'canceled') throw notFound('subscription', before.id, 'id');
      const fresh = given.prorate === true && before.status === 'active' ? await creditRest(work, before) : [];
      const { comment, feedback } = given.cancellation_details ?? {};
      const ended = end(work, before, { comment: comment ?? null, feedback: feedback ?? null, reason: 'cancellation_requested' });
      if (given.invoice_now !== true) return ok(ended);
      const { subscription, invoice } = await draftOf(work, ended, { reason: 'manual', period: { start: work.now, end: work.now }, free: false, itemsOnly: true }, fresh);
      await chargeNow(work, invoice, await methodOf(work, subscription));
      return ok((await work.find<Subscription>('subscription', before.id))!);
    }),
    'subscriptions.delete_discount': operation({}, async (_given, work) => {
      const before = await pathSubscription(work);
      const [first] = before.discounts;
      if (first === undefined) throw notFound('discount', before.id, 'subscription');
      update(work, before, { discounts: [] });
      const discount = (await work.find('discount', first))!;
      work.event('customer.discount.deleted', discount);
      const { end: _, ...gone } = discount;
      return ok({ ...gone, deleted: true });
    }),
    'subscriptions.list': operation({
      ...pageParams, automatic_tax: hash, collection_method: oneOf('charge_automatically', 'send_invoice'), created, current_period_end: created, current_period_start: created, customer: text, customer_account: text, plan: text, price: text,
      status: oneOf('active', 'all', 'canceled', 'ended', 'incomplete', 'incomplete_expired', 'past_due', 'paused', 'trialing', 'unpaid'), test_clock: text,
    }, async (given, work) => ok(await listPage(work, {
      kind: 'subscription', noun: 'subscription', url: '/v1/subscriptions', page: given,
      where: { customer: given.customer, collection_method: given.collection_method, status: given.status && !['all', 'ended'].includes(given.status) ? given.status : undefined },
      keep: (object) => {
        const subscription = object as Subscription;
        const over = subscription.status === 'canceled' || subscription.status === 'incomplete_expired';
        const price = given.price ?? given.plan;
        return (given.status === 'all' || (given.status === 'ended' ? over : given.status !== undefined && given.status !== null || subscription.status !== 'canceled'))
          && [given.created, given.current_period_end, given.current_period_start].every((test) => test?.(subscription) ?? true)
          && (typeof price !== 'string' || subscription.items.data.some((item) => item.price.id === price));
      },
    }))),
  },
};

async function redeemAll(work: Work, before: Subscription, given: Given<typeof shared>['discounts']): Promise<readonly string[]> {
  const made: string[] = [];
  for (const wish of await wishes(work, given, before.customer)) made.push((await redeem(work, wish, { customer: before.customer, subscription: before.id })).id);
  return made;
}
