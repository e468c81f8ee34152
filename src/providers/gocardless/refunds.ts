import { everything } from '../wire/everything.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import type { Books } from './books.ts';
import { happen } from './books.ts';
import { invalid, notFound, wrongState } from './errors.ts';
import { byLink, listed } from './list.ts';
import { iso, linkOf, some, textOf, wholeOf } from './objects.ts';
import type { View } from './objects.ts';
import { one, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { refundedOf } from './payment.ts';
import { moneyOf, paymentOf, requireAmount } from './payments.ts';

const words: Readonly<Record<string, readonly [status: string, cause: string, description: string]>> = {
  created: ['created', 'payment_refunded', 'The refund has been created, and will be submitted in the next batch.'],
  paid: ['paid', 'refund_paid', 'The refund has been paid to your customer.'],
  failed: ['bounced', 'refund_failed', 'The refund did not reach your customer, the funds will be returned to you.'],
  funds_returned: ['funds_returned', 'refund_funds_returned', 'The funds for the refund have been returned to you.'],
};

export async function refundBecomes(books: Books, refund: View, action: string): Promise<void> {
  const [status, cause, description] = words[action]!;
  const after: View = { ...refund, status };
  books.ledger.save('refund', refund.id, after);
  happen(books, { resource: 'refunds', action, origin: action === 'created' ? 'api' : 'gocardless', cause, description, links: { refund: refund.id }, about: after });
  if (action !== 'failed') return;
  // what bounced stays with the seller
  const payment = await books.ledger.find<View>('payment', linkOf(refund, 'payment') ?? '');
  if (payment !== null) books.ledger.save('payment', payment.id, { ...payment, amount_refunded: refundedOf(payment) - wholeOf(refund['amount'])! });
}

async function create(work: Work): Promise<Answer> {
  const { body } = work;
  const amount = requireAmount(body, '/refunds');
  const link = linkOf(body, 'payment');
  if (link === null) throw invalid('/refunds/links/payment', "can't be blank");
  const payment = await paymentOf(work, link);
  if (!['confirmed', 'paid_out'].includes(textOf(payment, 'status') ?? '')) throw wrongState('refund_payment_invalid_state', 'Payment must be confirmed or paid out to be refunded');
  const refunded = refundedOf(payment) + amount;
  const total = field(body, 'total_amount_confirmation');
  if (total !== undefined && wholeOf(total) !== refunded) throw wrongState('total_amount_confirmation_invalid', `total_amount_confirmation does not match the total amount refunded for this payment: it would be ${refunded}`);
  if (refunded > wholeOf(payment['amount'])!) throw invalid('/refunds/amount', 'must be less than or equal to the amount of the payment that is left to refund');
  if ((await everything<View>(work.context, 'refund')).filter((one_) => linkOf(one_, 'payment') === payment.id).length >= 5) throw wrongState('number_of_refunds_exceeded', 'Five or more refunds have already been created for this payment');
  const refund: View = {
    id: work.id('RF'), created_at: iso(work.now), amount, currency: textOf(payment, 'currency'), reference: null, ...some(body, ['reference']), metadata: asObject(field(body, 'metadata')) ?? {}, status: 'created',
    fx: { fx_currency: textOf(payment, 'currency'), fx_amount: null, exchange_rate: null, estimated_exchange_rate: null }, links: { payment: payment.id, mandate: linkOf(payment, 'mandate') },
  };
  work.ledger.save('payment', payment.id, { ...payment, amount_refunded: refunded });
  await refundBecomes(work, refund, 'created');
  return { status: 201, body: { refunds: refund } };
}

async function refundOf(work: Work): Promise<View> {
  const refund = await work.ledger.find<View>('refund', work.call.ids[0]!);
  if (refund === null) throw notFound();
  return refund;
}

export const refundRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/refunds$/, operation: 'refunds.create', envelope: 'refunds', once: true,
    // the currency is the payment's
    effect: (body) => ({ amount: moneyOf(body), movesMoney: true, object: linkOf(body, 'payment') ?? linkOf(body, 'mandate'), description: textOf(body, 'reference') }), run: create,
  }),
  operation({ method: 'GET', path: /^\/refunds$/, operation: 'refunds.list', run: (work) => listed(work, { kind: 'refund', collection: 'refunds', filters: { payment: byLink('payment'), mandate: byLink('mandate') } }) }),
  operation({ method: 'GET', path: one('refunds', 'RF'), operation: 'refunds.get', run: async (work) => ({ status: 200, body: { refunds: await refundOf(work) } }) }),
  operation({
    method: 'PUT', path: one('refunds', 'RF'), operation: 'refunds.update', envelope: 'refunds', effect: () => ({}),
    run: async (work) => {
      const refund: View = { ...await refundOf(work), ...some(work.body, ['metadata']) };
      work.ledger.save('refund', refund.id, refund);
      return { status: 200, body: { refunds: refund } };
    },
  }),
];
