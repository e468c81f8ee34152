import type { Charge } from './charge.ts';
import { moveOn, statusOf } from './charge.ts';
import { saveInvoice } from './invoice.ts';
import type { Invoice } from './invoice.ts';
import type { Books } from './operation.ts';

/** Seen on the chain, not yet final. */
export function pending(books: Books, charge: Charge): Charge | null {
  return statusOf(charge, books.now) === 'NEW' ? moveOn(books, charge, { event: 'charge:pending', moments: [{ status: 'PENDING' }], payment: 'PENDING' }) : null;
}

/** Paid in full and final; told twice where it was not seen before. */
export async function confirmed(books: Books, charge: Charge): Promise<Charge | null> {
  const seen = statusOf(charge, books.now) === 'PENDING' ? charge : pending(books, charge);
  if (seen === null) return null;
  await settleInvoice(books, seen, 'PAID');
  return moveOn(books, seen, { event: 'charge:confirmed', moments: [{ status: 'COMPLETED' }], payment: 'CONFIRMED' });
}

const contexts = ['UNDERPAID', 'OVERPAID', 'MULTIPLE', 'ILLIQUID', 'MANUAL', 'OTHER'];

/** Not paid in time, or, where it is said how, not as it should have been. */
export async function failed(books: Books, charge: Charge, context: string | null): Promise<Charge | null> {
  const status = statusOf(charge, books.now);
  const how = context?.toUpperCase() ?? '';
  if (contexts.includes(how) && (status === 'NEW' || status === 'PENDING')) {
    await settleInvoice(books, charge, 'UNRESOLVED');
    return moveOn(books, charge, { event: 'charge:failed', moments: [{ status: 'UNRESOLVED', context: how }], payment: 'CONFIRMED' });
  }
  if (status === 'NEW') return moveOn(books, charge, { event: 'charge:failed', moments: [{ status: 'EXPIRED' }] });
  // it has run out by itself, and nobody was told
  return status === 'EXPIRED' && charge.timeline.at(-1)!.status === 'NEW' ? moveOn(books, charge, { event: 'charge:failed', moments: [] }) : null;
}

/** Paid when it had run out. */
export async function delayed(books: Books, charge: Charge): Promise<Charge | null> {
  const status = statusOf(charge, books.now);
  if (status !== 'NEW' && status !== 'EXPIRED') return null;
  await settleInvoice(books, charge, 'UNRESOLVED');
  return moveOn(books, charge, { event: 'charge:delayed', moments: [...(status === 'NEW' ? [{ status: 'EXPIRED' as const }] : []), { status: 'UNRESOLVED', context: 'DELAYED' }], payment: 'CONFIRMED' });
}

export async function resolved(books: Books, charge: Charge): Promise<Charge | null> {
  if (statusOf(charge, books.now) !== 'UNRESOLVED') return null;
  await settleInvoice(books, charge, 'PAID');
  return moveOn(books, charge, { event: 'charge:resolved', moments: [{ status: 'RESOLVED' }] });
}

export function canceled(books: Books, charge: Charge): Charge | null {
  return statusOf(charge, books.now) === 'NEW' ? moveOn(books, charge, { event: 'charge:failed', moments: [{ status: 'CANCELED' }] }) : null;
}

async function settleInvoice(books: Books, { invoice: id }: Charge, status: Invoice['status']): Promise<void> {
  const invoice = id === null ? null : await books.ledger.find<Invoice>('invoice', id);
  if (invoice !== null) saveInvoice(books, { ...invoice, status, updatedMs: books.now });
}
