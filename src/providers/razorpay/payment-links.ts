import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { unreadable } from '../wire/unread.ts';
import { currencyOf, moneyIn, requireAmount } from './amount.ts';
import { bad } from './errors.ts';
import { listed } from './list.ts';
import { keep, requireOf } from './objects.ts';
import type { Link } from './objects.ts';
import { idIn, isYes, nothing, operation, seconds, text } from './operation.ts';
import type { Books, Work } from './operation.ts';
import { announce } from './webhook.ts';

const one = idIn('payment_links', 'plink');

export const linkRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v1\/payment_links$/, operation: 'payment_links.create',
    effect: (body) => {
      const options = asObject(field(asObject(field(body, 'options')), 'order'));
      if (field(options, 'transfers') !== undefined) return unreadable('a link with transfers is not simulated');
      const customer = asObject(field(body, 'customer'));
      const known = text(body, 'customer_id');
      // Razorpay writes to whom it knows under that id
      const told = Object.values(asObject(field(body, 'notify')) ?? {}).includes(true);
      return { ...nothing, ...(known === null ? {} : { besides: [{ address: known, kind: told ? 'audience' : 'customer', role: 'customer' }] }), amount: moneyIn(body), customer: known ?? text(customer, 'email') ?? text(customer, 'contact'), description: text(body, 'description') };
    },
    run: async (work) => keep(work, 'payment_link', made(work)).view,
  }),
  operation({
    method: 'GET', path: /^\/v1\/payment_links$/, operation: 'payment_links.list',
    run: async (work) => {
      const { count: _, items, entity: __ } = await listed(work, 'payment_link', { filters: ['reference_id'] });
      return { payment_links: items! };
    },
  }),
  operation({ method: 'GET', path: one, operation: 'payment_links.get', run: async (work) => (await requireOf(work, 'payment_link', work.call.ids[0]!)).view }),
  operation({ method: 'PATCH', path: one, operation: 'payment_links.update', effect: (_, { ids }) => ({ ...nothing, object: ids[0]! }), run: update }),
  operation({
    method: 'POST', path: idIn('payment_links', 'plink', '/cancel'), operation: 'payment_links.cancel', effect: (_, { ids }) => ({ ...nothing, object: ids[0]! }),
    run: async (work) => {
      const link = await open(work);
      return ended(work, link, 'cancelled').view;
    },
  }),
  operation({
    // whoever the link was made for gets it once more
    method: 'POST', path: /^\/v1\/payment_links\/(plink_[A-Za-z0-9]{1,40})\/notify_by\/(sms|email)$/, operation: 'payment_links.notify_by', effect: (_, { ids }) => ({ ...nothing, besides: [{ address: ids[0]!, kind: 'audience', role: 'customer' }], object: ids[0]!, description: `by ${ids[1]}` }),
    run: async (work) => {
      const link = await open(work);
      const named = text(asObject(field(link.view, 'customer')), work.call.ids[1] === 'sms' ? 'contact' : 'email');
      if (named === null) throw bad(`The customer has no ${work.call.ids[1] === 'sms' ? 'contact' : 'email'} to be notified by.`, { reason: 'input_validation_failed' });
      return { success: true };
    },
  }),
];

function made(work: Work): Link {
  const { body, now } = work;
  const amount = requireAmount(field(body, 'amount'));
  const currency = field(body, 'currency') === undefined ? 'INR' : currencyOf(field(body, 'currency'));
  if (currency === null) throw bad('Currency is not supported', { field: 'currency', reason: 'input_validation_failed' });
  const customer = asObject(field(body, 'customer')) ?? {};
  const id = work.id('plink_');
  const payment = work.id('pay_');
  const reference = text(body, 'reference_id') ?? '';
  const view = {
    id, accept_partial: isYes(field(body, 'accept_partial')), amount: Number(amount), amount_paid: 0, callback_method: text(body, 'callback_method') ?? '', callback_url: text(body, 'callback_url') ?? '',
    cancelled_at: 0, created_at: seconds(now), currency, customer: Object.fromEntries(['contact', 'email', 'name'].flatMap((name) => text(customer, name) === null ? [] : [[name, text(customer, name)!]])),
    description: text(body, 'description') ?? '', expire_by: Number(text(body, 'expire_by') ?? 0) || 0, expired_at: 0, first_min_partial_amount: 0, notes: asObject(field(body, 'notes')),
    notify: notifying(body), payments: null, reference_id: reference, reminder_enable: isYes(field(body, 'reminder_enable')), reminders: [],
    short_url: work.call.context.page('payment_link', id), status: 'created', updated_at: seconds(now), upi_link: isYes(field(body, 'upi_link')), user_id: '', whatsapp_link: false,
  } satisfies JsonObject;
  return { view, merchant: work.merchant, next: { payment, proof: proofOf(work, id, reference, payment), used: false } };
}

function notifying(body: JsonObject): JsonObject {
  const notify = asObject(field(body, 'notify'));
  return { email: isYes(field(notify, 'email')), sms: isYes(field(notify, 'sms')), whatsapp: false };
}

/** What the payer will bring back. https://razorpay.com/docs/payment-links/api */
function proofOf({ proof }: Pick<Work, 'proof'>, id: string, reference: string, payment: string): string | null {
  return proof([id, reference, 'paid', payment].join('|'));
}

async function open(work: Work): Promise<Link> {
  const link = await requireOf(work, 'payment_link', work.call.ids[0]!);
  if (link.view['status'] !== 'created') throw bad(`Payment Link cannot be changed: its status is ${String(link.view['status'])}.`);
  return link;
}

async function update(work: Work): Promise<JsonObject> {
  const { body } = work;
  const link = await open(work);
  const reference = text(body, 'reference_id') ?? String(link.view['reference_id']);
  const notes = asObject(field(body, 'notes'));
  return keep(work, 'payment_link', {
    ...link, next: { ...link.next, proof: link.next.payment === null ? null : proofOf(work, link.view.id, reference, link.next.payment) },
    view: {
      ...link.view, reference_id: reference, ...(notes === null ? {} : { notes }), updated_at: seconds(work.now),
      ...(text(body, 'expire_by') === null ? {} : { expire_by: Number(text(body, 'expire_by')) || 0 }),
      ...Object.fromEntries(['accept_partial', 'reminder_enable'].flatMap((name) => field(body, name) === undefined ? [] : [[name, isYes(field(body, name))]])),
    },
  }).view;
}

export function ended(books: Books, link: Link, status: 'cancelled' | 'expired'): Link {
  const after = keep(books, 'payment_link', { ...link, view: { ...link.view, status, [`${status}_at`]: seconds(books.now), updated_at: seconds(books.now) } });
  announce(books, { event: `payment_link.${status}`, merchant: link.merchant, payload: { payment_link: after.view }, line: link.view.id });
  return after;
}
