/**
 * A shop's two calls with PayPal's own library, told nothing of a gateway. Run by `fourthwall run`. Prints { id, approve } or { status, issue }.
 * usage: node paypal-checkout.ts create RETURN_ORIGIN | capture ORDER
 */
import { CheckoutPaymentIntent, Client, Environment, OrdersController } from '@paypal/paypal-server-sdk';

const [step, about = ''] = process.argv.slice(2);
const orders = new OrdersController(new Client({ clientCredentialsAuthCredentials: { oAuthClientId: 'x'.repeat(80), oAuthClientSecret: 'y'.repeat(80) }, environment: Environment.Sandbox }));

if (step === 'create') {
  const { result } = await orders.createOrder({ body: {
    intent: CheckoutPaymentIntent.Capture,
    purchaseUnits: [{ customId: 'A-1001', amount: { currencyCode: 'EUR', value: '42.00', breakdown: { itemTotal: { currencyCode: 'EUR', value: '42.00' } } }, items: [{ name: 'Mug', quantity: '3', unitAmount: { currencyCode: 'EUR', value: '14.00' } }] }],
    paymentSource: { paypal: { emailAddress: 'ada@example.test', experienceContext: { returnUrl: `${about}/paid`, cancelUrl: `${about}/cart` } } },
  } });
  console.log(JSON.stringify({ id: result.id, approve: result.links?.find(({ rel }) => rel === 'payer-action')?.href }));
} else {
  const outcome = await orders.captureOrder({ id: about, body: {} }).then(({ result }) => ({ status: result.status }), (error: { readonly result?: { readonly details?: readonly { readonly issue: string }[] } }) => ({ issue: error.result?.details?.[0]?.issue }));
  console.log(JSON.stringify(outcome));
}
