import type { JsonObject } from '../../../wire/json.ts';
import { asArray, asObject, asString, field } from '../../../wire/json.ts';
import { invalid, notSimulated } from '../../errors.ts';
import { listOf, nested } from '../../nested.ts';
import { orNull } from '../../object.ts';
import { any, currency, email, flag, hash, ignored, integer, mergeMetadata, metadata, oneOf, required, text, words } from '../../params.ts';
import type { Given } from '../../params.ts';
import { returnUrl } from '../return-url.ts';
import { shippingRateParams } from '../shipping-rate.ts';
import { lineItemsParam } from './cart.ts';
import { uiModes } from './session-object.ts';
import type { Session } from './session-object.ts';

const day = 86_400;

/** https://docs.stripe.com/api/checkout/sessions/create */
export const sessionParams = {
  after_expiration: hash, allow_promotion_codes: flag, automatic_tax: nested({ enabled: flag, liability: hash }), billing_address_collection: oneOf('auto', 'required'), cancel_url: returnUrl, client_reference_id: text, currency,
  custom_fields: listOf(required(hash)), customer: text, customer_account: text, customer_creation: oneOf('always', 'if_required'), customer_email: email,
  discounts: listOf(required(nested({ coupon: text, promotion_code: text }))), expires_at: integer({ min: 1 }), integration_identifier: text, invoice_creation: nested({ enabled: required(flag), invoice_data: hash }), line_items: lineItemsParam,
  locale: text, metadata, mode: required(oneOf('payment', 'setup', 'subscription')), payment_method_collection: oneOf('always', 'if_required'), payment_method_types: words, phone_number_collection: nested({ enabled: required(flag) }),
  payment_intent_data: nested({
    application_fee_amount: integer({ min: 0 }), capture_method: oneOf('automatic', 'automatic_async', 'manual'), description: text, metadata, on_behalf_of: text, receipt_email: email, setup_future_usage: oneOf('off_session', 'on_session'),
    shipping: hash, statement_descriptor: text, statement_descriptor_suffix: text, transfer_data: nested({ amount: integer({ min: 1 }), destination: required(text) }), transfer_group: text,
  }),
  redirect_on_completion: oneOf('always', 'if_required', 'never'), return_url: returnUrl, setup_intent_data: nested({ description: text, metadata, on_behalf_of: text }), shipping_address_collection: nested({ allowed_countries: required(words) }),
  shipping_options: listOf(required(nested({ shipping_rate: text, shipping_rate_data: nested(shippingRateParams) }))), submit_type: oneOf('auto', 'book', 'donate', 'pay', 'subscribe'),
  subscription_data: nested({
    default_tax_rates: words, description: text, metadata, trial_end: integer({ min: 1 }), trial_period_days: integer({ min: 1 }), trial_settings: hash, billing_cycle_anchor: any, billing_cycle_anchor_config: any,
    ...ignored('application_fee_percent', 'billing_mode', 'invoice_settings', 'on_behalf_of', 'pending_invoice_item_interval', 'proration_behavior', 'transfer_data'),
  }),
  success_url: returnUrl, tax_id_collection: nested({ enabled: required(flag), required: text }), ui_mode: oneOf(...Object.keys(uiModes)), optional_items: any,
  ...ignored(
    'adaptive_pricing', 'allowed_payment_method_types', 'branding_settings', 'consent_collection', 'custom_text', 'customer_update', 'excluded_payment_method_types', 'managed_payments', 'name_collection', 'origin_context',
    'payment_method_configuration', 'payment_method_data', 'payment_method_options', 'permissions', 'saved_payment_method_options', 'wallet_options',
  ),
};

export type SessionGiven = Given<typeof sessionParams>;

/** When the trial of a subscription to be ends; null = none. */
export function trialOf({ subscription_data: data }: SessionGiven, now: number): number | null {
  return data?.trial_end ?? (typeof data?.trial_period_days === 'number' ? now + data.trial_period_days * day : null);
}

const half = 1800;

