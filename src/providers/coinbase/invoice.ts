import type { SimulationContext } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import { asString, field } from '../wire/json.ts';
import { openCharge } from './charge.ts';
import type { Charge } from './charge.ts';
import { notFound } from './errors.ts';
import { at, some } from './operation.ts';
import type { Books } from './operation.ts';

export interface Invoice {
  readonly id: string;
  readonly code: string;
  readonly given: JsonObject;
  readonly hosted_url: string;
  readonly status: 'OPEN' | 'PAID' | 'UNRESOLVED' | 'VOID';
  /** what it is paid by, once somebody begins to */
  readonly charge: string | null;
  readonly createdMs: number;
  readonly updatedMs: number;
}

export const invoiceFields = ['business_name', 'customer_email', 'customer_name', 'memo', 'local_price'];

export function showInvoice(invoice: Invoice): JsonObject {
  return {
    id: invoice.id, resource: 'invoice', code: invoice.code, status: invoice.status, ...invoice.given, hosted_url: invoice.hosted_url,
    ...(invoice.charge === null ? {} : { charge: { id: invoice.charge } }), created_at: at(invoice.createdMs), updated_at: at(invoice.updatedMs),
  };
}

export function saveInvoice({ ledger }: Pick<Books, 'ledger'>, invoice: Invoice): void {
  ledger.save('invoice', invoice.id, invoice, { code: invoice.code });
}

export async function invoiceOf({ ledger }: Pick<Books, 'ledger'>, { list }: Pick<SimulationContext, 'list'>, given: string): Promise<Invoice> {
  const byId = await ledger.find<Invoice>('invoice', given);
  if (byId !== null) return byId;
  const [byCode] = (await list('invoice', { where: { code: given }, limit: 1 })).items;
  const invoice = byCode === undefined ? null : await ledger.find<Invoice>('invoice', byCode.id);
  if (invoice === null) throw notFound();
  return invoice;
}

/** The charge that an invoice is paid by: the one that was begun, else a new one. Null where it is paid or void. */
export async function chargeOfInvoice(books: Books, invoice: Invoice): Promise<Charge | null> {
  const begun = invoice.charge === null ? null : await books.ledger.find<Charge>('charge', invoice.charge);
  if (begun !== null) return begun;
  if (invoice.status !== 'OPEN') return null;
  const name = asString(field(invoice.given, 'business_name')) ?? 'Invoice';
  const charge = openCharge(books, { name, description: asString(field(invoice.given, 'memo')) ?? name, pricing_type: 'fixed_price', ...some(invoice.given, ['local_price']) }, { invoice: invoice.id });
  saveInvoice(books, { ...invoice, charge: charge.id, updatedMs: books.now });
  return charge;
}
