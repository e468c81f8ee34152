import { Environment, Paddle } from '@paddle/paddle-node-sdk';
export const provider = 'paddle';
export default () => new Paddle(`pdl_sdbx_apikey_${'x'.repeat(40)}`, { environment: Environment.sandbox }).transactions.create({ items: [{ priceId: 'pri_01', quantity: 1 }] });
