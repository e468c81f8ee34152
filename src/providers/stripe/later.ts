import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { indexes, versions } from './families.ts';
import type { Charge } from './families/charging.ts';
import { sessionPage } from './families/checkout/session-page.ts';
import { expire } from './families/checkout/session.ts';
import type { Session } from './families/checkout/session-object.ts';
import { closeDispute, disputeOf, openDispute } from './families/dispute.ts';
import type { PaymentIntent } from './families/intent.ts';
import { invoicePage } from './families/invoice/invoice-page.ts';
import type { Invoice } from './families/invoice/invoice-object.ts';
import { confirmedInvoice } from './families/invoice/settling.ts';
import { payerCard } from './families/payer-card.ts';
import { payIntent } from './families/paying-intent.ts';
import { settlePayout } from './families/payout.ts';
import { failRefund } from './families/refund.ts';
import { renew } from './families/subscription/renewing.ts';
import { end } from './families/subscription/subscription-object.ts';
import type { Subscription } from './families/subscription/subscription-object.ts';
import { defaultVersion } from './reply.ts';
import { declineOf } from './test-cards.ts';
import { openWork } from './work.ts';
import type { Work } from './work.ts';

/** Makes it happen to the object of this id; false where it cannot. */
type Happening = (work: Work, id: string, detail: string | null) => Promise<boolean>;

/**
 * What customers, banks and time do long after a call, by the kind of object that its answer shows. `detail` is Stripe's own word: the reason
 * of a dispute ('fraudulent') or how it ended ('won', 'lost'), the code of a decline or of a payout that failed.
 */
const happenings: Readonly<Record<string, Readonly<Record<string, Happening | undefined>>>> = {
  'charge.dispute.created': { charge: async (work, id, detail) => {
    const charge = await work.find<Charge>('charge', id);
    if (charge === null || charge.status !== 'succeeded' || !charge.captured || charge['disputed'] === true) return false;
    await openDispute(work, charge, detail ?? 'fraudulent');
    return true;
  } },
  'charge.dispute.closed': { charge: async (work, id, detail) => {
    const dispute = await disputeOf(work, id);
    return dispute !== null && closeDispute(work, dispute, detail === 'won' ? 'won' : 'lost');
  } },
  'refund.failed': { refund: (work, id, detail) => failRefund(work, id, detail ?? 'expired_or_canceled_card') },
  'payout.paid': { payout: (work, id, detail) => settlePayout(work, id, 'payout.paid', detail) },
  'payout.failed': { payout: (work, id, detail) => settlePayout(work, id, 'payout.failed', detail) },
  // a customer who pays in a browser that never comes by here
  'payment_intent.succeeded': { payment_intent: (work, id) => paidInBrowser(work, id, 'pay') },
  'payment_intent.payment_failed': { payment_intent: (work, id, detail) => paidInBrowser(declining(work, detail), id, 'decline') },
  'checkout.session.completed': { 'checkout.session': async (work, id) => {
    const session = await work.find<Session>('checkout.session', id);
    return session !== null && (await sessionPage.show(session, work)).choices.includes('pay') && (await sessionPage.choose(session, 'pay', work), true);
  } },
  'checkout.session.expired': { 'checkout.session': async (work, id) => {
    const session = await work.find<Session>('checkout.session', id);
    return session?.status === 'open' && (await expire(work, session), true);
  } },
  'invoice.paid': { subscription: (work, id) => renew(work, id, 'paid', null), invoice: (work, id) => paidOnPage(work, id, 'pay') },
  'invoice.payment_failed': { subscription: (work, id, detail) => renew(work, id, 'failed', detail), invoice: (work, id, detail) => paidOnPage(declining(work, detail), id, 'decline') },
  'customer.subscription.trial_will_end': { subscription: async (work, id) => {
    const subscription = await work.find<Subscription>('subscription', id);
    return subscription?.status === 'trialing' && (work.event('customer.subscription.trial_will_end', subscription), true);
  } },
  'customer.subscription.deleted': { subscription: async (work, id, detail) => {
    const subscription = await work.find<Subscription>('subscription', id);
    return subscription !== null && subscription.status !== 'canceled' && (end(work, subscription, { reason: detail ?? (subscription.cancel_at_period_end ? 'cancellation_requested' : 'payment_failed') }), true);
  } },
};

export const laterEvents: readonly string[] = Object.keys(happenings);

export async function later(event: LaterEvent, { request, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const subject = subjectOf(reply);
  const happening = subject === null || !Object.hasOwn(happenings, event.name) ? undefined : happenings[event.name]![subject.kind] ?? chargeOf(event.name, subject);
  if (subject === null || happening === undefined) return {};
  const work = openWork({ context, indexes, versions, ids: [], version: header(request.headers, 'stripe-version') ?? defaultVersion, account: '', connected: false, request: { id: null, idempotencyKey: null } });
  return await happening(work, subject.id, event.detail) ? work.finish() : {};
}

interface Subject { readonly kind: string; readonly id: string; readonly object: JsonObject }

/** The object that a good answer shows. */
function subjectOf({ status, body }: HttpResponse): Subject | null {
  const json = status >= 300 ? null : parseJson(body);
  const object = json?.kind === 'json' ? asObject(json.value) : null;
  const [kind, id] = [asString(field(object, 'object')), asString(field(object, 'id'))];
  return object === null || kind === null || id === null ? null : { kind, id, object };
}

/** What happens to a charge happens to the one that a PaymentIntent names, too; paid on our page, it names it only in memory. */
function chargeOf(event: string, { kind }: Subject): Happening | undefined {
  const ofCharge = happenings[event]?.['charge'];
  if (ofCharge === undefined || kind !== 'payment_intent' && kind !== 'checkout.session') return undefined;
  return async (work, id, detail) => {
    const intent = kind === 'payment_intent' ? id : (await work.find<Session>('checkout.session', id))?.payment_intent ?? null;
    const charge = intent === null ? null : (await work.find<PaymentIntent>('payment_intent', intent))?.latest_charge ?? null;
    return charge !== null && ofCharge(work, charge, detail);
  };
}

function declining(work: Work, code: string | null): Work {
  return { ...work, declined: declineOf(code) };
}

async function paidInBrowser(work: Work, id: string, choice: 'pay' | 'decline'): Promise<boolean> {
  const intent = await work.find<PaymentIntent>('payment_intent', id);
  if (intent === null || !['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) return false;
  await payIntent(work, intent, choice, choice === 'pay' || intent.payment_method === null ? payerCard(work, 'pay').id : intent.payment_method);
  await confirmedInvoice(work, id);
  return true;
}

async function paidOnPage(work: Work, id: string, choice: 'pay' | 'decline'): Promise<boolean> {
  const invoice = await work.find<Invoice>('invoice', id);
  if (invoice === null || !(await invoicePage.show(invoice, work)).choices.includes(choice)) return false;
  await invoicePage.choose(invoice, choice, work);
  return true;
}
