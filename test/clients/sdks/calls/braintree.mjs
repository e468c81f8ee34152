import braintree from 'braintree';
export default () => new braintree.BraintreeGateway({ environment: braintree.Environment.Sandbox, merchantId: 'x'.repeat(16), publicKey: 'y'.repeat(16), privateKey: 'z'.repeat(32) })
  .transaction.sale({ amount: '10.00', paymentMethodNonce: 'fake-valid-nonce' });
