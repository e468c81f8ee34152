import type { PayerChoice } from '../../../../model/hosted-page.ts';
import type { JsonObject } from '../../../wire/json.ts';
import { asObject, asString, field } from '../../../wire/json.ts';
import { emptyAddress } from '../../object.ts';
import type { StripeObject } from '../../object.ts';
import { mergeMetadata } from '../../params.ts';
import type { Work } from '../../work.ts';
import type { Coupon } from '../coupon.ts';
import { blankCustomer } from '../customer.ts';
import { redeem } from '../discount.ts';
import type { Wish } from '../discount.ts';
import { newIntent } from '../intent.ts';
import type { PaymentIntent } from '../intent.ts';
import type { Invoice } from '../invoice/invoice-object.ts';
import { settled } from '../invoice/settling.ts';
import { attach } from '../payment-method.ts';
import { payerCard } from '../payer-card.ts';
import { payIntent, refusalOf, wasPaid } from '../paying-intent.ts';
import type { PromotionCode } from '../promotion-code.ts';
import { confirmSetup, setupAuthenticated, setupNotAuthenticated } from '../setup-confirm.ts';
import type { SetupIntent } from '../setup-confirm.ts';
import { start } from '../subscription/starting.ts';
import { update } from '../subscription/subscription-object.ts';
import type { Subscription } from '../subscription/subscription-object.ts';
import type { Details, Session } from './session-object.ts';

type Choice = Exclude<PayerChoice, 'cancel'>;

/** What Stripe says to a payer who stays on the page; null once the session is complete. */
type Refusal = string | null;

/** Whoever pays gives Stripe's own test card, and these. */
export const payer = { email: 'payer@example.com', name: 'Test Payer' } as const;

/** The payer's choice carried out. What is made goes on from try to try: a declined card leaves the session open. */
export async function pay(work: Work, session: Session, details: Details, choice: Choice): Promise<Refusal> {
  switch (session.mode) {
    case 'payment': return payOnce(work, session, details, choice);
    case 'setup': return saveCard(work, session, choice);
    case 'subscription': return subscribe(work, session, details, choice);
  }
}

async function payOnce(work: Work, session: Session, details: Details, choice: Choice): Promise<Refusal> {
  if (session.amount_total === 0) {
    await complete(work, session, details, { payment_status: 'no_payment_required' });
    return null;
  }
  const data = details.payment_intent_data;
  const known = session.payment_intent === null ? null : await work.find<PaymentIntent>('payment_intent', session.payment_intent);
  const wants = session.customer_creation === 'always' || typeof data['setup_future_usage'] === 'string';
  const customer = session.customer ?? (wants ? makeCustomer(work, session).id : null);
  const intent = known ?? intentOf(work, session, data, customer);
  const after = await payIntent(work, intent, choice, payerCard(work, choice, await billing(work, session)).id);
  const tried: Session = { ...session, customer, payment_intent: after.id };
  if (!wasPaid(after)) {
    work.save(tried);
    return refusalOf(after);
  }
  await complete(work, tried, details, { payment_status: after.status === 'succeeded' ? 'paid' : 'unpaid' });
  return null;
}

function intentOf(work: Work, session: Session, data: JsonObject, customer: string | null): PaymentIntent {
  const text = (name: string): string | null => asString(field(data, name));
  const intent: PaymentIntent = {
    ...newIntent(work, session.amount_total!, session.currency!), customer, description: text('description'), metadata: mergeMetadata({}, (data['metadata'] ?? {}) as Readonly<Record<string, string>>), receipt_email: text('receipt_email'),
    setup_future_usage: text('setup_future_usage'), statement_descriptor: text('statement_descriptor'), statement_descriptor_suffix: text('statement_descriptor_suffix'), on_behalf_of: text('on_behalf_of'),
    transfer_data: asObject(data['transfer_data'] ?? null), transfer_group: text('transfer_group'), shipping: asObject(data['shipping'] ?? null),
    application_fee_amount: typeof data['application_fee_amount'] === 'number' ? data['application_fee_amount'] : null,
    ...(text('capture_method') === null ? {} : { capture_method: text('capture_method')! }),
  };
  work.save(intent);
  work.event('payment_intent.created', intent);
  return intent;
}

async function saveCard(work: Work, session: Session, choice: Choice): Promise<Refusal> {
  const intent = (await work.find<SetupIntent>('setup_intent', session.setup_intent!))!;
  const method = payerCard(work, choice, await billing(work, session));
  await confirmSetup(work, { ...intent, payment_method: method.id, status: 'requires_confirmation' }, {});
  const waiting = (await work.find<SetupIntent>('setup_intent', intent.id))!;
  if (waiting.status === 'requires_action') await (choice === 'fail-authentication' ? setupNotAuthenticated(work, waiting) : setupAuthenticated(work, waiting));
  const after = (await work.find<SetupIntent>('setup_intent', intent.id))!;
  if (after.status !== 'succeeded') return asString(field(asObject(after['last_setup_error'] ?? null), 'message')) ?? 'The card was not saved.';
  await complete(work, session, null, {});
  return null;
}

