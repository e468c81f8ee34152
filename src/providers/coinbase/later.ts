import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import { statusOf } from './charge.ts';
import type { Charge } from './charge.ts';
import { chargeOfCheckout } from './checkouts.ts';
import type { Checkout } from './checkouts.ts';
import { chargeOfInvoice } from './invoice.ts';
import type { Invoice } from './invoice.ts';
import { booksOf } from './operation.ts';
import type { Books } from './operation.ts';
import { confirmed, delayed, failed, pending, resolved } from './payer.ts';

/** https://docs.cdp.coinbase.com/commerce/api-architecture/webhooks-fields */
export const laterEvents = ['charge:created', 'charge:pending', 'charge:confirmed', 'charge:failed', 'charge:delayed', 'charge:resolved'] as const;

/**
 * It happens to the charge that the call's answer shows, or to the one that an invoice or a checkout is paid by: a new one where none is
 * open, as when somebody opens its page at Coinbase. `detail` of a failure is a context: UNDERPAID, OVERPAID ...
 */
export async function later({ name, detail }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status >= 300 ? null : parseJson(reply.body);
  const answer = json?.kind === 'json' ? asObject(field(asObject(json.value), 'data') ?? null) : null;
  const books = booksOf(context);
  const begun = await begunBy(books, context, asString(field(answer, 'resource')) ?? '', asString(field(answer, 'id')) ?? '');
  if (begun === null) return {};
  const happened = name === 'charge:created' ? begun.isNew : await happen(books, name, begun.charge, detail);
  return happened ? books.ledger.finish() : {};
}

async function happen(books: Books, name: string, charge: Charge, detail: string | null): Promise<boolean> {
  const after = name === 'charge:pending' ? pending(books, charge)
    : name === 'charge:confirmed' ? await confirmed(books, charge)
    : name === 'charge:failed' ? await failed(books, charge, detail)
    : name === 'charge:delayed' ? await delayed(books, charge)
    : await resolved(books, charge);
  return after !== null;
}

async function begunBy(books: Books, { list }: Pick<SimulationContext, 'list'>, resource: string, id: string): Promise<{ readonly charge: Charge; readonly isNew: boolean } | null> {
  if (resource === 'charge') {
    const charge = await books.ledger.find<Charge>('charge', id);
    return charge === null ? null : { charge, isNew: false };
  }
  if (resource === 'invoice') {
    const invoice = await books.ledger.find<Invoice>('invoice', id);
    const charge = invoice === null ? null : await chargeOfInvoice(books, invoice);
    return charge === null ? null : { charge, isNew: invoice!.charge === null };
  }
  const checkout = resource === 'checkout' ? await books.ledger.find<Checkout>('checkout', id) : null;
  if (checkout === null) return null;
  const open = (await list('charge', { where: { checkout: id }, limit: 100 })).items.find(({ value }) => ['NEW', 'PENDING', 'UNRESOLVED'].includes(statusOf(value as Charge, books.now)));
  const found = open === undefined ? null : await books.ledger.find<Charge>('charge', open.id);
  return found === null ? { charge: chargeOfCheckout(books, checkout), isNew: true } : { charge: found, isNew: false };
}
