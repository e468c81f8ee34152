import { Checkout } from 'checkout-sdk-node';
export const provider = 'checkout';
export default () => new Checkout(['sk', 'sbox', 'x'.repeat(26)].join('_'), { useLegacyDomain: true, pk: ['pk', 'sbox', 'x'.repeat(26)].join('_'), environment: 'sandbox' })
  .payments.request({ source: { type: 'token', token: 'tok_x' }, amount: 1000, currency: 'EUR', reference: 'A-1001' });
