import { goBack, returnTo } from '../../../wire/go-back.ts';
import type { JsonObject } from '../../../wire/json.ts';
import { asObject, asString } from '../../../wire/json.ts';
import { money } from '../../currency.ts';
import { invalid, notFound, notSimulated } from '../../errors.ts';
import { listPage, pageOf, pageParams } from '../../list.ts';
import { nested } from '../../nested.ts';
import { or, orNull, previousOf } from '../../object.ts';
import type { StripeObject } from '../../object.ts';
import { ok, operation } from '../../operation.ts';
import type { Family } from '../../operation.ts';
import { any, currency, flag, hash, ignored, integer, mergeMetadata, metadata, oneOf, required, text, words } from '../../params.ts';
import type { Work } from '../../work.ts';
import { returnUrl } from '../return-url.ts';
import { linesOf, lineItemsParam, totalled } from './cart.ts';
import { pay } from './completing.ts';
import { newSession } from './session-object.ts';
import type { Details, LineItem, Session } from './session-object.ts';
import { doneAt } from './session-page.ts';

interface PaymentLink extends StripeObject {
  readonly active: boolean;
  readonly after_completion: JsonObject;
  readonly metadata: JsonObject;
}

/** What a link needs once somebody pays by it, kept beside it. */
interface LinkDetails extends StripeObject {
  readonly lines: readonly LineItem[];
  readonly mode: 'payment' | 'subscription';
  readonly subscription_data: JsonObject;
}

const afterCompletion = nested({ type: required(oneOf('hosted_confirmation', 'redirect')), hosted_confirmation: nested({ custom_message: text }), redirect: nested({ url: required(returnUrl) }) });

const shared = {
  after_completion: afterCompletion, allow_promotion_codes: flag, billing_address_collection: oneOf('auto', 'required'), customer_creation: oneOf('always', 'if_required'), inactive_message: text, metadata,
  payment_method_collection: oneOf('always', 'if_required'), payment_method_types: words, restrictions: nested({ completed_sessions: nested({ limit: required(integer({ min: 1 })) }) }), submit_type: oneOf('auto', 'book', 'donate', 'pay', 'subscribe'),
  automatic_tax: nested({ enabled: flag, liability: hash }), phone_number_collection: nested({ enabled: required(flag) }), shipping_options: any, optional_items: any, invoice_creation: nested({ enabled: flag, invoice_data: hash }),
  payment_intent_data: nested({ capture_method: oneOf('automatic', 'automatic_async', 'manual'), description: text, metadata, setup_future_usage: oneOf('off_session', 'on_session'), statement_descriptor: text, statement_descriptor_suffix: text, transfer_group: text }),
  subscription_data: nested({ description: text, metadata, trial_period_days: integer({ min: 1 }), trial_settings: hash, ...ignored('invoice_settings') }), shipping_address_collection: nested({ allowed_countries: required(words) }),
  ...ignored('consent_collection', 'custom_fields', 'custom_text', 'name_collection', 'on_behalf_of', 'tax_id_collection', 'transfer_data', 'application_fee_amount', 'application_fee_percent', 'managed_payments', 'payment_method_options'),
};

async function pathLink(work: Work): Promise<PaymentLink> {
  const link = await work.find<PaymentLink>('payment_link', work.ids[0]!);
  if (link === null) throw notFound('payment link', work.ids[0]!, 'payment_link');
  return link;
}

async function detailsOf(work: Work, link: string): Promise<LinkDetails> {
  return (await work.find<LinkDetails>('payment_link.details', link))!;
}

function present(given: object | null | undefined): JsonObject {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined)) as JsonObject;
}

function completion(given: ReturnType<typeof afterCompletion>): JsonObject {
  if (given?.type !== 'redirect') return { hosted_confirmation: { custom_message: given?.hosted_confirmation?.custom_message ?? null }, type: 'hosted_confirmation' };
  if (!given.redirect) throw invalid('Missing required param: after_completion[redirect].', { code: 'parameter_missing', param: 'after_completion[redirect]' });
  return { redirect: { url: given.redirect.url }, type: 'redirect' };
}

