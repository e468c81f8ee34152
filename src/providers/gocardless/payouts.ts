import type { JsonRoute } from '../wire/json-api.ts';
import type { Books } from './books.ts';
import { happen } from './books.ts';
import { notFound } from './errors.ts';
import { byField, byLink, listed } from './list.ts';
import { creditor, iso, textOf, wholeOf } from './objects.ts';
import type { View } from './objects.ts';
import { one, operation } from './operation.ts';
import { paymentBecomes } from './payment.ts';

/** The payment goes out to the seller's bank, alone: GoCardless would put a day's payments into one payout. */
export function payOut(books: Books, payment: View): void {
  const payout: View = {
    id: books.id('PO'), created_at: iso(books.now), amount: wholeOf(payment['amount'])!, deducted_fees: 0, currency: textOf(payment, 'currency'), arrival_date: iso(books.now).slice(0, 10), payout_type: 'merchant', reference: 'FOURTHWALL', status: 'paid',
    fx: { fx_currency: textOf(payment, 'currency'), fx_amount: null, exchange_rate: null, estimated_exchange_rate: null }, tax_currency: null, metadata: {}, links: { creditor, creditor_bank_account: 'BA0000FOURTHWALL' },
  };
  books.ledger.save('payout', payout.id, payout);
  const links = { ...(payment['links'] as object), payout: payout.id };
  paymentBecomes(books, { ...payment, links }, 'paid_out', { links: { payout: payout.id } });
  happen(books, { resource: 'payouts', action: 'paid', origin: 'gocardless', cause: 'payout_paid', description: 'GoCardless has transferred the payout to the creditor\'s bank account.', links: { payout: payout.id }, about: payout });
}

const theCreditor: View = {
  id: creditor, created_at: '2026-01-01T00:00:00.000Z', name: 'Fourthwall', address_line1: null, address_line2: null, address_line3: null, city: null, region: null, postal_code: null, country_code: 'GB', creditor_type: 'company',
  verification_status: 'successful', can_create_refunds: true, custom_payment_pages_enabled: true, merchant_responsible_for_notifications: false, mandate_imports_enabled: false, fx_payout_currency: 'GBP', logo_url: null, scheme_identifiers: [], links: {},
};

export const payoutRoutes: readonly JsonRoute[] = [
  operation({ method: 'GET', path: /^\/payouts$/, operation: 'payouts.list', run: (work) => listed(work, { kind: 'payout', collection: 'payouts', filters: { creditor: byLink('creditor'), currency: byField('currency'), status: byField('status'), reference: byField('reference'), payout_type: byField('payout_type') } }) }),
  operation({
    method: 'GET', path: one('payouts', 'PO'), operation: 'payouts.get',
    run: async (work) => {
      const payout = await work.ledger.find<View>('payout', work.call.ids[0]!);
      if (payout === null) throw notFound();
      return { status: 200, body: { payouts: payout } };
    },
  }),
  operation({ method: 'GET', path: /^\/creditors$/, operation: 'creditors.list', run: async () => ({ status: 200, body: { creditors: [theCreditor], meta: { cursors: { before: null, after: null }, limit: 50 } } }) }),
  operation({
    method: 'GET', path: one('creditors', 'CR'), operation: 'creditors.get',
    run: async (work) => {
      if (work.call.ids[0] !== creditor) throw notFound();
      return { status: 200, body: { creditors: theCreditor } };
    },
  }),
  operation({
    method: 'GET', path: /^\/events$/, operation: 'events.list',
    run: (work) => listed(work, { kind: 'event', collection: 'events', filters: { action: byField('action'), resource_type: byField('resource_type'), ...Object.fromEntries(['payment', 'mandate', 'refund', 'payout', 'billing_request'].map((name) => [name, byLink(name)])) } }),
  }),
  operation({
    method: 'GET', path: one('events', 'EV'), operation: 'events.get',
    run: async (work) => {
      const event = await work.ledger.find<View>('event', work.call.ids[0]!);
      if (event === null) throw notFound();
      return { status: 200, body: { events: event } };
    },
  }),
];
