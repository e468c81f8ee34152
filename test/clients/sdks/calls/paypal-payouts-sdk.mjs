import payouts from '@paypal/payouts-sdk';
export const provider = 'paypal';
export default () => {
  const request = new payouts.payouts.PayoutsPostRequest();
  request.requestBody({ sender_batch_header: { sender_batch_id: 'A-1001' }, items: [{ recipient_type: 'EMAIL', receiver: 'ann@example.test', amount: { currency: 'EUR', value: '10.00' } }] });
  return new payouts.core.PayPalHttpClient(new payouts.core.SandboxEnvironment('x'.repeat(80), 'y'.repeat(80))).execute(request);
};