/** Each visit makes a Checkout Session of its own. */
async function sessionOf(work: Work, link: PaymentLink, { lines, mode, subscription_data: data }: LinkDetails): Promise<{ readonly session: Session; readonly details: Details }> {
  const trial = typeof data['trial_period_days'] === 'number' ? work.now + data['trial_period_days'] * 86_400 : null;
  const counted = await totalled(work, lines, [], 0, trial !== null);
  const session: Session = {
    ...newSession(work, mode, counted.totals, lines[0]!.currency), payment_link: link.id, metadata: link.metadata, customer_creation: mode === 'subscription' ? 'always' : asString(link['customer_creation']!) as Session['customer_creation'],
    success_url: asString(asObject(link.after_completion['redirect'] ?? null)?.['url'] ?? null),
  };
  const details: Details = {
    id: session.id, object: 'checkout.details', lines: counted.lines, wishes: [], payment_intent_data: asObject(link['payment_intent_data'] ?? null) ?? {}, subscription_data: { ...data, trial_end: trial }, subscription: null,
  };
  work.save(session);
  work.save(details);
  return { session, details };
}

/** Whoever paid last is who would click again: where they went, with their session. */
async function lastDone(work: Work, link: PaymentLink): Promise<string | null> {
  const [last] = (await work.page('checkout.session', { where: { payment_link: link.id }, limit: 1 })).items;
  return last?.['status'] === 'complete' ? doneAt(last as Session) : null;
}

/** A link that may be used so many times is over after the last. */
function countUse(work: Work, link: PaymentLink): void {
  const { count, limit } = (asObject(asObject(link['restrictions'] ?? null)?.['completed_sessions'] ?? null) ?? {}) as { readonly count?: number; readonly limit?: number };
  if (count === undefined || limit === undefined) return;
  work.save({ ...link, active: count + 1 < limit, restrictions: { completed_sessions: { count: count + 1, limit } } });
}

