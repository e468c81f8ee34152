import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import { iso, booksOf } from './operation.ts';
import type { Books } from './operation.ts';
import { refundFailed } from './refunds.ts';
import { charged, failedCharge, shown } from './transaction.ts';
import type { Transaction } from './transaction.ts';
import { transferBecame } from './transfers.ts';
import { announce } from './webhook.ts';

/** What the payer does on Paystack's page, and what banks do. Of a charge that fails nothing is told; here it can be made to fail all the same. */
export const laterEvents = ['charge.success', 'charge.failed', 'charge.dispute.create', 'refund.failed', 'transfer.failed', 'transfer.reversed'] as const;

/** It happens to what the call's answer shows. `detail` of a failure: the gateway_response. */
export async function later({ name, detail }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status >= 300 ? null : parseJson(reply.body);
  const data = json?.kind === 'json' ? asObject(field(asObject(json.value), 'data') ?? null) : null;
  const books = booksOf(context);
  if (data === null) return {};
  if (name === 'refund.failed') await refundFailed(books, String(field(data, 'id') ?? ''));
  else if (name === 'transfer.failed' || name === 'transfer.reversed') await transferBecame(books, asString(field(data, 'transfer_code')) ?? '', name === 'transfer.failed' ? 'failed' : 'reversed');
  else await toTransaction(books, asString(field(data, 'reference')) ?? '', name, detail);
  return books.ledger.finish();
}

async function toTransaction(books: Books, reference: string, name: string, detail: string | null): Promise<void> {
  const found = await books.ledger.find<Transaction>('transaction', reference);
  if (found === null) return;
  const open = found.view.status === 'abandoned' || found.view.status === 'failed';
  if (name === 'charge.success' && open) charged(books, found);
  if (name === 'charge.failed' && open) failedCharge(books, found, detail ?? 'Declined');
  if (name !== 'charge.dispute.create' || found.view.status !== 'success') return;
  const at = iso(books.now);
  announce(books, 'charge.dispute.create', {
    id: books.number(), refund_amount: found.view['amount']!, currency: found.view['currency']!, status: 'awaiting-merchant-feedback', resolution: null, domain: found.view['domain']!, transaction: shown(found),
    transaction_reference: null, category: detail ?? 'chargeback', customer: found.view['customer']!, bin: '408408', last4: '4081', dueAt: iso(books.now + 3 * 86_400_000), resolvedAt: null, evidence: null, attachments: null,
    note: null, history: [{ status: 'pending', by: 'fourthwall@example.test', created_at: at }], messages: [], created_at: at, updated_at: at,
  }, reference);
}
