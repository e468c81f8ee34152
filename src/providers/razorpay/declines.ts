import { faultOf } from './errors.ts';
import type { Fault } from './errors.ts';

/** Why a payment fails, in Razorpay's `reason`s. https://razorpay.com/docs/errors/payments/cards */
const reasons = {
  payment_failed: ['Your payment could not be completed. Try another payment method or contact your bank for details.', 'issuer_bank', 'payment_authorization'],
  insufficient_funds: ['Your payment could not be completed due to insufficient account balance. Try another card or payment method.', 'customer', 'payment_authorization'],
  card_expired: ['Your payment could not be completed because the card has expired. Try another card or payment method.', 'customer', 'payment_authorization'],
  authentication_failed: ['Your payment could not be completed because authentication failed. Try again.', 'customer', 'payment_authentication'],
  payment_timed_out: ['Your payment was not completed on time. Try again.', 'customer', 'payment_authentication'],
  payment_cancelled: ['Your payment has been cancelled. Try again or complete the payment later.', 'customer', 'payment_authentication'],
} as const;

export const declines: readonly string[] = Object.keys(reasons);

export function declineFault(code: string | null): Fault {
  const reason = code ?? 'payment_failed';
  const [description, source, step] = Object.hasOwn(reasons, reason) ? reasons[reason as keyof typeof reasons] : reasons.payment_failed;
  return faultOf(description, { source, step, reason });
}
