import braintree from 'braintree';
export const provider = 'braintree';
export default async () => {
  const answer = await new braintree.BraintreeGateway({ environment: braintree.Environment.Sandbox, merchantId: 'x'.repeat(16), publicKey: 'y'.repeat(16), privateKey: 'z'.repeat(32) })
    .transaction.sale({ amount: '10.00', paymentMethodNonce: 'fake-valid-nonce' });
  // It resolves with what was declined.
  if (!answer.success) throw new Error(answer.message);
  return answer;
};
