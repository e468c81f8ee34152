import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import { invalid, required } from './errors.ts';
import { invoiceFields, invoiceOf, saveInvoice, showInvoice } from './invoice.ts';
import type { Invoice } from './invoice.ts';
import { listPage } from './list.ts';
import { customerOf, idIn, operation, some } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { chargeOf } from './charge.ts';
import { resolved } from './payer.ts';
import { priceOf, requireLocalPrice } from './price.ts';

const about = (object: string) => ({ amount: null, customer: null, object, description: null });

export const invoiceRoutes: readonly JsonRoute[] = [
  operation({
    // Coinbase mails it to customer_email
    method: 'POST', path: /^\/invoices$/, operation: 'invoices.create',
    effect: (body) => ({ amount: priceOf(field(body, 'local_price')), customer: customerOf(body), object: null, description: asString(field(body, 'memo')) }),
    run: create,
  }),
  operation({ method: 'GET', path: /^\/invoices$/, operation: 'invoices.list', run: (work) => listPage<Invoice>(work, { kind: 'invoice', path: 'invoices', show: showInvoice }) }),
  operation({ method: 'GET', path: idIn('invoices'), operation: 'invoices.get', run: async (work) => shown(await named(work)) }),
  operation({
    method: 'PUT', path: idIn('invoices', '/void'), operation: 'invoices.void', effect: (_body, { ids }) => about(ids[0]!),
    run: async (work) => {
      const invoice = await named(work);
      if (invoice.status !== 'OPEN') throw invalid('Invoice can no longer be voided: only an open invoice can.');
      const now: Invoice = { ...invoice, status: 'VOID', updatedMs: work.now };
      saveInvoice(work, now);
      return shown(now);
    },
  }),
  operation({
    method: 'PUT', path: idIn('invoices', '/resolve'), operation: 'invoices.resolve', effect: (_body, { ids }) => about(ids[0]!),
    run: async (work) => {
      const invoice = await named(work);
      if (invoice.status !== 'UNRESOLVED' || invoice.charge === null) throw invalid('Invoice cannot be resolved: only an unresolved invoice can.');
      await resolved(work, await chargeOf(work, work.call.context, invoice.charge));
      return shown((await work.ledger.find<Invoice>('invoice', invoice.id))!);
    },
  }),
];

async function create(work: Work): Promise<Answer> {
  for (const name of ['business_name', 'customer_email']) if (!asString(field(work.body, name))) throw required(name);
  const price = requireLocalPrice(work.body);
  const id = work.uuid();
  const invoice: Invoice = {
    id, code: work.code(), given: { ...some(work.body, invoiceFields), local_price: price }, hosted_url: work.page('invoice', id), status: 'OPEN', charge: null, createdMs: work.now, updatedMs: work.now,
  };
  saveInvoice(work, invoice);
  return { status: 201, body: { data: showInvoice(invoice) } };
}

function named(work: Work): Promise<Invoice> {
  return invoiceOf(work, work.call.context, work.call.ids[0]!);
}

function shown(invoice: Invoice): Answer {
  return { status: 200, body: { data: showInvoice(invoice) } };
}
