/**
 * A shop's calls with Stripe's own library, told nothing of a gateway. Run by `fourthwall run`. Prints what it was answered.
 * usage: node stripe-checkout.ts create RETURN_ORIGIN | read SESSION
 */
import { Stripe } from 'stripe';

const [step, about = ''] = process.argv.slice(2);
const stripe = new Stripe(`sk_test_${'a1B2'.repeat(6)}`);

if (step === 'create') {
  const { id, url } = await stripe.checkout.sessions.create({
    mode: 'payment', success_url: `${about}/paid?session_id={CHECKOUT_SESSION_ID}`, cancel_url: `${about}/cart`, client_reference_id: 'A-1001', customer_email: 'ada@example.test',
    line_items: [{ quantity: 3, price_data: { currency: 'eur', unit_amount: 1400, product_data: { name: 'Mug' } } }],
  });
  console.log(JSON.stringify({ id, url }));
} else {
  const session = await stripe.checkout.sessions.retrieve(about, { expand: ['payment_intent'] });
  console.log(JSON.stringify({ status: session.status, payment: session.payment_status, intent: (session.payment_intent as Stripe.PaymentIntent | null)?.status ?? null }));
}