export const paymentLinks: Family = {
  kind: 'payment_link',
  prefix: 'plink_',
  index: () => ({}),
  includes: {
    line_items: async (link, work) => pageOf((await detailsOf(work, link.id)).lines, `/v1/payment_links/${link.id}/line_items`, {}, 'item'),
  },
  page: {
    async show(object, work) {
      const link = object as PaymentLink;
      const { lines, mode } = await detailsOf(work, link.id);
      const total = lines.reduce((sum, line) => sum + line.amount_total, 0);
      return {
        title: `Payment Link ${link.id}`, amount: money(String(total), lines[0]!.currency), payer: null,
        lines: lines.map(({ quantity, description, amount_total: amount, currency: code }) => ({ text: `${quantity} × ${asString(description ?? null) ?? 'Item'}${mode === 'subscription' ? ', recurring' : ''}`, amount: money(String(amount), code) })),
        choices: link.active ? ['pay', 'pay-authenticated', 'decline', 'fail-authentication'] : [], status: link.active ? null : asString(link['inactive_message'] ?? null) ?? 'This link is no longer active.',
        back: link.active ? null : returnTo(await lastDone(work, link), []),
      };
    },
    async choose(object, choice, work) {
      const link = object as PaymentLink;
      if (choice === 'cancel' || !link.active) return { goTo: null, says: 'Nothing was paid.' };
      const { session, details } = await sessionOf(work, link, await detailsOf(work, link.id));
      const refusal = await pay(work, session, details, choice);
      if (refusal !== null) return { goTo: null, says: refusal };
      countUse(work, link);
      return goBack(doneAt(session), [], 'Thank you: it is paid.');
    },
  },
  operations: {
    'payment_links.create': operation({ ...shared, currency, line_items: lineItemsParam }, async (given, work) => {
      if (given.automatic_tax?.enabled === true) throw notSimulated('automatic tax');
      if (given.invoice_creation?.enabled === true || given.shipping_options !== undefined || given.optional_items !== undefined) throw notSimulated('invoices, shipping and optional items of payment links');
      const lines = await linesOf(work, given.line_items, null, given.currency ?? null);
      const mode = lines.some(({ price }) => price.recurring !== null) ? 'subscription' : 'payment';
      await totalled(work, lines, [], 0, typeof given.subscription_data?.trial_period_days === 'number');
      const id = work.id('plink_1', 23);
      const data = given.payment_intent_data;
      const link: PaymentLink = {
        id, object: 'payment_link', active: true, after_completion: completion(given.after_completion), allow_promotion_codes: given.allow_promotion_codes ?? false, application: null, application_fee_amount: null, application_fee_percent: null,
        automatic_tax: { enabled: false, liability: null }, billing_address_collection: given.billing_address_collection ?? 'auto', consent_collection: null, currency: lines[0]!.currency, custom_fields: [],
        custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null }, customer_creation: given.customer_creation ?? (mode === 'subscription' ? 'always' : 'if_required'), inactive_message: orNull(given.inactive_message),
        invoice_creation: mode === 'payment' ? { enabled: false, invoice_data: null } : null, livemode: work.livemode, managed_payments: { enabled: false }, metadata: mergeMetadata({}, given.metadata), on_behalf_of: null,
        payment_intent_data: data ? {
          capture_method: orNull(data.capture_method), description: orNull(data.description), metadata: mergeMetadata({}, data.metadata), setup_future_usage: orNull(data.setup_future_usage), statement_descriptor: orNull(data.statement_descriptor),
          statement_descriptor_suffix: orNull(data.statement_descriptor_suffix), transfer_group: orNull(data.transfer_group),
        } : null,
        payment_method_collection: given.payment_method_collection ?? 'always', payment_method_options: null, payment_method_types: given.payment_method_types ?? null, phone_number_collection: { enabled: given.phone_number_collection?.enabled ?? false },
        restrictions: given.restrictions?.completed_sessions ? { completed_sessions: { count: 0, limit: given.restrictions.completed_sessions.limit } } : null, shipping_address_collection: given.shipping_address_collection ?? null, shipping_options: [],
        submit_type: given.submit_type ?? 'auto', subscription_data: mode === 'subscription' ? {
          description: orNull(given.subscription_data?.description), invoice_settings: { account_tax_ids: null, custom_fields: null, description: null, footer: null, issuer: { type: 'self' } }, metadata: mergeMetadata({}, given.subscription_data?.metadata),
          trial_period_days: orNull(given.subscription_data?.trial_period_days), trial_settings: null,
        } : null,
        tax_id_collection: { enabled: false, required: 'never' }, transfer_data: null, url: work.payerPage('payment_link', id),
      };
      work.save(link);
      work.save({ id, object: 'payment_link.details', lines, mode, subscription_data: present(given.subscription_data) } satisfies LinkDetails);
      work.event('payment_link.created', link);
      return ok(link);
    }),
    'payment_links.retrieve': operation({}, async (_, work) => ok(await pathLink(work))),
    'payment_links.update': operation({ ...shared, active: flag, line_items: any }, async (given, work) => {
      if (given.line_items !== undefined) throw notSimulated('changes of the lines of a payment link');
      const before = await pathLink(work);
      const after: PaymentLink = {
        ...before, active: given.active ?? before.active, after_completion: given.after_completion === undefined ? before.after_completion : completion(given.after_completion), metadata: mergeMetadata(before.metadata, given.metadata),
        inactive_message: or(given.inactive_message, before['inactive_message']!), allow_promotion_codes: given.allow_promotion_codes ?? before['allow_promotion_codes']!, customer_creation: given.customer_creation ?? before['customer_creation']!,
      };
      work.save(after);
      work.event('payment_link.updated', after, previousOf(before, after));
      return ok(after);
    }),
    'payment_links.list': operation({ ...pageParams, active: flag }, async (given, work) => ok(await listPage(work, {
      kind: 'payment_link', noun: 'payment link', url: '/v1/payment_links', page: given, keep: (link) => typeof given.active !== 'boolean' || link['active'] === given.active,
    }))),
    'payment_links.list_line_items': operation({ ...pageParams }, async (given, work) => {
      const link = await pathLink(work);
      return ok(pageOf((await detailsOf(work, link.id)).lines, `/v1/payment_links/${link.id}/line_items`, given, 'item'));
    }),
  },
};
