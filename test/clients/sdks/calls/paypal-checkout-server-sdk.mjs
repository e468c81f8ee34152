import paypal from '@paypal/checkout-server-sdk';
export const provider = 'paypal';
export default () => {
  const request = new paypal.orders.OrdersCreateRequest();
  request.requestBody({ intent: 'CAPTURE', purchase_units: [{ amount: { currency_code: 'EUR', value: '10.00' } }] });
  return new paypal.core.PayPalHttpClient(new paypal.core.SandboxEnvironment('x'.repeat(80), 'y'.repeat(80))).execute(request);
};
