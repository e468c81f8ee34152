import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { indexes } from './families.ts';
import type { Charge } from './families/charging.ts';
import { settlePayout } from './families/payout.ts';
import type { StripeObject } from './object.ts';
import { defaultVersion } from './reply.ts';
import { openWork } from './work.ts';

/** What a customer or a bank does long after the call. */
export const laterEvents = ['charge.dispute.created', 'payout.paid', 'payout.failed'] as const;

/**
 * The payment of a call is disputed: `detail` is Stripe's reason for it ('fraudulent', 'product_not_received'). A payout arrives, or
 * fails: `detail` is the code ('account_closed').
 */
export async function later(event: LaterEvent, { request, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const work = openWork({ context, indexes, ids: [], version: header(request.headers, 'stripe-version') ?? defaultVersion, account: '', connected: false, request: { id: null, idempotencyKey: null } });
  if (event.name === 'payout.paid' || event.name === 'payout.failed') {
    const payout = payoutOf(reply);
    return payout !== null && await settlePayout(work, payout, event.name, event.detail) ? work.finish() : {};
  }
  const id = chargeOf(reply);
  const charge = id === null ? null : await work.find<Charge>('charge', id);
  if (event.name !== 'charge.dispute.created' || charge === null || charge.status !== 'succeeded' || !charge.captured || charge['disputed'] === true) return {};
  const dispute: StripeObject = {
    id: work.id('dp_1', 23), object: 'dispute', amount: charge.amount, balance_transaction: null, balance_transactions: [], charge: charge.id, created: work.now, currency: charge.currency,
    enhanced_eligibility_types: [], evidence: {}, evidence_details: { due_by: work.now + 7 * 86_400, enhanced_eligibility: {}, has_evidence: false, past_due: false, submission_count: 0 },
    is_charge_refundable: false, livemode: work.livemode, metadata: {}, payment_intent: charge.payment_intent, reason: event.detail ?? 'fraudulent', status: 'needs_response',
  };
  work.save({ ...charge, disputed: true });
  work.save(dispute);
  work.event('charge.dispute.created', dispute);
  return work.finish();
}

/** The object that a good answer shows. */
function shownBy({ status, body }: HttpResponse): JsonObject | null {
  const json = status >= 300 ? null : parseJson(body);
  return json?.kind === 'json' ? asObject(json.value) : null;
}

function payoutOf(reply: HttpResponse): string | null {
  const object = shownBy(reply);
  return asString(field(object, 'object')) === 'payout' ? asString(field(object, 'id')) : null;
}

/** The charge that the answer shows or names. */
function chargeOf(reply: HttpResponse): string | null {
  const object = shownBy(reply);
  switch (asString(field(object, 'object'))) {
    case 'charge': return asString(field(object, 'id'));
    case 'payment_intent': {
      const latest = field(object, 'latest_charge');
      return asString(latest) ?? asString(field(asObject(latest), 'id'));
    }
    default: return null;
  }
}
