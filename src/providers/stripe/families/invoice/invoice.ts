import { invalid, noSuch, notFound, notSimulated } from '../../errors.ts';
import { created, everyOne, listPage, pageOf, pageParams } from '../../list.ts';
import { listOf, nested } from '../../nested.ts';
import { or, previousOf } from '../../object.ts';
import { indexed, ok, operation } from '../../operation.ts';
import type { Family } from '../../operation.ts';
import { currency, flag, hash, ignored, integer, mergeMetadata, metadata, oneOf, text, words } from '../../params.ts';
import type { Given } from '../../params.ts';
import type { Work } from '../../work.ts';
import { requireCustomer } from '../customer.ts';
import { discountsParam, wishes } from '../discount.ts';
import type { PaymentIntent } from '../intent.ts';
import type { Subscription } from '../subscription/subscription-object.ts';
import { discounted, letGo, pendingItems, relined, requireDraft, takeIn } from './drafting.ts';
import { invoiceInVersion, newInvoice } from './invoice-object.ts';
import type { Invoice, InvoiceLine } from './invoice-object.ts';
import { invoicePage } from './invoice-page.ts';
import { previewInvoice } from './preview.ts';
import { collect, finalize, paid, withdraw } from './settling.ts';

const day = 86_400;

const shared = {
  auto_advance: flag, collection_method: oneOf('charge_automatically', 'send_invoice'), custom_fields: listOf(hash), days_until_due: integer({ min: 0 }), default_payment_method: text, description: text, discounts: discountsParam,
  due_date: integer({ min: 1 }), footer: text, metadata, number: text, statement_descriptor: text, payment_settings: hash, default_tax_rates: words, automatic_tax: nested({ enabled: flag, liability: hash }), shipping_cost: hash,
  ...ignored('account_tax_ids', 'application_fee_amount', 'automatically_finalizes_at', 'default_source', 'effective_at', 'issuer', 'on_behalf_of', 'rendering', 'shipping_details', 'transfer_data'),
};
const create = { ...shared, currency, customer: text, customer_account: text, from_invoice: hash, pending_invoice_items_behavior: oneOf('exclude', 'include'), subscription: text };

function requireKnown(given: Given<typeof shared>): void {
  if (given.default_tax_rates?.length || given.automatic_tax?.enabled === true) throw notSimulated('taxes on invoices');
  if (given.shipping_cost) throw notSimulated('shipping costs of invoices');
}

/** What create and update set alike. */
function amended(before: Invoice, given: Given<typeof shared>): Invoice {
  const collection = (given.collection_method ?? before.collection_method) as Invoice['collection_method'];
  if (collection === 'charge_automatically' && (typeof given.due_date === 'number' || typeof given.days_until_due === 'number')) {
    throw invalid('You can only set `due_date` or `days_until_due` for an invoice with `collection_method` set to `send_invoice`.', { param: typeof given.due_date === 'number' ? 'due_date' : 'days_until_due' });
  }
  return {
    ...before, auto_advance: given.auto_advance ?? before['auto_advance']!, collection_method: collection, custom_fields: or(given.custom_fields, before['custom_fields']!), description: or(given.description, before['description']!),
    default_payment_method: or(given.default_payment_method, before.default_payment_method), footer: or(given.footer, before['footer']!), metadata: mergeMetadata(before.metadata, given.metadata),
    due_date: given.due_date ?? (typeof given.days_until_due === 'number' ? Number(before['created']) + given.days_until_due * day : before['due_date']!), number: or(given.number, before.number),
    statement_descriptor: or(given.statement_descriptor, before['statement_descriptor']!), payment_settings: { ...(before['payment_settings'] as object), ...given.payment_settings },
  } as Invoice;
}

async function pathInvoice(work: Work): Promise<Invoice> {
  const invoice = await work.find<Invoice>('invoice', work.ids[0]!);
  if (invoice === null || invoice['deleted'] === true) throw notFound('invoice', work.ids[0]!, 'invoice');
  return invoice;
}

/** The method to charge: the invoice's own, its subscription's, or the customer's usual one. */
async function methodOf(work: Work, invoice: Invoice): Promise<string | null> {
  const subscription = invoice.subscription === null ? null : await work.find<Subscription>('subscription', invoice.subscription);
  const settings = (await work.find('customer', invoice.customer))?.['invoice_settings'] as { readonly default_payment_method?: string | null } | undefined;
  return invoice.default_payment_method ?? subscription?.default_payment_method ?? settings?.default_payment_method ?? null;
}

