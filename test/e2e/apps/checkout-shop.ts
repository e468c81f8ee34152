/**
 * A small shop as people write one: Fastify, Stripe's library as it comes, a verified webhook, orders in memory. It knows nothing of any gateway.
 * usage: PORT, STRIPE_KEY, STRIPE_WEBHOOK_SECRET; prints 'ready'
 */
import fastify from 'fastify';
import Stripe from 'stripe';

const { PORT = '', STRIPE_KEY = '', STRIPE_WEBHOOK_SECRET = '' } = process.env;
const stripe = new Stripe(STRIPE_KEY);
const self = `http://127.0.0.1:${PORT}`;

interface Order {
  readonly id: string;
  readonly currency: string;
  /** minor units */
  readonly total: number;
  status: 'new' | 'paid' | 'abandoned' | 'refunded';
  payment: string | null;
  refunded: number;
}
const orders = new Map<string, Order>();

const shop = fastify();
shop.removeAllContentTypeParsers();
shop.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

shop.post('/orders', async (request, reply) => {
  const { id, currency, items, email } = JSON.parse(String(request.body)) as { readonly id: string; readonly currency: string; readonly email: string; readonly items: readonly { readonly name: string; readonly price: number; readonly quantity: number }[] };
  const session = await stripe.checkout.sessions.create({
    mode: 'payment', client_reference_id: id, customer_email: email, metadata: { order_id: id },
    line_items: items.map(({ name, price, quantity }) => ({ quantity, price_data: { currency, unit_amount: price, product_data: { name } } })),
    success_url: `${self}/orders/${id}/thanks?session_id={CHECKOUT_SESSION_ID}`, cancel_url: `${self}/orders/${id}/cart`,
  }, { idempotencyKey: `order-${id}` });
  orders.set(id, { id, currency, total: session.amount_total ?? -1, status: 'new', payment: null, refunded: 0 });
  return reply.redirect(session.url ?? '/', 303);
});

shop.get<{ Params: { id: string }; Querystring: { session_id: string } }>('/orders/:id/thanks', async (request) => {
  const session = await stripe.checkout.sessions.retrieve(request.query.session_id, { expand: ['payment_intent.latest_charge', 'line_items'] });
  const intent = session.payment_intent as Stripe.PaymentIntent;
  return {
    paid: session.payment_status, intent: intent.status, total: session.amount_total, currency: session.currency,
    card: (intent.latest_charge as Stripe.Charge).payment_method_details?.card?.brand ?? null, lines: session.line_items?.data.map(({ description, amount_total: amount }) => [description, amount]),
  };
});

shop.get<{ Params: { id: string } }>('/orders/:id', (request) => Promise.resolve(orders.get(request.params.id) ?? null));
shop.get<{ Params: { id: string } }>('/orders/:id/cart', (request) => Promise.resolve({ cart: request.params.id }));

shop.post<{ Params: { id: string } }>('/orders/:id/refund', async (request) => {
  const order = orders.get(request.params.id)!;
  const amount = (JSON.parse(String(request.body)) as { readonly amount?: number }).amount;
  try {
    const refund = await stripe.refunds.create({ payment_intent: order.payment!, metadata: { order_id: order.id }, ...(amount === undefined ? {} : { amount }) });
    return { status: refund.status, amount: refund.amount };
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    return { param: error.param };
  }
});

shop.post('/webhook', (request, reply) => {
  const event = stripe.webhooks.constructEvent(request.body as Buffer, request.headers['stripe-signature'] as string, STRIPE_WEBHOOK_SECRET);
  switch (event.type) {
    case 'checkout.session.completed': {
      const order = orders.get(event.data.object.metadata?.['order_id'] ?? '');
      if (order === undefined || event.data.object.payment_status !== 'paid') break;
      order.status = 'paid';
      order.payment = event.data.object.payment_intent as string;
      break;
    }
    case 'checkout.session.expired': {
      const order = orders.get(event.data.object.metadata?.['order_id'] ?? '');
      if (order !== undefined) order.status = 'abandoned';
      break;
    }
    case 'charge.refunded': {
      const order = [...orders.values()].find(({ payment }) => payment === event.data.object.payment_intent);
      if (order === undefined) break;
      order.refunded = event.data.object.amount_refunded;
      if (event.data.object.refunded) order.status = 'refunded';
      break;
    }
    default: // not of interest
  }
  return reply.send({ received: true });
});

await shop.listen({ host: '127.0.0.1', port: Number(PORT) });
process.stdout.write('ready\n');
