import { Environment, Paddle } from '@paddle/paddle-node-sdk';
export const provider = 'paddle';
const price = { description: 'Order A-1001', unitPrice: { amount: '1000', currencyCode: 'EUR' }, product: { name: 'Order A-1001', taxCategory: 'standard' } };
export default () => new Paddle(`pdl_sdbx_apikey_${'x'.repeat(40)}`, { environment: Environment.sandbox }).transactions.create({ items: [{ price, quantity: 1 }] });
