import type { JsonObject } from '../../wire/json.ts';
import { address, emptyAddress, nulls } from '../object.ts';
import type { StripeObject } from '../object.ts';
import type { TestCard } from '../test-cards.ts';
import type { Work } from '../work.ts';

export interface PaymentMethod extends StripeObject {
  readonly customer: string | null;
  readonly billing_details: JsonObject;
  readonly metadata: JsonObject;
  readonly card: JsonObject;
}

/** A card with its expiry; the number itself goes no further than this. */
export interface CardFacts {
  readonly card: TestCard;
  readonly expMonth: number;
  readonly expYear: number;
  readonly cvcGiven: boolean;
}

/** https://docs.stripe.com/api/payment_methods/object */
export function makeCard(work: Pick<Work, 'id' | 'now' | 'livemode'>, { card, expMonth, expYear, cvcGiven }: CardFacts, more: { readonly billing?: JsonObject | null | undefined; readonly metadata?: JsonObject } = {}): PaymentMethod {
  const cvc = card.outcome.kind === 'approve' ? card.outcome.cvc : 'pass';
  return {
    id: work.id('pm_1', 23), object: 'payment_method', allow_redisplay: 'unspecified', billing_details: billingDetails(more.billing),
    card: {
      brand: card.brand, checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: cvcGiven ? cvc : null },
      country: card.country, display_brand: card.brand, exp_month: expMonth, exp_year: expYear, fingerprint: card.fingerprint,
      funding: card.funding, generated_from: null, last4: card.number.slice(-4), networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated', three_d_secure_usage: { supported: true }, wallet: null,
    },
    created: work.now, customer: null, customer_account: null, livemode: work.livemode, metadata: more.metadata ?? {}, type: 'card',
  };
}

export function billingDetails(given: JsonObject | null | undefined): JsonObject {
  const at = given === null || given === undefined ? undefined : address(given['address'] as JsonObject | undefined);
  return { email: null, name: null, phone: null, tax_id: null, ...nulls(given ?? {}), address: at ?? emptyAddress };
}

/** A card by its test token: next year's August keeps it valid whenever the test runs. */
export function tokenFacts(card: TestCard, work: Work): CardFacts {
  return { card, expMonth: 8, expYear: new Date(work.now * 1000).getUTCFullYear() + 1, cvcGiven: true };
}