/** What Stripe would not make a session of. */
export function requireFitting(given: SessionGiven, mode: Session['mode'], now: number): void {
  const hosted = uiModes[given.ui_mode ?? 'hosted_page'] === 'hosted_page';
  if (hosted && typeof given.success_url !== 'string') throw invalid('Missing required param: success_url.', { code: 'parameter_missing', param: 'success_url' });
  if (!hosted && typeof given.success_url === 'string') throw invalid('You cannot pass `success_url` unless `ui_mode` is `hosted_page`; use `return_url`.', { param: 'success_url' });
  if (typeof given.customer === 'string' && typeof given.customer_email === 'string') throw invalid('You may only specify one of these parameters: customer, customer_email.', { code: 'parameters_exclusive', param: 'customer' });
  if (typeof given.customer === 'string' && typeof given.customer_creation === 'string') throw invalid('You may only specify one of these parameters: customer, customer_creation.', { code: 'parameters_exclusive', param: 'customer' });
  if (given.allow_promotion_codes === true && given.discounts?.length) throw invalid('You may only specify one of these parameters: allow_promotion_codes, discounts.', { code: 'parameters_exclusive', param: 'allow_promotion_codes' });
  const foreign = ([['payment_intent_data', 'payment'], ['subscription_data', 'subscription'], ['setup_intent_data', 'setup']] as const).find(([name, its]) => given[name] && mode !== its);
  if (foreign !== undefined) throw invalid(`You can not pass \`${foreign[0]}\` in \`${mode}\` mode.`, { param: foreign[0] });
  if (given.customer_creation && mode !== 'payment') throw invalid('`customer_creation` can only be used in `payment` mode.', { param: 'customer_creation' });
  if (typeof given.expires_at === 'number' && given.expires_at < now + half - 60) throw invalid('The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.', { param: 'expires_at' });
  if (typeof given.expires_at === 'number' && given.expires_at > now + day) throw invalid('The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.', { param: 'expires_at' });
  const { subscription_data: data } = given;
  if (data?.billing_cycle_anchor !== undefined || data?.billing_cycle_anchor_config !== undefined) throw notSimulated('billing_cycle_anchor of Checkout Sessions');
  if (data?.default_tax_rates?.length) throw notSimulated('tax rates');
  if (given.invoice_creation?.enabled === true) throw notSimulated('invoice_creation of Checkout Sessions');
  if (given.automatic_tax?.enabled === true) throw notSimulated('automatic tax');
  if (given.optional_items !== undefined) throw notSimulated('optional items of Checkout Sessions');
}

/** What the session shows of its parameters. */
export function shownOf(given: SessionGiven, base: Session, mode: Session['mode']): JsonObject {
  return {
    after_expiration: given.after_expiration ? { recovery: recovery(given.after_expiration) } : null, allow_promotion_codes: orNull(given.allow_promotion_codes),
    billing_address_collection: orNull(given.billing_address_collection), cancel_url: orNull(given.cancel_url), client_reference_id: orNull(given.client_reference_id), custom_fields: (given.custom_fields ?? []).map(customField),
    customer_creation: given.customer_creation ?? (mode === 'setup' ? null : typeof given.customer === 'string' ? null : mode === 'subscription' ? 'always' : 'if_required'),
    customer_email: orNull(given.customer_email), expires_at: given.expires_at ?? base.expires_at, integration_identifier: orNull(given.integration_identifier),
    locale: orNull(given.locale), metadata: mergeMetadata({}, given.metadata),
    payment_method_collection: given.payment_method_collection ?? base['payment_method_collection']!, payment_method_types: given.payment_method_types ?? ['card'],
    phone_number_collection: { enabled: given.phone_number_collection?.enabled ?? false }, shipping_address_collection: given.shipping_address_collection ?? null, submit_type: orNull(given.submit_type), success_url: orNull(given.success_url),
    ...(given.tax_id_collection ? { tax_id_collection: { enabled: given.tax_id_collection.enabled, required: given.tax_id_collection.required ?? 'never' } } : {}),
  };
}

function recovery(given: JsonObject): JsonObject | null {
  const wanted = asObject(given['recovery'] ?? null);
  return wanted === null ? null : { allow_promotion_codes: wanted['allow_promotion_codes'] === 'true', enabled: wanted['enabled'] === 'true', expires_at: null, url: null };
}

/** A field of the shop's own on the page; the payer leaves it empty here. */
function customField(given: JsonObject): JsonObject {
  const type = asString(field(given, 'type')) ?? 'text';
  const inside = asObject(given[type] ?? null);
  const label = asObject(given['label'] ?? null);
  const length = (name: string): number | null => integer({ min: 1 })(inside?.[name], `custom_fields[${name}]`) ?? null;
  return {
    key: given['key'] ?? '', label: { custom: label?.['custom'] ?? null, type: 'custom' }, optional: given['optional'] === 'true', type,
    [type]: type === 'dropdown'
      ? { default_value: inside?.['default_value'] ?? null, options: asArray(inside?.['options'] ?? null) ?? [], value: null }
      : { default_value: inside?.['default_value'] ?? null, maximum_length: length('maximum_length'), minimum_length: length('minimum_length'), value: null },
  };
}
