/** A shop's checkout with the official library. MODE=proxy goes through HTTPS_PROXY, MODE=reverse to REVERSE_PORT. */
import { Agent } from 'node:https';
import Stripe from 'stripe';

const mode = process.env['MODE'];
const key = process.env['STRIPE_KEY'] ?? `sk_${'test'}_${'0'.repeat(24)}`;
const stripe = mode === 'reverse'
  ? new Stripe(key, { host: '127.0.0.1', port: Number(process.env['REVERSE_PORT']), protocol: 'http', maxNetworkRetries: 2 })
  : new Stripe(key, { httpAgent: new Agent({ keepAlive: true, proxyEnv: process.env }), maxNetworkRetries: 2 });

const failure = (error: unknown): unknown => error instanceof Stripe.errors.StripeError
  ? { type: error.constructor.name, message: error.message, code: error.code, decline: error.decline_code, status: error.statusCode }
  : { type: 'other', message: String(error) };

if (process.env['ONLY'] === 'charge') {
  const refused = await stripe.paymentIntents.create({ amount: 4200, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' }).then((ok) => ({ resolved: ok.id }), failure);
  console.log(JSON.stringify({ refused }));
} else {
  const customer = await stripe.customers.create({ email: 'ann@example.test', name: 'Ann', metadata: { order_id: 'A-1001' } });
  const created = await stripe.paymentIntents.create({
    amount: 4200, currency: 'eur', customer: customer.id, metadata: { order_id: 'A-1001' },
  });
  const confirmed = await stripe.paymentIntents.confirm(created.id, { payment_method: 'pm_card_visa' });
  const fetched = await stripe.paymentIntents.retrieve(created.id, { expand: ['latest_charge', 'customer'] });
  const refund = await stripe.refunds.create({ payment_intent: created.id, amount: 1200 });
  const idempotencyKey = `order-A-1002-${process.pid}`;
  const once = await stripe.paymentIntents.create({ amount: 900, currency: 'usd' }, { idempotencyKey });
  const again = await stripe.paymentIntents.create({ amount: 900, currency: 'usd' }, { idempotencyKey });
  const declined = await stripe.paymentIntents.create({
    amount: 1500, currency: 'eur', confirm: true, payment_method: 'pm_card_chargeDeclinedInsufficientFunds',
  }).then((ok) => ({ resolved: ok.id }), failure);
  const missing = await stripe.paymentIntents.retrieve('pi_3doesnotexist').then((ok) => ({ resolved: ok.id }), failure);
  console.log(JSON.stringify({
    customer: customer.id, created: created.status, confirmed: confirmed.status, fetched, refund,
    replay: [once.id, again.id], declined, missing,
  }));
}
