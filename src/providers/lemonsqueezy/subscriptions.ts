import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { tell } from './books.ts';
import { sold } from './catalog.ts';
import { invalid, LemonFailure } from './errors.ts';
import { listed } from './list.ts';
import { centsOf, partOf, textOf } from './objects.ts';
import { all, byId, one, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { resourceOf } from './orders.ts';
import { becomes, intervalOf, invoice, withStatus } from './subscription.ts';
import type { Subscription } from './subscription.ts';

async function named(work: Work): Promise<Subscription> {
  return await resourceOf(work, 'subscriptions', work.call.ids[0]!) as Subscription;
}

async function alive(work: Work): Promise<Subscription> {
  const subscription = await named(work);
  if (subscription.attributes['status'] === 'expired') throw new LemonFailure(422, 'The subscription has expired and cannot be changed.');
  return subscription;
}

async function cancel(work: Work): Promise<Answer> {
  return one('subscriptions', cancelled(work, await alive(work)));
}

/** It lasts until the end of what was paid for. Once more changes nothing. */
function cancelled(work: Work, subscription: Subscription): Subscription {
  if (subscription.attributes['status'] === 'cancelled') return subscription;
  return becomes(work, subscription, { ...withStatus('cancelled'), ends_at: subscription.attributes['renews_at'] ?? null }, ['subscription_cancelled']);
}

function stateOf(subscription: Subscription, now: number): string {
  return Date.parse(textOf(subscription.attributes, 'trial_ends_at') ?? '') > now ? 'on_trial' : 'active';
}

async function update(work: Work): Promise<Answer> {
  const { attributes: asked } = work.given;
  let now = await alive(work);
  const anchor = field(asked, 'billing_anchor');
  if (anchor !== undefined && anchor !== null && (centsOf(anchor) ?? 32) > 31) throw invalid('The billing anchor must be between 0 and 31.', '/data/attributes/billing_anchor');
  const mode = textOf(partOf(asked, 'pause'), 'mode');
  if ((field(asked, 'pause') ?? null) !== null && mode !== 'void' && mode !== 'free') throw invalid('The selected pause.mode is invalid.', '/data/attributes/pause/mode');
  if (field(asked, 'variant_id') !== undefined && String(field(asked, 'variant_id')) !== String(now.attributes['variant_id'])) now = await changePlan(work, now);
  if (field(asked, 'cancelled') === true) now = cancelled(work, now);
  else if (field(asked, 'cancelled') === false && now.attributes['status'] === 'cancelled') now = becomes(work, now, { ...withStatus(stateOf(now, work.now)), ends_at: null }, ['subscription_resumed']);
  if (field(asked, 'pause') === null && now.attributes['status'] === 'paused') now = becomes(work, now, { ...withStatus(stateOf(now, work.now)), pause: null }, ['subscription_unpaused']);
  else if (mode !== null) now = becomes(work, now, { ...withStatus('paused'), pause: { mode, resumes_at: textOf(partOf(asked, 'pause'), 'resumes_at') } }, ['subscription_paused']);
  const rest: JsonObject = { ...(anchor === undefined ? {} : { billing_anchor: anchor }), ...(field(asked, 'trial_ends_at') === undefined ? {} : { trial_ends_at: field(asked, 'trial_ends_at')!, renews_at: field(asked, 'trial_ends_at') ?? now.attributes['renews_at'] ?? null }) };
  return one('subscriptions', Object.keys(rest).length === 0 ? now : becomes(work, now, rest, []));
}

/** What the new plan costs more for the time that is left is due at once where it is asked for so, and else with the next bill. */
async function changePlan(work: Work, before: Subscription): Promise<Subscription> {
  const { attributes: asked } = work.given;
  const id = String(field(asked, 'variant_id'));
  if (!/^[0-9]{1,18}$/.test(id)) throw invalid('The variant id must be an integer.', '/data/attributes/variant_id');
  const { variant, product } = await sold(work, id);
  const price = (centsOf(field(variant.attributes, 'price')) ?? 0) * (centsOf(field(partOf(before.attributes, 'first_subscription_item'), 'quantity')) ?? 1);
  const owed = field(asked, 'invoice_immediately') === true ? prorated(work, before, price, field(asked, 'disable_prorations') === true) : 0;
  if (owed > 0 && work.context.declined !== null) throw new LemonFailure(422, 'The payment was declined.');
  const after = becomes(work, before, { product_id: Number(product.id), variant_id: Number(variant.id), product_name: product.attributes['name'] ?? null, variant_name: variant.attributes['name'] ?? null }, [], { price, interval: intervalOf(variant) });
  if (owed > 0) tell(work, 'subscription_payment_success', 'subscription-invoices', invoice(work, after, owed, 'updated', 'paid'));
  return after;
}

function prorated({ now }: Work, { attributes, price: before, interval }: Subscription, price: number, whole: boolean): number {
  const more = price - before;
  const end = Date.parse(textOf(attributes, 'renews_at') ?? '');
  const days = { day: 1, week: 7, month: 30, year: 365 }[interval.unit] ?? 30;
  const length = days * interval.count * 24 * 3600_000;
  // times are told in whole seconds
  const left = Math.min(Math.max(0, end - Math.floor(now / 1000) * 1000), length);
  return attributes['status'] !== 'active' || more <= 0 ? 0 : whole ? more : Number(BigInt(more) * BigInt(left) / BigInt(length));
}

export const subscriptionRoutes: readonly JsonRoute[] = [
  operation({ method: 'GET', path: all('subscriptions'), operation: 'subscriptions.list', type: 'subscriptions', run: (work) => listed(work, 'subscriptions', ['store_id', 'order_id', 'order_item_id', 'product_id', 'variant_id', 'user_email', 'status']) }),
  operation({ method: 'GET', path: byId('subscriptions'), operation: 'subscriptions.get', type: 'subscriptions', run: async (work) => one('subscriptions', await named(work)) }),
  operation({ method: 'PATCH', path: byId('subscriptions'), operation: 'subscriptions.update', type: 'subscriptions', effect: ({ attributes }) => ({ movesMoney: field(attributes, 'invoice_immediately') === true }), run: update }),
  operation({ method: 'DELETE', path: byId('subscriptions'), operation: 'subscriptions.cancel', type: 'subscriptions', effect: () => ({}), run: cancel }),
];
