import { CheckoutAPI, Client } from '@adyen/api-library';
export const provider = 'adyen';
export default () => new CheckoutAPI(new Client({ apiKey: `AQE${'x'.repeat(60)}`, environment: 'TEST' })).PaymentsApi.payments({
  amount: { currency: 'EUR', value: 1000 }, merchantAccount: 'ShopECOM', reference: 'A-1001', returnUrl: 'https://shop.example.test/', paymentMethod: { type: 'ideal' },
});
