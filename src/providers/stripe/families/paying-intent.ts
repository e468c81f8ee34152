import type { PayerChoice } from '../../../model/hosted-page.ts';
import { asObject, asString, field } from '../../wire/json.ts';
import type { Work } from '../work.ts';
import { authenticated, confirm, notAuthenticated } from './confirm.ts';
import type { PaymentIntent } from './intent.ts';

/** A payer's choice carried out on an intent: from confirming to the end of 3-D Secure. The intent as it is then. */
export async function payIntent(work: Work, intent: PaymentIntent, choice: Exclude<PayerChoice, 'cancel'>, method: string): Promise<PaymentIntent> {
  await confirm(work, { ...intent, payment_method: method, status: 'requires_confirmation' }, { offSession: false, errorOnRequiresAction: false, returnUrl: null });
  const after = (await work.find<PaymentIntent>('payment_intent', intent.id))!;
  if (after.status !== 'requires_action') return after;
  if (choice === 'fail-authentication') return notAuthenticated(work, after);
  await authenticated(work, after);
  return (await work.find<PaymentIntent>('payment_intent', intent.id))!;
}

/** Stripe's words to the payer whose card was not taken. */
export function refusalOf(intent: PaymentIntent): string {
  return asString(field(asObject(intent['last_payment_error'] ?? null), 'message')) ?? 'The payment did not go through.';
}

export function wasPaid(intent: PaymentIntent): boolean {
  return intent.status === 'succeeded' || intent.status === 'requires_capture';
}
