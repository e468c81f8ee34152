import type { JsonObject } from '../../wire/json.ts';
import { invalid, notFound } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { nulls, previousOf } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { flag, hash, mergeMetadata, metadata, text } from '../params.ts';
import type { Work } from '../work.ts';
import { book } from './balance-transaction.ts';
import type { Charge } from './charging.ts';

interface Dispute extends StripeObject {
  readonly amount: number;
  readonly balance_transactions: readonly StripeObject[];
  readonly charge: string;
  readonly currency: string;
  readonly evidence: JsonObject;
  readonly evidence_details: JsonObject;
  readonly metadata: JsonObject;
  readonly status: string;
}

const noEvidence: JsonObject = {
  ...Object.fromEntries([
    'access_activity_log', 'billing_address', 'cancellation_policy', 'cancellation_policy_disclosure', 'cancellation_rebuttal', 'customer_communication', 'customer_email_address', 'customer_name', 'customer_purchase_ip',
    'customer_signature', 'duplicate_charge_documentation', 'duplicate_charge_explanation', 'duplicate_charge_id', 'product_description', 'receipt', 'refund_policy', 'refund_policy_disclosure', 'refund_refusal_explanation',
    'service_date', 'service_documentation', 'shipping_address', 'shipping_carrier', 'shipping_date', 'shipping_documentation', 'shipping_tracking_number', 'uncategorized_file', 'uncategorized_text',
  ].map((name) => [name, null])),
  enhanced_evidence: {},
};

/** The customer's bank takes the money back until it has decided. https://docs.stripe.com/api/disputes/object */
export async function openDispute(work: Work, charge: Charge, reason: string): Promise<Dispute> {
  const id = work.id('du_1', 23);
  const taken = (await work.find('balance_transaction', book(work, { type: 'dispute', amount: -charge.amount, currency: charge.currency, source: id, atOnce: false })))!;
  const card = charge.payment_method_details['card'] as JsonObject;
  const dispute: Dispute = {
    id, object: 'dispute', amount: charge.amount, balance_transactions: [taken], charge: charge.id, created: work.now, currency: charge.currency, enhanced_eligibility_types: [], evidence: noEvidence,
    evidence_details: { due_by: work.now + 7 * 86_400, enhanced_eligibility: {}, has_evidence: false, past_due: false, submission_count: 0, submission_method: 'not_submitted' }, intended_submission_method: null,
    is_charge_refundable: false, livemode: work.livemode, metadata: {}, payment_intent: charge.payment_intent,
    payment_method_details: { card: { brand: card['brand'] ?? 'visa', case_type: 'chargeback', network: card['network'] ?? 'visa', network_reason_code: '10.4' }, type: 'card' }, reason, status: 'needs_response',
  };
  work.save({ ...charge, disputed: true });
  work.save(dispute);
  work.event('charge.dispute.created', dispute);
  work.event('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** The bank has decided; what was won comes back. False when it had decided before. */
export async function closeDispute(work: Work, before: Dispute, status: 'won' | 'lost'): Promise<boolean> {
  if (before.status === 'won' || before.status === 'lost') return false;
  const back = status === 'won' ? [(await work.find('balance_transaction', book(work, { type: 'dispute_reversal', amount: before.amount, currency: before.currency, source: before.id, atOnce: false })))!] : [];
  const after: Dispute = { ...before, balance_transactions: [...before.balance_transactions, ...back], status };
  work.save(after);
  if (status === 'won') work.event('charge.dispute.funds_reinstated', after);
  work.event('charge.dispute.closed', after);
  return true;
}

export async function disputeOf(work: Work, charge: string): Promise<Dispute | null> {
  return ((await work.page('dispute', { where: { charge }, limit: 1 })).items[0] ?? null) as Dispute | null;
}

async function pathDispute(work: Work): Promise<Dispute> {
  const dispute = await work.find<Dispute>('dispute', work.ids[0]!);
  if (dispute === null) throw notFound('dispute', work.ids[0]!, 'dispute');
  return dispute;
}

function requireOpen(dispute: Dispute): void {
  if (dispute.status !== 'needs_response') throw invalid(`This dispute has a status of ${dispute.status}. Only disputes that need a response can be changed.`);
}

/** Made by banks alone: `later` opens and closes them. */
export const disputes: Family = {
  kind: 'dispute',
  prefix: 'du_',
  index: (dispute) => indexed({ charge: dispute['charge'], payment_intent: dispute['payment_intent'] }),
  operations: {
    'disputes.retrieve': operation({}, async (_, work) => ok(await pathDispute(work))),
    'disputes.update': operation({ evidence: hash, intended_submission_method: text, metadata, submit: flag }, async (given, work) => {
      const before = await pathDispute(work);
      if (given.evidence) requireOpen(before);
      const unknown = Object.keys(given.evidence ?? {}).find((name) => !Object.hasOwn(noEvidence, name));
      if (unknown !== undefined) throw invalid(`Received unknown parameter: evidence[${unknown}]`, { code: 'parameter_unknown', param: `evidence[${unknown}]` });
      const evidence = { ...before.evidence, ...nulls(given.evidence ?? {}) };
      // evidence that is sent is submitted, unless the caller says otherwise
      const submitted = given.evidence !== undefined && given.evidence !== null && given.submit !== false || given.submit === true;
      const after: Dispute = {
        ...before, evidence, metadata: mergeMetadata(before.metadata, given.metadata), status: submitted ? 'under_review' : before.status,
        evidence_details: {
          ...before.evidence_details, has_evidence: Object.values(evidence).some((value) => typeof value === 'string'),
          ...(submitted ? { submission_count: Number(before.evidence_details['submission_count']) + 1, submission_method: 'manual' } : {}),
        },
      };
      work.save(after);
      work.event('charge.dispute.updated', after, previousOf(before, after));
      return ok(after);
    }),
    'disputes.close': operation({}, async (_, work) => {
      const before = await pathDispute(work);
      requireOpen(before);
      await closeDispute(work, before, 'lost');
      return ok((await work.find('dispute', before.id))!);
    }),
    'disputes.list': operation({ ...pageParams, charge: text, created, payment_intent: text }, async (given, work) => ok(await listPage(work, {
      kind: 'dispute', noun: 'dispute', url: '/v1/disputes', page: given, keep: given.created ?? undefined, where: { charge: given.charge, payment_intent: given.payment_intent },
    }))),
  },
};
