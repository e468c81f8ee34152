import type { PayerChoice } from '../../../model/hosted-page.ts';
import { cardByToken } from '../test-cards.ts';
import type { Work } from '../work.ts';
import { makeCard, tokenFacts } from './card-method.ts';
import type { PaymentMethod } from './card-method.ts';
import type { JsonObject } from '../../wire/json.ts';

/** The test card that behaves as the payer chose. Nobody types a number: these are Stripe's own test cards. */
const tokens = { 'pay': 'visa', 'pay-authenticated': 'authenticationRequired', 'decline': 'chargeDeclined', 'fail-authentication': 'authenticationRequired' } as const;

export function payerCard(work: Work, choice: Exclude<PayerChoice, 'cancel'>, billing: JsonObject = {}): PaymentMethod {
  const made = makeCard(work, tokenFacts(cardByToken(`tok_${tokens[choice]}`)!, work), { billing });
  work.save(made);
  return made;
}
