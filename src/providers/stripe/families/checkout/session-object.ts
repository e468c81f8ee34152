import type { JsonObject } from '../../../wire/json.ts';
import { asString, field } from '../../../wire/json.ts';
import type { StripeObject } from '../../object.ts';
import type { Work } from '../../work.ts';
import type { Price } from '../price-making.ts';

export interface Session extends StripeObject {
  readonly amount_total: number | null;
  readonly cancel_url: string | null;
  readonly currency: string | null;
  readonly customer: string | null;
  readonly customer_creation: 'always' | 'if_required' | null;
  readonly customer_email: string | null;
  readonly expires_at: number;
  readonly metadata: JsonObject;
  readonly mode: 'payment' | 'setup' | 'subscription';
  readonly payment_intent: string | null;
  readonly payment_status: 'no_payment_required' | 'paid' | 'unpaid';
  readonly setup_intent: string | null;
  readonly status: 'open' | 'complete' | 'expired';
  readonly subscription: string | null;
  readonly success_url: string | null;
  readonly url: string | null;
}

/** A line as the payer sees it. */
export interface LineItem extends StripeObject {
  readonly amount_discount: number;
  readonly amount_subtotal: number;
  readonly amount_total: number;
  readonly currency: string;
  readonly price: Price;
  readonly quantity: number;
}

/** What a session needs once it is paid, and does not show: kept beside it under its id. */
export interface Details extends StripeObject {
  readonly lines: readonly LineItem[];
  readonly wishes: readonly { readonly coupon: string; readonly code: string | null }[];
  readonly payment_intent_data: JsonObject;
  readonly subscription_data: JsonObject;
  /** made at the first try, when the card was declined: the next try goes on with it */
  readonly subscription: string | null;
}

export interface Totals { readonly subtotal: number; readonly discount: number; readonly shipping: number; readonly total: number }

/** https://docs.stripe.com/api/checkout/sessions/object */
export function newSession(work: Work, mode: Session['mode'], totals: Totals | null, currency: string | null): Session {
  const id = work.id(`cs_${work.livemode ? 'live' : 'test'}_a1`, 56);
  return {
    id, object: 'checkout.session', adaptive_pricing: mode === 'payment' ? { enabled: false } : null, after_expiration: null, allow_promotion_codes: null, allowed_payment_method_types: null,
    amount_subtotal: totals?.subtotal ?? null, amount_total: totals?.total ?? null, automatic_tax: { enabled: false, liability: null, provider: null, status: null }, billing_address_collection: null, cancel_url: null,
    client_reference_id: null, client_secret: null, collected_information: { business_name: null, individual_name: null, shipping_details: null }, consent: null, consent_collection: null, created: work.now, currency,
    currency_conversion: null, custom_fields: [], custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null }, customer: null, customer_account: null, customer_creation: null,
    customer_details: null, customer_email: null, discounts: [], expires_at: work.now + 86_400, integration_identifier: null, invoice: null,
    invoice_creation: mode === 'payment' ? { enabled: false, invoice_data: { account_tax_ids: null, custom_fields: null, description: null, footer: null, issuer: null, metadata: {}, rendering_options: null } } : null,
    livemode: work.livemode, locale: null, managed_payments: { enabled: false }, metadata: {}, mode, origin_context: null, payment_intent: null, payment_link: null, payment_method_collection: mode === 'setup' ? 'always' : mode === 'subscription' ? 'always' : 'if_required',
    payment_method_configuration_details: null, payment_method_options: { card: { request_three_d_secure: 'automatic' } }, payment_method_types: ['card'], payment_status: mode === 'setup' || totals?.total === 0 ? 'no_payment_required' : 'unpaid',
    permissions: null, phone_number_collection: { enabled: false }, recovered_from: null,
    saved_payment_method_options: mode === 'setup' ? null : { allow_redisplay_filters: ['always'], payment_method_remove: 'disabled', payment_method_save: null }, setup_intent: null, shipping_address_collection: null,
    shipping_cost: null, shipping_options: [], status: 'open', submit_type: null, subscription: null, success_url: null,
    total_details: totals === null ? null : { amount_discount: totals.discount, amount_shipping: totals.shipping, amount_tax: 0 }, ui_mode: 'hosted_page', url: null, wallet_options: null,
  };
}

/** The ways to show a session had other names before dahlia (2026-03-25). */
const formerly: Readonly<Record<string, string | undefined>> = { hosted_page: 'hosted', embedded_page: 'embedded', elements: 'custom' };
export const uiModes: Readonly<Record<string, string | undefined>> = { hosted: 'hosted_page', embedded: 'embedded_page', custom: 'elements', hosted_page: 'hosted_page', embedded_page: 'embedded_page', elements: 'elements', form: 'form' };

export function sessionInVersion(session: StripeObject, version: string): StripeObject {
  const shown = asString(field(session, 'ui_mode'));
  return version >= '2026-03-25' ? session : { ...session, ui_mode: formerly[shown ?? ''] ?? shown };
}

/** By time alone: a session that nobody paid is expired. */
export function sessionNow(session: StripeObject, now: number): StripeObject {
  return session['status'] === 'open' && Number(session['expires_at']) <= now ? { ...session, status: 'expired', url: null } : session;
}
