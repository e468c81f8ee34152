import { asString, field } from '../../wire/json.ts';
import { amountFault } from '../currency.ts';
import { cardError, errorBody, invalid, notFound, notSimulated } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { address, or, orNull, previousOf } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { currency, email, flag, hash, ignored, integer, mergeMetadata, metadata, required, text } from '../params.ts';
import { cardByToken } from '../test-cards.ts';
import type { Work } from '../work.ts';
import { makeCard, tokenFacts } from './card-method.ts';
import { captureCharge, fail, succeed } from './charging.ts';
import type { Charge, ChargeRequest } from './charging.ts';
import { requireCustomer } from './customer.ts';
import { chargeOutcome } from './payment-method.ts';

async function pathCharge(work: Work): Promise<Charge> {
  const charge = await work.find<Charge>('charge', work.ids[0]!);
  if (charge === null) throw notFound('charge', work.ids[0]!, 'id');
  return charge;
}

export const charges: Family = {
  kind: 'charge',
  prefix: 'ch_',
  index: (charge) => indexed({ customer: charge['customer'], payment_intent: charge['payment_intent'], transfer_group: charge['transfer_group'] }),
  includes: {
    refunds: (charge, work) => listPage(work, { kind: 'refund', noun: 'refund', url: `/v1/charges/${charge.id}/refunds`, page: {}, where: { charge: charge.id } }),
  },
  operations: {
    // the way of the time before PaymentIntents: a token is charged at once
    'charges.create': operation({
      amount: required(integer({ min: 1 })), application_fee_amount: integer({ min: 0 }), capture: flag, currency: required(currency), customer: text, description: text,
      metadata, on_behalf_of: text, receipt_email: email, shipping: hash, source: text, statement_descriptor: text, statement_descriptor_suffix: text,
      transfer_group: text, ...ignored('application_fee', 'destination', 'radar_options', 'transfer_data'),
    }, async (given, work) => {
      const fault = amountFault(given.amount, given.currency);
      if (fault !== null) throw invalid(fault.message, { param: 'amount', ...(fault.code === null ? {} : { code: fault.code }) });
      if (typeof given.customer === 'string') await requireCustomer(work, given.customer);
      if (typeof given.source !== 'string') {
        if (typeof given.customer === 'string') throw cardError({ code: 'missing', message: 'Cannot charge a customer that has no active card', param: 'card' });
        throw invalid('Must provide source or customer.', { code: 'parameter_missing' });
      }
      const card = given.source.startsWith('tok_') ? cardByToken(given.source) : null;
      if (card === null) throw given.source.startsWith('tok_') ? invalid(`No such token: '${given.source}'`, { code: 'resource_missing', param: 'source' }) : notSimulated('charging a source that is not a test token');
      const method = makeCard(work, tokenFacts(card, work));
      work.save(method);
      const request: ChargeRequest = {
        amount: given.amount, currency: given.currency, customer: orNull(given.customer), intent: null, method, capture: given.capture !== false,
        carried: {
          application_fee_amount: orNull(given.application_fee_amount), description: orNull(given.description), metadata: mergeMetadata({}, given.metadata),
          on_behalf_of: orNull(given.on_behalf_of), receipt_email: orNull(given.receipt_email), transfer_data: null, transfer_group: orNull(given.transfer_group),
          shipping: given.shipping === null || given.shipping === undefined ? null : { ...given.shipping, address: address(given.shipping['address'] as undefined) },
          statement_descriptor: orNull(given.statement_descriptor), statement_descriptor_suffix: orNull(given.statement_descriptor_suffix),
        },
      };
      const outcome = chargeOutcome(work, method);
      if (outcome.kind !== 'decline') return ok(succeed(work, request, outcome));
      const { code, declineCode, message, advice } = outcome.decline;
      const failed = fail(work, request, outcome.decline);
      return { status: 402, body: errorBody({ advice_code: advice, charge: failed.id, code, decline_code: declineCode, message, type: 'card_error' }) };
    }),
    'charges.retrieve': operation({}, async (_, work) => ok(await pathCharge(work))),
    'charges.update': operation({ customer: text, description: text, fraud_details: hash, metadata, receipt_email: email, shipping: hash, transfer_group: text }, async (given, work) => {
      const before = await pathCharge(work);
      if (typeof given.customer === 'string') await requireCustomer(work, given.customer);
      const after: Charge = {
        ...before, customer: given.customer ?? before.customer, description: or(given.description, before['description']!), metadata: mergeMetadata(before.metadata, given.metadata),
        fraud_details: given.fraud_details === undefined ? before['fraud_details']! : report(asString(field(given.fraud_details, 'user_report'))),
        receipt_email: or(given.receipt_email, before['receipt_email']!), shipping: or(given.shipping, before['shipping']!), transfer_group: or(given.transfer_group, before['transfer_group']!),
      };
      work.save(after);
      work.event('charge.updated', after, previousOf(before, after));
      return ok(after);
    }),
    'charges.capture': operation({ amount: integer({ min: 1 }), receipt_email: email, statement_descriptor: text, statement_descriptor_suffix: text, ...ignored('application_fee', 'application_fee_amount', 'transfer_data', 'transfer_group') }, async (given, work) => {
      const before = await pathCharge(work);
      if (before.payment_intent !== null) {
        throw invalid(`The charge ${before.id} belongs to a PaymentIntent and must be captured through it: POST /v1/payment_intents/${before.payment_intent}/capture`);
      }
      if (before.captured) throw invalid(`Charge ${before.id} has already been captured.`, { code: 'charge_already_captured' });
      if (before.refunded || before.status !== 'succeeded') throw invalid(`Charge ${before.id} cannot be captured.`, { code: before.refunded ? 'charge_already_refunded' : 'charge_invalid_parameter' });
      const taken = given.amount ?? before.amount;
      if (taken > before.amount) throw invalid('The requested capture amount is greater than the authorized amount.', { code: 'amount_too_large', param: 'amount' });
      return ok(captureCharge(work, before, taken));
    }),
    'charges.list': operation({ ...pageParams, created, customer: text, payment_intent: text, transfer_group: text }, async (given, work) => ok(await listPage(work, {
      kind: 'charge', noun: 'charge', url: '/v1/charges', page: given, keep: given.created ?? undefined,
      where: { customer: given.customer, payment_intent: given.payment_intent, transfer_group: given.transfer_group },
    }))),
  },
};

function report(word: string | null): { readonly user_report?: string } {
  return word === null || word === '' ? {} : { user_report: word };
}