async function subscribe(work: Work, session: Session, details: Details, choice: Choice): Promise<Refusal> {
  const customer = session.customer ?? makeCustomer(work, session).id;
  const method = payerCard(work, choice, await billing(work, session));
  const subscription = details.subscription === null ? await begin(work, session, details, customer) : (await work.find<Subscription>('subscription', details.subscription))!;
  const invoice = (await work.find<Invoice>('invoice', subscription.latest_invoice!))!;
  const tried: Session = { ...session, customer };
  work.save({ ...details, subscription: subscription.id });
  if (invoice.status === 'open') {
    const intent = (await work.find<PaymentIntent>('payment_intent', invoice.payment_intent!))!;
    const after = await payIntent(work, intent, choice, method.id);
    await settled(work, invoice, after);
    if (!wasPaid(after)) {
      work.save(tried);
      return refusalOf(after);
    }
  } else {
    attach(work, method, customer);
  }
  update(work, (await work.find<Subscription>('subscription', subscription.id))!, { default_payment_method: method.id });
  await complete(work, { ...tried, subscription: subscription.id, invoice: invoice.id } as Session, null, { payment_status: session.amount_total === 0 ? 'no_payment_required' : 'paid' });
  return null;
}

async function begin(work: Work, session: Session, details: Details, customer: string): Promise<Subscription> {
  const data = details.subscription_data;
  return start(work, {
    customer: (await work.find('customer', customer))!, behavior: 'default_incomplete', currency: session.currency, wishes: await wanted(work, details),
    items: details.lines.filter(({ price }) => price.recurring !== null).map(({ price, quantity }) => ({ price, quantity, metadata: {} })),
    extras: details.lines.filter(({ price }) => price.recurring === null).map(({ price, quantity }) => ({ price, quantity })),
    trialEnd: typeof data['trial_end'] === 'number' ? data['trial_end'] : null,
    more: {
      description: data['description'] ?? null, metadata: mergeMetadata({}, (data['metadata'] ?? {}) as Readonly<Record<string, string>>), ...(data['trial_settings'] === undefined || data['trial_settings'] === null ? {} : { trial_settings: data['trial_settings'] }),
    },
  });
}

async function wanted(work: Work, details: Details): Promise<readonly Wish[]> {
  return Promise.all(details.wishes.map(async ({ coupon, code }) => ({ coupon: (await work.find<Coupon>('coupon', coupon))!, code: code === null ? null : await work.find<PromotionCode>('promotion_code', code) })));
}

/** The end of it: what the payer told, and the event that applications wait for. `details` where a coupon is redeemed by this very session. */
async function complete(work: Work, session: Session, details: Details | null, change: Partial<Session>): Promise<void> {
  for (const wish of details === null ? [] : await wanted(work, details)) await redeem(work, wish, { customer: session.customer, session: session.id });
  const known = session.customer === null ? null : await work.find('customer', session.customer);
  const { email, name } = told(session, known);
  const after: Session = {
    ...session, ...change, status: 'complete', url: null,
    customer_details: {
      address: { ...emptyAddress, country: 'US' }, business_name: null, email, individual_name: null, name, phone: known?.['phone'] ?? null, tax_exempt: known?.['tax_exempt'] ?? 'none', tax_ids: [],
    },
    ...(session['shipping_address_collection'] === null ? {} : { collected_information: { business_name: null, individual_name: null, shipping_details: { address: { ...emptyAddress, city: 'South San Francisco', country: 'US', line1: '354 Oyster Point Blvd', postal_code: '94080', state: 'CA' }, name } } }),
  } as Session;
  work.save(after);
  work.event('checkout.session.completed', after);
}

function told(session: Session, customer: StripeObject | null): { readonly email: string; readonly name: string } {
  return {
    email: asString(customer?.['email'] ?? null) ?? session.customer_email ?? payer.email,
    name: asString(customer?.['name'] ?? null) ?? payer.name,
  };
}

async function billing(work: Work, session: Session): Promise<JsonObject> {
  const { email, name } = told(session, session.customer === null ? null : await work.find('customer', session.customer));
  return { email, name };
}

function makeCustomer(work: Work, session: Session): StripeObject {
  const customer = { ...blankCustomer(work), ...told(session, null) };
  work.save(customer);
  work.event('customer.created', customer);
  return customer;
}
