import braintree from 'braintree';
export const provider = 'braintree';
export const call = 'graphQLClient.query';
// Its request line holds the whole URL, on a connection to the vendor itself.
export default () => new braintree.BraintreeGateway({ environment: braintree.Environment.Sandbox, merchantId: 'x'.repeat(16), publicKey: 'y'.repeat(16), privateKey: 'z'.repeat(32) })
  .graphQLClient.query('mutation ($input: ChargePaymentMethodInput!) { chargePaymentMethod(input: $input) { transaction { id status } } }', { input: { paymentMethodId: 'fake-valid-nonce', transaction: { amount: '10.00' } } });
