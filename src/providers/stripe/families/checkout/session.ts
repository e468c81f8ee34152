import type { JsonObject } from '../../../wire/json.ts';
import { asString, field } from '../../../wire/json.ts';
import { invalid, notFound, notSimulated } from '../../errors.ts';
import { created, listPage, pageOf, pageParams } from '../../list.ts';
import { orNull } from '../../object.ts';
import type { StripeObject } from '../../object.ts';
import { indexed, ok, operation } from '../../operation.ts';
import type { Family } from '../../operation.ts';
import { hash, mergeMetadata, metadata, oneOf, text } from '../../params.ts';
import { nested } from '../../nested.ts';
import type { Work } from '../../work.ts';
import { requireCustomer } from '../customer.ts';
import { wishes } from '../discount.ts';
import { newSetup, told as announce } from '../setup-confirm.ts';
import { makeShippingRate, requireShippingRate } from '../shipping-rate.ts';
import type { ShippingRate } from '../shipping-rate.ts';
import { update } from '../subscription/subscription-object.ts';
import type { Subscription } from '../subscription/subscription-object.ts';
import { linesOf, totalled } from './cart.ts';
import { requireFitting, sessionParams, shownOf, trialOf } from './session-params.ts';
import type { SessionGiven } from './session-params.ts';
import { newSession, sessionInVersion, sessionNow, uiModes } from './session-object.ts';
import type { Details, Session } from './session-object.ts';
import { sessionPage } from './session-page.ts';

async function pathSession(work: Work): Promise<Session> {
  const session = await work.find<Session>('checkout.session', work.ids[0]!);
  if (session === null) throw notFound('checkout.session', work.ids[0]!, 'session');
  return sessionNow(session, work.now) as Session;
}

export async function detailsOf(work: Work, session: string): Promise<Details> {
  return (await work.find<Details>('checkout.details', session))!;
}

/** The first way to ship is the payer's choice, as on Stripe's page. */
async function ratesOf(work: Work, given: SessionGiven['shipping_options'], currency: string): Promise<readonly ShippingRate[]> {
  return Promise.all((given ?? []).map(async ({ shipping_rate: id, shipping_rate_data: data }, index) => {
    const param = `shipping_options[${index}]`;
    const rate = typeof id === 'string' ? await requireShippingRate(work, id, `${param}[shipping_rate]`) : data ? makeShippingRate(work, data) : null;
    if (rate === null) throw invalid(`You must specify either \`shipping_rate\` or \`shipping_rate_data\` for ${param}.`, { param });
    if (rate.fixed_amount.currency !== currency) throw invalid(`The shipping rate's currency (${rate.fixed_amount.currency}) does not match the session's (${currency}).`, { param });
    return rate;
  }));
}

