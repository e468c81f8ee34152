import { Client, Environment, OrdersController } from '@paypal/paypal-server-sdk';
export const provider = 'paypal';
export default () => new OrdersController(new Client({ clientCredentialsAuthCredentials: { oAuthClientId: 'x'.repeat(80), oAuthClientSecret: 'y'.repeat(80) }, environment: Environment.Sandbox }))
  .createOrder({ body: { intent: 'CAPTURE', purchaseUnits: [{ amount: { currencyCode: 'EUR', value: '10.00' } }] } });
