import type { JsonObject } from '../../wire/json.ts';
import { spoken } from '../currency.ts';
import { invalid, noSuch, notFound } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { orNull, previousOf } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Answer, Family } from '../operation.ts';
import { any, ignored, integer, mergeMetadata, metadata, oneOf, text } from '../params.ts';
import type { Given } from '../params.ts';
import type { Work } from '../work.ts';
import { book } from './balance-transaction.ts';
import { releaseCharge } from './charging.ts';
import type { Charge } from './charging.ts';
import type { PaymentIntent } from './intent.ts';

interface Refund extends StripeObject { readonly metadata: JsonObject }

const amount = integer({ min: 1 });
const reason = oneOf('duplicate', 'fraudulent', 'requested_by_customer');
const create = {
  amount, charge: text, payment_intent: text, reason, metadata, currency: text, customer: text, instructions_email: text, origin: text,
  ...ignored('refund_application_fee', 'reverse_transfer'),
};

async function chargeOf(work: Work, given: Pick<Given<typeof create>, 'charge' | 'payment_intent'>): Promise<Charge> {
  if (typeof given.charge === 'string') {
    const charge = await work.find<Charge>('charge', given.charge);
    if (charge === null) throw noSuch('charge', given.charge, 'charge');
    return charge;
  }
  if (typeof given.payment_intent !== 'string') {
    throw invalid('One of the following params should be provided for this request: payment_intent or charge.', { code: 'parameter_missing' });
  }
  const intent = await work.find<PaymentIntent>('payment_intent', given.payment_intent);
  if (intent === null) throw noSuch('payment_intent', given.payment_intent, 'payment_intent');
  const charge = intent.latest_charge === null ? null : await work.find<Charge>('charge', intent.latest_charge);
  if (charge === null) throw unpaid(intent.id);
  return charge;
}

function unpaid(intent: string): Error {
  return invalid(`This PaymentIntent (${intent}) does not have a successful charge to refund.`, { param: 'payment_intent' });
}

/** Gives money back, never more than is left. A refund of what was only authorised releases it. */
async function refund(work: Work, charge: Charge, given: Partial<Given<typeof create>>): Promise<{ readonly refund: Refund; readonly charge: Charge }> {
  if (charge.status !== 'succeeded') {
    throw charge.payment_intent === null ? invalid(`Charge ${charge.id} was not successful and cannot be refunded.`, { param: 'charge' }) : unpaid(charge.payment_intent);
  }
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) throw invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  const back = given.amount ?? left;
  if (back > left) {
    throw invalid(`Refund amount (${spoken(back, charge.currency)}) is greater than ${charge.amount_refunded === 0 ? 'charge amount' : 'unrefunded amount on charge'} (${spoken(left, charge.currency)})`, { param: 'amount' });
  }
  if (!charge.captured) {
    if (charge.payment_intent !== null) throw invalid(`The charge ${charge.id} is not captured; cancel its PaymentIntent to release it.`, { param: 'charge' });
    if (back !== left) throw invalid('You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the original amount.', { param: 'amount' });
  }
  const id = work.id('re_3', 23);
  const made: Refund = {
    id, object: 'refund', amount: back, charge: charge.id, created: work.now, currency: charge.currency, customer: charge.customer, customer_account: null,
    balance_transaction: charge.captured ? book(work, { type: 'refund', amount: -back, currency: charge.currency, source: id, atOnce: false }) : null,
    destination_details: { card: { reference: work.id('', 10).toUpperCase(), reference_status: 'available', reference_type: 'acquirer_reference_number', type: 'refund' }, type: 'card' },
    metadata: mergeMetadata({}, given.metadata), payment_intent: charge.payment_intent, payment_method: charge.payment_method, reason: orNull(given.reason),
    receipt_number: null, source_transfer_reversal: null, status: 'succeeded', transfer_reversal: null,
  };
  work.save(made);
  work.event('refund.created', made);
  if (!charge.captured) return { refund: made, charge: releaseCharge(work, charge) };
  const after: Charge = { ...charge, amount_refunded: charge.amount_refunded + back, refunded: back === left };
  work.save(after);
  work.event('charge.refunded', after, previousOf(charge, after));
  return { refund: made, charge: after };
}

/** The bank could not pass the money on: it comes back, and the charge counts as refunded by so much less. False where that cannot happen. */
export async function failRefund(work: Work, id: string, why: string): Promise<boolean> {
  const before = await work.find<Refund>('refund', id);
  const charge = before === null ? null : await work.find<Charge>('charge', String(before['charge']));
  if (before === null || charge === null || before['status'] !== 'succeeded' || !charge.captured) return false;
  const back = Number(before['amount']);
  const after: Refund = { ...before, failure_balance_transaction: book(work, { type: 'refund_failure', amount: back, currency: charge.currency, source: id, atOnce: false }), failure_reason: why, status: 'failed' };
  work.save({ ...charge, amount_refunded: charge.amount_refunded - back, refunded: false });
  work.save(after);
  work.event('refund.updated', after, previousOf(before, after));
  work.event('refund.failed', after);
  work.event('charge.refund.updated', after, previousOf(before, after));
  return true;
}

async function pathRefund(work: Work): Promise<Refund> {
  const found = await work.find<Refund>('refund', work.ids.at(-1)!);
  if (found === null) throw notFound('refund', work.ids.at(-1)!, 'id');
  return found;
}

async function pathCharge(work: Work): Promise<Charge> {
  const charge = await work.find<Charge>('charge', work.ids[0]!);
  if (charge === null) throw notFound('charge', work.ids[0]!, 'id');
  return charge;
}

const ofCharge = { amount, reason, metadata, refund_application_fee: any, reverse_transfer: any };

export const refunds: Family = {
  kind: 'refund',
  prefix: 're_',
  index: (entry) => indexed({ charge: entry['charge'], payment_intent: entry['payment_intent'] }),
  operations: {
    'refunds.create': operation(create, async (given, work): Promise<Answer> => ok((await refund(work, await chargeOf(work, given), given)).refund)),
    // older SDKs: one answers with the charge, the other with the refund
    'charges.refund': operation(ofCharge, async (given, work) => ok((await refund(work, await pathCharge(work), given)).charge)),
    'charges.create_refund': operation(ofCharge, async (given, work) => ok((await refund(work, await pathCharge(work), given)).refund)),
    'charges.list_refunds': operation({ ...pageParams }, async (given, work) => {
      const charge = await pathCharge(work);
      return ok(await listPage(work, { kind: 'refund', noun: 'refund', url: `/v1/charges/${charge.id}/refunds`, page: given, where: { charge: charge.id } }));
    }),
    'refunds.retrieve': operation({}, async (_, work) => ok(await pathRefund(work))),
    'refunds.update': operation({ metadata }, async (given, work) => {
      const before = await pathRefund(work);
      const after = { ...before, metadata: mergeMetadata(before.metadata, given.metadata) };
      work.save(after);
      work.event('refund.updated', after, previousOf(before, after));
      return ok(after);
    }),
    'refunds.list': operation({ ...pageParams, charge: text, created, payment_intent: text }, async (given, work) => ok(await listPage(work, {
      kind: 'refund', noun: 'refund', url: '/v1/refunds', page: given, keep: given.created ?? undefined, where: { charge: given.charge, payment_intent: given.payment_intent },
    }))),
  },
};
