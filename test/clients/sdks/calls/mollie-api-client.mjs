import { createMollieClient } from '@mollie/api-client';
export const provider = 'mollie';
export default () => createMollieClient({ apiKey: `test_${'x'.repeat(30)}` }).payments.create({ amount: { value: '10.00', currency: 'EUR' }, description: 'Order A-1001', redirectUrl: 'https://shop.example.test/' });
