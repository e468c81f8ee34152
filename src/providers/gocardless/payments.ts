import type { Money } from '../../model/money.ts';
import { ofMinor } from '../wire/decimal-money.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { invalid, notFound, wrongState } from './errors.ts';
import { byField, byLink, listed } from './list.ts';
import { isAlive, requireMandate } from './mandate.ts';
import { chargeDate, currencies, linkOf, schemes, some, textOf, wholeOf } from './objects.ts';
import type { View } from './objects.ts';
import { action, one, operation } from './operation.ts';
import type { Answer, Reached, Work } from './operation.ts';
import { isPending, newPayment, paymentBecomes, refusedByBank, tellPayment } from './payment.ts';

/** Every currency of GoCardless has two decimals. */
export function moneyOf(body: JsonObject | null, currency = textOf(body, 'currency')): Money | null {
  const amount = wholeOf(field(body, 'amount'));
  return amount === null || currency === null || !/^[A-Z]{3}$/.test(currency) ? null : ofMinor(BigInt(amount), { currency, exponent: 2 });
}

export function requireAmount(body: JsonObject | null, pointer: string): number {
  const amount = wholeOf(field(body, 'amount'));
  if (field(body, 'amount') === undefined) throw invalid(`${pointer}/amount`, "can't be blank");
  if (amount === null || amount === 0) throw invalid(`${pointer}/amount`, amount === 0 ? 'must be greater than 0' : 'is not a number');
  return amount;
}

export function requireCurrency(body: JsonObject | null, pointer: string): string {
  const currency = textOf(body, 'currency');
  if (currency === null || !currencies.includes(currency)) throw invalid(`${pointer}/currency`, currency === null ? "can't be blank" : 'is not included in the list');
  return currency;
}

async function create(work: Work): Promise<Answer> {
  const { body, now } = work;
  const amount = requireAmount(body, '/payments');
  const currency = requireCurrency(body, '/payments');
  const link = linkOf(body, 'mandate');
  if (link === null) throw invalid('/payments/links/mandate', "can't be blank");
  const mandate = await requireMandate(work, link, currency);
  if (!isAlive(mandate)) throw wrongState('mandate_is_inactive', 'Mandate is inactive');
  const own = Object.entries(schemes).find(([, scheme]) => scheme === mandate['scheme'])?.[0];
  if (own !== undefined && own !== currency) throw invalid('/payments/currency', `is not supported by the mandate's scheme: ${own} is`);
  const earliest = chargeDate(now, mandate['status'] === 'active' ? 3 : 5);
  const date = textOf(body, 'charge_date');
  if (date !== null && !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(date)) throw invalid('/payments/charge_date', 'is not a valid date');
  if (date !== null && date < earliest) throw invalid('/payments/charge_date', "must be on or after mandate's next_possible_charge_date");
  const payment = newPayment(work, { mandate, given: { ...body, charge_date: date ?? earliest }, currency, amount });
  tellPayment(work, payment, 'created');
  refusedByBank(work, payment);
  return { status: 201, body: { payments: payment } };
}

export async function paymentOf({ ledger }: Pick<Work, 'ledger'>, id: string): Promise<View> {
  const payment = await ledger.find<View>('payment', id);
  if (payment === null) throw notFound();
  return payment;
}

const named = (work: Work): Promise<View> => paymentOf(work, work.call.ids[0]!);

function reached(body: JsonObject): Reached {
  return { amount: moneyOf(body), movesMoney: true, object: linkOf(body, 'mandate'), description: textOf(body, 'description') };
}

export const paymentRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: /^\/payments$/, operation: 'payments.create', envelope: 'payments', once: true, effect: reached, run: create }),
  operation({
    method: 'GET', path: /^\/payments$/, operation: 'payments.list',
    run: async (work) => {
      const customer = work.call.query.find(([name]) => name === 'customer')?.[1];
      const mandates = customer === undefined ? [] : (await listedIds(work, customer));
      return listed(work, {
        kind: 'payment', collection: 'payments',
        filters: {
          mandate: byLink('mandate'), creditor: byLink('creditor'), currency: byField('currency'), status: byField('status'), scheme: byField('scheme'), customer: (view) => mandates.includes(linkOf(view, 'mandate') ?? ''),
        },
      });
    },
  }),
  operation({ method: 'GET', path: one('payments', 'PM'), operation: 'payments.get', run: async (work) => ({ status: 200, body: { payments: await named(work) } }) }),
  operation({
    method: 'PUT', path: one('payments', 'PM'), operation: 'payments.update', envelope: 'payments', effect: () => ({}),
    run: async (work) => {
      const payment: View = { ...await named(work), ...some(work.body, ['metadata', 'retry_if_possible']) };
      work.ledger.save('payment', payment.id, payment);
      return { status: 200, body: { payments: payment } };
    },
  }),
  operation({
    method: 'POST', path: action('payments', 'PM', 'cancel'), operation: 'payments.cancel', effect: () => ({}),
    run: async (work) => {
      const payment = await named(work);
      if (!isPending(payment)) throw wrongState('cancellation_failed', 'This payment could not be cancelled: it is not pending submission');
      return { status: 200, body: { payments: paymentBecomes(work, payment, 'cancelled', { metadata: metadataOf(work) }) } };
    },
  }),
  operation({
    method: 'POST', path: action('payments', 'PM', 'retry'), operation: 'payments.retry', effect: () => ({ movesMoney: true }),
    run: async (work) => {
      const payment = await named(work);
      if (payment['status'] !== 'failed') throw wrongState('retry_failed', 'This payment could not be retried: it has not failed');
      const mandate = await requireMandate(work, linkOf(payment, 'mandate')!);
      if (!isAlive(mandate)) throw wrongState('mandate_is_inactive', 'Mandate is inactive');
      const again = paymentBecomes(work, { ...payment, charge_date: textOf(work.body, 'charge_date') ?? chargeDate(work.now) }, 'pending_submission', { action: 'resubmission_requested', metadata: metadataOf(work) });
      refusedByBank(work, again);
      return { status: 200, body: { payments: again } };
    },
  }),
];

function metadataOf({ body }: Work): JsonObject {
  return (field(body, 'metadata') ?? {}) as JsonObject;
}

async function listedIds(work: Work, customer: string): Promise<readonly string[]> {
  const { body } = await listed({ ...work, call: { ...work.call, query: [['customer', customer], ['limit', '500']] } }, { kind: 'mandate', collection: 'mandates', filters: { customer: byLink('customer') } });
  return (body['mandates'] as readonly View[]).map(({ id }) => id);
}
