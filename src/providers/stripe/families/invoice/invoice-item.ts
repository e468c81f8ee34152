import { currency as currencyParam, flag, mergeMetadata, required, text } from '../../params.ts';
import { invalid, noSuch, notFound } from '../../errors.ts';
import { created, listPage, pageParams } from '../../list.ts';
import { or } from '../../object.ts';
import { indexed, ok, operation } from '../../operation.ts';
import type { Family } from '../../operation.ts';
import type { Work } from '../../work.ts';
import { requireCustomer } from '../customer.ts';
import { relined, requireDraft } from './drafting.ts';
import type { Invoice } from './invoice-object.ts';
import { itemCost, itemParams, recount } from './item-cost.ts';
import { itemInVersion, itemOfLine, lineOfItem, newItem } from './lines.ts';
import type { InvoiceItem } from './lines.ts';

const create = { ...itemParams, currency: currencyParam, customer: text, customer_account: text, invoice: text, subscription: text };

async function pathItem(work: Work): Promise<InvoiceItem> {
  const item = await work.find<InvoiceItem>('invoiceitem', work.ids[0]!);
  if (item === null || item['deleted'] === true) throw notFound('invoiceitem', work.ids[0]!, 'id');
  return item;
}

/** Its line on the draft follows the item; null takes it away. Refused once the invoice is final. */
async function follow(work: Work, before: InvoiceItem, after: InvoiceItem | null): Promise<void> {
  if (before.invoice === null) return;
  const invoice = await work.find<Invoice>('invoice', before.invoice);
  if (invoice === null) return;
  requireDraft(invoice);
  await relined(work, invoice, invoice.lines.data.flatMap((line) => (itemOfLine(line) !== before.id ? [line] : after === null ? [] : [{ ...lineOfItem(work, after, invoice.id), id: line.id }])));
}

export const invoiceItems: Family = {
  kind: 'invoiceitem',
  prefix: 'ii_',
  inVersion: itemInVersion,
  index: (item) => indexed({ customer: item['customer'], invoice: item['invoice'], pending: item['invoice'] === null ? 'true' : 'false' }),
  operations: {
    'invoice_items.create': operation(create, async (given, work) => {
      const invoice = typeof given.invoice === 'string' ? await work.find<Invoice>('invoice', given.invoice) : null;
      if (typeof given.invoice === 'string' && invoice === null) throw noSuch('invoice', given.invoice, 'invoice');
      const customer = await requireCustomer(work, given.customer ?? invoice?.customer ?? required(text)(undefined, 'customer'));
      if (invoice !== null) {
        requireDraft(invoice);
        if (typeof given.customer === 'string' && given.customer !== invoice.customer) throw invalid('The invoice belongs to another customer.', { param: 'invoice' });
      }
      if (typeof given.subscription === 'string' && await work.find('subscription', given.subscription) === null) throw noSuch('subscription', given.subscription, 'subscription');
      const cost = await itemCost(work, given, given.currency ?? invoice?.currency ?? null);
      if (invoice !== null && invoice.currency !== cost.currency) throw invalid(`The currency of the invoice item (${cost.currency}) does not match that of the invoice (${invoice.currency}).`, { param: 'currency' });
      const product = cost.price === null ? null : await work.find('product', cost.price.product);
      const item: InvoiceItem = {
        ...newItem(work, {
          ...cost, customer: customer.id, description: given.description ?? (product === null ? null : String(product['name'])), discountable: given.discountable ?? cost.amount >= 0, metadata: mergeMetadata({}, given.metadata),
          period: given.period ?? { end: work.now, start: work.now }, proration: false, subscription: given.subscription ?? null, subscriptionItem: null,
        }),
        invoice: invoice?.id ?? null,
      };
      work.save(item);
      work.event('invoiceitem.created', item);
      if (invoice !== null) await relined(work, invoice, [...invoice.lines.data, lineOfItem(work, item, invoice.id)]);
      return ok(item);
    }),
    'invoice_items.retrieve': operation({}, async (_, work) => ok(await pathItem(work))),
    'invoice_items.update': operation(itemParams, async (given, work) => {
      const before = await pathItem(work);
      const priced = [given.amount, given.price, given.price_data, given.pricing, given.quantity, given.unit_amount, given.unit_amount_decimal].some((value) => value !== undefined);
      const unchanged = given.price === undefined && given.price_data === undefined && given.pricing === undefined && given.amount === undefined && given.unit_amount === undefined && given.unit_amount_decimal === undefined;
      const cost = !priced ? null : unchanged ? await recount(work, before, given.quantity ?? before.quantity) : await itemCost(work, given, before.currency);
      const after: InvoiceItem = {
        ...before, description: or(given.description, before.description), discountable: given.discountable ?? before.discountable, metadata: mergeMetadata(before.metadata, given.metadata), period: given.period ?? before.period,
        ...(cost === null ? {} : { amount: cost.amount, net_amount: cost.amount, quantity: cost.quantity, quantity_decimal: String(cost.quantity), pricing: { ...before.pricing!, ...(cost.price === null ? {} : { price_details: { price: cost.price.id, product: cost.price.product } }), unit_amount_decimal: cost.unit } }),
      };
      await follow(work, before, after);
      work.save(after);
      return ok(after);
    }),
    'invoice_items.delete': operation({}, async (_, work) => {
      const item = await pathItem(work);
      await follow(work, item, null);
      const gone = { id: item.id, object: 'invoiceitem', deleted: true } as const;
      work.save(gone);
      work.event('invoiceitem.deleted', item);
      return ok(gone);
    }),
    'invoice_items.list': operation({ ...pageParams, created, customer: text, customer_account: text, invoice: text, pending: flag }, async (given, work) => ok(await listPage(work, {
      kind: 'invoiceitem', noun: 'invoiceitem', url: '/v1/invoiceitems', page: given, where: { customer: given.customer, invoice: given.invoice, pending: typeof given.pending === 'boolean' ? String(given.pending) : undefined },
      keep: (item) => item['deleted'] !== true && (given.created?.(item) ?? true),
    }))),
  },
};