export const sessions: Family = {
  kind: 'checkout.session',
  prefix: 'cs_',
  page: sessionPage,
  shown: sessionNow,
  inVersion: sessionInVersion,
  index: (session) => indexed({ customer: session['customer'], payment_intent: session['payment_intent'], subscription: session['subscription'], payment_link: session['payment_link'] }),
  includes: {
    line_items: async (session, work) => pageOf((await detailsOf(work, session.id)).lines, `/v1/checkout/sessions/${session.id}/line_items`, {}, 'item'),
  },
  operations: {
    'checkout.sessions.create': operation(sessionParams, async (given, work) => {
      const mode = given.mode as Session['mode'];
      requireFitting(given, mode, work.now);
      const customer = typeof given.customer === 'string' ? await requireCustomer(work, given.customer) : null;
      const lines = await linesOf(work, given.line_items, mode, given.currency ?? null);
      const currency = lines[0]?.currency ?? given.currency ?? (mode === 'setup' ? null : 'usd');
      const rates = currency === null ? [] : await ratesOf(work, given.shipping_options, currency);
      const wanted = await wishes(work, given.discounts?.map((one) => ({ ...one, discount: undefined })), customer?.id ?? null);
      const shipping = rates[0]?.fixed_amount.amount ?? 0;
      const counted = lines.length === 0 ? null : await totalled(work, lines, wanted, shipping, trialOf(given, work.now) !== null);
      const base = newSession(work, mode, counted?.totals ?? null, currency);
      const shown = uiModes[given.ui_mode ?? 'hosted_page']!;
      const hosts = shown === 'hosted_page';
      const setup = mode === 'setup' ? setupOf(work, given, customer?.id ?? null) : null;
      const session: Session = {
        ...base, ...shownOf(given, base, mode), ui_mode: shown, customer: customer?.id ?? null, setup_intent: setup, url: hosts ? work.payerPage('checkout.session', base.id) : null,
        client_secret: hosts ? null : `${base.id}_secret_${work.id('', 25)}`, ...(hosts ? {} : { return_url: orNull(given.return_url), redirect_on_completion: given.redirect_on_completion ?? 'always' }),
        discounts: wanted.map(({ coupon, code }) => ({ coupon: code === null ? coupon.id : null, promotion_code: code?.id ?? null })),
        shipping_options: rates.map((rate) => ({ shipping_amount: rate.fixed_amount.amount, shipping_rate: rate.id })),
        shipping_cost: rates[0] === undefined ? null : { amount_subtotal: shipping, amount_tax: 0, amount_total: shipping, shipping_rate: rates[0].id },
      } as Session;
      work.save({
        id: session.id, object: 'checkout.details', lines: counted?.lines ?? [], wishes: wanted.map(({ coupon, code }) => ({ coupon: coupon.id, code: code?.id ?? null })),
        payment_intent_data: told(given.payment_intent_data), subscription_data: told({ ...given.subscription_data, trial_end: trialOf(given, work.now) }), subscription: null,
      } as Details);
      work.save(session);
      return ok(session);
    }),
    'checkout.sessions.retrieve': operation({}, async (_, work) => ok(await pathSession(work))),
    'checkout.sessions.update': operation({ collected_information: hash, line_items: hash, metadata, payment_intent_data: nested({ metadata }), shipping_options: hash }, async (given, work) => {
      const before = await pathSession(work);
      if (given.collected_information || given.line_items || given.shipping_options || given.payment_intent_data) throw notSimulated('changes of a Checkout Session other than its metadata');
      const after = { ...before, metadata: mergeMetadata(before.metadata, given.metadata) };
      work.save(after);
      return ok(after);
    }),
    'checkout.sessions.expire': operation({}, async (_, work) => {
      const before = await pathSession(work);
      if (before.status !== 'open') throw invalid(`Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${before.status}\`.`);
      return ok(await expire(work, before));
    }),
    'checkout.sessions.list': operation({ ...pageParams, created, customer: text, customer_account: text, customer_details: nested({ email: text }), payment_intent: text, payment_link: text, status: oneOf('complete', 'expired', 'open'), subscription: text }, async (given, work) => {
      const page = await listPage(work, {
        kind: 'checkout.session', noun: 'checkout.session', url: '/v1/checkout/sessions', page: given,
        where: { customer: given.customer, payment_intent: given.payment_intent, subscription: given.subscription, payment_link: given.payment_link },
        keep: (session) => (given.created?.(session) ?? true) && (typeof given.status !== 'string' || sessionNow(session, work.now)['status'] === given.status)
          && (typeof given.customer_details?.email !== 'string' || asString(field(session['customer_details'] as JsonObject | null, 'email')) === given.customer_details.email),
      });
      return ok({ ...page, data: (page['data'] as readonly StripeObject[]).map((session) => sessionNow(session, work.now)) });
    }),
    'checkout.sessions.list_line_items': operation({ ...pageParams }, async (given, work) => {
      const session = await pathSession(work);
      return ok(pageOf((await detailsOf(work, session.id)).lines, `/v1/checkout/sessions/${session.id}/line_items`, given, 'item'));
    }),
  },
};

/** Nobody pays it any more, nor what a declined card had begun. */
export async function expire(work: Work, before: Session): Promise<Session> {
  const { subscription: id } = await detailsOf(work, before.id);
  const begun = id === null ? null : await work.find<Subscription>('subscription', id);
  if (begun?.status === 'incomplete') update(work, begun, { status: 'incomplete_expired', ended_at: work.now });
  const after: Session = { ...before, status: 'expired', url: null };
  work.save(after);
  work.event('checkout.session.expired', after);
  return after;
}

function setupOf(work: Work, given: SessionGiven, customer: string | null): string {
  const data = given.setup_intent_data;
  const intent = { ...newSetup(work), customer, description: orNull(data?.description), metadata: mergeMetadata({}, data?.metadata), on_behalf_of: orNull(data?.on_behalf_of) };
  announce(work, 'setup_intent.created', intent);
  return intent.id;
}

/** What was given, and nothing else. */
function told(given: object | null | undefined): JsonObject {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined)) as JsonObject;
}
