import type { Chosen, HostedPage, Hosting, PageSubject } from '../../model/hosted-page.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { statusOf } from './charge.ts';
import type { Charge, Status } from './charge.ts';
import { chargeOfInvoice } from './invoice.ts';
import type { Invoice } from './invoice.ts';
import { booksOf, customerOf } from './operation.ts';
import { canceled, confirmed } from './payer.ts';
import { priceOf } from './price.ts';

const said: Readonly<Record<Exclude<Status, 'NEW'>, string>> = {
  PENDING: 'A payment was seen and waits to be confirmed.', COMPLETED: 'This charge was paid.', EXPIRED: 'This charge has expired.', CANCELED: 'This charge was canceled.',
  UNRESOLVED: 'A payment came that the seller has to resolve.', RESOLVED: 'The seller has resolved this charge.',
};

/** Where Coinbase shows its own page of a charge or an invoice. Nothing is declined there: whoever does not pay goes away. */
export const hosted: Hosting = {
  async show(subject, context): Promise<HostedPage | null> {
    if (subject.kind === 'charge') {
      const charge = (await context.recall('charge', subject.id))?.value as Charge | undefined;
      if (charge === undefined) return null;
      const status = statusOf(charge, context.now);
      return { title: `Charge ${charge.code}`, ...shown(charge.given, asString(field(charge.given, 'name'))), choices: status === 'NEW' ? ['pay', 'cancel'] : [], status: status === 'NEW' ? null : said[status], back: status === 'NEW' ? null : returnTo(backOf(charge, status === 'CANCELED' || status === 'EXPIRED'), []) };
    }
    const invoice = subject.kind === 'invoice' ? (await context.recall('invoice', subject.id))?.value as Invoice | undefined : undefined;
    if (invoice === undefined) return null;
    const open = invoice.status === 'OPEN';
    return { title: `Invoice ${invoice.code}`, ...shown(invoice.given, asString(field(invoice.given, 'memo'))), choices: open ? ['pay'] : [], status: open ? null : `This invoice is ${invoice.status.toLowerCase()}.` };
  },

  async choose(subject, choice, context): Promise<Chosen | null> {
    const books = booksOf(context);
    const charge = await chargeOfSubject(subject, books);
    if (charge === null) return null;
    const after = choice === 'cancel' ? canceled(books, charge) : await confirmed(books, charge);
    if (after === null) return null;
    return { ...books.ledger.finish(), ...goBack(backOf(charge, choice === 'cancel'), [], choice === 'cancel' ? 'The charge was canceled.' : 'The payment is confirmed.') };
  },
};

function backOf({ given }: Charge, unpaid: boolean): string | null {
  return asString(field(given, unpaid ? 'cancel_url' : 'redirect_url'));
}

async function chargeOfSubject({ kind, id }: PageSubject, books: ReturnType<typeof booksOf>): Promise<Charge | null> {
  if (kind === 'charge') return books.ledger.find<Charge>('charge', id);
  const invoice = await books.ledger.find<Invoice>('invoice', id);
  return invoice === null ? null : chargeOfInvoice(books, invoice);
}

function shown(given: JsonObject, line: string | null): Pick<HostedPage, 'amount' | 'payer' | 'lines'> {
  const amount = priceOf(field(given, 'local_price'));
  return { amount, payer: customerOf(given), lines: line === null ? [] : [{ text: line, amount }] };
}

