import { cutsOf, redeem, requireMinimum } from '../discount.ts';
import type { Wish } from '../discount.ts';
import { everyOne } from '../../list.ts';
import { invalid } from '../../errors.ts';
import type { Work } from '../../work.ts';
import { withLines } from './invoice-object.ts';
import type { Invoice, InvoiceLine } from './invoice-object.ts';
import { itemOfLine, lineOfItem } from './lines.ts';
import type { InvoiceItem } from './lines.ts';

export function requireDraft(invoice: Invoice): void {
  if (invoice.status !== 'draft') throw invalid("Finalized invoices can't be updated in this way", { code: 'invoice_not_editable' });
}

/** The draft with other lines, and totals that follow. Kept. */
export async function relined(work: Work, invoice: Invoice, lines: readonly InvoiceLine[]): Promise<Invoice> {
  const after = withLines(invoice, lines, await cutsOf(work, invoice.discounts, invoice.currency, work.now));
  work.save(after);
  return after;
}

/** Items that wait for the customer's next invoice, oldest first. */
export async function pendingItems(work: Work, customer: string, currency: string, subscription: string | null): Promise<readonly InvoiceItem[]> {
  const found = (await everyOne(work, 'invoiceitem', { customer, pending: 'true' })) as readonly InvoiceItem[];
  // what this call itself has changed is seen by `find`
  const now = await Promise.all(found.map((item) => work.known<InvoiceItem>('invoiceitem', item.id)));
  return now.filter((item): item is InvoiceItem => item !== null && item['deleted'] !== true && item.invoice === null && item.currency === currency && (item.subscription === null || item.subscription === subscription)).toReversed();
}

/** Puts items on a draft. */
export async function takeIn(work: Work, invoice: Invoice, items: readonly InvoiceItem[]): Promise<Invoice> {
  for (const item of items) work.save({ ...item, invoice: invoice.id });
  return relined(work, invoice, [...invoice.lines.data, ...items.map((item) => lineOfItem(work, item, invoice.id))]);
}

/** The items of a draft that is thrown away wait again. */
export async function letGo(work: Work, invoice: Invoice): Promise<void> {
  for (const line of invoice.lines.data) {
    const id = itemOfLine(line);
    const item = id === null ? null : await work.find<InvoiceItem>('invoiceitem', id);
    if (item !== null && item['deleted'] !== true) work.save({ ...item, invoice: null });
  }
}

/** Redeems coupons for this invoice alone. */
export async function discounted(work: Work, invoice: Invoice, wanted: readonly Wish[]): Promise<Invoice> {
  requireMinimum(wanted, invoice.subtotal, invoice.currency);
  const discounts: string[] = [];
  for (const wish of wanted) discounts.push((await redeem(work, wish, { customer: invoice.customer, invoice: invoice.id })).id);
  return relined(work, { ...invoice, discounts }, invoice.lines.data);
}