export const invoices: Family = {
  kind: 'invoice',
  prefix: 'in_',
  page: invoicePage,
  inVersion: invoiceInVersion,
  index: (invoice) => indexed({ customer: invoice['customer'], subscription: invoice['subscription'], status: invoice['status'], collection_method: invoice['collection_method'] }),
  includes: {
    confirmation_secret: async (invoice, work) => {
      const intent = await intentOf(work, invoice.id);
      return intent === null || intent.status === 'succeeded' ? null : { client_secret: intent['client_secret']!, type: 'payment_intent' };
    },
    payments: (invoice, work) => listPage(work, { kind: 'invoice_payment', noun: 'invoice payment', url: `/v1/invoice_payments?invoice=${invoice.id}`, page: {}, where: { invoice: invoice.id } }),
  },
  operations: {
    'invoices.create': operation(create, async (given, work) => {
      requireKnown(given);
      if (given.from_invoice) throw notSimulated('revisions of invoices');
      const subscription = typeof given.subscription === 'string' ? await work.find<Subscription>('subscription', given.subscription) : null;
      if (typeof given.subscription === 'string' && subscription === null) throw noSuch('subscription', given.subscription, 'subscription');
      if (typeof given.customer !== 'string' && subscription === null) throw invalid('Missing required param: customer.', { code: 'parameter_missing', param: 'customer' });
      const customer = await requireCustomer(work, given.customer ?? subscription!.customer);
      const wanted = await wishes(work, given.discounts, customer.id);
      const collection = given.collection_method === 'send_invoice' ? 'send_invoice' : 'charge_automatically';
      if (collection === 'send_invoice' && given.due_date === undefined && given.days_until_due === undefined) throw invalid('When creating an invoice with `collection_method` set to `send_invoice`, you must set one of `due_date` or `days_until_due`.', { param: 'days_until_due' });
      const include = (given.pending_invoice_items_behavior ?? (work.version >= '2022-08-01' ? 'exclude' : 'include')) === 'include';
      const first = include && given.currency === undefined ? ((await everyOne(work, 'invoiceitem', { customer: customer.id, pending: 'true' }))[0]?.['currency'] as string | undefined) : undefined;
      const code = given.currency ?? subscription?.currency ?? first ?? (typeof customer['currency'] === 'string' ? customer['currency'] : 'usd');
      const fresh = newInvoice(work, {
        customer, currency: code, billingReason: 'manual', collection, autoAdvance: given.auto_advance ?? false, period: { start: work.now, end: work.now },
        more: subscription === null ? {} : { subscription: subscription.id, parent: { quote_details: null, subscription_details: { metadata: subscription.metadata, subscription: subscription.id }, type: 'subscription_details' } },
      });
      const draft = await takeIn(work, amended(fresh, given), include ? await pendingItems(work, customer.id, code, subscription?.id ?? null) : []);
      const invoice = wanted.length === 0 ? draft : await discounted(work, draft, wanted);
      work.event('invoice.created', invoice);
      return ok(invoice);
    }),
    'invoices.create_preview': previewInvoice,
    'invoices.retrieve': operation({}, async (_, work) => ok(await pathInvoice(work))),
    'invoices.update': operation(shared, async (given, work) => {
      const before = await pathInvoice(work);
      requireKnown(given);
      const free = ['metadata', 'auto_advance', 'default_payment_method', 'payment_settings'];
      if (Object.entries(given).some(([name, value]) => value !== undefined && !free.includes(name))) requireDraft(before);
      const kept = await relined(work, { ...amended(before, given), ...(given.discounts === undefined ? {} : { discounts: [] }) }, before.lines.data);
      // a final invoice keeps its totals to the letter
      const after = before.status === 'draft' ? given.discounts?.length ? await discounted(work, kept, await wishes(work, given.discounts, before.customer)) : kept : { ...amended(before, given) };
      work.save(after);
      work.event('invoice.updated', after, previousOf(before, after));
      return ok(after);
    }),
    'invoices.delete': operation({}, async (_, work) => {
      const invoice = await pathInvoice(work);
      if (invoice.status !== 'draft') throw invalid('You can only delete draft invoices. If the invoice is open, you can void it instead.', { code: 'invoice_not_editable' });
      await letGo(work, invoice);
      const gone = { id: invoice.id, object: 'invoice', deleted: true } as const;
      work.save(gone);
      work.event('invoice.deleted', invoice);
      return ok(gone);
    }),
    'invoices.finalize': operation({ auto_advance: flag }, async (given, work) => {
      const before = await pathInvoice(work);
      if (before.status !== 'draft') throw invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.", { code: 'invoice_not_editable' });
      return ok(await finalize(work, { ...before, auto_advance: given.auto_advance ?? before['auto_advance']! }));
    }),
    'invoices.pay': operation({ forgive: flag, off_session: flag, paid_out_of_band: flag, payment_method: text, source: text, ...ignored('mandate') }, async (given, work) => {
      const before = await pathInvoice(work);
      if (before.status === 'paid') throw invalid('Invoice is already paid', { code: 'invoice_already_paid' });
      if (before.status === 'void') throw invalid('This invoice was voided and cannot be paid.');
      if (typeof given.source === 'string') throw notSimulated('paying invoices with sources');
      const open = before.status === 'draft' ? await finalize(work, before) : before;
      if (open.status === 'paid') return ok(open);
      if (given.paid_out_of_band === true) {
        await withdraw(work, open);
        return ok(await paid(work, open, null));
      }
      const method = given.payment_method ?? await methodOf(work, open);
      if (method === null) throw invalid('There is no `default_payment_method` set on this Customer or Invoice. Please set a default payment method, or pass `payment_method`.', { param: 'payment_method' });
      return collect(work, open, method);
    }),
    'invoices.send': operation({}, async (_, work) => {
      const before = await pathInvoice(work);
      if (before.collection_method !== 'send_invoice') throw invalid('You can only manually send an invoice if its `collection_method` is set to `send_invoice`.');
      if (before.status === 'void' || before.status === 'uncollectible') throw invalid(`You cannot send an invoice with a status of ${before.status}.`);
      const open = before.status === 'draft' ? await finalize(work, before) : before;
      work.event('invoice.sent', open);
      return ok(open);
    }),
    'invoices.void': operation({}, async (_, work) => {
      const before = await pathInvoice(work);
      if (!['open', 'uncollectible'].includes(before.status)) throw invalid(`You can only void open or uncollectible invoices. This invoice has a status of ${before.status}.`);
      await withdraw(work, before);
      return ok(closed(work, before, 'void', 'voided_at', 'invoice.voided'));
    }),
    'invoices.mark_uncollectible': operation({}, async (_, work) => {
      const before = await pathInvoice(work);
      if (before.status !== 'open') throw invalid(`You can only mark open invoices as uncollectible. This invoice has a status of ${before.status}.`);
      return ok(closed(work, before, 'uncollectible', 'marked_uncollectible_at', 'invoice.marked_uncollectible'));
    }),
    'invoices.list': operation({ ...pageParams, collection_method: oneOf('charge_automatically', 'send_invoice'), created, customer: text, customer_account: text, due_date: created, status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'), subscription: text }, async (given, work) => ok(await listPage(work, {
      kind: 'invoice', noun: 'invoice', url: '/v1/invoices', page: given, where: { customer: given.customer, status: given.status, subscription: given.subscription, collection_method: given.collection_method },
      keep: (invoice) => invoice['deleted'] !== true && (given.created?.(invoice) ?? true) && (given.due_date?.(invoice) ?? true),
    }))),
    'invoices.list_line_items': operation({ ...pageParams }, async (given, work) => {
      const { lines } = await pathInvoice(work);
      return ok(pageOf<InvoiceLine>(lines.data, lines.url, given, 'line item'));
    }),
  },
};

function closed(work: Work, before: Invoice, status: Invoice['status'], at: 'voided_at' | 'marked_uncollectible_at', event: string): Invoice {
  const after: Invoice = { ...before, auto_advance: false, next_payment_attempt: null, status, status_transitions: { ...before.status_transitions, [at]: work.now } };
  work.save(after);
  work.event(event, after);
  return after;
}

async function intentOf(work: Work, invoice: string): Promise<PaymentIntent | null> {
  const id = (await work.find<Invoice>('invoice', invoice))?.payment_intent ?? null;
  return id === null ? null : work.find<PaymentIntent>('payment_intent', id);
}
